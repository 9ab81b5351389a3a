import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { CatalogueFile, CatalogueRow } from '../../../src/core/base/catalogueFile.ts';
import { findProblems } from '../../tools/catalogue/validate.ts';

const text = readFileSync(new URL('../../../src/core/base/catalogue.json', import.meta.url), 'utf8');
const sound = JSON.parse(text) as CatalogueFile;

const row: CatalogueRow = { tag: '9.9', onDisk: 20, download: 10, day: '2026-01-01', source: 0 };

/** The catalogue with one more Go image. */
function withRow(changes: Readonly<Record<string, unknown>>): unknown {
  return { ...sound, images: { ...sound.images, golang: [...sound.images.golang!, { ...row, ...changes }] } };
}

const broken: readonly [what: string, input: unknown, says: RegExp][] = [
  ['bytes of 0', withRow({ onDisk: 0 }), /golang\.\d+\.onDisk/],
  ['negative bytes', withRow({ download: -1 }), /golang\.\d+\.download/],
  ['half a byte', withRow({ onDisk: 20.5 }), /golang\.\d+\.onDisk/],
  ['bytes as text', withRow({ onDisk: '20' }), /golang\.\d+\.onDisk/],
  ['less on disk than compressed', withRow({ onDisk: 9 }), /9\.9: smaller on disk/],
  ['no size', withRow({ onDisk: undefined, download: undefined }), /9\.9: no size/],
  ['a day that does not exist', withRow({ day: '2026-02-30' }), /golang\.\d+\.day: no such day/],
  ['a day in another form', withRow({ day: '1.2.2026' }), /golang\.\d+\.day/],
  ['a day to come', withRow({ day: '2027-01-01' }), /after the catalogue's day/],
  ['published without its day', withRow({ day: undefined }), /published without its day/],
  ['published in some month', withRow({ day: '2026-01' }), /published without its day/],
  ['a source that is not there', withRow({ source: 9999 }), /9\.9: no source/],
  ['no source', withRow({ source: undefined }), /9\.9: no source/],
  ['a tag twice', withRow({ tag: '1.26' }), /golang:1\.26: twice/],
  ['a tag that is none', withRow({ tag: '(latest)' }), /not a valid tag/],
  ['an unknown origin', withRow({ origin: 'guessed' }), /golang\.\d+\.origin/],
  ['an unknown libc', withRow({ libc: 'newlib' }), /golang\.\d+\.libc/],
  ['a field too many', withRow({ colour: 'red' }), /colour/],
  ['a reason that is no sentence', withRow({ deprecated: 'old' }), /golang\.\d+\.deprecated/],
  ['an alias of nothing', withRow({ same: 'nothing', onDisk: undefined, download: undefined }), /same as no row/],
  ['an alias with sizes', withRow({ same: '1.26' }), /has sizes and is the same/],
  [
    'an image under another name than it is looked up by',
    { ...sound, images: { ...sound.images, 'docker.io/library/golang': [row] } },
    /not the name under which it is looked up/,
  ],
  ['an image without rows', { ...sound, images: { ...sound.images, golang: [] } }, /golang/],
  [
    'a product without end-of-life table',
    { ...sound, endOfLife: Object.fromEntries(Object.entries(sound.endOfLife).filter(([name]) => name !== 'go')) },
    /golang: its product go/,
  ],
  ['an end that is no day', { ...sound, endOfLife: { ...sound.endOfLife, go: { '1.26': 'soon' } } }, /endOfLife\.go/],
  ['a channel without cycle', { ...sound, channels: { nodejs: { lts: '99' } } }, /nodejs lts: no cycle 99/],
  ['a source that nothing uses', { ...sound, sources: [...sound.sources, 'nowhere'] }, /not used/],
  ['a source twice', { ...sound, sources: [...sound.sources, sound.sources[0]] }, /twice/],
  ['nothing', null, /file/],
];

describe('the committed catalogue', () => {
  it('is sound', () => {
    expect(findProblems(sound)).toEqual([]);
  });

  it('fits into the bundle that starts the editor', () => {
    expect(JSON.stringify(sound).length).toBeLessThan(90_000);
  });
});

describe('findProblems', () => {
  it('accepts one more row', () => {
    expect(findProblems(JSON.parse(JSON.stringify(withRow({}))))).toEqual([]);
  });

  it.each(broken)('catches %s', (_, input, says) => {
    expect(findProblems(JSON.parse(JSON.stringify(input)))).toContainEqual(expect.stringMatching(says));
  });
});
