import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDockerfile } from '../../../src/core/dockerfile/parse.ts';
import { makeItSmall } from '../../../src/core/refactor/makeSmall.ts';
import type { Proposal, Refactoring } from '../../../src/core/refactor/refactoring.ts';
import { applyEdits } from '../../../src/core/text.ts';
import { type Files, projectOf, refactorOptions } from '../../helpers/refactorProject.ts';

const nodeFiles: Files = {
  'package.json': '{"scripts":{"start":"node server.js"},"dependencies":{"express":"5"}}',
  'package-lock.json': JSON.stringify({ packages: { 'node_modules/express': {} } }),
  'server.js': 'require("express")',
};

function text(...lines: readonly string[]): string {
  return `${lines.join('\n')}\n`;
}

function small(before: string, files: Files = {}, more: Parameters<typeof projectOf>[2] = {}): Refactoring {
  return makeItSmall(parseDockerfile(before, {}), projectOf(files, [], more), refactorOptions());
}

function proposed(result: Refactoring): Proposal {
  if (result.kind !== 'proposal') throw new Error(JSON.stringify(result));
  return result;
}

describe('everything at once', () => {
  it('a base, a smell and a .dockerignore', () => {
    const before = text(
      'FROM ruby:3.4',
      'WORKDIR /app',
      'COPY . .',
      '# tools',
      'RUN apt-get update && apt-get install -y --no-install-recommends git',
      'CMD ["ruby", "a.rb"]',
    );
    const result = proposed(small(before, { 'a.rb': '', '.git/HEAD': 'x', '.vscode/a': 'y' }));
    expect(applyEdits(before, result.edits)).toBe(
      text(
        'FROM ruby:3.4-slim',
        'WORKDIR /app',
        'COPY . .',
        '# tools',
        'RUN apt-get update && apt-get install -y --no-install-recommends git && rm -rf /var/lib/apt/lists/*',
        'CMD ["ruby", "a.rb"]',
      ),
    );
    expect(result.files.map(({ path }) => path)).toEqual(['.dockerignore']);
    expect(result.runBase).toBe('ruby:3.4-slim');
    expect(result.title).toBe('Make it small');
  });

  it('what is ignored now is no obstacle to another base', () => {
    const before = text('FROM node:24', 'COPY . /app', 'CMD ["node", "/app/server.js"]');
    const files = { 'server.js': '', '.vscode/tools.so': 'x' };
    const options = refactorOptions({ libc: 'musl', 'keep-shell': 'yes' });
    const result = proposed(makeItSmall(parseDockerfile(before, {}), projectOf(files), options));
    expect(result.files[0]!.text).toContain('.vscode\n');
    expect(applyEdits(before, result.edits)).toContain('FROM node:24-alpine');
  });

  it('what was left alone is told, with the reason', () => {
    const before = text(
      'FROM ruby:3.4',
      'RUN apt-get update && apt-get install -y --no-install-recommends git',
      'ONBUILD COPY . .',
      'CMD ["irb"]',
    );
    const { notes } = proposed(small(before));
    expect(notes.map(({ text: note }) => note)).toContain(
      'Base: left as it is. The image is a base for others: its ONBUILD is run where nobody looks. Move what ONBUILD holds into the Dockerfiles that use it.',
    );
  });

  it('line ends, comments and directives survive', () => {
    const before = text(
      '# syntax=docker/dockerfile:1',
      '# escape=`',
      'FROM ruby:3.4 `',
      '  AS run',
      '\t# here',
      'COPY a.rb .',
      'CMD ["ruby", "a.rb"]',
    ).replaceAll('\n', '\r\n');
    const after = applyEdits(before, proposed(small(before, { 'a.rb': '' })).edits);
    expect(after).toBe(before.replace('ruby:3.4', 'ruby:3.4-slim'));
  });
});

it('sizes go from that of the first step to that of the last', () => {
  const finalSize = { bytes: 1_000_000_000, basis: 'measured', complete: true } as const;
  const before = text('FROM ruby:3.4', 'COPY . .', 'CMD ["ruby", "a.rb"]');
  const result = makeItSmall(parseDockerfile(before, {}), projectOf({ 'a.rb': '', '.git/HEAD': 'x'.repeat(100) }), {
    ...refactorOptions(),
    finalSize,
  });
  const { before: first, after } = proposed(result);
  expect(first?.bytes).toBe(1_000_000_000);
  expect(after!.bytes).toBeLessThan(500_000_000);
});

it.each([
  ['a small file', text('FROM scratch', 'COPY a /a', 'CMD ["/a"]')],
  ['no stage', text('ARG A=1')],
  ['Windows', text('FROM mcr.microsoft.com/windows/nanoserver:ltsc2022', 'CMD ["a"]')],
])('%s is left alone', (_, before) => {
  expect(small(before, { a: 'x' }).kind).toBe('refusal');
});

const bits = [
  'COPY . .',
  'RUN apt-get update && apt-get install -y git',
  'RUN apt-get update && apt-get install -y --no-install-recommends curl',
  'RUN pip install flask',
  'RUN npm ci',
  'RUN npm run build',
  'RUN useradd app',
  'USER app',
  'WORKDIR /app',
  'ENV A=b',
  'EXPOSE 80',
  'HEALTHCHECK CMD curl localhost',
  'CMD ["node", "server.js"]',
  'CMD ["python", "a.py"]',
  'CMD ./run --now',
];

it('made small once, there is nothing left to do', () => {
  const bases = fc.constantFrom(
    'node:24',
    'node:22-bookworm-slim',
    'python:3.13',
    'ruby:3.4',
    'debian:13',
    'golang:1.26',
    'ubuntu:24.04',
  );
  const files = { ...nodeFiles, 'a.py': '', '.git/HEAD': 'x', 'node_modules/a.js': 'y', run: '#!/bin/sh\nexec true\n' };
  fc.assert(
    fc.property(bases, fc.array(fc.constantFrom(...bits), { maxLength: 6 }), (base, lines) => {
      const before = text(`FROM ${base}`, ...lines);
      const result = small(before, files);
      if (result.kind !== 'proposal') return;
      const after = applyEdits(before, result.edits);
      const [ignoreFile] = result.files;
      const again = small(after, files, ignoreFile === undefined ? {} : { ignoreFile });
      expect(again.kind, `${before}\n${after}\n${JSON.stringify(again, undefined, 1)}`).not.toBe('proposal');
      expect(parseDockerfile(after, {}).problems).toEqual(parseDockerfile(before, {}).problems);
    }),
    { numRuns: 15 },
  );
}, 30_000);
