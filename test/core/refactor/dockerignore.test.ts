import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDockerignore } from '../../../src/core/dockerfile/ignore.ts';
import { createDockerignore } from '../../../src/core/refactor/dockerignore.ts';
import type { FileText, Refactoring } from '../../../src/core/refactor/refactoring.ts';
import { dockerfileOf, type Files, projectOf, refactorOptions } from '../../helpers/refactorProject.ts';

const node = ['FROM node:24', 'COPY . .', 'RUN npm ci && npm run build'];

function create(lines: readonly string[], files: Files, ignoreFile?: FileText, complete = true): Refactoring {
  const project = projectOf(files, [], { complete, ...(ignoreFile ? { ignoreFile } : {}) });
  return createDockerignore(dockerfileOf(...lines), project, refactorOptions());
}

function patterns(result: Refactoring): readonly string[] {
  if (result.kind !== 'proposal') return [];
  return parseDockerignore(result.files[0]!.text).patterns.map(({ text }) => text);
}

interface Case {
  readonly of: string;
  readonly lines: readonly string[];
  /** Beside a file that is always there. */
  readonly files: Files;
  readonly expected: readonly string[];
}

const cases: readonly Case[] = [
  { of: 'modules that npm installs', lines: node, files: { 'node_modules/a/b.js': '1' }, expected: ['node_modules'] },
  {
    of: 'modules at any depth',
    lines: node,
    files: { 'node_modules/a/b.js': '1', 'web/node_modules/c.js': '' },
    expected: ['**/node_modules'],
  },
  {
    of: 'modules that nothing installs',
    lines: ['FROM node:24', 'COPY . .'],
    files: { 'node_modules/a/b.js': '1' },
    expected: [],
  },
  {
    of: 'modules that a COPY names',
    lines: [...node, 'COPY node_modules/a /a'],
    files: { 'node_modules/a/b.js': '1' },
    expected: [],
  },
  {
    of: 'modules that a COPY of a pattern names',
    lines: [...node, 'COPY node_modules/*/b.js /a/'],
    files: { 'node_modules/a/b.js': '1' },
    expected: [],
  },
  {
    of: 'modules that a bind mount names',
    lines: [...node, 'RUN --mount=type=bind,source=node_modules,target=/m ls'],
    files: { 'node_modules/a/b.js': '1' },
    expected: [],
  },
  {
    of: 'modules that are not copied',
    lines: ['FROM node:24', 'COPY src /src', 'RUN npm ci'],
    files: { 'node_modules/a/b.js': '1' },
    expected: [],
  },
  {
    of: 'modules below a folder that is copied',
    lines: ['FROM node:24', 'COPY web /src', 'RUN npm ci'],
    files: { 'web/node_modules/b.js': '1', 'node_modules/c.js': '' },
    expected: ['web/node_modules'],
  },
  {
    of: 'modules where only a tool is installed for everybody',
    lines: ['FROM node:24', 'COPY . .', 'RUN npm install -g pm2 && npm --version'],
    files: { 'node_modules/a/b.js': '1' },
    expected: [],
  },
  {
    of: 'modules that another stage installs',
    lines: ['FROM node:24 AS a', 'COPY . .', 'RUN npm ci', 'FROM node:24', 'COPY . .'],
    files: { 'node_modules/a/b.js': '1' },
    expected: [],
  },
  {
    of: 'modules that are copied from the stage that installs them',
    lines: [
      'FROM node:24 AS a',
      'COPY . .',
      'RUN npm ci',
      'FROM node:24',
      'COPY . .',
      'COPY --from=a /node_modules ./node_modules',
    ],
    files: { 'node_modules/a/b.js': '1' },
    expected: ['node_modules'],
  },
  {
    of: 'modules that Yarn installs',
    lines: ['FROM node:24', 'COPY . .', 'RUN yarn --frozen-lockfile'],
    files: { 'node_modules/a/b.js': '1' },
    expected: ['node_modules'],
  },
  // git
  { of: 'history', lines: node, files: { '.git/HEAD': 'x' }, expected: ['.git'] },
  { of: 'history that RUN asks', lines: [...node, 'RUN git describe > v'], files: { '.git/HEAD': 'x' }, expected: [] },
  {
    of: 'history that a Makefile asks',
    lines: ['FROM gcc:15', 'COPY . .', 'RUN make'],
    files: { '.git/HEAD': 'x', Makefile: 'V := $(shell git describe --tags)\n' },
    expected: [],
  },
  {
    of: 'history that setuptools_scm asks',
    lines: ['FROM python:3.13', 'COPY . .', 'RUN pip install .'],
    files: { '.git/HEAD': 'x', 'pyproject.toml': 'requires = ["setuptools-scm"]' },
    expected: [],
  },
  {
    of: 'history that Hugo asks',
    lines: ['FROM klakegg/hugo', 'COPY . .', 'RUN hugo'],
    files: { '.git/HEAD': 'x', 'hugo.toml': 'enableGitInfo = true' },
    expected: [],
  },
  {
    of: 'history that Maven asks',
    lines: ['FROM maven:3.9', 'COPY . .', 'RUN mvn package'],
    files: { '.git/HEAD': 'x', 'pom.xml': '<artifactId>git-commit-id-maven-plugin</artifactId>' },
    expected: [],
  },
  {
    of: 'the revision that a Go program prints',
    lines: ['FROM golang:1.26', 'COPY . .', 'RUN go build'],
    files: { '.git/HEAD': 'x', 'main.go': 'debug.ReadBuildInfo()' },
    expected: [],
  },
  {
    of: 'the history of another Go program',
    lines: ['FROM golang:1.26', 'COPY . .', 'RUN go build'],
    files: { '.git/HEAD': 'x', 'main.go': 'package main' },
    expected: ['.git'],
  },
  {
    of: 'history that is copied as such',
    lines: [...node, 'COPY .git/HEAD /v'],
    files: { '.git/HEAD': 'x' },
    expected: [],
  },
  {
    of: 'history that the start reads',
    lines: [...node, 'CMD ["cat", ".git/HEAD"]'],
    files: { '.git/HEAD': 'x' },
    expected: [],
  },
  // build output
  {
    of: 'what cargo makes',
    lines: ['FROM rust:1.91', 'COPY . .', 'RUN cargo build --release'],
    files: { 'Cargo.toml': '', 'target/x': '1' },
    expected: ['target'],
  },
  {
    of: 'a target that nothing makes',
    lines: ['FROM rust:1.91', 'COPY . .'],
    files: { 'Cargo.toml': '', 'target/x': '1' },
    expected: [],
  },
  {
    of: 'what Maven made and COPY takes',
    lines: ['FROM eclipse-temurin:21', 'COPY . .', 'COPY target/*.jar /a.jar', 'RUN mvn package'],
    files: { 'pom.xml': '', 'target/x.jar': '1' },
    expected: [],
  },
  {
    of: 'one target of cargo and one of somebody',
    lines: ['FROM rust:1.91', 'COPY . .', 'RUN cargo build'],
    files: { 'a/Cargo.toml': '', 'a/target/x': '1', 'b/target/y': '2' },
    expected: ['a/target'],
  },
  {
    of: 'dist that git does not keep',
    lines: node,
    files: { 'package.json': '{}', 'dist/a.js': '1', '.gitignore': '/dist\n' },
    expected: ['dist'],
  },
  { of: 'dist that is committed', lines: node, files: { 'package.json': '{}', 'dist/a.js': '1' }, expected: [] },
  { of: '.next', lines: node, files: { 'package.json': '{}', '.next/cache/x': '1' }, expected: ['.next'] },
  {
    of: 'bin and obj of .NET',
    lines: ['FROM mcr.microsoft.com/dotnet/sdk:10.0', 'COPY . .', 'RUN dotnet publish'],
    files: { 'A/a.csproj': '', 'A/bin/x': '1', 'A/obj/y': '2' },
    expected: ['**/bin', '**/obj'],
  },
  {
    of: 'bin of Rails',
    lines: ['FROM ruby:3.4', 'COPY . .', 'RUN bundle install'],
    files: { 'bin/rails': '1' },
    expected: [],
  },
  {
    of: 'bin of .NET and of a tool',
    lines: ['FROM mcr.microsoft.com/dotnet/sdk:10.0', 'COPY . .', 'RUN dotnet publish'],
    files: { 'A/a.csproj': '', 'A/bin/x': '1', 'tools/bin/y': '2' },
    expected: ['A/bin'],
  },
  {
    of: 'vendor of Go',
    lines: ['FROM golang:1.26', 'COPY . .', 'RUN go build'],
    files: { 'vendor/modules.txt': 'x' },
    expected: [],
  },
  {
    of: 'vendor of Composer',
    lines: ['FROM composer:2', 'COPY . .', 'RUN composer install'],
    files: { 'vendor/composer/installed.json': '{}', 'vendor/a/b.php': '1' },
    expected: ['vendor'],
  },
  {
    of: 'objects beside their sources',
    lines: ['FROM gcc:15', 'COPY . .', 'RUN make'],
    files: { 'a.c': '', 'a.o': '1' },
    expected: ['**/*.o'],
  },
  {
    of: 'objects without sources',
    lines: ['FROM gcc:15', 'COPY . .', 'RUN make'],
    files: { 'a.c': '', 'a.o': '1', 'blob.o': '2' },
    expected: ['a.o'],
  },
  // Python, caches, editors
  {
    of: 'a virtual environment',
    lines: ['FROM python:3.13', 'COPY . .', 'RUN pip install .'],
    files: { '.venv/pyvenv.cfg': '', '.venv/lib/x': '1' },
    expected: ['.venv'],
  },
  {
    of: 'a folder named venv',
    lines: ['FROM python:3.13', 'COPY . .', 'RUN pip install .'],
    files: { 'venv/lib/x': '1' },
    expected: [],
  },
  {
    of: 'bytecode and caches',
    lines: ['FROM python:3.13', 'COPY . .'],
    files: { 'a/__pycache__/x.pyc': '1', '.pytest_cache/y': '2' },
    expected: ['**/__pycache__', '.pytest_cache'],
  },
  {
    of: 'editors',
    lines: ['FROM python:3.13', 'COPY . .'],
    files: { '.idea/x': '1', '.vscode/y': '2', 'a/.DS_Store': '3', 'b.py.swp': '4' },
    expected: ['.idea', '.vscode', 'a/.DS_Store', '**/*.sw[op]'],
  },
  { of: 'logs of npm', lines: node, files: { 'npm-debug.log': '1' }, expected: ['**/*.log'] },
  {
    of: 'a log that somebody keeps',
    lines: node,
    files: { 'npm-debug.log': '1', 'test/expected.log': '2' },
    expected: ['npm-debug.log'],
  },
  // secrets
  {
    of: 'settings of this machine',
    lines: ['FROM golang:1.26', 'COPY . .', 'RUN go build'],
    files: { '.env': 'A=1' },
    expected: ['.env'],
  },
  {
    of: 'settings that Vite reads',
    lines: node,
    files: { '.env': 'A=1', 'package.json': '{"devDependencies":{"vite":"6"}}' },
    expected: [],
  },
  {
    of: 'settings that a program reads',
    lines: ['FROM python:3.13', 'COPY . .', 'RUN pip install -r requirements.txt'],
    files: { '.env': 'A=1', 'requirements.txt': 'python-dotenv' },
    expected: [],
  },
  {
    of: 'settings that the start names',
    lines: ['FROM golang:1.26', 'COPY . .', 'CMD ["/app", "--config", ".env"]'],
    files: { '.env': 'A=1' },
    expected: [],
  },
  {
    of: 'an example of settings',
    lines: ['FROM golang:1.26', 'COPY . .'],
    files: { '.env.example': 'A=1' },
    expected: [],
  },
  {
    of: 'a name with a star',
    lines: ['FROM rust:1.91', 'COPY . .', 'RUN cargo build'],
    files: { 'a*/Cargo.toml': '', 'a*/target/x': '1', 'b/target/y': '2' },
    expected: [],
  },
];

