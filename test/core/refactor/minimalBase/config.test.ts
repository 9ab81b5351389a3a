import { describe, expect, it } from 'vitest';
import { swapToBase } from '../../../../src/core/refactor/minimalBase/swap.ts';
import type { Note, Refactoring } from '../../../../src/core/refactor/refactoring.ts';
import { dockerfileOf, projectOf, refactorOptions } from '../../../helpers/refactorProject.ts';

function swap(to: string, lines: readonly string[]): Refactoring {
  const dockerfile = dockerfileOf(...lines);
  return swapToBase(dockerfile, dockerfile.stages.at(-1)!, to, projectOf(), refactorOptions());
}

function notesOf(result: Refactoring, kind: Note['kind']): readonly string[] {
  if (result.kind !== 'proposal') throw new Error(JSON.stringify(result));
  return result.notes.filter((note) => note.kind === kind).map(({ text }) => text);
}

const goBuild = ['FROM golang:1.26 AS build', 'RUN CGO_ENABLED=0 go build -o /app .'];
const program = ['COPY --from=build /app /app', 'CMD ["/app"]'];
const staticBase = 'gcr.io/distroless/static-debian13';
const java = ['COPY app.jar /app.jar', 'CMD ["java", "-jar", "/app.jar"]'];
const javaBase = 'gcr.io/distroless/java21-debian13';

describe('variables that the image has otherwise are told', () => {
  it.each<{ of: string; to: string; lines: readonly string[]; tells: string }>([
    {
      of: 'one more',
      to: staticBase,
      lines: [...goBuild, 'FROM debian:13', ...program],
      tells: `SSL_CERT_FILE is set to /etc/ssl/certs/ca-certificates.crt by ${staticBase}.`,
    },
    {
      of: 'some less',
      to: javaBase,
      lines: ['FROM eclipse-temurin:21-jdk', ...java],
      tells: `JAVA_HOME, LANGUAGE, LC_ALL, JAVA_VERSION: set by eclipse-temurin:21-jdk, and not by ${javaBase}.`,
    },
    {
      of: 'another locale',
      to: javaBase,
      lines: ['FROM eclipse-temurin:21-jdk', ...java],
      tells: 'LANG is C.UTF-8 instead of en_US.UTF-8.',
    },
    {
      of: 'versions',
      to: 'gcr.io/distroless/nodejs24-debian13',
      lines: ['FROM node:24', 'COPY a.js /', 'CMD ["node", "/a.js"]'],
      tells: 'NODE_VERSION, YARN_VERSION: set by node:24, and not by gcr.io/distroless/nodejs24-debian13.',
    },
    {
      of: 'the home of a user without a name',
      to: 'gcr.io/distroless/nodejs24-debian13:nonroot',
      lines: ['FROM node:24', 'COPY a.js /', 'USER node', 'CMD ["node", "/a.js"]'],
      tells:
        'node is 1000:1000 by number, since gcr.io/distroless/nodejs24-debian13:nonroot does not know the name. Its home is / there, as of anyone who is not known.',
    },
  ])('$of', ({ to, lines, tells }) => {
    expect(notesOf(swap(to, lines), 'changed')).toContain(tells);
  });

  it('none that the file sets itself', () => {
    const lines = [...goBuild, 'FROM debian:13', 'ENV SSL_CERT_FILE=/own.pem', ...program];
    const result = swap(staticBase, lines);
    expect(notesOf(result, 'changed')).toEqual([]);
    expect(notesOf(result, 'checked')).toContain('Nothing that the image inherits changes.');
  });

  it('none between variants of one image', () => {
    expect(notesOf(swap('node:24-slim', ['FROM node:24', 'CMD ["node", "/a.js"]']), 'changed')).toEqual([]);
  });
});

it('a variable that the file reads, and that is not set any more, is a doubt', () => {
  const doubt = 'NODE_VERSION comes from node:24, and gcr.io/distroless/nodejs24-debian13 does not set it.';
  const lines = ['FROM node:24', 'LABEL node=$NODE_VERSION', 'COPY a.js /', 'CMD ["node", "/a.js"]'];
  expect(notesOf(swap('gcr.io/distroless/nodejs24-debian13', lines), 'assumed')).toContain(doubt);
  const set = ['FROM node:24', 'ENV NODE_VERSION=24', ...lines.slice(1)];
  expect(notesOf(swap('gcr.io/distroless/nodejs24-debian13', set), 'assumed')).not.toContain(doubt);
});
