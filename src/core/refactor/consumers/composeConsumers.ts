import type { Consumer } from '../project.ts';
import type { ComposeService } from './composeServices.ts';
import type { ImageNames } from './imageUser.ts';

/** The services of one file. */
export interface ComposeFile {
  /** Files of the same folder are put together: `compose.yaml` and `compose.override.yaml`. */
  readonly folder: string;
  readonly services: readonly ComposeService[];
}

/** Whether a service's build is of the Dockerfile in question; told the folder of its file. */
type Builds = (folder: string, build: NonNullable<ComposeService['build']>) => boolean;

/** The names that services give to what they build of the Dockerfile in question, and of others. */
export function composeNames(files: readonly ComposeFile[], builds: Builds): ImageNames {
  const ours: string[] = [];
  const others: string[] = [];
  for (const { folder, services } of files) {
    for (const { build, image } of services)
      if (build !== undefined && image !== undefined) (builds(folder, build) ? ours : others).push(image);
  }
  return { ours, others };
}

/**
 * The services that run the image of one Dockerfile: those that build it, those that name the image that it becomes, those
 * that go on from one of these, and those of another file of the folder that say more about one of these.
 */
export function composeConsumers(files: readonly ComposeFile[], builds: Builds): readonly Consumer[] {
  const all = files.flatMap(({ folder, services }) => services.map((service) => ({ folder, service })));
  const ours = new Set(
    all.filter(({ folder, service }) => service.build !== undefined && builds(folder, service.build)),
  );
  const images = new Set([...ours].map(({ service }) => service.image));
  for (let known = -1; known !== ours.size;) {
    known = ours.size;
    const names = new Set([...ours].map(({ folder, service }) => `${folder}\n${service.service}`));
    for (const entry of all) {
      const { folder, service } = entry;
      if (service.build !== undefined) continue;
      const isOurs =
        service.image === undefined
          ? names.has(`${folder}\n${service.service}`) ||
            (service.extends !== undefined && names.has(`${folder}\n${service.extends}`))
          : images.has(service.image);
      if (isOurs) ours.add(entry);
    }
  }
  return all.filter((entry) => ours.has(entry)).map(({ service }) => service.consumer);
}
