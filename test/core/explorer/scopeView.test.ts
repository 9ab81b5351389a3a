import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { changes } from '../../../src/core/image/change.ts';
import { nodePath } from '../../../src/core/image/layerIndex.ts';
import { stackLayers } from '../../../src/core/image/stack.ts';
import { findNode, presentKind, type StackedTree, treePath } from '../../../src/core/image/stackedTree.ts';
import type { Scope } from '../../../src/core/explorer/query.ts';
import { rowKinds } from '../../../src/core/explorer/rows.ts';
import { ScopeView } from '../../../src/core/explorer/scopeView.ts';
import { treeFacts } from '../../../src/core/explorer/treeFacts.ts';
import { Shown } from '../../../src/core/explorer/treeView.ts';
import { indexMembers, randomLayers } from '../../helpers/randomLayers.ts';
import type { Member } from '../../helpers/tar.ts';

function open(layers: readonly (readonly Member[])[], scope: Scope, baseLayers = 0): ScopeView {
  return new ScopeView(treeFacts(stackLayers(layers.map(indexMembers))), scope, baseLayers);
}

/** `path change bytes wasted removed` of each shown node but the root. */
function rows(view: ScopeView): string[] {
  const found: string[] = [];
  for (let node = 1; node < view.paths.count; node++) {
    if (view.shown[node] === Shown.no) continue;
    const path = nodePath(view.paths, view.strings, node) + (view.shown[node] === Shown.lost ? ' (lost)' : '');
    const numbers = [view.bytes, view.wasted, view.removed].map((column) => column[node]!);
    found.push(`${path} ${changes[view.change[node]!]!} ${numbers.join(' ')}`);
  }
  return found.sort();
}

const file = (name: string, content: number, more: Partial<Member> = {}): Member => ({
  name,
  content,
  mtime: 1,
  ...more,
});
const layers = [
  [{ name: 'etc/', mode: 0o755 }, file('etc/a', 10), file('etc/b', 20), file('keep', 5)],
  [{ name: 'etc/', mode: 0o755, mtime: 9 }, file('etc/a', 11), { name: 'etc/.wh.b' }, file('tmp/big', 100)],
  [{ name: '.wh.tmp' }, file('keep', 5, { mode: 0o700 }), file('new', 1)],
] as const;

test('the whole image, without a base', () => {
  expect(rows(open(layers, { kind: 'image' }))).toEqual([
    '/etc same 11 30 0',
    '/etc/a same 11 10 0',
    '/etc/b (lost) removed 0 20 0',
    '/keep same 5 5 0',
    '/new same 1 0 0',
    '/tmp (lost) removed 0 100 0',
    '/tmp/big (lost) removed 0 100 0',
  ]);
});

test('the whole image, beside its base', () => {
  expect(rows(open(layers, { kind: 'image' }, 1)).filter((row) => !row.includes('lost'))).toEqual([
    '/etc same 11 30 0',
    '/etc/a changed 11 10 0',
    '/keep metadata 5 5 0',
    '/new added 1 0 0',
  ]);
});

test('the stack up to a layer, with what will be wasted of it', () => {
  expect(rows(open(layers, { kind: 'stack', layer: 1 }))).toEqual([
    '/etc same 11 30 0',
    '/etc/a changed 11 10 0',
    '/etc/b (lost) removed 0 20 0',
    '/keep same 5 5 0',
    '/tmp added 100 100 0',
    '/tmp/big added 100 100 0',
  ]);
});

test('one layer: added, changed, removed', () => {
  expect(rows(open(layers, { kind: 'layer', layer: 1 }))).toEqual([
    '/etc same 11 0 30',
    '/etc/a changed 11 0 10',
    '/etc/b removed 0 0 20',
    '/tmp added 100 100 0',
    '/tmp/big added 100 100 0',
  ]);
});

test('one layer that removes a directory and rewrites a file for its mode', () => {
  expect(rows(open(layers, { kind: 'layer', layer: 2 }))).toEqual([
    '/keep metadata 5 0 5',
    '/new added 1 0 0',
    '/tmp removed 0 0 100',
    '/tmp/big removed 0 0 100',
  ]);
});

describe('details', () => {
  test('what a later layer does', () => {
    const view = open(layers, { kind: 'layer', layer: 0 });
    const details = (path: string) => view.details(nodeOf(view, path));
    expect(details('/etc/a')).toMatchObject({ layer: 0, fate: { cause: 'overwritten', layer: 1 }, canOpen: true });
    expect(details('/etc/b')).toMatchObject({ fate: { cause: 'deleted', layer: 1 } });
    expect(details('/keep')).toMatchObject({ fate: { cause: 'metadata-only', layer: 2 } });
    expect(details('/etc').fate).toBeUndefined();
    expect(details('/etc')).toMatchObject({ mode: 0o755, canOpen: false });
  });
  test('what has been done to what is gone', () => {
    const view = open(layers, { kind: 'layer', layer: 1 });
    expect(view.details(nodeOf(view, '/etc/b'))).toMatchObject({ layer: 0, fate: { cause: 'deleted', layer: 1 } });
  });
  test('directories that no layer names, links, further names', () => {
    const view = open(
      [[file('d/f', 3), { name: 'l', type: '2', link: 'd/f' }, { name: 'h', type: '1', link: 'd/f' }]],
      { kind: 'image' },
    );
    expect(view.details(nodeOf(view, '/d'))).toEqual({ canOpen: false });
    expect(view.details(nodeOf(view, '/l'))).toMatchObject({ link: 'd/f', canOpen: false });
    expect(view.details(nodeOf(view, '/h'))).toMatchObject({ isFurtherName: true, canOpen: true });
    expect(view.details(nodeOf(view, '/d/f')).isFurtherName).toBeUndefined();
  });
});

