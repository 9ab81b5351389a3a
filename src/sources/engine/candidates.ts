import { createHash } from 'node:crypto';
import path from 'node:path';
import * as v from 'valibot';
import { describeEndpoint, parseEndpoint, type Endpoint, type TlsFiles } from './endpoint.ts';

/** An engine that may be there. */
export interface Candidate {
  readonly endpoint: Endpoint;
  /** What named it, for people: `DOCKER_HOST`, `Docker context "colima"`, `/var/run/docker.sock`. */
  readonly origin: string;
}

export interface Candidates {
  /** In the order in which to try them. */
  readonly candidates: readonly Candidate[];
  /** One sentence for each thing that is broken: a context file, an address. */
  readonly problems: readonly string[];
}

/** The little that is read from the file system. All answer for what is missing or unreadable too; none throws. */
export interface Files {
  readText(file: string): Promise<string | undefined>;
  exists(file: string): Promise<boolean>;
}

/** What the search depends on. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly platform: NodeJS.Platform;
  readonly files: Files;
}

/** What the user chose in the settings or on the command line. The host wins over the context. */
export interface EngineChoice {
  readonly host?: string;
  readonly context?: string;
}

/**
 * Where engines may be, by the precedence of Docker's own command line: the user's choice, `DOCKER_HOST`,
 * `DOCKER_CONTEXT`, the current context; only where none of these says anything, the usual sockets that exist.
 * A choice is never replaced by another engine: its images would be taken for those that the user meant. Only a current
 * context whose files are missing is passed over, since it is often what an uninstalled engine left behind.
 */
export async function findCandidates(choice: EngineChoice, around: Surroundings): Promise<Candidates> {
  const host = variable(around, 'DOCKER_HOST');
  const configFolder = variable(around, 'DOCKER_CONFIG') ?? path.join(around.home, '.docker');
  if (choice.host) return oneHost(choice.host, 'the chosen engine host', environmentTls(around, configFolder));
  if (choice.context) return context(choice.context, configFolder, around);
  if (host !== undefined) return oneHost(host, 'DOCKER_HOST', environmentTls(around, configFolder));
  const named = variable(around, 'DOCKER_CONTEXT');
  if (named !== undefined) return context(named, configFolder, around);

  const problems: string[] = [];
  const current = await currentContext(configFolder, around.files, problems);
  if (current !== undefined && current !== 'default') {
    const chosen = await context(current, configFolder, around);
    if (chosen.candidates.length > 0) return { ...chosen, problems: [...problems, ...chosen.problems] };
    problems.push(...chosen.problems);
  }
  return { candidates: await existingSockets(around), problems };
}

function oneHost(host: string, origin: string, tls: TlsFiles | undefined): Candidates {
  const endpoint = parseEndpoint(host, tls);
  return endpoint
    ? { candidates: [{ endpoint, origin }], problems: [] }
    : { candidates: [], problems: [`${origin} is no address of an engine: “${host}”.`] };
}

/** `DOCKER_TLS_VERIFY` and `DOCKER_TLS` switch TLS on by being set to anything, as in Docker's own command line. */
function environmentTls(around: Surroundings, configFolder: string): TlsFiles | undefined {
  const verify = variable(around, 'DOCKER_TLS_VERIFY') !== undefined;
  if (!verify && variable(around, 'DOCKER_TLS') === undefined) return undefined;
  return { directory: variable(around, 'DOCKER_CERT_PATH') ?? configFolder, verify };
}

/** A variable that is set to nothing is not set. */
function variable(around: Pick<Surroundings, 'env'>, name: string): string | undefined {
  const value = around.env[name];
  return value === '' ? undefined : value;
}

const configSchema = v.object({ currentContext: v.optional(v.string()) });

async function currentContext(configFolder: string, files: Files, problems: string[]): Promise<string | undefined> {
  const file = path.join(configFolder, 'config.json');
  const text = await files.readText(file);
  if (text === undefined) return undefined;
  const config = decode(configSchema, text);
  if (!config) problems.push(`Docker’s configuration ${file} cannot be read, so its current context is not used.`);
  return config?.currentContext === '' ? undefined : config?.currentContext;
}

const contextSchema = v.object({
  Endpoints: v.object({
    docker: v.object({ Host: v.optional(v.string(), ''), SkipTLSVerify: v.optional(v.boolean(), false) }),
  }),
});

/**
 * A Docker context: `contexts/meta/<SHA-256 of the name>/meta.json`, and its keys under `contexts/tls/<same>/docker`
 * (github.com/docker/cli, `cli/context/store`).
 */
async function context(name: string, configFolder: string, around: Surroundings): Promise<Candidates> {
  if (name === 'default') return { candidates: await existingSockets(around), problems: [] };
  const id = createHash('sha256').update(name).digest('hex');
  const text = await around.files.readText(path.join(configFolder, 'contexts', 'meta', id, 'meta.json'));
  if (text === undefined) return { candidates: [], problems: [`There is no Docker context “${name}”.`] };
  const docker = decode(contextSchema, text)?.Endpoints.docker;
  if (!docker) return { candidates: [], problems: [`The Docker context “${name}” cannot be read.`] };
  const directory = path.join(configFolder, 'contexts', 'tls', id, 'docker');
  const tls =
    docker.SkipTLSVerify || (await around.files.exists(directory))
      ? { directory, verify: !docker.SkipTLSVerify }
      : undefined;
  return oneHost(docker.Host, `Docker context “${name}”`, tls);
}

/** The sockets at which engines usually listen, Docker's before Podman's, the system's before the user's. */
export function usualSockets(around: Pick<Surroundings, 'env' | 'home' | 'platform'>): string[] {
  if (around.platform === 'win32') {
    return ['docker_engine', 'dockerDesktopLinuxEngine', 'podman-machine-default'].map((pipe) => `//./pipe/${pipe}`);
  }
  const runtime = variable(around, 'XDG_RUNTIME_DIR');
  const inHome = (...parts: string[]): string => path.posix.join(around.home, ...parts);
  return [
    '/var/run/docker.sock',
    ...(runtime !== undefined ? [path.posix.join(runtime, 'docker.sock')] : []),
    inHome('.docker', 'run', 'docker.sock'),
    inHome('.docker', 'desktop', 'docker.sock'),
    inHome('.orbstack', 'run', 'docker.sock'),
    inHome('.colima', 'default', 'docker.sock'),
    inHome('.config', 'colima', 'default', 'docker.sock'),
    inHome('.lima', 'docker', 'sock', 'docker.sock'),
    inHome('.rd', 'docker.sock'),
    '/run/podman/podman.sock',
    ...(runtime !== undefined ? [path.posix.join(runtime, 'podman', 'podman.sock')] : []),
    inHome('.local', 'share', 'containers', 'podman', 'machine', 'podman.sock'),
  ];
}

async function existingSockets(around: Surroundings): Promise<Candidate[]> {
  const found: Candidate[] = [];
  for (const socket of usualSockets(around)) {
    const endpoint: Endpoint = { transport: 'socket', path: socket };
    if (await around.files.exists(socket)) found.push({ endpoint, origin: describeEndpoint(endpoint) });
  }
  return found;
}

function decode<T>(schema: v.GenericSchema<unknown, T>, text: string): T | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    // What is not JSON is as unreadable as what has another shape; the caller says so.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  const result = v.safeParse(schema, json);
  return result.success ? result.output : undefined;
}
