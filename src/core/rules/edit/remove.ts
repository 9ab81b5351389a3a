import type { Dockerfile } from '../../dockerfile/model.ts';
import type { ShellCommand } from '../../dockerfile/shellScript.ts';
import type { TextEdit } from '../../text.ts';
import type { Run } from '../scene/run.ts';

/**
 * Takes a command out of a `RUN`, with what joins it to its neighbour; the instruction, if it is all there is. Undefined
 * where the rest would mean something else.
 */
export function removeCommand(dockerfile: Dockerfile, run: Run, command: ShellCommand): TextEdit | undefined {
  const { script, instruction } = run;
  const { commands, statements } = script;
  if (script.kind === 'exec' || (commands.length === 1 && statements.length === 1)) {
    return statements[0]?.background === true ? undefined : removeInstruction(dockerfile, instruction.span);
  }
  if (script.kind !== 'shell' || command.conditional || command.subshell || command.loop || command.substitution)
    return undefined;
  if (command.function !== undefined || command.redirections.some(({ bodySpan }) => bodySpan !== undefined))
    return undefined;
  const statement = statements.find(({ span }) => span.start <= command.span.start && command.span.end <= span.end);
  if (
    !statement ||
    statement.background ||
    (statement.form !== 'list' && statement.form !== 'command') ||
    statement.alternative
  ) {
    return undefined;
  }
  const at = commands.indexOf(command);
  const [before, after] = [commands[at - 1], commands[at + 1]];
  const joins = (other: ShellCommand | undefined): boolean =>
    other?.next?.operator === '&&' || other?.next?.operator === ';';
  if (joins(command) && after && !hasComment(dockerfile, command.span.end, after.span.start)) {
    return { start: command.span.start, end: after.span.start, newText: '' };
  }
  if (
    command.next === undefined &&
    before &&
    joins(before) &&
    !hasComment(dockerfile, before.span.end, command.span.start)
  ) {
    return { start: before.span.end, end: command.span.end, newText: '' };
  }
  return undefined;
}

function hasComment({ text }: Dockerfile, start: number, end: number): boolean {
  return text.slice(start, end).includes('#');
}

/** The lines of an instruction, their ends included. */
export function removeInstruction({ text }: Dockerfile, { start, end }: { start: number; end: number }): TextEdit {
  const lineStart = Math.max(text.lastIndexOf('\n', start - 1), text.lastIndexOf('\r', start - 1)) + 1;
  const rest = /[ \t]*(?:\r\n|\r|\n)?/y;
  rest.lastIndex = end;
  const after = rest.exec(text)?.[0] ?? '';
  return { start: lineStart, end: end + after.length, newText: '' };
}
