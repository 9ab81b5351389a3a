import type { Dockerfile } from '../../dockerfile/model.ts';
import type { ShellCommand } from '../../dockerfile/shellScript.ts';
import type { Run } from '../../rules/scene/run.ts';
import type { Span, TextEdit } from '../../text.ts';

/** What becomes of a command: another text, or {@link removed}. */
export type Rewriting = ReadonlyMap<ShellCommand, string>;

/** The text of a command that is to go. */
export const removed = '';

/**
 * The edits that give commands of a `RUN` another text, or take them out with what joins them to their neighbours; the
 * whole instruction, where nothing is left. Undefined where the rest would mean something else.
 */
export function rewriteRun(dockerfile: Dockerfile, run: Run, rewriting: Rewriting): readonly TextEdit[] | undefined {
  const { commands, kind } = run.script;
  if (kind === 'exec') return rewriting.get(commands[0]!) === removed ? [wholeLines(dockerfile, run)] : undefined;
  if (kind !== 'shell') return undefined;
  const isGone = (command: ShellCommand | undefined): boolean =>
    command !== undefined && rewriting.get(command) === removed;
  if (commands.every(isGone)) return commands.every(isPlain) ? [wholeLines(dockerfile, run)] : undefined;
  const edits: TextEdit[] = [];
  let kept: ShellCommand | undefined;
  for (const [at, command] of commands.entries()) {
    const text = rewriting.get(command);
    if (text === undefined) {
      kept = command;
      continue;
    }
    if (!isPlain(command)) return undefined;
    if (text !== removed) {
      edits.push({ ...command.span, newText: text });
      kept = command;
      continue;
    }
    const next = commands[at + 1];
    const isLast = commands.slice(at).every(isGone);
    if (isLast && kept && isSequence(kept) && !hasComment(dockerfile, kept.span.end, commands.at(-1)!.span.end)) {
      edits.push({ start: kept.span.end, end: commands.at(-1)!.span.end, newText: '' });
      break;
    }
    if (next && isSequence(command) && !hasComment(dockerfile, command.span.end, next.span.start)) {
      edits.push({ start: command.span.start, end: next.span.start, newText: '' });
    } else {
      // Always right, if not pretty: a command that does nothing and succeeds.
      edits.push({ ...command.span, newText: 'true' });
      kept = command;
    }
  }
  return edits;
}

/** It runs once, and the script fails if it does. */
function isPlain({ conditional, loop, substitution, function: body, redirections }: ShellCommand): boolean {
  const hasHeredoc = redirections.some(({ bodySpan }) => bodySpan !== undefined);
  return !conditional && !loop && !substitution && body === undefined && !hasHeredoc;
}

function isSequence({ next, subshell }: ShellCommand): boolean {
  return !subshell && (next?.operator === '&&' || next?.operator === ';');
}

function hasComment({ text }: Dockerfile, start: number, end: number): boolean {
  return text.slice(start, end).includes('#');
}

/** The lines of an instruction, the end of the last one included. */
function wholeLines(dockerfile: Dockerfile, run: Run): TextEdit {
  return { ...linesOf(dockerfile, run.instruction.span), newText: '' };
}

/** A span widened to whole lines. */
export function linesOf({ text }: Dockerfile, { start, end }: Span): Span {
  const lineStart = Math.max(text.lastIndexOf('\n', start - 1), text.lastIndexOf('\r', start - 1)) + 1;
  const rest = /[ \t]*(?:\r\n|\r|\n)?/y;
  rest.lastIndex = end;
  return { start: lineStart, end: end + (rest.exec(text)?.[0].length ?? 0) };
}
