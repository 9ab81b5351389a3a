import type { Consumer } from '../project.ts';
import type { ComposeService } from './composeServices.ts';

/** The services of one file. */
export interface ComposeFile {
  /** Files of the same folder are put together: `compose.yaml` and `compose.override.yaml`. */
  readonly folder: string;
  readonly services: readonly ComposeService[];
}

/**
 * The services that run the image of one Dockerfile: those that build it, those that name the image that it becomes, those
 * that go on from one of these, and those of another file of the folder that say more about one of these.
 *
 * @param builds whether a service's build is of that Dockerfile; told the folder of its file
 */
export function composeConsumers(
  files: readonly ComposeFile[],
  builds: (folder: string, build: NonNullable<ComposeService['build']>) => boolean,
): readonly Consumer[] {
  const all = files.flatMap(({ folder, services }) => services.map((service) => ({ folder, service })));
  const ours = new Set(
    all.filter(({ folder, service }) => service.build !== undefined && builds(folder, service.build)),
  );
  const images = new Set([...ours].flatMap(({ service }) => service.image ?? []));
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
