import { describe, expect, it } from 'vitest';
import { gnuOption, isBroughtBy, isInSystem, packageOf } from '../../../src/core/refactor/systemPrograms.ts';

describe('what a system has without a package', () => {
  it.each([
    ['debian', 'perl', true],
    ['debian', 'curl', false],
    ['debian', 'echo', true],
    ['ubuntu', 'useradd', true],
    ['alpine', 'wget', true],
    ['alpine', 'perl', false],
    ['alpine', 'test', true],
    ['almalinux', 'sed', true],
    ['almalinux', 'useradd', false],
    ['rocky', 'ps', false],
    // A shell knows it; there is no such program.
    ['debian', 'cd', false],
  ])('%s %s: %s', (system, program, is) => {
    expect(isInSystem(system, program)).toBe(is);
  });
});

describe('the package that brings a program', () => {
  it.each([
    ['debian', 'nc', 'netcat-openbsd'],
    ['debian', 'git', 'git'],
    ['alpine', 'git', 'git'],
    ['alpine', 'xz', 'xz'],
    ['debian', 'xz', 'xz-utils'],
    ['alpine', 'gosu', 'su-exec'],
    ['debian', 'su-exec', undefined],
    ['debian', 'scp', 'openssh-client'],
    // No container is given a compiler to run something.
    ['debian', 'gcc', undefined],
    ['fedora', 'git', 'git'],
    ['fedora', 'nc', undefined],
  ])('%s %s: %s', (system, program, name) => {
    expect(packageOf(system, program)).toBe(name);
  });

  it.each([
    ['make', ['build-essential'], true],
    ['make', ['build-base'], true],
    ['git', ['git-core'], true],
    ['dpkg-buildpackage', ['build-base'], false],
    ['jq', ['jq'], true],
    ['anything', ['anything'], true],
    ['useradd', ['shadow'], true],
    ['jq', [], false],
  ])('%s by %j: %s', (program, installed, is) => {
    expect(isBroughtBy(program, installed)).toBe(is);
  });
});

it.each([
  ['ls', ['--color'], '--color'],
  ['tar', ['--strip-components=1'], undefined],
  ['grep', ['-oP', 'a'], '-oP'],
  ['find', ['.', '-printf', '%p'], '-printf'],
  ['date', ['+%N'], '+%N'],
  ['sed', ['-i', 's/a/b/'], undefined],
  // No applet.
  ['jq', ['--raw-output'], undefined],
])('%s %j asks BusyBox for %s', (program, args, option) => {
  expect(gnuOption(program, args)).toBe(option);
});
