import { chmod, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { LayerIndexer } from '../../../src/core/image/indexer.ts';
import { entryPath, type LayerIndex, linkTarget } from '../../../src/core/image/layerIndex.ts';
import { contextTar } from '../../../src/sources/context/contextTar.ts';
import { temporaryFolder, type TemporaryFolder } from '../../helpers/temporaryFolder.ts';

async function filled(files: Readonly<Record<string, string>>): Promise<TemporaryFolder> {
  const folder = await temporaryFolder();
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(folder.path, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, content);
  }
  return folder;
}

async function packed(
  folder: string,
  ignore = '',
  extra: Parameters<typeof contextTar>[2] = [],
): Promise<{ index: LayerIndex; bytes: Buffer }> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of contextTar(folder, ignore, extra, new AbortController().signal)) chunks.push(chunk.slice());
  const bytes = Buffer.concat(chunks);
  const indexer = new LayerIndexer();
  indexer.push(bytes);
  const { index, problems } = indexer.finish();
  expect(problems).toEqual([]);
  return { index, bytes };
}

function paths(index: LayerIndex): string[] {
  return Array.from({ length: index.count }, (_, entry) => entryPath(index, entry)).toSorted();
}

it('packs folders, files with their modes and contents, links as links, and extra files', async () => {
  await using folder = await filled({ 'a/b.txt': 'hello', 'run.sh': '#!/bin/sh\n', empty: '' });
  await chmod(path.join(folder.path, 'run.sh'), 0o750);
  await symlink('../run.sh', path.join(folder.path, 'a', 'link'));
  const { index, bytes } = await packed(folder.path, '', [{ name: '.extra', content: new TextEncoder().encode('x') }]);
  expect(paths(index)).toEqual(['/.extra', '/a', '/a/b.txt', '/a/link', '/empty', '/run.sh']);
  const at = (name: string): number => Array.from(index.path).findIndex((_, entry) => entryPath(index, entry) === name);
  expect(index.mode[at('/run.sh')]).toBe(0o750);
  expect(linkTarget(index, at('/a/link'))).toBe('../run.sh');
  const entry = at('/a/b.txt');
  expect(bytes.subarray(index.offset[entry], index.offset[entry]! + index.size[entry]!).toString()).toBe('hello');
  expect(index.uid[entry]).toBe(0);
});

it('leaves out what the ignore file says, and keeps what it takes back', async () => {
  await using folder = await filled({ 'node_modules/a/b': '1', 'docs/keep.md': '2', 'docs/drop.md': '3', main: '4' });
  const { index } = await packed(folder.path, 'node_modules\ndocs\n!docs/keep.md\n');
  expect(paths(index)).toEqual(['/docs/keep.md', '/main']);
});

it('a name of more than a hundred bytes, and one of other letters', async () => {
  const long = `${'länge/'.repeat(30)}ende`;
  await using folder = await filled({ [long]: 'x' });
  const { index } = await packed(folder.path);
  expect(paths(index)).toContain(`/${long}`);
});

it('a file that is gone when its turn comes is named', async () => {
  await using folder = await filled({ a: '1', b: '2' });
  const signal = new AbortController().signal;
  const tar = contextTar(folder.path, '', [], signal);
  await tar.next();
  await rm(path.join(folder.path, 'b'));
  const rest = (async () => {
    for await (const chunk of tar) expect(chunk).toBeDefined();
  })();
  await expect(rest).rejects.toMatchObject({
    name: 'SourceError',
    message: expect.stringMatching(/b of the build context cannot be read \(ENOENT\)/) as unknown,
  });
});
