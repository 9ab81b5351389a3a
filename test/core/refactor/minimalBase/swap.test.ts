import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDockerfile } from '../../../../src/core/dockerfile/parse.ts';
import type { BaseNeeds } from '../../../../src/core/program/needs.ts';
import { minimalBases } from '../../../../src/core/refactor/minimalBase/minimalBases.ts';
import { swapToBase, swapToMinimalBase } from '../../../../src/core/refactor/minimalBase/swap.ts';
import type { Refactoring } from '../../../../src/core/refactor/refactoring.ts';
import { applyEdits } from '../../../../src/core/text.ts';
import { type Files, projectOf, refactorOptions } from '../../../helpers/refactorProject.ts';

const nodeFiles: Files = {
  'package.json': '{"scripts":{"start":"node server.js"}}',
  'package-lock.json': JSON.stringify({ packages: { 'node_modules/express': {} } }),
  'server.js': '',
};

function text(...lines: readonly string[]): string {
  return `${lines.join('\n')}\n`;
}

function swap(
  before: string,
  files: Files = {},
  answers: Readonly<Record<string, string>> = {},
  needs?: BaseNeeds,
): Refactoring {
  const dockerfile = parseDockerfile(before, {});
  const options = { ...refactorOptions(answers), needs: () => needs };
  return swapToMinimalBase(dockerfile, dockerfile.stages.at(-1)!, projectOf(files), options);
}

function swapTo(before: string, to: string, files: Files = {}): Refactoring {
  const dockerfile = parseDockerfile(before, {});
  return swapToBase(dockerfile, dockerfile.stages.at(-1)!, to, projectOf(files), refactorOptions());
}

function applied(before: string, result: Refactoring): string {
  return result.kind === 'proposal' ? applyEdits(before, result.edits) : JSON.stringify(result);
}

interface Pair {
  readonly of: string;
  readonly before: string;
  readonly after: string;
  readonly files?: Files;
  readonly answers?: Readonly<Record<string, string>>;
  /** A base of the user's choice; the best one where absent. */
  readonly to?: string;
}

const goBuild = ['FROM golang:1.26 AS build', 'WORKDIR /src', 'COPY . .', 'RUN CGO_ENABLED=0 go build -o /out/app .'];

