import { expect, test } from 'vitest';
import { noSizeFor, SourceError, type SourceErrorCode } from '../../src/sources/error.ts';

test.each<[SourceErrorCode, string]>([
  ['absent', 'absent'],
  ['limited', 'limited'],
  ['wrong-digest', 'invalid'],
  ['unsupported', 'invalid'],
  ['truncated', 'network'],
])('%s is told as %s', (code, told) => {
  expect(noSizeFor(new SourceError(code, 'A sentence.'))).toEqual({ code: told, message: 'A sentence.' });
});

test('what is no SourceError is thrown on', () => {
  const reason = new Error('cancelled');
  expect(() => noSizeFor(reason)).toThrow(reason);
});
