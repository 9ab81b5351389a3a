import { describe, expect, it } from 'vitest';
import type { ParseOptions } from '../../../src/core/dockerfile/model.ts';
import { parseDockerfile } from '../../../src/core/dockerfile/parse.ts';
import { assignments } from '../../../src/core/dockerfile/variables.ts';

/** The value of `V` at the last instruction. */
function lastV(text: string, options?: ParseOptions) {
  const { scope } = parseDockerfile(text, options).instructions.at(-1)!;
  return scope.has('V') ? (scope.get('V') ?? 'declared') : 'unset';
}

describe('scope', () => {
  it.each([
    ['ARG V=1\nFROM a\nRUN x', 'unset'],
    ['ARG V=1\nFROM a\nARG V\nRUN x', '1'],
    ['ARG V=1\nFROM a\nARG V=2\nRUN x', '2'],
    ['ARG V=1\nFROM a\nARG V\nFROM b\nRUN x', 'unset'],
    ['FROM a\nARG V\nRUN x', 'declared'],
    ['FROM a\nRUN x\nARG V=1', 'unset'],
    ['FROM a\nENV V=1\nARG V=2\nRUN x', '1'],
    ['FROM a\nARG V=2\nENV V=1\nRUN x', '1'],
    ['FROM a\nARG V=2\nENV V=$V-x\nRUN x', '2-x'],
    ['FROM a\nENV V=1 W=$V\nENV V=$W\nRUN x', 'declared'],
    ['FROM a\nENV V=1\nENV V=2 W=$V\nENV V=$W\nRUN x', '1'],
    ['FROM a\nENV V 1  2\nRUN x', '1  2'],
    ['FROM a\nENV V="1  2"\nRUN x', '1  2'],
    ['FROM a\nENV V=1\\ 2\nRUN x', '1 2'],
    ['FROM a\nENV V=$PATH:/x\nRUN x', 'declared'],
    ['FROM a\nENV N=V\nENV $N=1\nRUN x', '1'],
    ['FROM a AS b\nENV V=1\nFROM b\nRUN x', '1'],
    ['FROM a AS b\nARG V=1\nFROM b\nRUN x', '1'],
    ['FROM a AS b\nENV V=1\nFROM b AS c\nENV V=2\nFROM b\nRUN x', '1'],
    ['FROM a\nONBUILD ENV V=1\nRUN x', 'unset'],
    ['FROM a\nARG V=1\nARG V\nRUN x', '1'],
  ])('%j: V is %s', (text, expected) => {
    expect(lastV(text)).toBe(expected);
  });

  it.each([
    ['FROM a\nARG V=1\nRUN x', { V: '9' }, '9'],
    ['FROM a\nARG V\nRUN x', { V: '9' }, '9'],
    ['ARG V=1\nFROM a\nARG V=2\nRUN x', { V: '9' }, '9'],
    ['FROM a\nRUN x', { V: '9' }, 'unset'],
    ['FROM a\nENV V=1\nARG V\nRUN x', { V: '9' }, '1'],
    ['FROM a\nARG V=${W}\nRUN x', { W: '9' }, 'declared'],
  ])('%j with %j: V is %s', (text, buildArgs, expected) => {
    expect(lastV(text, { buildArgs })).toBe(expected);
  });

  it('has the platform in a stage only once it is declared', () => {
    const [, before, , after] = parseDockerfile('FROM a\nRUN x\nARG TARGETARCH\nRUN y', {
      platform: 'linux/arm64',
    }).instructions;
    expect(before!.scope.has('TARGETARCH')).toBe(false);
    expect(after!.scope.get('TARGETARCH')).toBe('arm64');
  });

  it('has the proxies that the user gives, undeclared', () => {
    const buildArgs = { https_proxy: 'http://proxy:3128' };
    const { scope } = parseDockerfile('FROM a\nRUN x', { buildArgs }).instructions[1]!;
    expect(scope.get('https_proxy')).toBe('http://proxy:3128');
    expect(scope.has('HTTP_PROXY')).toBe(false);
  });

  it('knows no names that every object has', () => {
    const { scope } = parseDockerfile('FROM a\nARG constructor\nRUN x').instructions[2]!;
    expect(scope.get('constructor')).toBeUndefined();
    expect(scope.has('__proto__')).toBe(false);
  });

  it('does not follow a value that doubles without end', () => {
    const doubling = Array.from({ length: 100 }, () => 'ENV V=$V$V').join('\n');
    expect(lastV(`FROM a\nENV V=x\n${doubling}\nRUN x`)).toBe('declared');
  });

  it('keeps every value of thousands', () => {
    const count = 5000;
    const text = Array.from({ length: count }, (_, i) => `ENV V${i}=${i} V=${i}`).join('\n');
    const { instructions } = parseDockerfile(`FROM a\n${text}\nRUN x`);
    const { scope } = instructions.at(-1)!;
    for (let i = 0; i < count; i++) expect(scope.get(`V${i}`)).toBe(String(i));
    expect(instructions[10]!.scope.get('V')).toBe('8');
  });
});

describe('SHELL', () => {
  it.each([
    ['FROM a\nRUN x', ['/bin/sh', '-c']],
    ['FROM a\nSHELL ["bash", "-c"]\nRUN x', ['bash', '-c']],
    ['FROM a AS b\nSHELL ["bash", "-c"]\nFROM b\nRUN x', ['bash', '-c']],
    ['FROM a AS b\nSHELL ["bash", "-c"]\nFROM c\nRUN x', ['/bin/sh', '-c']],
    ['FROM --platform=windows/amd64 a\nRUN x', ['cmd', '/S', '/C']],
    ['FROM mcr.microsoft.com/windows/nanoserver:ltsc2022\nRUN x', ['cmd', '/S', '/C']],
  ])('%j', (text, shell) => {
    expect(parseDockerfile(text).instructions.at(-1)!.shell).toEqual(shell);
  });
});

describe('assignments', () => {
  it.each([
    [
      'ENV A=1 B="x y"',
      [
        ['A', '1'],
        ['B', '"x y"'],
      ],
    ],
    ['ENV A x y', [['A', 'x y']]],
    ['LABEL a=b=c', [['a', 'b=c']]],
    [
      'ARG A B=',
      [
        ['A', undefined],
        ['B', ''],
      ],
    ],
  ])('%j', (line, expected) => {
    const [instruction] = parseDockerfile(line).instructions;
    expect(assignments(instruction!).map(({ name, value }) => [name, value])).toEqual(expected);
  });
});