const pairs: readonly Pair[] = [
  {
    of: 'a Go program on Debian',
    before: text(
      ...goBuild,
      'FROM debian:13-slim',
      '# certificates',
      'RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates tzdata && rm -rf /var/lib/apt/lists/*',
      'RUN useradd -u 1001 app',
      'COPY --from=build --chown=app:app /out/app /usr/local/bin/app',
      'USER app',
      'EXPOSE 8080',
      'ENTRYPOINT app --port 8080',
    ),
    after: text(
      ...goBuild,
      'FROM gcr.io/distroless/static-debian13:nonroot',
      'WORKDIR /',
      '# certificates',
      'COPY --from=build --chown=1001:1001 /out/app /usr/local/bin/app',
      'USER 1001:1001',
      'EXPOSE 8080',
      'ENTRYPOINT ["app", "--port", "8080"]',
    ),
  },
  {
    of: 'a Go program on Alpine',
    before: text(
      ...goBuild,
      'FROM alpine:3.23',
      'RUN apk add --no-cache ca-certificates',
      'COPY --from=build /out/app /app',
      'ENTRYPOINT ["/app"]',
    ),
    after: text(
      ...goBuild,
      'FROM gcr.io/distroless/static-debian13',
      'COPY --from=build /out/app /app',
      'ENTRYPOINT ["/app"]',
    ),
  },
  {
    of: 'Node.js with modules from another stage',
    before: text(
      'FROM node:24 AS build',
      'WORKDIR /app',
      'COPY . .',
      'RUN npm ci',
      'FROM node:24-slim',
      'WORKDIR /app',
      'COPY --from=build --chown=node:node /app ./',
      'USER node',
      'CMD ["npm", "start"]',
    ),
    after: text(
      'FROM node:24 AS build',
      'WORKDIR /app',
      'COPY . .',
      'RUN npm ci',
      'FROM gcr.io/distroless/nodejs24-debian13:nonroot',
      'WORKDIR /app',
      'COPY --from=build --chown=1000:1000 /app ./',
      'USER 1000:1000',
      'CMD ["server.js"]',
    ),
    files: nodeFiles,
  },
  {
    of: 'Node.js that keeps its shell',
    before: text('FROM node:24', 'COPY server.js /', 'CMD ["node", "/server.js"]'),
    after: text('FROM node:24-slim', 'COPY server.js /', 'CMD ["node", "/server.js"]'),
    files: nodeFiles,
    answers: { 'keep-shell': 'yes' },
  },
  {
    of: 'Node.js on musl, when asked for',
    before: text('FROM node:24', 'WORKDIR /app', 'COPY . .', 'RUN npm ci', 'CMD ["node", "server.js"]'),
    after: text('FROM node:24-alpine', 'WORKDIR /app', 'COPY . .', 'RUN npm ci', 'CMD ["node", "server.js"]'),
    files: nodeFiles,
    answers: { libc: 'musl' },
  },
  {
    of: 'Java with options of its own',
    before: text('FROM eclipse-temurin:21', 'COPY app.jar /app.jar', 'CMD ["java", "-Xmx1g", "-jar", "/app.jar"]'),
    after: text(
      'FROM gcr.io/distroless/java21-debian13',
      'ENTRYPOINT ["/usr/bin/java"]',
      'COPY app.jar /app.jar',
      'CMD ["-Xmx1g", "-jar", "/app.jar"]',
    ),
  },
  {
    of: 'Java by its entry point',
    before: text(
      'FROM eclipse-temurin:21',
      'COPY app.jar /app.jar',
      'ENTRYPOINT ["java", "-jar", "/app.jar"]',
      'CMD ["--verbose"]',
    ),
    after: text(
      'FROM gcr.io/distroless/java21-debian13',
      'COPY app.jar /app.jar',
      'ENTRYPOINT ["/usr/bin/java", "-jar", "/app.jar"]',
      'CMD ["--verbose"]',
    ),
  },
  {
    of: 'packages and users in the commands of Alpine',
    before:
      text(
        'FROM node:24',
        'RUN apt-get update \\',
        '    && apt-get install -y --no-install-recommends \\',
        '       git=  \\',
        '       curl \\',
        '    && rm -rf /var/lib/apt/lists/*',
      ).replace('git=  ', 'git  ') +
      text('RUN groupadd -g 1001 app && useradd -r -g app -u 1001 app', 'USER app', 'CMD ["node"]'),
    after: text(
      'FROM node:24-alpine',
      'RUN apk add --no-cache git curl',
      'RUN addgroup -g 1001 app && adduser -D -S -H -u 1001 -G app app',
      'USER app',
      'CMD ["node"]',
    ),
    to: 'node:24-alpine',
  },
  {
    of: 'a command that goes before a comment becomes true',
    before: text('FROM node:24', 'RUN apt-get update \\', '    # now git', ' && apt-get install -y git'),
    after: text('FROM node:24-alpine', 'RUN true \\', '    # now git', ' && apk add --no-cache git'),
    to: 'node:24-alpine',
  },
  {
    of: 'a heredoc',
    before: text(
      '# syntax=docker/dockerfile:1',
      'FROM node:24',
      'RUN <<EOF',
      'set -e',
      'apt-get update',
      'apt-get install -y git',
      'rm -rf /var/lib/apt/lists/*',
      'EOF',
      'CMD ["node"]',
    ),
    after: text(
      '# syntax=docker/dockerfile:1',
      'FROM node:24-alpine',
      'RUN <<EOF',
      'set -e',
      'apk add --no-cache git',
      'EOF',
      'CMD ["node"]',
    ),
    to: 'node:24-alpine',
  },
  {
    of: 'carriage returns, tabs, another escape',
    before:
      '# escape=`\r\nFROM openjdk:21 AS run\r\nRUN echo a `\r\n\t&& echo b\r\nCOPY a.jar /\r\nCMD ["java", "-jar", "/a.jar"]',
    after:
      '# escape=`\r\nFROM eclipse-temurin:21 AS run\r\nENTRYPOINT []\r\nRUN echo a `\r\n\t&& echo b\r\nCOPY a.jar /\r\nCMD ["java", "-jar", "/a.jar"]',
    to: 'eclipse-temurin:21',
  },
  {
    of: 'a user whom the base would change',
    before: text(
      'FROM mcr.microsoft.com/dotnet/aspnet:10.0',
      'COPY out /app',
      'WORKDIR /app',
      'ENTRYPOINT ["dotnet", "a.dll"]',
    ),
    after: text(
      'FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled-extra',
      'USER 0',
      'COPY out /app',
      'WORKDIR /app',
      'ENTRYPOINT ["dotnet", "a.dll"]',
    ),
  },
  {
    of: 'the variables of a reference',
    before: text('ARG NODE=24', 'FROM node:${NODE}', 'CMD ["node", "a.js"]'),
    after: text('ARG NODE=24', 'FROM node:${NODE}-slim', 'CMD ["node", "a.js"]'),
    to: 'node:24-slim',
  },
];