describe('what is left out', () => {
  it.each(cases)('$of: $expected', ({ lines, files, expected }) => {
    const result = create(lines, { 'README.md': 'x', ...files });
    expect(patterns(result), JSON.stringify(result)).toEqual(expected);
    if (expected.length === 0) expect(result).toMatchObject({ kind: 'refusal', code: 'no-benefit' });
  });
});

it('lines and comments that are there stay, and so do their line ends', () => {
  const ignoreFile = { path: 'web.Dockerfile.dockerignore', text: '# mine\r\n*.md\r\n!a.md' };
  const result = create(node, { '.git/HEAD': 'x', 'node_modules/a.js': '12345' }, ignoreFile);
  expect(result).toMatchObject({
    kind: 'proposal',
    title: 'Complete web.Dockerfile.dockerignore',
    files: [
      {
        path: 'web.Dockerfile.dockerignore',
        text: '# mine\r\n*.md\r\n!a.md\r\n# History of the sources\r\n.git\r\n# Dependencies that the build installs anew\r\nnode_modules\r\n',
      },
    ],
  });
  expect(result.kind === 'proposal' && result.notes[0]).toEqual({
    kind: 'changed',
    text: 'The build context is 6 B smaller, by 2 files, and so is what is copied into the image.',
    line: 2,
  });
});

