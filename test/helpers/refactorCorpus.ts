import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { ignoreFileNames, parseDockerignore } from '../../src/core/dockerfile/ignore.ts';
import { parseDockerfile } from '../../src/core/dockerfile/parse.ts';
import { convertToMultistage } from '../../src/core/refactor/multistage/convert.ts';
import { LoadedProject } from '../../src/core/refactor/project.ts';
import type { Answers, Refactoring } from '../../src/core/refactor/refactoring.ts';
import { type Expected, readExpected } from './refactorExpected.ts';

const folder = path.join(import.meta.dirname, '../fixtures/refactor');

/** The day on which the corpus is converted: an end of life in the future of its authors changes no expected result. */
const today = '2026-11-21';

/** A small project of our own with a single-stage Dockerfile, and what must become of it. */
export interface CorpusEntry {
  readonly ecosystem: string;
  readonly name: string;
  /** `<ecosystem>/<name>`. */
  readonly id: string;
  /** Where its build context is, absolute. */
  readonly folder: string;
  readonly dockerfile: string;
  readonly expected: Expected;
}

/** Every entry, by ecosystem and name. Throws where one does not have the shape that the README asks for. */
export function corpusEntries(): readonly CorpusEntry[] {
  return foldersOf(folder).flatMap((ecosystem) =>
    foldersOf(path.join(folder, ecosystem)).map((name) => readEntry(ecosystem, name)),
  );
}

/** The files of an entry's build context, relative, before `.dockerignore`: all but `expected.json`. */
export function contextFiles(entry: CorpusEntry): readonly string[] {
  return filesBelow(entry.folder).filter((file) => file !== 'expected.json');
}

/** What a conversion does with an entry, texts being loaded as it asks for them. */
export function convertEntry(
  entry: CorpusEntry,
  {
    dockerfile = entry.dockerfile,
    answers = {},
  }: { readonly dockerfile?: string; readonly answers?: Answers | undefined } = {},
): Refactoring {
  const ignored = contextIgnore(entry.folder);
  const files = contextFiles(entry)
    .filter((file) => !ignored(file))
    .map((file) => ({ path: file, bytes: statSync(path.join(entry.folder, file)).size }));
  const texts = new Map<string, string | undefined>();
  for (;;) {
    const project = new LoadedProject(files, texts, entry.expected.project);
    const parsed = parseDockerfile(dockerfile);
    const result = convertToMultistage(parsed, project, { platform: 'linux/amd64', today, answers });
    if (project.wanted.size === 0) return result;
    for (const wanted of project.wanted) texts.set(wanted, textOf(path.join(entry.folder, wanted)));
  }
}

/** The answers that an entry's conversion is given. */
export function assumed({ expected }: CorpusEntry): Answers {
  return expected.outcome === 'refused' ? {} : expected.assume;
}

function readEntry(ecosystem: string, name: string): CorpusEntry {
  const id = `${ecosystem}/${name}`;
  const at = path.join(folder, ecosystem, name);
  const expected = readExpected(readFileSync(path.join(at, 'expected.json'), 'utf8'), id);
  return { ecosystem, name, id, folder: at, dockerfile: readFileSync(path.join(at, 'Dockerfile'), 'utf8'), expected };
}

function foldersOf(parent: string): readonly string[] {
  return readdirSync(parent, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

function filesBelow(root: string): readonly string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, '/'))
    .sort();
}

function contextIgnore(root: string): (file: string) => boolean {
  const [name] = ignoreFileNames('Dockerfile')
    .map((candidate) => path.join(root, candidate.name))
    .filter((candidate) => statSync(candidate, { throwIfNoEntry: false })?.isFile() === true);
  if (name === undefined) return () => false;
  const ignore = parseDockerignore(readFileSync(name, 'utf8'));
  return (file) => ignore.ignores(file, false);
}

/** Undefined for what is no text: not UTF-8, or with a zero byte. */
function textOf(file: string): string | undefined {
  const bytes = readFileSync(file);
  if (bytes.includes(0)) return undefined;
  const decoded = new TextDecoder().decode(bytes);
  return decoded.includes('\uFFFD') ? undefined : decoded;
}
