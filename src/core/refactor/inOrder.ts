import type { Dockerfile } from '../dockerfile/model.ts';
import { applyEdits, type TextEdit } from '../text.ts';
import type { RefactorOptions } from './options.ts';
import type { Project } from './project.ts';
import type { Note, Proposal, Refactoring } from './refactoring.ts';

/** A question about a Dockerfile and its project that is answered with edits, with questions, or not. */
export type Refactor = (dockerfile: Dockerfile, project: Project, options: RefactorOptions) => Refactoring;

/**
 * Several refactorings as one: each works on what the one before it made. The first that asks or refuses decides for all,
 * except that one which finds nothing to gain any more is left out.
 *
 * @param parse with the options that the Dockerfile itself was parsed with
 */
export function inOrder(refactors: readonly [Refactor, ...Refactor[]], parse: (text: string) => Dockerfile): Refactor {
  return (original, project, options) => {
    if (refactors.length === 1) return refactors[0](original, project, options);
    let dockerfile = original;
    let own = options;
    let all: Proposal | undefined;
    let nothing: Refactoring | undefined;
    for (const refactor of refactors) {
      const answer = refactor(dockerfile, project, own);
      if (answer.kind === 'refusal' && answer.code === 'no-benefit') {
        nothing ??= answer;
        continue;
      }
      if (answer.kind !== 'proposal') return answer;
      const text = applyEdits(dockerfile.text, answer.edits);
      all = all === undefined ? answer : joined(all, answer);
      dockerfile = parse(text);
      const { platform, today, answers } = options;
      // What was weighed and built is the file as it was: of what became of it only the whole is known.
      own = { platform, today, answers, parse, finalSize: answer.after ?? own.finalSize };
    }
    if (all === undefined) return nothing!;
    return { ...all, edits: original.text === dockerfile.text ? [] : [changedPart(original.text, dockerfile.text)] };
  };
}

function joined(first: Proposal, second: Proposal): Proposal {
  const files = new Map([...first.files, ...second.files].map((file) => [file.path, file]));
  const options = new Map([...first.options, ...second.options].map((question) => [question.key, question]));
  const before = first.before ?? second.before;
  const after = second.after ?? first.after;
  const runBase = second.runBase ?? first.runBase;
  return {
    kind: 'proposal',
    title: `${first.title}, ${second.title.slice(0, 1).toLowerCase()}${second.title.slice(1)}`,
    edits: [],
    files: [...files.values()],
    ...(runBase === undefined ? {} : { runBase }),
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
    // Lines of the second are those of a text that nobody has seen.
    notes: [...first.notes, ...second.notes.map(({ kind, text }): Note => ({ kind, text }))],
    options: [...options.values()],
  };
}

/** The one edit that makes a text of another: what is the same at both ends stays. No `\r\n` is taken apart. */
export function changedPart(before: string, after: string): TextEdit {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start++;
  if (before[start - 1] === '\r') start--;
  let same = 0;
  while (same < shorter - start && before.at(-1 - same) === after.at(-1 - same)) same++;
  if (same > 0 && before.at(-same) === '\n' && before.at(-same - 1) === '\r') same--;
  return { start, end: before.length - same, newText: after.slice(start, after.length - same) };
}
