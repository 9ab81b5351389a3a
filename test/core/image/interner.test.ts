import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PathInterner } from '../../../src/core/image/interner.ts';

const encoder = new TextEncoder();

function child(table: PathInterner, parent: number, name: string): number {
  const bytes = encoder.encode(`/${name}/`);
  return table.child(parent, bytes, 1, bytes.length - 1);
}

function nameOf(table: PathInterner, node: number): string {
  const { bytes, offsets } = table.names();
  const name = table.name[node]!;
  return new TextDecoder().decode(bytes.subarray(offsets[name], offsets[name + 1]));
}

describe('the nodes of a tree of names', () => {
  it.each([
    ['ascending', ['a', 'ab', 'b', 'b-c', 'bc']],
    ['descending', ['bc', 'b-c', 'b', 'ab', 'a']],
    ['ascending, then one that belongs before', ['a', 'c', 'd', 'b']],
    ['by bytes and not by letters', ['Z', 'a', 'é', '😀', '～']],
    ['with one that is empty', ['', 'a', '']],
  ])('of names %s are found again', (_, names) => {
    const table = new PathInterner(1);
    const nodes = names.map((name) => child(table, 0, name));
    for (const [i, name] of names.entries()) {
      expect(child(table, 0, name)).toBe(nodes[i]);
      expect(nameOf(table, nodes[i]!)).toBe(name);
    }
    expect(table.count).toBe(new Set(names).size + 1);
  });

  it('are numbered in the order in which they come, each once, whatever that order is', () => {
    const step = fc.record({
      parent: fc.nat(),
      name: fc.string({ unit: fc.constantFrom('a', 'b', '-', 'é'), maxLength: 4 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
        const table = new PathInterner(1, 1);
        const expected = new Map<string, number>();
        for (const { parent, name } of steps) {
          const directory = parent % table.count;
          const key = `${directory}/${name}`;
          const known = expected.get(key) ?? table.count;
          expected.set(key, known);
          expect(child(table, directory, name)).toBe(known);
        }
        for (const [key, node] of expected) expect(`${table.parent[node]}/${nameOf(table, node)}`).toBe(key);
      }),
    );
  });

  it('of a directory with very many names out of order are found', () => {
    const table = new PathInterner(1, 1);
    const names = Array.from({ length: 5000 }, (_, i) => String((i * 7919) % 5000));
    const nodes = names.map((name) => child(table, 0, name));
    expect(names.map((name) => child(table, 0, name))).toEqual(nodes);
    expect(new Set(nodes).size).toBe(5000);
  });
});
