import fc from 'fast-check';
import { expect, test } from 'vitest';
import { boundedText, visibleText } from '../../src/webview/visibleText.ts';

test.each([
  ['plain text, ümlauts and 日本語', 'plain text, ümlauts and 日本語'],
  ['line\nbreak\r\n\ttab', 'line\\nbreak\\r\\n\\ttab'],
  ['\u001b[31mred\u0007', '\\x1b[31mred\\x07'],
  ['invoice\u202efdp.exe', 'invoice\\u202efdp.exe'],
  ['\u2066isolated\u2069', '\\u2066isolated\\u2069'],
  ['zero\u200bwidth\ufeff', 'zero\\u200bwidth\\ufeff'],
  ['a tag \u{e0041}', 'a tag \\u{e0041}'],
  ['half a pair \ud83d', 'half a pair \\ud83d'],
  ['a family \u{1f468}\u200d\u{1f469}', 'a family \u{1f468}\u200d\u{1f469}'],
  ['\u05e9\u05dc\u05d5\u05dd', '\u05e9\u05dc\u05d5\u05dd'],
  ['<b>&amp;</b>', '<b>&amp;</b>'],
  ['', ''],
])('%j', (text, expected) => {
  expect(visibleText(text)).toBe(expected);
});

test('nothing that cannot be seen is left, whatever comes', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(visibleText(text)).not.toMatch(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029]/u);
    }),
  );
});

test('a bounded text is bounded after its escapes, and cuts no character in two', () => {
  expect(boundedText('x'.repeat(5000))).toHaveLength(2001);
  expect(boundedText('\n'.repeat(5000))).toHaveLength(2001);
  expect(boundedText('ab\u{1f600}', 3)).toBe('ab…');
  expect(boundedText('abc', 3)).toBe('abc');
});
