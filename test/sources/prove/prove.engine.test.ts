import { execFile } from 'node:child_process';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProveReport } from '../../../src/core/prove/report.ts';
import { findBuilder } from '../../../src/sources/engine/builder.ts';
import type { Engine } from '../../../src/sources/engine/engine.ts';
import { indexInProcess } from '../../../src/sources/image/inProcess.ts';
import { type Proof, prove, type ProveInput, type ProveSide } from '../../../src/sources/prove/prove.ts';
import { compiled, hello, librariesOf } from '../../helpers/compiled.ts';
import { engineFor, send, startEngine, type TestEngine } from '../../helpers/engine.ts';
import { temporaryFolder, type TemporaryFolder } from '../../helpers/temporaryFolder.ts';

const run = promisify(execFile);

let server: TestEngine;
let engine: Engine;
let folder: TemporaryFolder;

/** The client of Debian's `docker.io` has BuildKit itself; another one may come first in the path. */
const withBuildKit = { ...process.env, PATH: `/usr/bin:${process.env.PATH ?? ''}` };
const withoutBuildKit = { ...withBuildKit, DOCKER_BUILDKIT: '0' };

beforeAll(async () => {
  [server, folder] = await Promise.all([startEngine(), temporaryFolder()]);
  engine = engineFor(server);
  const dynamic = await compiled(hello);
  const sleeper =
    '#include <unistd.h>\n#include <stdio.h>\nint main(void) { puts("asleep"); fflush(stdout); sleep(600); return 0; }\n';
  const files: Record<string, Uint8Array | string> = {
    static: await compiled(hello, { flags: ['-static'] }),
    dynamic,
    cpp: await compiled('#include <iostream>\nint main() { std::cout << "hello" << std::endl; }\n', {
      compiler: 'g++',
    }),
    musl: await compiled(hello, { compiler: 'musl-gcc', flags: ['-static'] }),
    sleeper: await compiled(sleeper, { flags: ['-static'] }),
    large: 'x'.repeat(100_000),
  };
  for (const [name, content] of Object.entries(files)) {
    await writeFile(path.join(folder.path, name), content, { mode: 0o755 });
  }
  const libraries = { ...(await librariesOf(dynamic)), ...(await librariesOf(files.cpp as Uint8Array)) };
  for (const [at, content] of Object.entries(libraries)) {
    const file = path.join(folder.path, 'root', at);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, content, { mode: 0o755 });
  }
  await mkdir(path.join(folder.path, 'links'));
  await symlink('../static', path.join(folder.path, 'links', 'link'));
});

