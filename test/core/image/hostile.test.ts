import { describe, expect, test } from 'vitest';
import { LayerIndexer } from '../../../src/core/image/indexer.ts';
import { EntryKind } from '../../../src/core/image/layerIndex.ts';
import { stackLayers } from '../../../src/core/image/stack.ts';
import { concat, memberBlocks, tar, type Member } from '../../helpers/tar.ts';
import { checkLayers, randomFrom, randomTar } from '../../helpers/tarFuzz.ts';

function indexOf(bytes: Uint8Array) {
  const indexer = new LayerIndexer();
  indexer.push(bytes);
  return indexer.finish().index;
}

test('damaged and random tars keep every promise', () => {
  for (let seed = 0; seed < 500; seed++) {
    const random = randomFrom(seed);
    const tars = Array.from({ length: 1 + Math.floor(random() * 4) }, () => randomTar(random));
    expect(() => checkLayers(tars, random), `seed ${seed}`).not.toThrow();
  }
}, 30_000);

// Each of these is quadratic, or deeper than the call stack, when done naively: the test's own time limit is the check.
describe('work stays bounded', () => {
  test('a path at the limit of depth, then all of it removed', () => {
    const deep = 'd/'.repeat(4_000);
    const tree = stackLayers([indexOf(tar([{ name: `${deep}x`, content: 'x' }])), indexOf(tar([{ name: '.wh.d' }]))]);
    expect([tree.paths.count, tree.finalBytes, [...tree.wastedBytes]]).toEqual([4_002, 0, [1, 0]]);
  });
  test('a directory emptied by every layer', () => {
    const many = indexOf(tar(Array.from({ length: 20_000 }, (_, i) => ({ name: `d/${i}` }))));
    const again = indexOf(tar([{ name: 'd/.wh..wh..opq' }, { name: 'd/x', content: 'x' }]));
    const tree = stackLayers([many, ...Array.from({ length: 2_000 }, () => again)]);
    expect([tree.finalBytes, tree.wastedBytes.reduce((a, b) => a + b)]).toEqual([1, 1_999]);
  });
  test('long chains of links, walked by every entry', () => {
    const chain: Member[] = Array.from({ length: 39 }, (_, i) => ({
      name: `l${i}`,
      type: '2',
      link: `${'./a/../'.repeat(2_000)}l${i + 1}`,
    }));
    const entries: Member[] = Array.from({ length: 3_000 }, (_, i) => ({ name: `l0/${i}`, content: 'x' }));
    const tree = stackLayers([indexOf(tar([{ name: 'a/' }, { name: 'l39/' }, ...chain, ...entries]))]);
    expect([tree.finalBytes, tree.problems.map(({ code }) => code)]).toEqual([3_000, ['limit']]);
  });
  test('a hundred thousand links in a circle', () => {
    const blocks = concat(memberBlocks({ name: 'a', type: '1', link: 'b' }));
    const other = concat(memberBlocks({ name: 'b', type: '1', link: 'a' }));
    const indexer = new LayerIndexer();
    for (let i = 0; i < 100_000; i++) indexer.push(i % 2 === 0 ? blocks : other);
    const tree = stackLayers([indexer.finish().index]);
    expect([tree.paths.count, tree.kind[1], tree.problems.length <= 101]).toEqual([3, EntryKind.file, true]);
  });
  test('an extended header for every entry, with thousands of attributes', () => {
    const xattrs = Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`user.${i}`, `${i}`]));
    const index = indexOf(
      tar([
        { name: 'a', xattrs },
        { name: 'b', xattrs },
      ]),
    );
    expect([index.count, index.xattrs[0] === index.xattrs[1], index.xattrs[0] === 0]).toEqual([2, true, false]);
  });
});