it('what a line with ! takes back stays', () => {
  const ignoreFile = { path: '.dockerignore', text: 'node_modules\n!node_modules/keep\n' };
  expect(create(node, { 'node_modules/keep/a.js': '1', '.git/HEAD': 'x' }, ignoreFile)).toMatchObject({
    files: [{ text: 'node_modules\n!node_modules/keep\n# History of the sources\n.git\n' }],
  });
});

it('of a context that is not known as a whole, paths are named one by one', () => {
  expect(patterns(create(node, { 'node_modules/a.js': '1', 'web/node_modules/b.js': '2' }, undefined, false))).toEqual([
    'node_modules',
    'web/node_modules',
  ]);
  const ignoreFile = { path: '.dockerignore', text: '*\n!src\n' };
  expect(create(node, { 'src/node_modules/b.js': '2' }, ignoreFile, false)).toMatchObject({ code: 'large-context' });
});

it('a source that nobody knows stops it', () => {
  expect(create(['FROM node:24', 'ARG D', 'COPY $D .'], { '.git/HEAD': 'x' })).toMatchObject({
    code: 'unknown-source',
  });
});

it('the image is smaller by what is not copied any more', () => {
  const finalSize = { bytes: 1000, basis: 'measured', complete: true } as const;
  const project = projectOf({ 'node_modules/a.js': '12345' });
  const result = createDockerignore(dockerfileOf(...node), project, { ...refactorOptions(), finalSize });
  expect(result).toMatchObject({ before: { bytes: 1000 }, after: { bytes: 995, basis: 'estimated' } });
});

