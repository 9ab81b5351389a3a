import { expect, test } from 'vitest';
import { parseDockerfile } from '../../../src/core/dockerfile/parse.ts';
import { swapBase } from '../../../src/core/refactor/swapBase.ts';
import { applyEdits } from '../../../src/core/text.ts';

const cases: readonly [before: string, stage: number, reference: string, after: string][] = [
  ['FROM golang:1.26\n', 0, 'golang:1.26-alpine', 'FROM golang:1.26-alpine\n'],
  [
    'from --platform=linux/arm64 node:24 as Build # x\r\nRUN a\r\n',
    0,
    'node:24-slim',
    'from --platform=linux/arm64 node:24-slim as Build # x\r\nRUN a\r\n',
  ],
  ['ARG V=1.26\nFROM golang:${V} AS b\n', 0, 'golang:1.26-alpine', 'ARG V=1.26\nFROM golang:${V}-alpine AS b\n'],
  ['ARG V=1.26\nFROM golang:${V}\n', 0, 'gcr.io/x/y:1', 'ARG V=1.26\nFROM gcr.io/x/y:1\n'],
  ['FROM a:1\nFROM \\\n  b:2 AS c\n', 1, 'd:3', 'FROM a:1\nFROM \\\n  d:3 AS c\n'],
];

test.each(cases)('%j, stage %i on %s', (before, stage, reference, after) => {
  const dockerfile = parseDockerfile(before, {});
  const edit = swapBase(before, dockerfile.stages[stage]!, reference);
  expect(applyEdits(before, [edit!])).toBe(after);
});

test('the base that is there already is no edit', () => {
  const text = 'FROM golang:1.26\n';
  expect(swapBase(text, parseDockerfile(text, {}).stages[0]!, 'golang:1.26')).toBeUndefined();
});

test('a FROM without a base has nothing to replace', () => {
  const text = 'FROM\n';
  const [stage] = parseDockerfile(text, {}).stages;
  expect(swapBase(text, stage!, 'golang:1.26')).toBeUndefined();
});