describe('before and after', () => {
  it.each(pairs)('$of', ({ before, after, files, answers, to }) => {
    const result = to === undefined ? swap(before, files, answers) : swapTo(before, to, files);
    expect(applied(before, result)).toBe(after);
  });

  it.each(pairs.filter(({ to }) => to === undefined))('$of, a second time', ({ before, files, answers }) => {
    const once = applied(before, swap(before, files, answers));
    expect(swap(once, files, answers)).toMatchObject({ kind: 'refusal', code: 'no-benefit' });
  });
});

const cgo = text(
  'FROM golang:1.26 AS build',
  'RUN go build -o /app .',
  'FROM debian:13',
  'COPY --from=build /app /app',
  'CMD ["/app"]',
);
const proved = (kind: BaseNeeds['kind'], libraries: readonly string[] = []): BaseNeeds => ({
  kind,
  libc: kind === 'static' ? 'none' : 'glibc',
  glibc: 'GLIBC_2.34',
  libraries,
  interpreters: [],
  opensLibraries: false,
  evidence: ['/app is linked so.'],
});

describe('what stands behind an entry point', () => {
  const base = (...lines: readonly string[]): Refactoring =>
    swap(text(...goBuild, 'FROM debian:13-slim', ...lines), {
      'main.go': 'package main',
      go: '',
      start: '#!/bin/sh\n',
    });
  const app = 'COPY --from=build /out/app /usr/local/bin/';

  it.each([
    ['a word', [app, 'ENTRYPOINT ["/usr/local/bin/app"]', 'CMD ["serve", "--all"]']],
    ['a word, the program by its name', [app, 'ENTRYPOINT ["app"]', 'CMD ["serve"]']],
    ['an option', [app, 'ENTRYPOINT ["app"]', 'CMD ["--serve"]']],
  ])('%s is an argument of what is compiled', (_, lines) => {
    expect(base(...lines)).toMatchObject({ runBase: 'gcr.io/distroless/static-debian13' });
  });

  it.each([
    ['the name of a program', [app, 'ENTRYPOINT ["app"]', 'CMD ["bash"]']],
    ['a path', [app, 'ENTRYPOINT ["app"]', 'CMD ["/other"]']],
    ['a word in the shell form', [app, 'ENTRYPOINT ["app"]', 'CMD serve']],
    [
      'a word behind a file that no compiler made',
      ['COPY --from=build /src/start /', 'ENTRYPOINT ["/start"]', 'CMD ["x"]'],
    ],
    ['a file that no compiler made', ['COPY --from=build /src/start /', 'ENTRYPOINT ["/start"]']],
  ])('%s keeps the base', (_, lines) => {
    expect(base(...lines)).toMatchObject({ kind: 'refusal' });
  });
});

