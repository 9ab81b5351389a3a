import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';

const entry = path.join(import.meta.dirname, 'node_modules/code-server/out/node/entry.js');

/** True when `npm ci` in this folder has brought code-server and its postinstall has finished. */
export function isCodeServerInstalled(): boolean {
  // The postinstall's last step: VS Code's own packages. Without them code-server starts and shows an empty page.
  return existsSync(entry) && existsSync(path.join(path.dirname(entry), '../../lib/vscode/extensions/node_modules'));
}

/** Installs code-server (about 600 MB, more than a minute). Throws when npm fails, with the end of what it said. */
export async function installCodeServer(onOutput: (text: string) => void): Promise<void> {
  const env = {
    ...process.env,
    PATH: `${path.dirname(process.execPath)}${path.delimiter}${process.env.PATH ?? ''}`,
    // npm tells install scripts which node runs it, and would take that from the npm that runs us.
    npm_config_user_agent: undefined,
    // Native modules are compiled with all processors.
    JOBS: 'max',
  };
  const npm = spawn('npm', ['ci', '--no-audit', '--no-fund'], { cwd: import.meta.dirname, env, stdio: 'pipe' });
  let tail = '';
  for (const stream of [npm.stdout, npm.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      tail = (tail + text).slice(-2000);
      onOutput(text);
    });
  }
  const [code] = (await once(npm, 'close')) as [number | null];
  if (code !== 0 || !isCodeServerInstalled())
    throw new Error(`npm ci of code-server ended with ${code ?? 'a signal'}:\n${tail}`);
}

export interface CodeServerOptions {
  /** The extension that is installed into it. */
  readonly vsix: string;
  /** Further extensions beside it. */
  readonly others?: readonly string[];
  /** False: VS Code's workspace trust is on, and folders open in restricted mode. */
  readonly trusted: boolean;
  /** The user's settings, beside those that keep the window quiet. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Added to the environment of VS Code and so of the extension: `DOCKER_HOST`, `DOCKER_CONFIG`. */
  readonly env?: Readonly<Record<string, string>>;
  /** Absent: a free one. */
  readonly port?: number | undefined;
}

/** A running VS Code in its own temporary profile; disposing ends it with its children and removes the profile. */
export interface CodeServer extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`. */
  readonly origin: string;
  /** The address that opens a folder, and a file in it. */
  url(folder: string, file?: string): string;
  /** Settles when the process ends by itself. */
  readonly ended: Promise<void>;
}

/** Nothing that talks to the internet by itself, no start page, no assistant beside the editor. */
const quietSettings = {
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'workbench.startupEditor': 'none',
  'workbench.enableExperiments': false,
  'workbench.settings.enableNaturalLanguageSearch': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'chat.disableAIFeatures': true,
  'security.workspace.trust.startupPrompt': 'never',
  'git.enabled': false,
};

/** Starts code-server on 127.0.0.1 with the extension installed. Throws when it does not answer within a minute. */
export async function startCodeServer(options: CodeServerOptions): Promise<CodeServer> {
  const profile = await mkdtemp(path.join(os.tmpdir(), 'plimsoll-vscode-'));
  const userDataDir = path.join(profile, 'user');
  const common = ['--user-data-dir', userDataDir, '--extensions-dir', path.join(profile, 'extensions')];
  const env = { ...withoutVsCode(process.env), ...options.env, XDG_CONFIG_HOME: path.join(profile, 'config') };
  // To the page the server is another machine: what has the scope of a machine is read from its own file.
  for (const place of ['User', 'Machine']) {
    await mkdir(path.join(userDataDir, place), { recursive: true });
    const settings = { ...quietSettings, ...options.settings };
    await writeFile(path.join(userDataDir, place, 'settings.json'), JSON.stringify(settings, null, 2));
  }
  const extensions = [options.vsix, ...(options.others ?? [])];
  await run([...common, ...extensions.flatMap((vsix) => ['--install-extension', vsix])], env);

  const port = options.port ?? (await freePort());
  const origin = `http://127.0.0.1:${port}`;
  const server = spawn(
    process.execPath,
    [
      entry,
      ...common,
      ...['--bind-addr', `127.0.0.1:${port}`, '--auth', 'none'],
      ...['--disable-telemetry', '--disable-update-check', '--disable-getting-started-override'],
      ...(options.trusted ? ['--disable-workspace-trust'] : []),
    ],
    { env, stdio: ['ignore', 'pipe', 'pipe'], detached: true },
  );
  const output = collect(server);
  const ended = once(server, 'close').then(() => undefined);
  const dispose = async (): Promise<void> => {
    await endGroup(server, ended);
    await rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  };
  try {
    await answers(origin, server, output);
  } catch (error) {
    await dispose();
    throw error;
  }
  return {
    origin,
    ended,
    url: (folder, file) => {
      const url = new URL(origin);
      url.searchParams.set('folder', folder);
      if (file !== undefined) {
        url.searchParams.set('payload', JSON.stringify([['openFile', `vscode-remote://${url.host}${file}`]]));
      }
      return url.href;
    },
    [Symbol.asyncDispose]: dispose,
  };
}

/** A VS Code that starts from a VS Code terminal would attach to that one through these variables. */
function withoutVsCode(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^(VSCODE|ELECTRON|CODE_SERVER)_/.test(name)));
}

async function run(args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const child = spawn(process.execPath, [entry, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const output = collect(child);
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`code-server ${args.join(' ')} ended with ${code ?? 'a signal'}:\n${output()}`);
}

/** The last of what a process says, for the message when it fails. */
function collect(child: ChildProcess): () => string {
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => (text = (text + chunk).slice(-4000)));
  }
  return () => text;
}

async function answers(origin: string, server: ChildProcess, output: () => string): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline) {
    if (server.exitCode !== null) throw new Error(`code-server ended with ${server.exitCode}:\n${output()}`);
    const healthy = await fetch(`${origin}/healthz`).then(
      (response) => response.ok,
      () => false,
    );
    if (healthy) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`code-server did not answer at ${origin} within a minute:\n${output()}`);
}

/** Ends the process group: code-server starts the extension host and watchers as children. */
async function endGroup(server: ChildProcess, ended: Promise<void>): Promise<void> {
  const signal = (name: NodeJS.Signals): void => {
    try {
      process.kill(-server.pid!, name);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  };
  signal('SIGTERM');
  const timer = setTimeout(() => signal('SIGKILL'), 5000);
  await ended;
  clearTimeout(timer);
  // The server ends before its extension host: what is left of the group would write into the removed profile.
  signal('SIGKILL');
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
