import { execFileSync } from 'node:child_process';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findDockerfiles, readDockerfiles } from '../../src/cli/dockerfiles.ts';
import { temporaryFolder, type TemporaryFolder } from '../helpers/temporaryFolder.ts';

const never = new AbortController().signal;

let folder: TemporaryFolder;
beforeAll(async () => {
  folder = await temporaryFolder();
  const write = (name: string, bytes: string | Uint8Array) => writeFile(path.join(folder.path, name), bytes);
  await mkdir(path.join(folder.path, 'tree', 'sub'), { recursive: true });
  await write('tree/Dockerfile', 'FROM a\n');
  await write('tree/sub/Containerfile', 'FROM b\n');
  await symlink('Dockerfile', path.join(folder.path, 'tree', 'Dockerfile.link'));
  await symlink('nowhere', path.join(folder.path, 'tree', 'Dockerfile.dangling'));
  await symlink('sub', path.join(folder.path, 'tree', 'Dockerfile.folder'));
  await write('little-endian', Buffer.from('\ufeffFROM a\n', 'utf16le'));
  await write('big-endian', Buffer.from('\ufeffFROM a\n', 'utf16le').swap16());
  await write('long', Buffer.alloc(2_000_001, 'x'));
  await write('marked', '\ufeffFROM a\n');
});
afterAll(() => folder[Symbol.asyncDispose]());

it('finds files and links to files, and leaves out links that lead elsewhere', async () => {
  const found = await findDockerfiles(path.join(folder.path, 'tree'));
  expect(found.map((file) => path.basename(file))).toEqual(['Dockerfile', 'Dockerfile.link', 'Containerfile']);
});

it('reads each file once, by the name that the user gave', async () => {
  const files = await readDockerfiles(['tree', 'tree/Dockerfile', 'marked'], folder.path, never);
  expect(files.map(({ name, text }) => [name, text])).toEqual([
    [path.join('tree', 'Dockerfile'), 'FROM a\n'],
    [path.join('tree', 'Dockerfile.link'), 'FROM a\n'],
    [path.join('tree', 'sub', 'Containerfile'), 'FROM b\n'],
    ['marked', '\ufeffFROM a\n'],
  ]);
});

it.each([
  ['nowhere', 'nowhere cannot be read: there is no such file or folder.'],
  ['tree/sub', undefined],
  ['little-endian', 'little-endian is UTF-16, which no builder reads: save it as UTF-8.'],
  ['big-endian', 'big-endian is UTF-16, which no builder reads: save it as UTF-8.'],
  ['long', 'long is longer than 2 MB: it is taken for no Dockerfile.'],
])('%s', async (name, message) => {
  const reading = readDockerfiles([name], folder.path, never);
  if (message === undefined) await expect(reading).resolves.toHaveLength(1);
  else await expect(reading).rejects.toMatchObject({ name: 'UsageError', message });
});

it.skipIf(process.platform === 'win32')('waits for no pipe and reads no device', async () => {
  execFileSync('mkfifo', [path.join(folder.path, 'pipe')]);
  for (const name of ['pipe', '/dev/zero']) {
    const reading = readDockerfiles([name], folder.path, never);
    await expect(reading).rejects.toThrow(`${name} cannot be read: it is neither a file nor a folder.`);
  }
});

it('ends with the reason of its signal', async () => {
  const reason = new Error('interrupted');
  await expect(readDockerfiles(['marked'], folder.path, AbortSignal.abort(reason))).rejects.toBe(reason);
});
