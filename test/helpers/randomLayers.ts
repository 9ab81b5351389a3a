import fc from 'fast-check';
import { LayerIndexer } from '../../src/core/image/indexer.ts';
import type { LayerIndex } from '../../src/core/image/layerIndex.ts';
import { type Member, tar } from './tar.ts';

const path = fc
  .array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 3 })
  .map((segments) => segments.join('/'));
const attributes = fc.record({
  mtime: fc.constantFrom(1, 2),
  uid: fc.constantFrom(0, 1),
  mode: fc.constantFrom(0o644, 0o755),
});

const linkTarget = fc.oneof(
  path,
  path.map((target) => `/${target}`),
  path.map((target) => `../${target}`),
  fc.constantFrom('.', '..', '/'),
);

/** Few paths, so that layers meet at them: files, directories, links of both kinds, pipes, whiteouts, opaque marks. */
const member: fc.Arbitrary<Member> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .record({ name: path, content: fc.integer({ min: 0, max: 3 }), more: attributes })
      .map(({ more, ...rest }) => ({ ...rest, ...more })),
  },
  { weight: 2, arbitrary: path.map((name) => ({ name: `${name}/` })) },
  { weight: 2, arbitrary: fc.record({ name: path, type: fc.constant('2'), link: linkTarget }) },
  { weight: 3, arbitrary: fc.record({ name: path, type: fc.constant('1'), link: path }) },
  { weight: 1, arbitrary: path.map((name) => ({ name, type: '6' })) },
  { weight: 2, arbitrary: path.map((name) => ({ name: name.replace(/[^/]*$/, '.wh.$&') })) },
  { weight: 1, arbitrary: path.map((name) => ({ name: `${name}/.wh..wh..opq` })) },
);

/** Stacks of up to five small layers, each as the members of its tar. */
export const randomLayers = fc.array(fc.array(member, { maxLength: 8 }), { maxLength: 5 });

export function indexMembers(members: readonly Member[]): LayerIndex {
  const indexer = new LayerIndexer();
  indexer.push(tar(members));
  return indexer.finish().index;
}
