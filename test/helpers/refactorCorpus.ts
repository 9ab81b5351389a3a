import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseDockerfile } from '../../src/core/dockerfile/parse.ts';
import { convertToMultistage } from '../../src/core/refactor/multistage/convert.ts';
import type { Answers, Refactoring } from '../../src/core/refactor/refactoring.ts';
import { applyEdits } from '../../src/core/text.ts';
import { OpenContext } from '../../src/sources/context/openContext.ts';
import { type AskContext, openProject, refactorWith } from '../../src/sources/project/projectFiles.ts';
import { type AskedEntry, type ConvertedEntry, type Expected, readExpected } from './refactorExpected.ts';

const corpus = path.join(import.meta.dirname, '../fixtures/refactor');

/** The day on which the corpus is converted: an end of life in the future of its authors changes no expected result. */
const today = '2026-11-21';

/** In the folder of an entry, and in no build context. */
export const expectation = 'expected.json';

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
  return foldersOf(corpus).flatMap((ecosystem) =>
    foldersOf(path.join(corpus, ecosystem)).map((name) => readEntry(ecosystem, name)),
  );
}

/** The files of an entry's build context by their paths in it, before `.dockerignore`. */
export function contextOf(entry: CorpusEntry): Readonly<Record<string, Uint8Array>> {
  const files = readdirSync(entry.folder, { recursive: true, withFileTypes: true })
    .filter((file) => !file.isDirectory())
    .map((file) => path.join(file.parentPath, file.name))
    .sort();
  return Object.fromEntries(
    files
      .map((file): [string, string] => [path.relative(entry.folder, file).replaceAll(path.sep, '/'), file])
      .filter(([name]) => name !== expectation)
      .map(([name, file]) => [name, readFileSync(file)]),
  );
}

/** What the conversion answers for an entry: its context walked and its texts read as an editor or a terminal would. */
export async function convertEntry(
  entry: CorpusEntry,
  { dockerfile = entry.dockerfile, answers }: { readonly dockerfile?: string; readonly answers: Answers },
): Promise<Refactoring> {
  const { signal } = new AbortController();
  const place = { dockerfile: path.join(entry.folder, 'Dockerfile'), context: entry.folder, root: entry.folder };
  const files = await openProject(place, askFolder(entry.folder), signal);
  const parsed = parseDockerfile(dockerfile);
  const options = { platform: 'linux/amd64', today, answers };
  return refactorWith(files, (project) => convertToMultistage(parsed, project, options), signal);
}

/** An entry that is changed, be it after questions. */
export type ChangedEntry = CorpusEntry & { readonly expected: ConvertedEntry | AskedEntry };

export function isChanged(entry: CorpusEntry): entry is ChangedEntry {
  return entry.expected.outcome !== 'refused';
}

/** The answers that an entry's conversion is given. */
export function assumed({ expected }: CorpusEntry): Answers {
  return expected.outcome === 'refused' ? {} : expected.assume;
}

/** An entry's Dockerfile and context after the conversion. Throws where it is refused, or asks for more than is assumed. */
export async function convertedEntry(
  entry: CorpusEntry,
  dockerfile = entry.dockerfile,
): Promise<{ readonly dockerfile: string; readonly files: Readonly<Record<string, string>> }> {
  const result = await convertEntry(entry, { dockerfile, answers: assumed(entry) });
  if (result.kind !== 'proposal') {
    throw new Error(`${entry.id}: ${gist(result)}${result.kind === 'refusal' ? `: ${result.message}` : ''}`);
  }
  return {
    dockerfile: applyEdits(dockerfile, result.edits),
    files: Object.fromEntries(result.files.map((file) => [file.path, file.text])),
  };
}

/** What is left of a refactoring when its words are taken away: `converted`, `asked binary`, `refused no-benefit`. */
export function gist(result: Refactoring): string {
  switch (result.kind) {
    case 'proposal':
      return 'converted';
    case 'inquiry':
      return `asked ${result.questions
        .map(({ key }) => key)
        .sort()
        .join(', ')}`;
    case 'refusal':
      return `refused ${result.code}`;
  }
}

/** What `gist` must say of an entry that is given no answers to what it asks. */
export function expectedGist({ expected }: CorpusEntry): string {
  if (expected.outcome === 'asked') return `asked ${expected.asks.toSorted().join(', ')}`;
  return expected.outcome === 'refused' ? `refused ${expected.code}` : 'converted';
}

function readEntry(ecosystem: string, name: string): CorpusEntry {
  const id = `${ecosystem}/${name}`;
  const at = path.join(corpus, ecosystem, name);
  const expected = readExpected(readFileSync(path.join(at, expectation), 'utf8'), id);
  return { ecosystem, name, id, folder: at, dockerfile: readFileSync(path.join(at, 'Dockerfile'), 'utf8'), expected };
}

function foldersOf(parent: string): readonly string[] {
  return readdirSync(parent, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

/** Answers about a build context as an editor or a terminal would, but for what is in no context here. */
export function askFolder(folder: string): AskContext {
  const open = new OpenContext(folder);
  Array.from(open.walk());
  return (ignoreText, question) => {
    const answer = open.answer(question, ignoreText);
    if (answer.kind !== 'files') return Promise.resolve(answer);
    return Promise.resolve({ ...answer, files: answer.files.filter((file) => file.path !== expectation) });
  };
}
