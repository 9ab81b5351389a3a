/**
 * `npm start`: Plimsoll in a real VS Code on sample Dockerfiles. The desktop's VS Code where `code` is installed and
 * there is a screen; else VS Code in the browser (code-server), which is installed when it is first needed.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { provide } from '../tools/machine.ts';
import { installCodeServer, isCodeServerInstalled, startCodeServer } from './codeServer.ts';
import { codeServerNeeds } from './needs.ts';
import { buildVsix } from '../tools/vsix.ts';

const samples = path.join(import.meta.dirname, '../fixtures/samples');
const firstFile = 'multi-stage/Dockerfile';

async function start(): Promise<void> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'plimsoll-start-'));
  try {
    const workspace = path.join(folder, 'samples');
    const vsix = path.join(folder, 'plimsoll.vsix');
    // A copy: what is tried out on the samples does not change the project.
    await cp(samples, workspace, { recursive: true });
    console.log('Building Plimsoll …');
    buildVsix(vsix);
    await (hasDesktopCode() ? inDesktop(folder, workspace, vsix) : inBrowser(workspace, vsix));
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

/** VS Code on PATH, and a screen to show it on. */
function hasDesktopCode(): boolean {
  const hasScreen = process.platform !== 'linux' || Boolean(process.env.DISPLAY ?? process.env.WAYLAND_DISPLAY);
  return hasScreen && spawnSync('code', ['--version'], { shell: process.platform === 'win32' }).status === 0;
}

/** Opens the samples in a VS Code with a profile of its own and waits until its window is closed. */
async function inDesktop(folder: string, workspace: string, vsix: string): Promise<void> {
  const profile = ['--user-data-dir', path.join(folder, 'user'), '--extensions-dir', path.join(folder, 'extensions')];
  // Electron refuses to run as root inside its sandbox.
  if (process.getuid?.() === 0) profile.push('--no-sandbox');
  const code = async (...args: string[]): Promise<void> => {
    const child = spawn('code', [...profile, ...args], { stdio: 'inherit', shell: process.platform === 'win32' });
    const [status] = (await once(child, 'close')) as [number | null];
    if (status !== 0 && !interrupted.signal.aborted)
      throw new Error(`code ${args.join(' ')} ended with ${status ?? 'a signal'}`);
  };
  await code('--install-extension', vsix);
  console.log('Opening VS Code; closing its window ends this command.');
  await code('--new-window', '--wait', '--disable-workspace-trust', workspace, path.join(workspace, firstFile));
}

async function inBrowser(workspace: string, vsix: string): Promise<void> {
  if (!isCodeServerInstalled()) {
    const obstacle = provide(codeServerNeeds);
    if (obstacle !== undefined) throw new Error(`VS Code in the browser cannot be installed: ${obstacle}.`);
    console.log('Installing VS Code for the browser, once (600 MB, a minute or two) …');
    await installCodeServer(() => undefined);
  }
  await using server = await startCodeServer({
    vsix,
    trusted: true,
    port: process.env.PORT ? Number(process.env.PORT) : undefined,
  });
  console.log(
    `\n  Plimsoll is open at\n\n    ${server.url(workspace, path.join(workspace, firstFile))}\n\n  Ctrl-C ends it.\n`,
  );
  await Promise.race([server.ended, once(interrupted.signal, 'abort')]);
}

const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => interrupted.abort());

await start().catch((error: unknown) => {
  if (interrupted.signal.aborted) return;
  console.error(`npm start: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});
