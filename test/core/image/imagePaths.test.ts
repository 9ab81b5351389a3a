import { expect, test } from 'vitest';
import { ImagePaths } from '../../../src/core/image/imagePaths.ts';
import { entryPath, type LayerIndex, nodePath } from '../../../src/core/image/layerIndex.ts';
import { layerOf } from '../../helpers/finalTree.ts';

const lower = layerOf({ '/usr/bin/tool': 1, '/usr/lib/x': 2, '/etc/x': 3 });
const upper = layerOf({ '/etc/x': 4, '/usr/bin/other': 5, '/usr/bin/.wh.tool': 0, '/x': 6 });

function pathOf({ table }: ImagePaths, number: number): string {
  return nodePath(table.paths(), table.names(), number);
}

function numbersByPath(paths: ImagePaths, layer: LayerIndex): Map<string, number> {
  const numbers = paths.of(layer);
  return new Map(Array.from({ length: layer.count }, (_, i) => [entryPath(layer, i), numbers[layer.path[i]!]!]));
}

test('a path has one number in all layers, and no other path has it', () => {
  const paths = new ImagePaths([lower, undefined, upper, lower]);
  const below = numbersByPath(paths, lower);
  const above = numbersByPath(paths, upper);
  expect(above.get('/etc/x')).toBe(below.get('/etc/x'));
  expect(above.get('/usr/bin/tool')).toBe(below.get('/usr/bin/tool'));
  const all = new Map([...below, ...above]);
  expect(new Set(all.values()).size).toBe(all.size);
  for (const [path, number] of all) expect(pathOf(paths, number)).toBe(path);
  // Root, usr, bin, tool, other, lib, x in it, etc, x in it, x.
  expect(paths.table.count).toBe(10);
});

test('parents come before children', () => {
  const paths = new ImagePaths([lower, upper]);
  for (let path = 1; path < paths.table.count; path++) expect(paths.table.parent[path]).toBeLessThan(path);
});

test('a path that no layer names gets the next number, once, however many come', () => {
  const paths = new ImagePaths([lower]);
  const { count } = paths.table;
  const add = (i: number): number => {
    const name = new TextEncoder().encode(`-new-${i}-`);
    return paths.table.child(0, name, 1, name.length - 1);
  };
  const added = Array.from({ length: 1000 }, (_, i) => add(i));
  expect(added).toEqual(Array.from({ length: 1000 }, (_, i) => count + i));
  expect(Array.from({ length: 1000 }, (_, i) => add(i))).toEqual(added);
  expect(pathOf(paths, added[999]!)).toBe('/new-999');
  expect(pathOf(paths, numbersByPath(paths, lower).get('/usr/lib/x')!)).toBe('/usr/lib/x');
});

test('a layer that was not given is the caller’s mistake', () => {
  expect(() => new ImagePaths([lower]).of(upper)).toThrow(RangeError);
});
