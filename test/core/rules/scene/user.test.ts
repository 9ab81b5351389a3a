import { expect, it } from 'vitest';
import { isNumeric, isRoot } from '../../../../src/core/rules/scene/user.ts';

it.each([
  ['root', { root: true, numeric: false }],
  ['root:adm', { root: true, numeric: false }],
  ['0', { root: true, numeric: true }],
  ['0:0', { root: true, numeric: true }],
  // A value that goes on in the next line keeps the end of its own.
  ['root:\nadm', { root: true, numeric: false }],
  ['rooted', { root: false, numeric: false }],
  ['1000', { root: false, numeric: true }],
  ['1000:app', { root: false, numeric: false }],
  ['app', { root: false, numeric: false }],
])('%s', (user, { root, numeric }) => {
  expect(isRoot(user)).toBe(root);
  expect(isNumeric(user)).toBe(numeric);
});
