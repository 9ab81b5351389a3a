import type { Dockerfile } from '../../dockerfile/model.ts';
import type { ShellCommand, ShellScript, ShellWord } from '../../dockerfile/shellScript.ts';
import type { TextEdit } from '../../text.ts';
import type { Run } from '../scene/run.ts';
import { lineBreakAt } from './lines.ts';

/**
 * Adds a command to the end of a `RUN`, so that it runs where all before it succeeded and the `RUN` fails where they
 * fail, written as the commands before it are. Undefined where that cannot be done: JSON form, a script that another
 * program reads, one that ends before its end.
 */
export function appendCommand(dockerfile: Dockerfile, run: Run, command: string): TextEdit | undefined {
  const { instruction, script } = run;
  const last = script.statements.at(-1);
  if (script.kind !== 'shell' || !last || last.background) return undefined;
  if (run.programs.some(({ command: { name, conditional } }) => leaves(name) && !conditional)) return undefined;
  if (script.commands.some(({ name }) => name === 'exec')) return undefined;

  const at = last.span.end;
  if (endsInEscape(dockerfile.text.slice(last.span.start, at))) return undefined;
  const inHeredoc = instruction.heredocs.length > 0 && last.span.start >= instruction.heredocs[0]!.bodySpan.start;
  if (inHeredoc && (script.statements.length > 1 || dockerfile.text.startsWith('\n', at)) && run.stopsAtFailure) {
    const ownHeredoc = script.commands.some(
      ({ span, redirections }) => span.end > last.span.start && redirections.some(({ bodySpan }) => bodySpan),
    );
    if (!ownHeredoc) return ownLine(dockerfile, last.span.start, at, command);
  }
  return { start: at, end: at, newText: apart(script, at, glue(dockerfile, run, inHeredoc)) + command };
}

/**
 * Puts a command right behind another one, to run where that succeeded and nowhere else, so that the script ends where it
 * ended before. Undefined where the place allows none.
 */
export function insertBehind(run: Run, command: ShellCommand, added: string): TextEdit | undefined {
  const { script } = run;
  const before = script.commands[script.commands.indexOf(command) - 1]?.next?.operator;
  const after = command.next?.operator;
  // Behind `a || b` it would run after `a` too; in a pipeline nothing has ended yet.
  if (script.kind !== 'shell' || before === '||' || before?.startsWith('|') === true) return undefined;
  if (after === '&' || after === '|' || after === '|&' || command.substitution || leaves(command.name))
    return undefined;
  if (wordsOf(command).some(({ span, text }) => span.end === command.span.end && endsInEscape(text))) return undefined;
  // Under `set -e` a failure before `&&` would not end the script any more.
  const joint = run.stopsAtFailure && (after === undefined || after === ';') ? '; ' : ' && ';
  const at = command.span.end;
  return { start: at, end: at, newText: apart(script, at, joint) + added };
}

/** What joins a command, with a blank where a heredoc's delimiter ends: builders take all that is up to a blank for it. */
function apart({ commands }: ShellScript, at: number, joint: string): string {
  const isDelimiter = commands.some(
    (command) =>
      command.span.end === at &&
      command.redirections.some(({ bodySpan }) => bodySpan !== undefined) &&
      wordsOf(command).every(({ span }) => span.end < at),
  );
  return isDelimiter && !/^[ \t]/.test(joint) ? ` ${joint}` : joint;
}

/** With the files that it is redirected to; delimiters of heredocs are no words. */
function wordsOf({ words, redirections }: ShellCommand): readonly ShellWord[] {
  return [...words, ...redirections.flatMap(({ target }) => target ?? [])];
}

/** A backslash at the very end, where ` continues lines: it would take what follows into its word. */
function endsInEscape(text: string): boolean {
  let at = text.length;
  while (text[at - 1] === '\\') at--;
  return (text.length - at) % 2 === 1;
}

function leaves(name: string | undefined): boolean {
  return name === 'exit' || name === 'return';
}

/** A line of its own, indented as the statement is, behind the line that the statement ends in. */
function ownLine({ text }: Dockerfile, start: number, end: number, command: string): TextEdit {
  const lineStart = Math.max(text.lastIndexOf('\n', start - 1), text.lastIndexOf('\r', start - 1)) + 1;
  const indent = /^[ \t]*/.exec(text.slice(lineStart, start))![0];
  const rest = /[^\r\n]*/y;
  rest.lastIndex = end;
  const at = end + (rest.exec(text)?.[0].length ?? 0);
  return { start: at, end: at, newText: `${lineBreakAt(text, end)}${indent}${command}` };
}

/** What joins the new command to the last: what joined the last ones, if that does. */
function glue({ text, escape }: Dockerfile, run: Run, inHeredoc: boolean): string {
  const top = run.script.commands.filter(isTop);
  for (let i = top.length - 2; i >= 0; i--) {
    const [before, after] = [top[i]!, top[i + 1]!];
    const operator = before.next?.operator;
    if (operator !== '&&' && operator !== ';') continue;
    const between = text.slice(before.span.end, after.span.start);
    if (inHeredoc || !isPlainGlue(between, escape)) break;
    // Under `set -e` a semicolon is as good as `&&`; else it would hide a failure.
    if (operator === '&&' || run.stopsAtFailure) return between;
    return between.replace(/\s*;/, ' &&');
  }
  const { start, end } = run.script.statements.at(-1)!.span;
  const lines = text.slice(start, end).split(/\r\n|\r|\n/);
  if (lines.length === 1 || inHeredoc) return ' && ';
  const indent = /^[ \t]*/.exec(lines.at(-1)!)![0];
  return ` ${escape}${lineBreakAt(text, start)}${indent}&& `;
}

/** Only blanks, one operator and at most one continuation. */
function isPlainGlue(between: string, escape: string): boolean {
  const continuation = `(?:${escape === '\\' ? '\\\\' : escape}[ \\t]*(?:\\r\\n|\\r|\\n)[ \\t]*)?`;
  return new RegExp(`^[ \\t]*${continuation}(?:&&|;)[ \\t]*${continuation}$`).test(between);
}

function isTop({ subshell, loop, substitution, function: body }: ShellCommand): boolean {
  return !subshell && !loop && !substitution && body === undefined;
}
