import { expect, it } from 'vitest';
import { isOneLineSwap, stageAlternatives } from '../../../src/core/base/stageAlternatives.ts';
import { stageReference } from '../../../src/core/base/stageReference.ts';
import { parseDockerfile } from '../../../src/core/dockerfile/parse.ts';

/** What is offered for the first stage; with a star where more than the `FROM` would have to change. */
function offered(text: string): string[] {
  const dockerfile = parseDockerfile(text);
  const stage = dockerfile.stages[0]!;
  const base = stageReference(dockerfile, stage, 'linux/amd64');
  if (base.kind !== 'image') throw new TypeError('the first stage has no image');
  return stageAlternatives(stage, base, undefined, '2026-11-21').map((alternative) =>
    isOneLineSwap(alternative) ? alternative.written : `${alternative.written}*`,
  );
}

const distroless = 'gcr.io/distroless/nodejs24-debian13*';

it.each<[text: string, has: boolean]>([
  ['FROM node:24\nCOPY . .\nCMD ["node", "a.js"]\n', true],
  ['FROM node:24\nCOPY . .\nRUN npm ci\n', false],
  ['FROM node:24 AS build\nCOPY . .\nFROM scratch\n', false],
])('%j is offered a base that only runs things: %s', (text, has) => {
  const all = offered(text);
  expect(all.includes(distroless)).toBe(has);
  expect(all).toContain('node:24-slim');
});

it('spells alternatives as the file spells the base', () => {
  expect(offered('ARG V=24\nFROM docker.io/library/node:${V}\nRUN a\n')).toContain('docker.io/library/node:24-slim');
});