it.each([
  ['a program', ['FROM debian:13-slim', 'COPY --from=build /out/app /'], 'ENTRYPOINT /app', 'ENTRYPOINT ["/app"]'],
  [
    'an interpreter',
    ['FROM node:24', 'COPY a.js /'],
    'ENTRYPOINT node /a.js',
    'ENTRYPOINT ["/nodejs/bin/node", "/a.js"]',
  ],
])('what the shell form of %s ignored is not given to its list', (_, lines, entrypoint, list) => {
  const before = text(...goBuild, ...lines, 'CMD ["--old"]', entrypoint, '# the end', 'CMD ["--verbose"]');
  const after = applied(before, swap(before, { 'main.go': 'package main', 'a.js': '' }));
  expect(after).toContain(`\n${list}\n# the end\n`);
  expect(after).not.toContain('CMD');
});

describe('evidence decides instead of rules', () => {
  it.each([
    ['static', proved('static'), 'gcr.io/distroless/static-debian13'],
    ['glibc only', proved('libc'), 'gcr.io/distroless/base-nossl-debian13'],
    ['OpenSSL', proved('libraries', ['libssl.so.3', 'libcrypto.so.3']), 'gcr.io/distroless/base-debian13'],
    ['libstdc++', proved('runtime', ['libstdc++.so.6', 'libgcc_s.so.1']), 'gcr.io/distroless/cc-debian13'],
  ])('%s', (_, needs, base) => {
    const result = swap(cgo, {}, {}, needs);
    expect(result).toMatchObject({ kind: 'proposal', runBase: base });
    expect(result.kind === 'proposal' && result.notes.map((note) => note.text)).toContain('/app is linked so.');
  });

  it('other libraries leave the slim variant', () => {
    expect(swap(cgo, {}, {}, proved('libraries', ['libpq.so.5']))).toMatchObject({ runBase: 'debian:13-slim' });
  });
});

const refusals: readonly [of: string, before: string, code: string, line: number | undefined][] = [
  ['scratch', text('FROM scratch', 'COPY a /a'), 'already-minimal', 1],
  ['an unknown image', text('FROM acme/app:1'), 'unknown-base', 1],
  ['a variable without a value', text('ARG BASE', 'FROM $BASE'), 'base-unresolved', 2],
  ['a stage on a stage', text('FROM node:24 AS a', 'FROM a'), 'base-stage', 2],
  ['Windows', text('FROM mcr.microsoft.com/windows/nanoserver:ltsc2022'), 'windows', 1],
  ['a template', text('FROM node:24', 'LABEL a={{ b }}'), 'template', 2],
  ['a file with a fault', text('FROM node:24', 'COPPY . .'), 'parse-errors', 2],
  ['a generated file', text('# Generated by a tool. DO NOT EDIT.', 'FROM node:24'), 'generated', 1],
  ['what has ended', text('FROM node:20-trixie', 'CMD ["node"]'), 'end-of-life', 1],
  ['ONBUILD', text('FROM node:24', 'ONBUILD COPY . .'), 'onbuild', 2],
  ['a static image', text('FROM gcr.io/distroless/static-debian13', 'COPY a /a', 'CMD ["/a"]'), 'no-benefit', 1],
  [
    'a program that nobody can look into',
    text('FROM debian:13-slim', 'COPY a /a', 'CMD ["/a"]'),
    'no-benefit',
    undefined,
  ],
];

it.each(refusals)('%s is left alone', (_, before, code, line) => {
  const result = swap(before);
  expect(result).toMatchObject({ kind: 'refusal', code });
  if (line !== undefined) expect(result.kind === 'refusal' && result.line).toBe(line);
});

