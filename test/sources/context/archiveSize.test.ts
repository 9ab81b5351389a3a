import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { archiveSize } from '../../../src/sources/context/archiveSize.ts';
import { tarOf } from '../../helpers/ociImage.ts';
import { temporaryFolder } from '../../helpers/temporaryFolder.ts';

const tar = tarOf({ 'a.txt': 'a'.repeat(5000) });
const large = tarOf({ 'random.bin': randomBytes(100_000) });
const unknown = { isArchive: true };
const none = { isArchive: false };

test.each([
  ['a tar', tar, { isArchive: true, bytes: tar.length }],
  ['a gzipped tar', gzipSync(tar), { isArchive: true, bytes: tar.length }],
  ['a gzipped tar longer than what is looked at', gzipSync(large), { isArchive: true, bytes: large.length }],
  [
    'a gzipped tar of two members, whose length the last does not say',
    Buffer.concat([gzipSync(tar), gzipSync('x')]),
    unknown,
  ],
  ['a zstd file', zstdCompressSync(tar), unknown],
  ['bzip2', Buffer.from('BZh91AY'), unknown],
  ['xz', Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00, 1]), unknown],
  ['a gzipped text is no archive', gzipSync('hello'), none],
  ['a damaged gzip', Buffer.from([0x1f, 0x8b, 1, 2, 3]), none],
  ['a zip is copied', Buffer.from('PK\u0003\u0004'), none],
  ['a text', Buffer.from('hello'), none],
  ['nothing', Buffer.alloc(0), none],
])('%s', async (_, bytes, size) => {
  await using folder = await temporaryFolder();
  const file = path.join(folder.path, 'file');
  await writeFile(file, bytes);
  expect(archiveSize(file)).toEqual(size);
});

test('a file that is gone', () => {
  expect(archiveSize(path.join(import.meta.dirname, 'gone'))).toEqual(none);
});
