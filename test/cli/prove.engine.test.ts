import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ProveReport } from '../../src/core/prove/report.ts';
import { plimsoll, type Ran } from '../helpers/commandLine.ts';
import { compiled, hello } from '../helpers/compiled.ts';
import { send, startEngine, type TestEngine } from '../helpers/engine.ts';
import { temporaryFolder, type TemporaryFolder } from '../helpers/temporaryFolder.ts';

let server: TestEngine;
let folder: TemporaryFolder;

beforeAll(async () => {
  [server, folder] = await Promise.all([startEngine(), temporaryFolder()]);
  const files: Record<string, string | Uint8Array> = {
    hello: await compiled(hello, { flags: ['-static'] }),
    debug: await compiled(hello, { flags: ['-static', '-g3'] }),
    Dockerfile: 'FROM scratch\nCOPY debug /app\nCMD ["/app"]\n',
    'Dockerfile.new': 'FROM scratch\nCOPY hello /app\nCMD ["/app"]\n',
    'Dockerfile.user': 'FROM scratch\nCOPY hello /app\nUSER 1000\nCMD ["/app"]\n',
    // Not by the name of what another file looks for among the machine's processes.
    hanging: await compiled('#include <unistd.h>\nint main(void) { sleep(600); return 0; }\n', { flags: ['-static'] }),
    'Dockerfile.hangs': 'FROM scratch\nCOPY hanging /\nRUN ["/hanging"]\n',
    'Dockerfile.bad': 'FROM scratch\nCOPY missing /\n',
  };
  for (const [name, content] of Object.entries(files)) {
    await writeFile(path.join(folder.path, name), content, { mode: 0o755 });
  }
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

function prove(...args: string[]): Promise<Ran> {
  return proveUntil(new AbortController().signal, ...args);
}

function proveUntil(signal: AbortSignal, ...args: string[]): Promise<Ran> {
  const env = { DOCKER_HOST: server.host, HOME: '/nonexistent', PATH: process.env.PATH ?? '', DOCKER_BUILDKIT: '0' };
  return plimsoll(['prove', ...args], { cwd: folder.path, env, signal });
}

async function imageCount(): Promise<number> {
  return (JSON.parse(await send(server, 'GET', '/images/json?all=true')) as unknown[]).length;
}

it('proves, and ends with 0', async () => {
  const ran = await prove('Dockerfile', 'Dockerfile.new', '--start', '10', '--run', '/app -v');
  expect(ran.err).toBe('');
  expect(ran.out).toMatch(/^Works: .* → .* \(−/);
  expect(ran.out).toMatch(/\nstarted +status 0 +status 0\n/);
  expect(ran.status).toBe(0);
  expect(await imageCount()).toBe(0);
});

it('differs, and ends with 1; as JSON', async () => {
  const ran = await prove('Dockerfile', 'Dockerfile.user', '--json');
  expect(ran.status).toBe(1);
  const report = JSON.parse(ran.out) as ProveReport;
  expect(report).toMatchObject({ schema: 1, verdict: 'differs', before: { name: 'Dockerfile' }, builder: 'engine' });
});

it('a build that fails ends with 1, its log on standard error', async () => {
  const ran = await prove('Dockerfile', 'Dockerfile.bad', '--markdown');
  expect(ran.status).toBe(1);
  expect(ran.out).toMatch(
    /^# Not built: Dockerfile → Dockerfile\.bad\n\n- Dockerfile\\?\.bad does not build\. The builder says: .*missing/,
  );
  expect(ran.err).toMatch(/^\| /m);
});

it('interrupted in a build that hangs, it ends with 130 and leaves nothing', async () => {
  const interrupted = new AbortController();
  const ran = proveUntil(interrupted.signal, 'Dockerfile', 'Dockerfile.hangs', '--network', 'host');
  const running = async (): Promise<number> =>
    (JSON.parse(await send(server, 'GET', '/containers/json')) as unknown[]).length;
  await expect.poll(running, { timeout: 30_000 }).toBe(1);
  interrupted.abort();
  expect(await ran).toMatchObject({ status: 130, out: '' });
  expect(await running()).toBe(0);
  expect(await imageCount()).toBe(0);
});

it('--keep leaves the two images', async () => {
  const ran = await prove('Dockerfile', 'Dockerfile.new', '--json', '--keep');
  const { images } = JSON.parse(ran.out) as { images: { before: string; after: string } };
  expect(ran.err).toBe(`Kept: ${images.before} and ${images.after}; docker rmi removes them.\n`);
  for (const name of [images.before, images.after]) {
    await send(server, 'DELETE', `/images/${encodeURIComponent(name)}?force=true`);
  }
  expect(await imageCount()).toBe(0);
});
