import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expand, longestValue } from '../../../src/core/dockerfile/expand.ts';
import type { Scope } from '../../../src/core/dockerfile/model.ts';

const values = new Map([
  ['V', 'a.b.c'],
  ['E', ''],
  ['P', '/usr/local/bin'],
  ['S', '*?\\'],
]);
const scope: Scope = { get: (name) => values.get(name), has: (name) => values.has(name) || name === 'D' };

describe('expand', () => {
  it.each([
    ['plain', 'plain'],
    ['$V', 'a.b.c'],
    ['${V}', 'a.b.c'],
    ['x$V-y${V}z', 'xa.b.c-ya.b.cz'],
    ['$', '$'],
    ['$%', '$%'],
    ['${V:-x}', 'a.b.c'],
    ['${N:-x}', 'x'],
    ['${N-x}', 'x'],
    ['${E:-x}', 'x'],
    ['${E-x}', ''],
    ['${V:+x}', 'x'],
    ['${N:+x}', ''],
    ['${E:+x}', ''],
    ['${E+x}', 'x'],
    ['${N+x}', ''],
    ['${V:?e}', 'a.b.c'],
    ['${E?e}', ''],
    ['${D:-x}', 'x'],
    ['${N:-${M:-$V}}', 'a.b.c'],
    ['${V:+${V}}', 'a.b.c'],
    ['${N:-"a } b"}', 'a } b'],
    ["${N:-'a } b'}", 'a } b'],
    ['${N:-a\\}b}', 'a}b'],
    ['${V#*.}', 'b.c'],
    ['${V##*.}', 'c'],
    ['${V%.*}', 'a.b'],
    ['${V%%.*}', 'a'],
    ['${V#x}', 'a.b.c'],
    ['${V#?.}', 'b.c'],
    ['${P##*/}', 'bin'],
    ['${P%/*}', '/usr/local'],
    ['${V/./_}', 'a_b.c'],
    ['${V//./_}', 'a_b_c'],
    ['${V//./}', 'abc'],
    ['${V/x/y}', 'a.b.c'],
    ['${V/.*/}', 'a'],
    ['${P//\\//-}', '-usr-local-bin'],
    ['${S/\\*/x}', 'x?\\'],
    ['${S/\\?/x}', '*x\\'],
    ['${V//?/x}', 'xxxxx'],
    ['${V/${V%.*}/x}', 'x.c'],
    ['\\$V', '$V'],
    ["'$V'", '$V'],
    ['"$V"', 'a.b.c'],
    ['"\\$V \\" \\\\ \\n"', '$V " \\ \\n'],
    ["it\\'s", "it's"],
    ['a\\', 'a'],
  ])('%j is %j', (text, value) => {
    expect(expand(text, scope, '\\')).toEqual({ value, missing: [] });
  });

  it.each([
    ['$N', ['N']],
    ['${N}x$N', ['N']],
    ['$N$M', ['N', 'M']],
    ['${N:?say}', ['N']],
    ['${E:?say}', ['E']],
    ['${N#x}', ['N']],
    ['${N/a/b}', ['N']],
    ['${N:-$M}', ['M']],
    ['${V:-$M}', []],
    ['${N:+$M}', []],
    ['${V:+$M}', ['M']],
    ['$1$@', ['1', '@']],
    ['$D', ['D']],
  ])('%j lacks %j', (text, missing) => {
    expect(expand(text, scope, '\\').missing).toEqual(missing);
  });

  it.each([
    '${',
    '${V',
    '${}',
    '${:x}',
    '${V:-x',
    '${V^^}',
    '${V:}',
    '${V/x}',
    "'open",
    '"open',
    '${V:~x}',
    '${V#\\a}',
  ])('refuses %j', (text) => {
    expect(expand(text, scope, '\\').error).toMatch(/\.$/);
  });

  it('takes a backtick for the escape where the file says so', () => {
    expect(expand('`$V "`$V" C:\\x', scope, '`').value).toBe('$V $V C:\\x');
  });

  it('refuses what is nested thousands deep', () => {
    expect(expand('${N:-'.repeat(100_000), scope, '\\').error).toBeDefined();
  });

  it('does not build a value longer than is followed', () => {
    const long: Scope = { get: () => 'x'.repeat(longestValue), has: () => true };
    expect(expand('$A'.repeat(1000), long, '\\').error).toBeDefined();
  });

  it('takes no time for a pattern that makes regular expressions slow', () => {
    const slow: Scope = { get: () => 'a'.repeat(3000), has: () => true };
    expect(expand(`\${A##${'*a'.repeat(15)}b}`, slow, '\\').value).toBe('a'.repeat(3000));
  });

  it('never throws', () => {
    const text = fc.string({ unit: fc.constantFrom(...'${}V:-+?#%/\\\'"`*aN 1'.split('')), maxLength: 30 });
    fc.assert(
      fc.property(text, fc.constantFrom('\\', '`'), (source, escape) => {
        const { value, missing } = expand(source, scope, escape);
        expect(value.length).toBeLessThanOrEqual(longestValue);
        expect(new Set(missing).size).toBe(missing.length);
      }),
      { numRuns: 1000 },
    );
  });
});
