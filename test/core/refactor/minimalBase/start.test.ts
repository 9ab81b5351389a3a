import { describe, expect, it } from 'vitest';
import { swapToBase } from '../../../../src/core/refactor/minimalBase/swap.ts';
import type { Consumer } from '../../../../src/core/refactor/project.ts';
import type { Refactoring } from '../../../../src/core/refactor/refactoring.ts';
import { applyEdits } from '../../../../src/core/text.ts';
import { dockerfileOf, projectOf, refactorOptions } from '../../../helpers/refactorProject.ts';

const nodeBase = 'gcr.io/distroless/nodejs24-debian13';
const files = { 'package.json': '{ "scripts": { "start": "node a.js" } }', 'a.js': '' };
const web: Consumer = { file: 'compose.yaml', line: 4, name: 'service web', mounts: [] };

function swap(lines: readonly string[], to = nodeBase, consumers: readonly Consumer[] = []): Refactoring {
  const dockerfile = dockerfileOf(...lines);
  const project = projectOf(files, consumers);
  return swapToBase(dockerfile, dockerfile.stages.at(-1)!, to, project, refactorOptions());
}

function said(lines: readonly string[], result: Refactoring): { readonly text: string; readonly notes: string } {
  if (result.kind !== 'proposal') throw new Error(JSON.stringify(result));
  return {
    text: applyEdits(`${lines.join('\n')}\n`, result.edits),
    notes: result.notes.map(({ text }) => text).join('\n'),
  };
}

describe('on a base that starts its interpreter by itself', () => {
  it('npm is left out, and that is told', () => {
    const lines = ['FROM node:24', 'WORKDIR /app', 'COPY . .', 'CMD ["npm", "start"]'];
    const { text, notes } = said(lines, swap(lines));
    expect(text).toContain('CMD ["a.js"]');
    expect(notes).toContain(
      'npm start runs node a.js, which is started itself now: what npm prints before, and the variables npm_… that it sets, are gone.',
    );
  });

  it('an ENTRYPOINT that is another one than the base has is told', () => {
    const lines = ['FROM eclipse-temurin:21-jdk', 'COPY App.class /', 'CMD ["java", "-cp", "/", "App"]'];
    const { text, notes } = said(lines, swap(lines, 'gcr.io/distroless/java21-debian13'));
    expect(text).toContain('ENTRYPOINT ["/usr/bin/java"]');
    expect(text).toContain('CMD ["-cp", "/", "App"]');
    expect(notes).toContain('ENTRYPOINT is /usr/bin/java now');
  });

  it.each(['CMD', 'ENTRYPOINT'])(
    '%s is left alone where nobody knows where that one has its interpreter',
    (keyword) => {
      const lines = ['FROM python:3.13', 'COPY . .', `${keyword} ["python", "a.py"]`];
      expect(swap(lines, 'gcr.io/distroless/python3-debian12')).toMatchObject({
        code: 'start-command',
        message: 'What gcr.io/distroless/python3-debian12 starts with is not known.',
      });
    },
  );

  const start = ['FROM node:24', 'COPY . .', 'CMD ["node", "a.js"]'];
  const entrypoint = ['FROM node:24', 'COPY . .', 'ENTRYPOINT ["node", "a.js"]'];
  it.each<{ of: string; consumer: Partial<Consumer>; lines: readonly string[]; outcome: Refactoring['kind'] }>([
    { of: 'a command instead of CMD', consumer: { command: ['node', 'b.js'] }, lines: start, outcome: 'refusal' },
    { of: 'an entry point', consumer: { entrypoint: ['node', 'b.js'] }, lines: entrypoint, outcome: 'refusal' },
    { of: 'a health check', consumer: { healthcheck: ['node', 'b.js'] }, lines: start, outcome: 'refusal' },
    {
      of: 'arguments behind ENTRYPOINT',
      consumer: { command: ['node'] },
      lines: entrypoint,
      outcome: 'proposal',
    },
    { of: 'nothing of it', consumer: {}, lines: start, outcome: 'proposal' },
  ])('a service with $of: $outcome', ({ consumer, lines, outcome }) => {
    expect(swap(lines, nodeBase, [{ ...web, ...consumer }])).toMatchObject({
      kind: outcome,
      ...(outcome === 'refusal' ? { code: 'start-command' } : {}),
    });
  });
});