function nodeOf(view: ScopeView, path: string): number {
  for (let node = 0; node < view.paths.count; node++)
    if (nodePath(view.paths, view.strings, node) === path) return node;
  throw new RangeError(path);
}

describe('random images: a scope is what stacking only its layers gives', () => {
  const presentRows = (tree: StackedTree): string[] => {
    const found: string[] = [];
    for (let node = 1; node < tree.paths.count; node++) {
      const kind = presentKind(tree, node);
      if (kind !== undefined) found.push(`${treePath(tree, node)} ${tree.bytes[node]!}`);
    }
    return found.sort();
  };
  const sum = (column: Float64Array, to: number): number =>
    column.slice(0, to).reduce((total, value) => total + value, 0);

  test('paths, bytes of each, wasted and shipped bytes in sum', () => {
    fc.assert(
      fc.property(randomLayers, (members) => {
        const indexes = members.map(indexMembers);
        const full = stackLayers(indexes);
        const facts = treeFacts(full);
        for (let layer = 0; layer < members.length; layer++) {
          const view = new ScopeView(facts, { kind: 'stack', layer }, 0);
          const found: string[] = [];
          for (let node = 1; node < view.paths.count; node++) {
            if (view.shown[node] === Shown.yes) found.push(`${treePath(full, node)} ${view.bytes[node]!}`);
          }
          expect(found.sort()).toEqual(presentRows(stackLayers(indexes.slice(0, layer + 1))));
          expect(view.wasted[0]).toBe(sum(full.wastedBytes, layer + 1));
          expect(view.area[0]).toBe(sum(full.fileBytes, layer + 1));
        }
        const image = new ScopeView(facts, { kind: 'image' }, 0);
        expect(image.bytes[0]).toBe(full.finalBytes);
      }),
      { numRuns: 300 },
    );
  });

  test('a layer shows what stacking it adds, changes and takes away', () => {
    fc.assert(
      fc.property(randomLayers, (members) => {
        const indexes = members.map(indexMembers);
        const full = stackLayers(indexes);
        const facts = treeFacts(full);
        for (let layer = 0; layer < members.length; layer++) {
          const view = new ScopeView(facts, { kind: 'layer', layer }, 0);
          const below = stackLayers(indexes.slice(0, layer));
          const upTo = stackLayers(indexes.slice(0, layer + 1));
          const isIn = (tree: StackedTree, path: string): boolean => {
            const node = findNode(tree, path);
            return node !== undefined && presentKind(tree, node) !== undefined;
          };
          const paths = new Set([...presentRows(below), ...presentRows(upTo)].map((row) => row.split(' ')[0]!));
          for (const path of paths) {
            const node = findNode(full, path)!;
            const change = changes[view.change[node]!]!;
            const [was, is] = [isIn(below, path), isIn(upTo, path)];
            if (was && !is) expect([path, view.shown[node], change]).toEqual([path, Shown.yes, 'removed']);
            if (!was && is) expect([path, view.shown[node], change]).toEqual([path, Shown.yes, 'added']);
            if (was && is && view.shown[node] === Shown.yes) expect(['same', 'changed', 'metadata']).toContain(change);
          }
          expect(view.bytes[0]).toBe(full.fileBytes[layer]);
          expect(view.wasted[0]).toBe(full.wastedBytes[layer]);
          const lost = below.finalBytes - (upTo.finalBytes - (full.fileBytes[layer]! - ownLoss(upTo, layer)));
          expect(view.removed[0]).toBe(lost);
        }
      }),
      { numRuns: 300 },
    );
  });

  /** Bytes that a layer ships and wastes itself, because it has a path twice. */
  function ownLoss(tree: StackedTree, layer: number): number {
    return tree.wastedBytes[layer]!;
  }

  test('what is above a shown node is shown, and is a directory, or was one', () => {
    fc.assert(
      fc.property(randomLayers, fc.nat(4), (members, layer) => {
        if (layer >= members.length) return;
        for (const kind of ['layer', 'stack'] as const) {
          const view = open(members, { kind, layer });
          for (let node = 1; node < view.paths.count; node++) {
            if (view.shown[node] !== Shown.yes) continue;
            const parent = view.paths.parent[node]!;
            expect(view.shown[parent]).toBe(Shown.yes);
            if (changes[view.change[node]!] !== 'removed') expect(rowKinds[view.kind[parent]!]).toBe('directory');
          }
        }
      }),
      { numRuns: 200 },
    );
  });
});

test.each<Scope>([{ kind: 'image' }, { kind: 'stack', layer: 0 }, { kind: 'layer', layer: 3 }])(
  'an image without layers: %j',
  (scope) => {
    expect(rows(open([], scope))).toEqual([]);
  },
);