afterAll(async () => {
  engine[Symbol.dispose]();
  await server[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

interface Tried extends Partial<Omit<ProveInput, 'before' | 'after'>> {
  readonly env?: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal;
  readonly log?: (line: string) => void;
  readonly side?: Partial<ProveSide>;
}

function proof(
  before: string,
  after: string,
  { env = withBuildKit, signal, log, side, ...input }: Tried = {},
): Promise<Proof> {
  const sideOf = (name: string, dockerfile: string): ProveSide => ({
    name,
    dockerfile,
    context: folder.path,
    network: 'host',
    ...side,
  });
  return prove(
    engine,
    { before: sideOf('before', before), after: sideOf('after', after), ...input },
    {
      indexing: indexInProcess(),
      env,
      log: log ?? (() => undefined),
      step: () => undefined,
      signal: signal ?? new AbortController().signal,
    },
  );
}

/** Proves and cleans up; what the engine has afterwards is what it had before. */
async function reportOf(before: string, after: string, tried: Tried = {}): Promise<ProveReport> {
  const had = await engineState();
  let report: ProveReport;
  {
    await using done = await proof(before, after, tried);
    report = done.report;
  }
  expect(await engineState()).toEqual(had);
  return report;
}

async function engineState(): Promise<unknown> {
  const [images, containers, volumes] = await Promise.all([
    send(server, 'GET', '/images/json?all=true'),
    send(server, 'GET', '/containers/json?all=true'),
    send(server, 'GET', '/volumes'),
  ]);
  const ids = (text: string): string[] => (JSON.parse(text) as { Id: string }[]).map(({ Id }) => Id).sort();
  return {
    images: ids(images),
    containers: ids(containers),
    volumes: (JSON.parse(volumes) as { Volumes: unknown }).Volumes,
  };
}

const dynamicImage = 'FROM scratch\nCOPY root /\nCOPY dynamic /app\nCMD ["/app"]\n';
const staticImage = 'FROM scratch\nCOPY static /app\nCMD ["/app"]\n';

describe.each([
  ['with BuildKit', withBuildKit, 'buildkit'],
  ['without BuildKit', withoutBuildKit, 'engine'],
] as const)('%s', (_, env, builder) => {
  it('the same image twice works', async () => {
    const report = await reportOf(staticImage, staticImage, { env, startSeconds: 10 });
    expect(report).toMatchObject({ verdict: 'works', reasons: [], builder });
    expect(report.before.image?.run).toEqual({ kind: 'ended', exitCode: 0, output: 'hello\n', isCut: false });
    expect(report.comparison).toMatchObject({ savedBytes: 0, sharedLayers: 1, paths: [], config: [] });
  });

  it('from a dynamic program with its libraries to a static one works, and is smaller', async () => {
    const report = await reportOf(dynamicImage, staticImage, {
      env,
      startSeconds: 10,
      command: { words: ['/app', '-v'], seconds: 10 },
    });
    expect(report).toMatchObject({ verdict: 'works', reasons: [] });
    expect(report.before.image?.start.needs).toMatchObject({ kind: 'libc', libc: 'glibc' });
    expect(report.after.image?.start.needs).toMatchObject({ kind: 'static', libc: 'none' });
    expect(report.comparison!.savedBytes).toBeGreaterThan(500_000);
    expect(report.comparison!.totals.find(({ change }) => change === 'removed')!.paths).toBeGreaterThan(2);
    expect(report.remarks).toContain('The command ends with status 0 in both images, with the same output.');
  });

  it('a library that is gone is named, before and by starting', async () => {
    const after = dynamicImage.replace('COPY root /', 'COPY root/lib64 /lib64');
    const report = await reportOf(dynamicImage, after, { env, startSeconds: 10 });
    expect(report.verdict).toBe('broken');
    expect(report.reasons[0]).toBe('/app needs the library libc.so.6, which is not there.');
    expect(report.reasons[1]).toMatch(
      /^The container ends with status 127, saying .*libc\.so\.6.*; before, it ends with status 0\.$/,
    );
  });

  it('a build that fails is told with the builder’s reason, and nothing is compared', async () => {
    const report = await reportOf('FROM scratch\nCOPY nothing /\n', staticImage, { env });
    expect(report.verdict).toBe('not-built');
    expect(report.reasons).toEqual([
      expect.stringMatching(/^before does not build as it is, .*The builder says: .*nothing/),
    ]);
    expect(report.comparison).toBeUndefined();
    const second = await reportOf(staticImage, 'FROM scratch\nRUN ["/nothing"]\n', { env });
    expect(second.reasons).toEqual([expect.stringMatching(/^after does not build\. The builder says: /)]);
  });

  it('cancelling a build that hangs leaves nothing', async () => {
    const had = await engineState();
    const cancelled = new AbortController();
    const hanging = 'FROM scratch\nCOPY sleeper /sleeper\nRUN ["/sleeper"]\n';
    const log = (line: string): void => {
      if (line.includes('asleep')) cancelled.abort(new Error('enough'));
    };
    await expect(proof(staticImage, hanging, { env, signal: cancelled.signal, log })).rejects.toThrow('enough');
    expect(await engineState()).toEqual(had);
    await expect.poll(async () => await processes('/sleeper'), { timeout: 20_000 }).toEqual([]);
    expect(await processes('plimsoll-prove-')).toEqual([]);
  });
});

/** Command lines on this machine that name something. */
async function processes(text: string): Promise<string[]> {
  const { stdout } = await run('ps', ['-eo', 'args']);
  return stdout
    .split('\n')
    .filter((line) => line.startsWith(text) || (line.includes('docker build') && line.includes(text)));
}

it('another command and another user are differences, each in a sentence', async () => {
  const report = await reportOf(staticImage, `${staticImage.replace('"/app"]', '"/app", "-v"]')}USER 1000\n`);
  expect(report.verdict).toBe('differs');
  expect(report.reasons).toEqual([
    'The same program is started in another way: ["/app", "-v"] instead of ["/app"].',
    'It runs as 1000 instead of root: files of root can no longer be written.',
  ]);
});

it('what a program of C++ needs is seen, and that musl is static', async () => {
  const cpp = 'FROM scratch\nCOPY root /\nCOPY cpp /app\nENTRYPOINT ["/app"]\n';
  const musl = 'FROM scratch\nCOPY musl /app\nENTRYPOINT ["/app"]\n';
  const report = await reportOf(cpp, musl);
  expect(report.before.image?.start.needs).toMatchObject({
    kind: 'runtime',
    libc: 'glibc',
    libraries: expect.arrayContaining(['libstdc++.so.6']) as unknown,
  });
  expect(report.after.image?.start.needs.kind).toBe('static');
});

it('a server is stopped when its time is over', async () => {
  const server = 'FROM scratch\nCOPY sleeper /app\nCMD ["/app"]\n';
  const report = await reportOf(server, server, { startSeconds: 1 });
  expect(report.verdict).toBe('works');
  expect(report.after.image?.run).toEqual({ kind: 'stopped', output: 'asleep\n', isCut: false });
});

it('a program that cannot be started is told in the engine’s words', async () => {
  const report = await reportOf(staticImage, dynamicImage.replace('COPY root /\n', ''), { startSeconds: 5 });
  expect(report.verdict).toBe('broken');
  expect(report.reasons).toEqual([
    '/app is loaded by /lib64/ld-linux-x86-64.so.2, which is not there.',
    expect.stringMatching(/library libc\.so\.6, which is not there/),
    'The container ends with status 1, saying "exec /app: no such file or directory"; before, it ends with status 0.',
  ]);
  const nothing = await reportOf(staticImage, `${staticImage}CMD ["/nothing"]\n`, { startSeconds: 5 });
  expect(nothing.reasons).toEqual([
    'The image starts /nothing, which is not there.',
    expect.stringMatching(/^The container did not start: .*no such file or directory/),
    'Another program is started: ["/nothing"] instead of ["/app"].',
  ]);
});

it.each([
  ['with BuildKit', withBuildKit],
  ['without BuildKit', withoutBuildKit],
])('target, arguments and the ignore file count %s', async (_, env) => {
  const file =
    'FROM scratch AS a\nARG WHICH=static\nCOPY $WHICH /app\nCOPY links larg[e] /more/\nFROM scratch\nCOPY large /\n';
  const side = { target: 'a', buildArgs: { WHICH: 'musl' }, ignore: 'large\n' };
  const report = await reportOf(file, file, { side, env });
  expect(report.verdict).toBe('works');
  expect(report.after.image!.finalBytes).toBeLessThan(60_000);
});

it('the builder is the user’s, as far as the engine has it', async () => {
  const about = (version: string, platform: `${string}/${string}` = 'linux/amd64') => ({
    about: { product: 'Docker', version, platform, origin: 'test' } as const,
  });
  const { signal } = new AbortController();
  expect(await findBuilder(about('20.10.24'), withBuildKit, signal)).toBe('buildkit');
  expect(await findBuilder(about('18.06.1'), withBuildKit, signal)).toBe('engine');
  expect(await findBuilder(about('20.10.24', 'windows/amd64'), withBuildKit, signal)).toBe('engine');
  expect(await findBuilder(about('20.10.24'), { PATH: '/nowhere' }, signal)).toBe('engine');
});
