import { readDevcontainerFile } from '../../compose/devcontainerFile.ts';
import { Lines } from '../../text.ts';
import type { Consumer } from '../project.ts';

/** A development container that builds a Dockerfile. */
export interface DevcontainerBuild {
  /** Relative to the file's folder. */
  readonly dockerfile: string;
  readonly consumer: Consumer;
}

/** What such a container runs in the place of the image's own command, unless its file says otherwise. */
const keepsAlive = 'while sleep 1000; do :; done';

/** The build of a `devcontainer.json`; undefined where it has none. https://containers.dev/implementors/json_reference/ */
export function readDevcontainerBuild(file: string, text: string): DevcontainerBuild | undefined {
  const [service] = readDevcontainerFile(text);
  if (service?.kind !== 'build') return undefined;
  const user = /"(?:containerUser|remoteUser)"\s*:\s*"([^"\n]+)"/.exec(text)?.[1];
  const keepsCommand = /"overrideCommand"\s*:\s*false/.test(text);
  return {
    dockerfile: service.dockerfile,
    consumer: {
      file,
      line: new Lines(text).lineAt(service.span.start) + 1,
      name: 'development container',
      ...(service.target === undefined ? {} : { target: service.target }),
      ...(keepsCommand ? {} : { command: keepsAlive }),
      ...(user === undefined ? {} : { user }),
      mounts: [],
    },
  };
}
