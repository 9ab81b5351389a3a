import { expect, test } from 'vitest';
import { type DiveFigures, diveFigures } from '../../../src/core/image/dive.ts';
import { LayerIndexer } from '../../../src/core/image/indexer.ts';
import { tar, type Member } from '../../helpers/tar.ts';

// The figures are dive's own, of archives with these layers; `test/bench/diveParity.ts` compares with the real dive at random.
const file = (name: string, content: number): Member => ({ name, content });
const cases: Record<string, { layers: Member[][]; figures: DiveFigures }> = {
  'a directory deleted later costs nothing': {
    layers: [[file('d/a', 15)], [{ name: '.wh.d' }]],
    figures: { efficiency: 1, wastedBytes: 0 },
  },
  'a deleted directory with an entry, which was empty once': {
    layers: [[{ name: 'd/' }], [{ name: 'd/' }, file('d/a', 15)], [{ name: 'd/' }, { name: '.wh.d' }]],
    figures: { efficiency: 0.5, wastedBytes: 15 },
  },
  'an opaque mark is not there': {
    layers: [[file('d/a', 10)], [{ name: 'd/' }, { name: 'd/.wh..wh..opq' }, file('d/b', 1)]],
    figures: { efficiency: 1, wastedBytes: 0 },
  },
  'a directory replaced by a symbolic link': {
    layers: [[file('d/a', 10)], [{ name: 'd', type: '2', link: 'e' }]],
    figures: { efficiency: 1, wastedBytes: 0 },
  },
  'a whiteout of nothing ends the layer': {
    layers: [
      [file('z', 10), file('b', 5)],
      [{ name: '.wh.nothing' }, file('z', 10)],
    ],
    figures: { efficiency: 14 / 15, wastedBytes: 0 },
  },
  'what sorts before that whiteout still counts': {
    layers: [
      [file('-z', 10), file('b', 5)],
      [{ name: '.wh.nothing' }, file('-z', 10)],
    ],
    figures: { efficiency: 14 / 25, wastedBytes: 20 },
  },
  'all copies count': {
    layers: [[file('a', 10)], [file('a', 10)]],
    figures: { efficiency: 0.5, wastedBytes: 20 },
  },
  'the smallest copy is kept, not the last': {
    layers: [[file('a', 1)], [file('a', 100)]],
    figures: { efficiency: 1 / 101, wastedBytes: 101 },
  },
  'a deleted file': {
    layers: [[file('a', 10)], [{ name: '.wh.a' }]],
    figures: { efficiency: 0, wastedBytes: 10 },
  },
  'a write over a hard link': {
    layers: [[file('a', 10), { name: 'b', type: '1', link: 'a' }], [file('a', 10)]],
    figures: { efficiency: 0.5, wastedBytes: 20 },
  },
  'one layer': { layers: [[file('a', 10), file('a', 12)]], figures: { efficiency: 1, wastedBytes: 0 } },
  'no bytes': { layers: [[{ name: 'd/' }]], figures: { efficiency: 1, wastedBytes: 0 } },
  'no layers': { layers: [], figures: { efficiency: 1, wastedBytes: 0 } },
};

test.each(Object.entries(cases))('%s', (_, { layers, figures }) => {
  const indexes = layers.map((members) => {
    const indexer = new LayerIndexer();
    indexer.push(tar(members));
    return indexer.finish().index;
  });
  expect(diveFigures(indexes)).toEqual(figures);
});
