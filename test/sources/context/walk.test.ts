import { mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { walkContext, type WalkStep } from '../../../src/sources/context/walk.ts';
import { temporaryFolder, type TemporaryFolder } from '../../helpers/temporaryFolder.ts';

let folder: TemporaryFolder;
beforeAll(async () => {
  folder = await temporaryFolder();
  await mkdir(path.join(folder.path, 'a/b'), { recursive: true });
  await writeFile(path.join(folder.path, 'one'), 'x'.repeat(10));
  await writeFile(path.join(folder.path, 'a/b/two'), 'x'.repeat(200));
  await symlink('..', path.join(folder.path, 'a/circle'));
  await symlink('nowhere', path.join(folder.path, 'dangling'));
});
afterAll(() => folder[Symbol.asyncDispose]());

function walk(start?: string, limits?: { entries: number; depth: number }): WalkStep[] {
  // The order in a folder is the file system's.
  return [...walkContext(folder.path, start, limits)].map((step) =>
    step.kind === 'folder'
      ? {
          ...step,
          listing: { ...step.listing, files: step.listing.files.toSorted((a, b) => (a.name < b.name ? -1 : 1)) },
        }
      : step,
  );
}

describe('walkContext', () => {
  it('lists folders from the nearest on, enters no link, and ends', () => {
    expect(walk()).toEqual([
      {
        kind: 'folder',
        listing: {
          path: '',
          files: [
            { name: 'dangling', bytes: 0, link: true },
            { name: 'one', bytes: 10 },
          ],
          folders: ['a'],
        },
      },
      { kind: 'folder', listing: { path: 'a', files: [{ name: 'circle', bytes: 0, link: true }], folders: ['b'] } },
      { kind: 'folder', listing: { path: 'a/b', files: [{ name: 'two', bytes: 200 }], folders: [] } },
    ]);
  });

  it('begins where it is told', () => {
    expect(walk('a/b').map((step) => step.kind === 'folder' && step.listing.path)).toEqual(['a/b']);
  });

  it('says what it cannot read', () => {
    expect(walk('gone')).toEqual([{ kind: 'unreadable', path: 'gone' }]);
    expect(walk('one')).toEqual([{ kind: 'unreadable', path: 'one' }]);
  });

  it.each([
    { entries: 5, depth: 9 },
    { entries: 99, depth: 1 },
  ])('stops at the limits %j', (limits) => {
    expect(walk('', limits).map(({ kind }) => kind)).toEqual(['folder', 'folder', 'truncated']);
  });

  it('weighs files whose names are no UTF-8', async () => {
    await using odd = await temporaryFolder();
    const name = Buffer.concat([Buffer.from(`${odd.path}/caf`), Buffer.from([0xe9])]);
    await writeFile(name, 'x'.repeat(33));
    await writeFile(path.join(odd.path, 'plain'), 'x');
    const [step] = [...walkContext(odd.path)];
    expect(step).toEqual({
      kind: 'folder',
      listing: {
        path: '',
        files: [
          { name: 'plain', bytes: 1 },
          { name: 'caf\uFFFD', bytes: 33 },
        ],
        folders: [],
      },
    });
  });
});
