import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { Lines, runProgram } from '../../../src/sources/engine/program.ts';

function run(script: string, line: (text: string) => void = () => undefined, signal = new AbortController().signal) {
  return runProgram({ command: ['sh', '-c', script], env: process.env, line, signal });
}

it('gives the exit code and every line of both outputs', async () => {
  const lines: string[] = [];
  expect(await run('echo one; echo two >&2; printf three; exit 3', (line) => lines.push(line))).toBe(3);
  expect(lines.toSorted()).toEqual(['one', 'three', 'two']);
});

it('a program that is not there is a source error', async () => {
  const { signal } = new AbortController();
  const started = runProgram({ command: ['plimsoll-no-such-program'], env: {}, line: () => undefined, signal });
  await expect(started).rejects.toMatchObject({
    name: 'SourceError',
    message: 'The program plimsoll-no-such-program cannot be started.',
  });
});

it('cancelling ends the whole group, also what it started', async () => {
  const cancelled = new AbortController();
  const pids: string[] = [];
  const heard = (line: string): void => {
    pids.push(line);
    cancelled.abort(new Error('enough'));
  };
  const script = 'sleep 987 & echo $!; wait';
  await expect(run(script, heard, cancelled.signal)).rejects.toThrow('enough');
  await expect
    .poll(() =>
      execFileSync('ps', ['-eo', 'pid,stat,args'], { encoding: 'utf8' })
        .split('\n')
        .filter((line) => new RegExp(`^ *${pids[0]!} +[^Z]`).test(line)),
    )
    .toEqual([]);
});

it('is not started where it is cancelled already', () => {
  expect(() => run('echo', undefined, AbortSignal.abort(new Error('enough')))).toThrow('enough');
});

it.each([
  ['whole lines', ['a\nb\n'], ['a', 'b']],
  ['pieces', ['a', 'b\nc', '\n'], ['ab', 'c']],
  ['ends of Windows, cut in between', ['a\r', '\nb\r\n'], ['a', 'b']],
  ['progress that is written over', ['1%\r2%\r3%\n'], ['1%', '2%', '3%']],
  ['no end', ['a'], ['a']],
])('%s', (_, pieces, expected) => {
  const found: string[] = [];
  const lines = new Lines((line) => found.push(line));
  for (const piece of pieces) lines.add(piece);
  lines.end();
  expect(found).toEqual(expected);
});
