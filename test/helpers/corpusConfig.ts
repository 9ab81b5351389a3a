import { parseDockerfile } from '../../src/core/dockerfile/parse.ts';
import { docker } from './dockerClient.ts';
import type { TestEngine } from './engine.ts';

/** Two images with the Dockerfiles that they were built from. */
export interface Compared {
  readonly dockerfile: string;
  readonly converted: string;
  readonly before: string;
  readonly after: string;
}

/** Of an image's configuration, what the engine tells. */
interface ImageConfig {
  readonly User?: string;
  readonly WorkingDir?: string;
  readonly StopSignal?: string;
  readonly Env?: readonly string[] | null;
  readonly ExposedPorts?: object | null;
  readonly Volumes?: object | null;
  readonly Labels?: object | null;
  readonly Healthcheck?: object | null;
}

/** Variables that are for tools of the build: an image that does not build any more need not have them. */
const buildOnly =
  /^(?:DEBIAN_FRONTEND|GO[A-Z0-9]+|CGO_\w+|CARGO_\w+|RUST\w+|CC|CXX|CFLAGS|CXXFLAGS|LDFLAGS|MAKEFLAGS|PIP_\w+|POETRY_\w+|UV_\w+|PIPENV_\w+|npm_config_\w+|MAVEN_\w+|GRADLE_\w+|MIX_ENV|COMPOSER_\w+)$/i;

/**
 * What of the configuration that a Dockerfile gave an image another image has not, or has otherwise; empty where it has all.
 * What came with the old base only is not compared, nor is what starts, which is compared by starting it.
 */
export async function lostConfig(
  engine: TestEngine,
  { dockerfile, converted, before, after }: Compared,
): Promise<readonly string[]> {
  const [old, now] = [await configOf(engine, before), await configOf(engine, after)];
  const { instructions } = parseDockerfile(dockerfile).stages.at(-1)!;
  const has = (keyword: string): boolean => instructions.some((instruction) => instruction.keyword === keyword);
  const lost: string[] = [];
  const compare = (name: string, was: unknown, is: unknown): void => {
    if (JSON.stringify(was) !== JSON.stringify(is))
      lost.push(`${name} was ${JSON.stringify(was)} and is ${JSON.stringify(is)}`);
  };

  if (has('WORKDIR')) compare('WORKDIR', old.WorkingDir, now.WorkingDir);
  if (has('STOPSIGNAL')) compare('STOPSIGNAL', old.StopSignal, now.StopSignal);
  if (has('HEALTHCHECK')) compare('HEALTHCHECK', old.Healthcheck ?? null, now.Healthcheck ?? null);
  // Ports of the new base cannot be taken back.
  const ports = keysOf(now.ExposedPorts);
  if (has('EXPOSE'))
    compare(
      'EXPOSE',
      keysOf(old.ExposedPorts),
      keysOf(old.ExposedPorts).filter((port) => ports.includes(port)),
    );
  if (has('VOLUME')) compare('VOLUME', keysOf(old.Volumes), keysOf(now.Volumes));
  if (has('LABEL')) compare('LABEL', old.Labels ?? {}, now.Labels ?? {});
  // A server's image has a user of its own, and only that it is none with all rights counts.
  const names = parseDockerfile(converted)
    .stages.at(-1)!
    .instructions.some(({ keyword }) => keyword === 'USER');
  const isOwn = !names && !/^(?:|root|0)(?::|$)/.test(now.User ?? '');
  if (has('USER') && !isOwn && !(await isSameUser(engine, before, old.User ?? '', now.User ?? ''))) {
    compare('USER', old.User, now.User);
  }
  const environment = new Map((now.Env ?? []).map(splitVariable));
  const written = new Set(
    instructions
      .filter(({ keyword }) => keyword === 'ENV')
      .flatMap(({ words }) => words.map(({ text }) => splitVariable(text)[0])),
  );
  for (const [name, value] of (old.Env ?? []).map(splitVariable)) {
    // A PATH names the old base's folders, too.
    if (written.has(name) && name !== 'PATH' && !buildOnly.test(name))
      compare(`ENV ${name}`, value, environment.get(name));
  }
  return lost;
}

async function configOf(engine: TestEngine, image: string): Promise<ImageConfig> {
  return JSON.parse(await docker(engine, ['image', 'inspect', '--format', '{{json .Config}}', image])) as ImageConfig;
}

const keysOf = (set: object | null | undefined): readonly string[] => Object.keys(set ?? {}).sort();

function splitVariable(text: string): [name: string, value: string] {
  const at = text.indexOf('=');
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

/** A name may have become the number that it stands for. */
async function isSameUser(engine: TestEngine, image: string, was: string, is: string): Promise<boolean> {
  if (was === is) return true;
  const id = (await docker(engine, ['create', image])).trim();
  try {
    // The tar of one file: its text is behind one header of 512 bytes.
    const passwd = (await docker(engine, ['cp', `${id}:/etc/passwd`, '-'])).slice(512);
    const [name] = was.split(':');
    const uid = passwd
      .split('\n')
      .map((line) => line.split(':'))
      .find(([user]) => user === name)?.[2];
    return uid !== undefined && is.split(':')[0] === uid;
  } finally {
    await docker(engine, ['rm', id]);
  }
}
