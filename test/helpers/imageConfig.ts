import { docker } from './dockerClient.ts';
import type { TestEngine } from './engine.ts';
import { trusting } from './standIns/recipe.ts';

/** Something that two images' configurations say otherwise. */
export interface ConfigDifference {
  /** The variable, or else the instruction that would say it. */
  readonly name: string;
  readonly was: unknown;
  readonly is: unknown;
}

interface ImageConfig {
  readonly Env?: readonly string[] | null;
  readonly [field: string]: unknown;
}

/** Fields by the instruction that sets them, with what means the same as nothing. */
const fields: readonly (readonly [instruction: string, field: string, nothing?: readonly unknown[]])[] = [
  ['ENTRYPOINT', 'Entrypoint'],
  ['CMD', 'Cmd'],
  ['WORKDIR', 'WorkingDir', ['/']],
  ['USER', 'User', ['0', 'root']],
  ['EXPOSE', 'ExposedPorts'],
  ['VOLUME', 'Volumes'],
  ['LABEL', 'Labels'],
  ['STOPSIGNAL', 'StopSignal', ['SIGTERM']],
  ['HEALTHCHECK', 'Healthcheck'],
  ['SHELL', 'Shell'],
  ['ONBUILD', 'OnBuild'],
];

/**
 * All that a second image's configuration says otherwise than the first one's. Values that mean the same are the same, and what a
 * stand-in has because of the machine that made it does not count.
 */
export async function configDifferences(
  engine: TestEngine,
  before: string,
  after: string,
): Promise<readonly ConfigDifference[]> {
  const [old, now] = [await configOf(engine, before), await configOf(engine, after)];
  const differences: ConfigDifference[] = [];
  const compare = (name: string, was: unknown, is: unknown): void => {
    if (JSON.stringify(was) !== JSON.stringify(is)) differences.push({ name, was, is });
  };
  for (const [name, field, nothing = []] of fields) {
    const value = (config: ImageConfig): unknown => {
      const said = config[field];
      const isEmpty = said === undefined || said === '' || (said instanceof Object && Object.keys(said).length === 0);
      return isEmpty || nothing.includes(said) ? null : said;
    };
    compare(name, value(old), value(now));
  }
  const [was, is] = [variablesOf(old), variablesOf(now)];
  for (const name of new Set([...was.keys(), ...is.keys()])) compare(name, was.get(name), is.get(name));
  return differences;
}

async function configOf(engine: TestEngine, image: string): Promise<ImageConfig> {
  return JSON.parse(await docker(engine, ['image', 'inspect', '--format', '{{json .Config}}', image])) as ImageConfig;
}

function variablesOf({ Env }: ImageConfig): ReadonlyMap<string, string> {
  return new Map(
    (Env ?? [])
      .map((text): [name: string, value: string] => {
        const at = text.indexOf('=');
        const [name, value] = [text.slice(0, at), text.slice(at + 1)];
        // The order of the folders means nothing here, and some are named twice.
        return [name, name === 'PATH' ? [...new Set(value.split(':'))].sort().join(':') : value];
      })
      .filter(([name]) => !trusting.includes(name)),
  );
}
