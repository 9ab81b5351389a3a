import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseChallenges } from '../../../src/sources/registry/challenge.ts';

test.each([
  ['', []],
  ['Basic', [{ scheme: 'basic', parameters: {} }]],
  ['Basic realm="a b, c"', [{ scheme: 'basic', parameters: { realm: 'a b, c' } }]],
  ['basic Realm=x', [{ scheme: 'basic', parameters: { realm: 'x' } }]],
  [
    'Bearer realm="https://auth.test/token",service="reg",scope="repository:a/b:pull,push"',
    [
      {
        scheme: 'bearer',
        parameters: { realm: 'https://auth.test/token', service: 'reg', scope: 'repository:a/b:pull,push' },
      },
    ],
  ],
  [
    'Bearer realm="https://x", error="invalid_token" , Basic realm="y"',
    [
      { scheme: 'bearer', parameters: { realm: 'https://x', error: 'invalid_token' } },
      { scheme: 'basic', parameters: { realm: 'y' } },
    ],
  ],
  [
    'Negotiate, Bearer realm = "z"',
    [
      { scheme: 'negotiate', parameters: {} },
      { scheme: 'bearer', parameters: { realm: 'z' } },
    ],
  ],
  ['Basic realm="say \\"hi\\""', [{ scheme: 'basic', parameters: { realm: 'say "hi"' } }]],
  ['"broken', []],
])('%s', (header, challenges) => {
  expect(parseChallenges(header)).toEqual(challenges);
});

test('arbitrary headers end, quickly', () => {
  fc.assert(fc.property(fc.string(), (header) => Array.isArray(parseChallenges(header))));
  const start = performance.now();
  parseChallenges(`Bearer ${'a="\\'.repeat(100_000)}`);
  parseChallenges('a '.repeat(100_000));
  expect(performance.now() - start).toBeLessThan(1000);
});
