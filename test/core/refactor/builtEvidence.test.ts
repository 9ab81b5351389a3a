import { describe, expect, it } from 'vitest';
import { parseDockerfile } from '../../../src/core/dockerfile/parse.ts';
import type { BaseNeeds } from '../../../src/core/program/needs.ts';
import { type BuiltEvidence, offerEvidence } from '../../../src/core/refactor/builtEvidence.ts';
import { formatChange } from '../../../src/core/refactor/formatChange.ts';
import type { Proposal, Refactoring } from '../../../src/core/refactor/refactoring.ts';
import { type RefactorKind, refactors } from '../../../src/core/refactor/refactors.ts';
import { type Files, projectOf, refactorOptions } from '../../helpers/refactorProject.ts';

const needs: BaseNeeds = {
  kind: 'static',
  libc: 'none',
  libraries: [],
  interpreters: [],
  opensLibraries: false,
  evidence: ['/app is linked statically, for x86-64.'],
};
const sizes: Readonly<Record<string, number>> = {
  '/app': 9_000_000,
  '/hello': 800_000,
};
const known: BuiltEvidence = { needs, bytesAt: (path) => sizes[path.replace(/\/$/, '')] };

function refactor(
  kind: RefactorKind,
  text: string,
  files: Files,
  offered: ReturnType<typeof offerEvidence>,
): Refactoring {
  const parse = (changed: string) => parseDockerfile(changed);
  const { needs: asked, bytesAt } = offered;
  return refactors[kind](parse(text), projectOf(files), { ...refactorOptions(), parse, needs: asked, bytesAt });
}

const swapped =
  'FROM golang:1.26 AS build\nRUN go build -o /app .\nFROM debian:13\nCOPY --from=build /app /app\nCMD ["/app"]\n';
const go = 'FROM golang:1.26-bookworm\nWORKDIR /src\nCOPY . .\nRUN CGO_ENABLED=0 go build -o /app .\nCMD ["/app"]\n';
const goFiles = {
  'go.mod': 'module hello\n\ngo 1.26\n',
  'main.go': 'package main\n\nfunc main() { println("hello") }\n',
};

describe('what a refactoring asks of the built image', () => {
  it.each<[title: string, kind: RefactorKind, text: string, files: Files, isWanted: boolean]>([
    ['how programs of another stage are linked', 'minimal-base', swapped, {}, true],
    ['how large what was built is', 'multi-stage', go, goFiles, true],
    ['both, as one change', 'small', go, goFiles, true],
    ['nothing where there is nothing to win', 'multi-stage', 'FROM scratch\nCOPY a /a\n', {}, false],
    [
      'nothing for an interpreter',
      'minimal-base',
      'FROM node:24\nCOPY a.js .\nCMD ["node", "a.js"]\n',
      { 'a.js': '' },
      false,
    ],
    ['nothing for an ignore file', 'dockerignore', go, { ...goFiles, '.git/HEAD': 'x' }, false],
  ])('%s', (_, kind, text, files, isWanted) => {
    const offered = offerEvidence(undefined, 'app:1', true);
    refactor(kind, text, files, offered);
    expect(offered.isWanted).toBe(isWanted);
    const answered = offerEvidence(known, 'app:1', true);
    refactor(kind, text, files, answered);
    expect(answered.isWanted).toBe(false);
  });

  it('decides about the base, and tells where it is from', () => {
    const result = refactor('minimal-base', swapped, {}, offerEvidence(known, 'app:1', true)) as Proposal;
    expect(result.runBase).toBe('gcr.io/distroless/static-debian13');
    expect(result.notes.map(({ text }) => text)).toEqual(
      expect.arrayContaining([
        'What starts was looked at in app:1, which was built from this file.',
        '/app is linked statically, for x86-64.',
      ]),
    );
  });

  it('says nothing of what starts where the file has changed since, and sizes all the same', () => {
    const offered = offerEvidence(known, 'app:1', false);
    expect(offered.needs()).toBeUndefined();
    expect(offered.bytesAt('/app')).toBe(9_000_000);
    // Nobody looks into an image for what it could not tell.
    const unread = offerEvidence(undefined, 'app:1', false);
    unread.needs();
    expect(unread.isWanted).toBe(false);
  });

  it('what is swapped after a conversion is another image', () => {
    const result = refactor('small', go, goFiles, offerEvidence(known, 'app:1', true)) as Proposal;
    expect(JSON.stringify(result.notes)).not.toContain('app:1');
  });
});

const c = 'FROM gcc:14-bookworm\nCOPY hello.c .\nRUN gcc -o /hello hello.c\nCMD ["/hello"]\n';
const node = 'FROM node:24\nWORKDIR /srv/app\nCOPY . .\nRUN npm ci\nRUN npm run build\nCMD ["node", "dist/a.js"]\n';

describe('the size of a conversion', () => {
  const after = (text: string, files: Files, offered = offerEvidence(known, 'app:1', true), answers = {}) => {
    const { bytesAt } = offered;
    const result = refactors['multi-stage'](parseDockerfile(text), projectOf(files), {
      ...refactorOptions(answers),
      bytesAt,
    });
    return result.kind === 'proposal' ? result.after : JSON.stringify(result);
  };
  const cFiles = { 'hello.c': 'int main(void) { return 0; }\n' };

  it('is the base and what was built', () => {
    const result = refactor('multi-stage', go, goFiles, offerEvidence(known, 'app:1', true)) as Proposal;
    expect(formatChange(result)).toMatch(/^≥ [\d.]+ (?:MB|GB) → ≈ (?:9|1\d)(?:\.\d+)? MB$/);
    expect(result.after).toMatchObject({ complete: true, basis: 'estimated' });
  });

  it('is at least the base where nobody looked', () => {
    expect(after(go, goFiles, offerEvidence(undefined, 'app:1', true))).toMatchObject({ complete: false });
  });

  it('a program that will be linked in another way is not as large as it is now', () => {
    expect(after(c, cFiles, undefined, { 'static-link': 'no' })).toMatchObject({ complete: true });
    expect(after(c, cFiles, undefined, { 'static-link': 'yes' })).toMatchObject({ complete: false });
  });

  it('modules that are pruned are not as many as they are now', () => {
    const files = {
      'package.json':
        '{ "scripts": { "build": "tsc" }, "dependencies": { "express": "5" }, "devDependencies": { "typescript": "5" } }',
      'package-lock.json': '{ "lockfileVersion": 3, "packages": {} }',
      'a.ts': '',
      'tsconfig.json': '{ "compilerOptions": { "outDir": "dist" } }',
    };
    const all = offerEvidence({ needs, bytesAt: () => 60_000_000 }, 'app:1', true);
    expect(after(node, files, all)).toMatchObject({ complete: false });
    const lean = node.replace('RUN npm ci', 'RUN npm ci --omit=dev');
    const leanFiles = {
      ...files,
      'package.json': '{ "scripts": { "build": "node make.js" }, "dependencies": { "express": "5" } }',
    };
    expect(after(lean, leanFiles, all)).toMatchObject({ complete: true });
  });
});
