import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { locateImage } from '../../../src/sources/image/locate.ts';
import { makeArchive, writeLayout } from '../../helpers/archives.ts';
import { makeImage } from '../../helpers/ociImage.ts';
import { temporaryFolder, type TemporaryFolder } from '../../helpers/temporaryFolder.ts';

const images = [{ image: makeImage({ layers: [{ files: { a: 'b' } }] }), names: ['app:1'] }];

let folder: TemporaryFolder;
let before: string;
beforeAll(async () => {
  folder = await temporaryFolder();
  before = process.cwd();
  process.chdir(folder.path);
  await writeFile('app', makeArchive(images, 'oci'));
  await writeFile('squeezed.iso', makeArchive(images, 'docker-legacy', 'zstd'));
  await writeFile('with:colon.tar', makeArchive(images, 'oci'));
  await writeLayout(path.join(folder.path, 'layout'), images);
  await mkdir('golang');
  await writeFile('golang/main.go', 'package main');
  await writeFile('nginx', 'server {}');
  await writeFile('empty.tar', '');
  await writeFile('page.tar.gz', '<html>');
  await mkdir('folder.tar');
});
afterAll(async () => {
  process.chdir(before);
  await folder[Symbol.asyncDispose]();
});

it.each<[string, unknown]>([
  ['app', { kind: 'archive', path: 'app' }],
  ['squeezed.iso', { kind: 'archive', path: 'squeezed.iso' }],
  ['./layout', { kind: 'layout', path: './layout' }],
  ['layout/', { kind: 'layout', path: 'layout/' }],
  ['app:app:1', { kind: 'archive', path: 'app', reference: 'app:1' }],
  [
    'layout:registry.example:5000/team/app:1',
    { kind: 'layout', path: 'layout', reference: 'registry.example:5000/team/app:1' },
  ],
  ['with:colon.tar', { kind: 'archive', path: 'with:colon.tar' }],
  ['with:colon.tar:app:1', { kind: 'archive', path: 'with:colon.tar', reference: 'app:1' }],
  // A folder of sources, or a file that is no archive, hides no image.
  ['golang', { kind: 'reference', reference: 'golang' }],
  ['golang:1.26', { kind: 'reference', reference: 'golang:1.26' }],
  ['nginx', { kind: 'reference', reference: 'nginx' }],
  // A tag may end as an archive does.
  ['nginx:1.tar', { kind: 'reference', reference: 'nginx:1.tar' }],
  [
    'ghcr.io/acme/app@sha256:' + 'a'.repeat(64),
    { kind: 'reference', reference: 'ghcr.io/acme/app@sha256:' + 'a'.repeat(64) },
  ],
])('%s', async (source, expected) => {
  expect(await locateImage(source)).toEqual(expected);
});

it.each([
  ['./nothing.tar', 'absent', './nothing.tar does not exist.'],
  ['/nowhere/image.tar', 'absent', '/nowhere/image.tar does not exist.'],
  // These could be references too, but nobody means one.
  ['nothing.tar', 'absent', 'nothing.tar does not exist.'],
  ['empty.tar', 'unsupported', 'empty.tar is no image archive: it is empty.'],
  ['page.tar.gz', 'unsupported', 'page.tar.gz is no image archive: it does not begin as a tar does'],
  ['folder.tar', 'unsupported', 'folder.tar is no OCI layout folder: it has no index.json.'],
  ['./golang', 'unsupported', './golang is no OCI layout folder: it has no index.json.'],
  ['UPPER', 'invalid', 'UPPER is no image archive, no OCI layout folder and no reference.'],
])('%s is refused', async (source, code, message) => {
  await expect(locateImage(source)).rejects.toMatchObject({
    name: 'SourceError',
    code,
    message: expect.stringContaining(message) as string,
  });
});

it.skipIf(process.platform === 'win32')('a device is no image', async () => {
  await expect(locateImage('/dev/null')).rejects.toThrow('/dev/null is neither a file nor a folder.');
});
