import { isPosixShell } from '../../dockerfile/interpreter.ts';
import { emptyScope } from '../../dockerfile/scope.ts';
import { readShellText } from '../../dockerfile/shellCommands.ts';
import { baseName } from '../../program/fileSystem.ts';
import { programsOf, wordTexts } from '../../rules/scene/program.ts';
import type { StartedProgram } from '../whatStarts.ts';
import { block } from './blocked.ts';
import type { Start } from './start.ts';
import type { Subject } from './subject.ts';

/** How a language starts other programs. */
export interface SubprocessCalls {
  /** What to look into; by their paths in the context. */
  readonly isProgram: RegExp;
  /** A file in which this does not stand starts none. */
  readonly gate?: RegExp;
  /** Calls up to the word that names a program, which must be a literal. Global. */
  readonly programs?: RegExp;
  /** Calls up to the text that a shell is given, which must be a literal. Global. */
  readonly shell?: RegExp;
}

const literal = /\s*(?:"((?:[^"\\\n]|\\.)*)"|`([^`]*)`)/y;
const shellText = /\s*,\s*"-\w*c"\s*,\s*(?:"((?:[^"\\\n]|\\.)*)"|`([^`]*)`)/y;

/**
 * The start with the programs that the sources call when they run: the image must have them too. Blocks where which ones is known
 * only then.
 */
export function withSubprocesses(subject: Subject, start: Start, calls: SubprocessCalls | undefined): Start {
  if (calls === undefined) return start;
  const { project } = subject;
  const found: StartedProgram[] = [];
  for (const file of project.files) {
    if (!calls.isProgram.test(file) || /(?:^|\/)(?:vendor|tests?|examples?|benches|target)\//.test(file)) continue;
    const text = withoutComments(project.text(file) ?? '');
    if (calls.gate?.test(text) === false) continue;
    const unknown = (): never =>
      block('starts-programs', `${file} starts other programs, and which ones is known only when it runs.`, {
        line: start.line,
      });
    for (const match of text.matchAll(calls.programs ?? /(?!)/g)) {
      const end = match.index + match[0].length;
      const name = literalAt(literal, text, end);
      if (name === undefined) return unknown();
      const [first = '', ...rest] = name.text.split(' ');
      found.push({ name: first, args: rest, by: file });
      if (!isPosixShell(baseName(first))) continue;
      const script = literalAt(shellText, text, name.end);
      if (script === undefined) return unknown();
      found.push(...shellPrograms(script.text, file));
    }
    for (const match of text.matchAll(calls.shell ?? /(?!)/g)) {
      const script = literalAt(literal, text, match.index + match[0].length);
      if (script === undefined) return unknown();
      found.push({ name: '/bin/sh', args: [], by: file }, ...shellPrograms(script.text, file));
    }
  }
  return found.length === 0 ? start : { ...start, programs: [...start.programs, ...found] };
}

function literalAt(
  pattern: RegExp,
  text: string,
  at: number,
): { readonly text: string; readonly end: number } | undefined {
  pattern.lastIndex = at;
  const match = pattern.exec(text);
  if (match === null) return undefined;
  const plain = match[2] ?? match[1]!.replaceAll(/\\(.)/g, '$1');
  return { text: plain, end: at + match[0].length };
}

function shellPrograms(text: string, by: string): readonly StartedProgram[] {
  return programsOf(readShellText(text, emptyScope)).map(({ nameWord, args }) => ({
    name: nameWord.value ?? nameWord.text,
    args: wordTexts(args),
    by,
  }));
}

/** What stands in comments starts nothing. */
function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|(?<![:"'])\/\/[^\n]*/g, '');
}
