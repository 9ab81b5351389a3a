import type { Instruction } from '../../dockerfile/model.ts';
import type { TextEdit } from '../../text.ts';
import type { Subject } from './subject.ts';

/** From the first comment right above an instruction to its end. */
export function commentsOf({ dockerfile, stage }: Subject, instruction: Instruction): { readonly start: number } {
  const { text, comments } = dockerfile;
  let start = lineStart(text, instruction.span.start);
  for (;;) {
    const end = text.slice(0, start).replace(/(?:\r\n|\r|\n)$/, '').length;
    const above = lineStart(text, end);
    const isComment =
      /^[ \t]*#/.test(text.slice(above, end)) && comments.some((span) => span.start >= above && span.start < end);
    if (!isComment || above < stage.from.span.end) return { start };
    start = above;
  }
}

/** The empty line above an instruction and its comments, if there is one. */
export function spaceAbove(subject: Subject, instruction: Instruction): string {
  return isBlankAbove(subject.dockerfile.text, commentsOf(subject, instruction).start) ? '\n' : '';
}

/** Whether the line before the one that begins at an offset is empty. */
function isBlankAbove(text: string, start: number): boolean {
  const end = text.slice(0, start).replace(/(?:\r\n|\r|\n)$/, '').length;
  return end < start && text.slice(lineStart(text, end), end).trim() === '';
}

/** The comments right above an instruction, each with a line feed behind it. */
export function commentText(subject: Subject, instruction: Instruction): string {
  const { text } = subject.dockerfile;
  return text
    .slice(commentsOf(subject, instruction).start, lineStart(text, instruction.span.start))
    .replace(/\r\n|\r/g, '\n');
}

/** Takes an instruction with its comments out, and the empty line that would stand twice. */
export function removal(subject: Subject, instruction: Instruction): TextEdit {
  const { text } = subject.dockerfile;
  const { start } = commentsOf(subject, instruction);
  const end = lineEnd(text, instruction.span.end);
  const next = /^(?:\r\n|\r|\n)/.exec(text.slice(end, end + 2))?.[0].length ?? 0;
  const isBetweenBlanks = isBlankAbove(text, start) && /^[ \t]*(?:\r\n|\r|\n)/.test(text.slice(end + next));
  const blank = isBetweenBlanks ? /^[ \t]*(?:\r\n|\r|\n)/.exec(text.slice(end + next))![0].length : 0;
  return { start, end: end + next + blank, newText: '' };
}

function lineStart(text: string, offset: number): number {
  return Math.max(text.lastIndexOf('\n', offset - 1), text.lastIndexOf('\r', offset - 1)) + 1;
}

/** The end of the line that holds an offset, its line break excluded. */
export function lineEnd(text: string, offset: number): number {
  const rest = /[^\r\n]*/y;
  rest.lastIndex = offset;
  return offset + (rest.exec(text)?.[0].length ?? 0);
}
