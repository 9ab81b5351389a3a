import { readFile, utimes } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lookUp } from '../../src/core/base/catalogue.ts';
import { parseReference } from '../../src/core/base/reference.ts';
import type { Proposal } from '../../src/core/refactor/refactoring.ts';
import { plimsoll } from '../helpers/commandLine.ts';
import { compiled, hello, librariesOf } from '../helpers/compiled.ts';
import { buildImage, importImage, send, startEngine, type TestEngine } from '../helpers/engine.ts';
import { projectFolder } from '../helpers/projectFolder.ts';
import { tar } from '../helpers/tar.ts';

const cxx = '#include <iostream>\nint main() { std::cout << "hello" << std::endl; }\n';

/** A compiler that has done its work already: what `-o` names is the program that the image came with. */
const compiler = '#!/bin/sh\nwhile [ "$1" != -o ]; do shift; done\nexec cp /compiled "$2"\n';

let server: TestEngine;
beforeAll(async () => {
  server = await startEngine();
  await standIn('debian:12', await librariesOf(await compiled(cxx, { compiler: 'g++' })));
}, 120_000);
afterAll(() => server[Symbol.asyncDispose]());

/** An image of programs and libraries, by their absolute paths. */
async function standIn(tag: string, files: Readonly<Record<string, string | Uint8Array>>): Promise<void> {
  const members = Object.entries(files).map(([at, content]) => ({ name: at.slice(1), content, mode: 0o755 }));
  await importImage(server, tag, tar(members));
}

/** The image `gcc:14-bookworm` whose compiler makes this program. */
async function compilerOf(program: Uint8Array): Promise<void> {
  const [shell, cp] = await Promise.all([readFile('/bin/dash'), readFile('/bin/cp')]);
  const libraries = { ...(await librariesOf(shell)), ...(await librariesOf(cp)) };
  const files = { '/bin/sh': shell, '/bin/cp': cp, '/usr/bin/gcc': compiler, '/compiled': program };
  await standIn('gcc:14-bookworm', { ...files, ...libraries });
}

/** What weighs as much as the catalogue says of a base. */
async function asLargeAs(reference: string): Promise<void> {
  const parsed = parseReference(reference);
  if ('problem' in parsed) throw new Error(parsed.problem);
  const answer = lookUp(parsed.reference, 'linux/amd64');
  const bytes = 'sizes' in answer ? answer.sizes.onDisk?.bytes : undefined;
  await standIn(reference.includes(':') ? reference : `${reference}:latest`, { '/base': Buffer.alloc(bytes!) });
}

interface Fixed extends Partial<Proposal> {
  readonly outcome: string;
  readonly changes: readonly { readonly text: string }[];
}

/** Builds a Dockerfile in the engine, refactors it, and checks the size that was promised against what the result weighs. */
async function fixed(
  dockerfile: string,
  args: readonly string[],
  more: (folder: string) => Promise<unknown> = () => Promise.resolve(),
): Promise<Fixed> {
  await using folder = await projectFolder({ Dockerfile: dockerfile, 'main.c': hello });
  await buildImage(server, 'app:1', dockerfile, { 'main.c': hello });
  await more(folder.path);
  const env = { DOCKER_HOST: server.host, HOME: '/nonexistent', PATH: process.env.PATH ?? '' };
  const command = ['fix', '--source', 'engine', '--no-cache', '--json', ...args, 'Dockerfile'];
  const { out, err } = await plimsoll(command, { cwd: folder.path, env });
  expect(out, err).not.toBe('');
  return (JSON.parse(out) as { files: [Fixed] }).files[0];
}

async function expectPromiseKept({ after, runBase, changes }: Fixed): Promise<void> {
  if (runBase !== 'scratch') await asLargeAs(runBase!);
  await buildImage(server, 'smaller:1', changes[0]!.text, { 'main.c': hello });
  const { Size } = JSON.parse(await send(server, 'GET', '/images/smaller:1/json')) as { Size: number };
  expect(after).toMatchObject({ complete: true, basis: 'estimated' });
  expect(Math.abs(after!.bytes - Size) / Size).toBeLessThan(0.05);
}

const swapped = `FROM gcc:14-bookworm AS build
COPY main.c .
RUN gcc -O1 -o /app main.c
FROM debian:12
COPY --from=build /app /usr/local/bin/app
CMD ["/usr/local/bin/app"]
`;

describe('a minimal base by what was built', () => {
  it.each([
    ['static', hello, 'gcc', ['-static'], 'static', 'is linked statically'],
    ['glibc only', hello, 'gcc', [], 'base-nossl', 'needs libc.so.6, which is '],
    ['libstdc++', cxx, 'g++', [], 'cc', 'needs libstdc++.so.6, which is '],
  ])('%s', async (_, source, program, flags, flavor, why) => {
    await compilerOf(await compiled(source, { compiler: program, flags }));
    const result = await fixed(swapped, ['--minimal-base']);
    // On which Debian depends on the day: of those that have ended none is proposed.
    expect(result.runBase?.replace(/\d+$/, '')).toBe(`gcr.io/distroless/${flavor}-debian`);
    const told = result.notes!.map(({ text }) => text).join('\n');
    expect(told).toContain('What starts was looked at in app:1, which was built from this file.');
    expect(told).toContain(`/usr/local/bin/app ${why}`);
    await expectPromiseKept(result);
  });

  it('an image that is older than the file says nothing of it', async () => {
    await compilerOf(await compiled(hello, { flags: ['-static'] }));
    const later = new Date(Date.now() + 60_000);
    const result = await fixed(swapped, ['--minimal-base'], (folder) =>
      utimes(path.join(folder, 'Dockerfile'), later, later),
    );
    expect(result.runBase ?? '').not.toContain('distroless');
    expect(JSON.stringify(result)).not.toContain('What starts was looked at');
  });

  it('offline nobody is asked', async () => {
    await compilerOf(await compiled(hello, { flags: ['-static'] }));
    const result = await fixed(swapped, ['--minimal-base', '--offline']);
    expect(JSON.stringify(result)).not.toContain('What starts was looked at');
  });
});

describe('a conversion to multi-stage', () => {
  const single = 'FROM gcc:14-bookworm\nCOPY main.c .\nRUN gcc -static -o /app main.c\nCMD ["/app"]\n';

  it('tells what the image will weigh', async () => {
    await compilerOf(await compiled(hello, { flags: ['-static'] }));
    const result = await fixed(single, ['--multi-stage']);
    expect(result).toMatchObject({ outcome: 'proposal', runBase: 'scratch' });
    await expectPromiseKept(result);
  });

  it('offline it is known only that it will be more', async () => {
    await compilerOf(await compiled(hello, { flags: ['-static'] }));
    const result = await fixed(single, ['--multi-stage', '--offline']);
    expect(result.after).toMatchObject({ complete: false });
  });
});
