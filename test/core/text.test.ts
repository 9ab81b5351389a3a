import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyEdits, Lines } from '../../src/core/text.ts';

describe('Lines', () => {
  it.each([
    ['', [0]],
    ['a', [0]],
    ['a\n', [0, 2]],
    ['a\r\nb', [0, 3]],
    ['a\rb', [0, 2]],
    ['\r\r\n\n', [0, 1, 3, 4]],
  ])('%j', (text, starts) => {
    expect(new Lines(text).starts).toEqual(starts);
  });

  it('counts an offset in a line break to the line that it ends', () => {
    const lines = new Lines('ab\r\ncd');
    expect([2, 3, 4].map((offset) => lines.lineAt(offset))).toEqual([0, 0, 1]);
  });

  it.each([
    [{ line: 0, character: 99 }, 2],
    [{ line: 1, character: 99 }, 6],
    [{ line: 9, character: 0 }, 6],
    [{ line: -1, character: -1 }, 0],
    [{ line: 1, character: 1 }, 5],
  ])('takes %j for the nearest place', (position, offset) => {
    expect(new Lines('ab\r\ncd').offsetAt(position)).toBe(offset);
  });

  it('clamps an offset outside of the text', () => {
    const lines = new Lines('ab\ncd');
    expect(lines.positionAt(-3)).toEqual({ line: 0, character: 0 });
    expect(lines.positionAt(99)).toEqual({ line: 1, character: 2 });
  });

  it('leads from every offset outside a line break to a position and back', () => {
    const text = fc.string({ unit: fc.constantFrom('a', '\n', '\r', '\r\n', '😀') });
    fc.assert(
      fc.property(text, (source) => {
        const lines = new Lines(source);
        for (let offset = 0; offset <= source.length; offset++) {
          if (source[offset] === '\n' && source[offset - 1] === '\r') continue;
          expect(lines.offsetAt(lines.positionAt(offset))).toBe(offset);
        }
      }),
    );
  });
});

describe('applyEdits', () => {
  it('applies them in any order', () => {
    const edits = [
      { start: 4, end: 5, newText: 'X' },
      { start: 0, end: 0, newText: '>' },
      { start: 1, end: 3, newText: '' },
    ];
    expect(applyEdits('abcdef', edits)).toBe('>adXf');
  });

  it.each([
    [
      [
        { start: 0, end: 3, newText: '' },
        { start: 2, end: 4, newText: '' },
      ],
    ],
    [[{ start: 2, end: 1, newText: '' }]],
    [[{ start: 0, end: 7, newText: '' }]],
  ])('throws a RangeError for %j', (edits) => {
    expect(() => applyEdits('abcdef', edits)).toThrow(RangeError);
  });
});
