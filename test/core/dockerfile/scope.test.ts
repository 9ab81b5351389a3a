import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { layeredScope, Variables } from '../../../src/core/dockerfile/scope.ts';

// Pairs of words whose 32-bit FNV-1a hashes are equal.
const name = fc.oneof(
  fc.constantFrom('costarring', 'liquid', 'declinate', 'macallums', 'altarage', 'zinke', '__proto__', ''),
  fc.string(),
);

describe('Variables', () => {
  it('hold what a map holds, and leave what was there before as it was', () => {
    const settings = fc.array(fc.tuple(name, fc.option(fc.string(), { nil: undefined })), { maxLength: 60 });
    fc.assert(
      fc.property(settings, fc.nat({ max: 60 }), name, (pairs, keep, other) => {
        const map = new Map<string, string | undefined>();
        let variables = Variables.none;
        let kept: { readonly variables: Variables; readonly map: Map<string, string | undefined> } | undefined;
        pairs.forEach(([key, value], index) => {
          if (index === keep) kept = { variables, map: new Map(map) };
          variables = variables.with(key, value);
          map.set(key, value);
        });
        for (const { variables: found, map: expected } of [{ variables, map }, ...(kept ? [kept] : [])]) {
          for (const key of [...pairs.map(([first]) => first), other]) {
            expect(found.find(key)).toEqual(expected.has(key) ? { value: expected.get(key) } : undefined);
          }
        }
      }),
    );
  });
});

describe('layeredScope', () => {
  const upper = Variables.none.with('a', '1').with('b', undefined);
  const scope = layeredScope(upper, Variables.none.with('a', '2').with('b', '2').with('c', '2'));

  it.each([
    ['a', '1', true],
    ['b', undefined, true],
    ['c', '2', true],
    ['d', undefined, false],
  ])('%s is %s', (key, value, has) => {
    expect([scope.get(key), scope.has(key)]).toEqual([value, has]);
  });
});
