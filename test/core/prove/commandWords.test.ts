import { expect, it } from 'vitest';
import { commandWords } from '../../../src/core/prove/commandWords.ts';

it.each<[string, readonly string[]]>([
  ['', []],
  ['  ', []],
  ['/app --version', ['/app', '--version']],
  [`python -c 'import ssl; print("a b")'`, ['python', '-c', 'import ssl; print("a b")']],
  ['a && b', ['/bin/sh', '-c', 'a && b']],
  ['a | b', ['/bin/sh', '-c', 'a | b']],
  ['a > /tmp/b', ['/bin/sh', '-c', 'a > /tmp/b']],
  ['echo $HOME', ['/bin/sh', '-c', 'echo $HOME']],
  ['ls *.so', ['/bin/sh', '-c', 'ls *.so']],
  ['A=1 b', ['/bin/sh', '-c', 'A=1 b']],
  ['a &', ['/bin/sh', '-c', 'a &']],
  ['if', ['/bin/sh', '-c', 'if']],
])('%j', (text, words) => {
  expect(commandWords(text)).toEqual(words);
});