const paths = fc.constantFrom(
  '.git/HEAD',
  'node_modules/a.js',
  'web/node_modules/b.js',
  'target/x',
  'Cargo.toml',
  'dist/a.js',
  'package.json',
  '.env',
  'a/__pycache__/b.pyc',
  'src/a.js',
  'bin/rails',
  '.vscode/x',
  'vendor/a',
  'x.log',
  'a.o',
  'a.c',
  'README.md',
  'keep/node_modules/c',
);
const copies = fc.constantFrom(
  'COPY . .',
  'COPY src /src',
  'COPY web web',
  'COPY node_modules/a.js .',
  'COPY package*.json ./',
  'COPY keep/ /k',
  'RUN npm ci',
  'RUN cargo build',
  'RUN make',
  'RUN git describe',
);

it('nothing that a COPY names is left out, and a second time there is nothing to do', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(paths),
      fc.array(copies, { maxLength: 5 }),
      fc.constantFrom('', '*.md\n', 'keep\n!keep/node_modules\n'),
      (names, lines, old) => {
        const files = Object.fromEntries(names.map((name) => [name, 'x']));
        const ignoreFile = { path: '.dockerignore', text: old };
        const all = ['FROM node:24', ...lines];
        const result = create(all, files, ignoreFile);
        if (result.kind !== 'proposal') return;
        const [file] = result.files;
        expect(file!.text.startsWith(old)).toBe(true);
        const before = parseDockerignore(old);
        const ignore = parseDockerignore(file!.text);
        expect(ignore.problems).toEqual([]);
        for (const name of ['src/a.js', 'README.md', 'bin/rails', 'Cargo.toml', 'package.json', 'a.c', 'vendor/a']) {
          expect(ignore.ignores(name, false)).toBe(before.ignores(name, false));
        }
        if (lines.includes('COPY node_modules/a.js .')) expect(ignore.ignores('node_modules/a.js', false)).toBe(false);
        if (lines.includes('RUN git describe')) expect(ignore.ignores('.git/HEAD', false)).toBe(false);
        expect(create(all, files, file)).toMatchObject({ kind: 'refusal', code: 'no-benefit' });
      },
    ),
    { numRuns: 300 },
  );
});
