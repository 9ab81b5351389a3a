import type { Span } from '../text.ts';
import { interpreterName, isPosixShell } from './interpreter.ts';
import { JoinedText } from './joinedText.ts';
import { LineReader } from './logicalLines.ts';
import type { Dockerfile, Heredoc, Instruction } from './model.ts';
import { readCommands } from './shellCommands.ts';
import type { ShellScript } from './shellScript.ts';

const nothing: ShellScript = { kind: 'none', interpreter: '', commands: [], statements: [], problems: [] };

/**
 * What `RUN`, or the shell or JSON form of `CMD`, `ENTRYPOINT` and `HEALTHCHECK CMD`, runs, as simple commands whose spans lead
 * back into the document, through continuations, comments, heredocs and line ends of either kind. For `ONBUILD` give
 * its trigger. Never throws; asks for as much time as the instruction has text.
 */
export function shellCommands(dockerfile: Dockerfile, instruction: Instruction): ShellScript {
  if (!['RUN', 'CMD', 'ENTRYPOINT', 'HEALTHCHECK'].includes(instruction.keyword)) return nothing;
  const isHealthcheck = instruction.keyword === 'HEALTHCHECK';
  if (isHealthcheck && instruction.words[0]?.text.toUpperCase() !== 'CMD') return nothing;
  const start = isHealthcheck ? instruction.words[0]!.span.end : instruction.argsSpan.start;
  if (start >= instruction.argsSpan.end) return nothing;
  if (instruction.json) return execForm(instruction, isHealthcheck ? 1 : 0);

  const { text } = dockerfile;
  const line = readLine(dockerfile, start, instruction.argsSpan.end);
  const heredocs = instruction.heredocs;
  const [only] = heredocs;
  // A heredoc that is all there is is the script itself; else it is a part of the command that the shell reads.
  const isScript = heredocs.length === 1 && only && isWhole(line, only.span);
  const script = isScript
    ? new JoinedText(text, heredocPieces(text, only.bodySpan.start, only.bodySpan.end, only.stripTabs))
    : heredocs.length > 0
      ? withHeredocs(text, line, heredocs, instruction.span.end)
      : line;

  const shebang = isScript ? /^#!([^\n]*)/.exec(script.text)?.[1] : undefined;
  const interpreter = interpreterName(shebang?.trim().split(/\s+/) ?? instruction.shell);
  if (!isPosixShell(interpreter)) return { kind: 'foreign', interpreter, commands: [], statements: [], problems: [] };
  return { kind: 'shell', interpreter, ...readCommands(script, instruction.scope) };
}

function execForm(instruction: Instruction, skip: number): ShellScript {
  const words = instruction.json!.map((value, index) => {
    const word = instruction.words[index + skip]!;
    return { text: word.text, value, glob: false, span: word.span };
  });
  const [first] = words;
  if (!first) return { kind: 'exec', interpreter: '', commands: [], statements: [], problems: [] };
  const command = {
    name: first.value,
    words,
    assignments: [],
    redirections: [],
    span: { start: first.span.start, end: words.at(-1)!.span.end },
    conditional: false,
    loop: false,
    subshell: false,
    substitution: false,
  };
  return { kind: 'exec', interpreter: '', commands: [command], statements: [], problems: [] };
}

/** What a logical line says from one place to another. */
function readLine({ text, escape }: Dockerfile, start: number, end: number): JoinedText {
  const { pieces } = new LineReader(text, start, escape).rest();
  const within = pieces.filter((piece) => piece.start < end);
  return new JoinedText(
    text,
    within.map((piece) => ({ start: piece.start, end: Math.min(piece.end, end) })),
  );
}

function isWhole(line: JoinedText, span: Span): boolean {
  const blanks = /^\s*/.exec(line.text)![0].length;
  const whole = line.spanOf(blanks, line.text.length);
  return whole.start === span.start && whole.end === span.end;
}

/** The line, its end, and the heredocs below it, as the shell gets them. */
function withHeredocs(text: string, line: JoinedText, heredocs: readonly Heredoc[], end: number): JoinedText {
  const pieces = [...line.pieces];
  const first = heredocs[0]!.bodySpan.start;
  if (first > line.pieces.at(-1)!.end) pieces.push({ start: first - 1, end: first });
  heredocs.forEach((heredoc, index) => {
    const stop = heredocs[index + 1]?.bodySpan.start ?? end;
    // One by one: a call takes only so many arguments, and a body has as many lines as it likes.
    for (const piece of heredocPieces(text, heredoc.bodySpan.start, stop, heredoc.stripTabs)) pieces.push(piece);
  });
  return new JoinedText(text, pieces);
}

/** The lines of a range, without the carriage return of `\r\n` and, where they are stripped, the tabs at their beginning. */
function heredocPieces(text: string, start: number, end: number, stripTabs: boolean) {
  const pieces = [];
  for (let at = start; at < end;) {
    let from = at;
    while (at < end && text[at] !== '\n' && text[at] !== '\r') at++;
    const lineEnd = at;
    if (text[at] === '\r' && text[at + 1] === '\n') at++;
    if (stripTabs) while (from < lineEnd && text[from] === '\t') from++;
    pieces.push({ start: from, end: lineEnd });
    if (at < end) pieces.push({ start: at, end: ++at });
  }
  return pieces.length > 0 ? pieces : [{ start, end: start }];
}
