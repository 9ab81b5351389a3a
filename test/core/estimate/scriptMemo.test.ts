import { expect, test } from 'vitest';
import { parseDockerfile } from '../../../src/core/dockerfile/parse.ts';
import { ScriptMemo } from '../../../src/core/estimate/scriptMemo.ts';

function read(memo: ScriptMemo, ...lines: string[]) {
  const dockerfile = parseDockerfile(['FROM debian', ...lines].join('\n'));
  return memo.read(dockerfile, dockerfile.instructions.at(-1)!);
}

test('the same text in another place is read once', () => {
  const memo = new ScriptMemo();
  const script = read(memo, 'RUN make all');
  expect(script.commands[0]!.name).toBe('make');
  memo.nextText();
  expect(read(memo, 'ENV A=1', 'RUN make all')).toBe(script);
});

test.each([
  ['another text', ['RUN make all'], ['RUN make some']],
  ['another shell', ['RUN make all'], ['SHELL ["pwsh"]', 'RUN make all']],
  ['a variable', ['ENV A=1', 'RUN make $A'], ['ENV A=2', 'RUN make $A']],
])('%s is read anew', (_, first, second) => {
  const memo = new ScriptMemo();
  expect(read(memo, ...first)).not.toEqual(read(memo, ...second));
});

test('what two texts in a row do not have is forgotten', () => {
  const memo = new ScriptMemo();
  const script = read(memo, 'RUN make all');
  memo.nextText();
  memo.nextText();
  expect(read(memo, 'RUN make all')).not.toBe(script);
});
