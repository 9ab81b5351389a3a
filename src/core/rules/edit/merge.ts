import type { Dockerfile } from '../../dockerfile/model.ts';
import type { TextEdit } from '../../text.ts';
import type { Run } from '../scene/run.ts';
import { lineBreakAt } from './lines.ts';

/** Commands that change the shell for those behind them: in a `RUN` of their own they do not. */
const lasting = new Set(
  'cd pushd popd export set umask trap exec exit return source . eval alias unalias shopt readonly declare typeset local unset read shift ulimit wait getopts let mapfile'.split(
    ' ',
  ),
);

/**
 * Joins a `RUN` with the next instruction, which is one too: `A` and `B` become `A && B`. Undefined where that could mean
 * anything else than running one after the other.
 */
export function mergeRuns(dockerfile: Dockerfile, first: Run, second: Run): TextEdit | undefined {
  const { text, escape } = dockerfile;
  const [a, b] = [first.instruction, second.instruction];
  if (b.index !== a.index + 1 || a.stage !== b.stage || first.script.kind !== 'shell' || second.script.kind !== 'shell')
    return undefined;
  if (a.heredocs.length > 0 || b.heredocs.length > 0 || flagsOf(text, first) !== flagsOf(text, second))
    return undefined;
  if (a.shell.join('\0') !== b.shell.join('\0')) return undefined;
  const last = first.script.statements.at(-1);
  // More than one statement would go on where the first RUN failed, and so would what is behind a `||`.
  const [only, ...more] = second.script.statements;
  if (!last || last.background || !only || more.length > 0 || only.background || only.alternative) return undefined;
  if (last.span.end !== a.span.end || changesShell(first)) return undefined;
  const between = text.slice(a.span.end, b.keywordSpan.start);
  const comments = between.split(/\r\n|\r|\n/).filter((line) => line.trim().startsWith('#'));
  if (between.replace(/#[^\r\n]*/g, '').trim() !== '') return undefined;
  const lineBreak = lineBreakAt(text, a.span.end);
  return {
    start: a.span.end,
    end: only.span.start,
    newText: ` ${escape}${lineBreak}${comments.map((line) => line + lineBreak).join('')}${indentOf(text, first)}&& `,
  };
}

function flagsOf(text: string, { instruction: { flags } }: Run): string {
  return flags.map(({ span }) => text.slice(span.start, span.end)).join(' ');
}

function changesShell({ script }: Run): boolean {
  return script.commands.some(
    ({ name, words, function: body, subshell, substitution, loop }) =>
      body !== undefined ||
      (!subshell && !substitution && (loop || words.length === 0 || name === undefined || lasting.has(name))),
  );
}

/** The indentation of the instruction's own continued lines. */
function indentOf(text: string, { instruction }: Run): string {
  const second = /(?:\r\n|\r|\n)([ \t]+)\S/.exec(text.slice(instruction.span.start, instruction.span.end));
  return second?.[1] ?? '    ';
}
