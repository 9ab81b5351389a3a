import { describe, expect, test } from 'vitest';
import { layerAction, type LayerLine, layerLines } from '../../../src/webview/layers/layerKeys.ts';

test.each([
  ['no base', 3, 0, false, [0, 1, 2]],
  ['a base that is open', 3, 2, false, ['base', 0, 1, 2]],
  ['a base that is folded', 3, 2, true, ['base', 2]],
  ['nothing but a base, folded', 2, 2, true, ['base']],
  ['no layers', 0, 0, false, []],
] as const)('lines of an image with %s', (_title, layers, base, isFolded, expected) => {
  expect(layerLines(layers, base, isFolded)).toEqual(expected);
});

describe.each([
  ['folded', true],
  ['open', false],
] as const)('keys with a base that is %s', (_title, isFolded) => {
  const lines = layerLines(5, 2, isFolded);
  const press = (key: string, at: LayerLine | undefined): unknown =>
    layerAction(key, lines, at, { layers: 2, isFolded });
  test('up and down go along what can be seen', () => {
    expect(press('ArrowDown', 'base')).toEqual({ kind: 'go', line: isFolded ? 2 : 0 });
    expect(press('ArrowUp', 2)).toEqual({ kind: 'go', line: isFolded ? 'base' : 1 });
    expect(press('ArrowDown', 4)).toEqual({ kind: 'go', line: 4 });
    expect(press('ArrowDown', undefined)).toEqual({ kind: 'go', line: 'base' });
    expect(press('End', undefined)).toEqual({ kind: 'go', line: 4 });
  });
  test('right and left open and close', () => {
    expect(press('ArrowRight', 'base')).toEqual(isFolded ? { kind: 'fold', folded: false } : { kind: 'go', line: 0 });
    expect(press('ArrowLeft', 'base')).toEqual({ kind: 'fold', folded: true });
    expect(press('ArrowLeft', 4)).toBeUndefined();
    expect(press('Enter', 'base')).toEqual({ kind: 'fold', folded: !isFolded });
    expect(press('Enter', 4)).toEqual({ kind: 'activate' });
  });
});

test('left leads from a layer of the base to its heading', () => {
  expect(layerAction('ArrowLeft', layerLines(5, 2, false), 1, { layers: 2, isFolded: false })).toEqual({
    kind: 'go',
    line: 'base',
  });
});

test('keys in an empty list do nothing', () => {
  for (const key of ['ArrowDown', 'ArrowUp', 'Home', 'End']) {
    expect(layerAction(key, [], undefined, { layers: 0, isFolded: false })).toBeUndefined();
  }
});