it('a base of the user’s choice that cannot work is refused with the line', () => {
  const before = text('FROM node:24', 'RUN git clone a', 'CMD ["node"]');
  expect(swapTo(before, 'node:24-slim')).toMatchObject({
    kind: 'refusal',
    code: 'commands',
    line: 2,
    unblock: 'Install git in the stage.',
  });
  expect(swapTo(before, 'acme/a')).toMatchObject({ kind: 'refusal', code: 'unknown-base' });
  expect(swapTo(before, 'node:24')).toMatchObject({ kind: 'refusal', code: 'no-benefit' });
});

it('what nobody can prove is said where a base is chosen by hand', () => {
  const result = swapTo(text('FROM node:24', 'RUN npm install', 'CMD ["node"]'), 'node:24-slim');
  expect(
    result.kind === 'proposal' && result.notes.filter(({ kind }) => kind === 'assumed').map((note) => note.text),
  ).toEqual([
    'The program itself starts none of the tools that node:24 has and node:24-slim has not, such as git, curl, wget and compilers.',
    'Without a lock file nobody knows which modules have compiled parts.',
  ]);
});

it('bases come smallest first, with what they save', () => {
  const dockerfile = parseDockerfile(text('FROM node:24', 'CMD ["node", "a.js"]'), {});
  const bases = minimalBases(dockerfile, dockerfile.stages[0]!, projectOf(), refactorOptions());
  expect(bases.map(({ written }) => written)).toEqual([
    'gcr.io/distroless/nodejs24-debian13',
    'node:24-alpine',
    'node:24-slim',
  ]);
  expect(bases.every(({ saving }) => saving !== undefined && saving > 900_000_000)).toBe(true);
});

const bits = [
  '# a comment',
  'RUN apt-get update && apt-get install -y git && rm -rf /var/lib/apt/lists/*',
  'RUN apt-get update && apt-get install -y --no-install-recommends \\\n    curl \\\n    git',
  'RUN npm ci --omit=dev',
  'RUN useradd -r app',
  'USER app',
  'USER node',
  'WORKDIR app',
  'ENV LANG=C.UTF-8',
  'COPY --chown=node:node . /srv/',
  'RUN <<EOF\napt-get update\napt-get install -y git\nEOF',
  'HEALTHCHECK CMD ["node", "health.js"]',
  'HEALTHCHECK CMD curl localhost',
  'EXPOSE 80',
  'STOPSIGNAL SIGINT',
  'CMD node server.js',
  'CMD ["node", "server.js"]',
  'ENTRYPOINT ["node", "server.js"]',
  'ENTRYPOINT ["/start.sh"]',
];

it('a swap keeps comments and line ends, still parses, and is final', () => {
  const bases = fc.constantFrom(
    'node:24',
    'node:24-slim',
    'node:24-alpine',
    'node:22-bookworm',
    'debian:13',
    'eclipse-temurin:21',
    'python:3.13',
    'ubuntu:24.04',
  );
  const answers = fc.constantFrom({}, { libc: 'musl' }, { 'keep-shell': 'yes' });
  fc.assert(
    fc.property(
      bases,
      fc.array(fc.constantFrom(...bits), { maxLength: 7 }),
      fc.boolean(),
      answers,
      (base, lines, isWindows, answer) => {
        const unix = text(`FROM ${base}`, ...lines);
        const before = isWindows ? unix.replaceAll('\n', '\r\n') : unix;
        const result = swap(before, nodeFiles, answer);
        if (result.kind !== 'proposal') return;
        const after = applyEdits(before, result.edits);
        expect(parseDockerfile(after, {}).problems).toEqual(parseDockerfile(before, {}).problems);
        expect(after.split('# a comment').length).toBe(before.split('# a comment').length);
        expect(/(?<!\r)\n/.test(after)).toBe(!isWindows);
        expect(swap(after, nodeFiles, answer)).toMatchObject({ kind: 'refusal', code: 'no-benefit' });
      },
    ),
    { numRuns: 150 },
  );
});
