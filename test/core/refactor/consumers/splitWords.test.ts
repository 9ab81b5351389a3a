import { expect, it } from 'vitest';
import { splitWords } from '../../../../src/core/refactor/consumers/splitWords.ts';

it.each<[string, string[]]>([
  ['', []],
  ['  a  b\n', ['a', 'b']],
  [`a 'b c' "d e"`, ['a', 'b c', 'd e']],
  [`a'b'"c"d`, ['abcd']],
  [`a ""`, ['a', '']],
  [String.raw`a\ b "c\"d" 'e\f'`, ['a b', 'c"d', 'e\\f']],
  [`it's`, ["it's"]],
])('%j', (text, words) => expect(splitWords(text)).toEqual(words));
