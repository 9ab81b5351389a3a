/** The line break that is used around an offset: that of its line, else of the line before, else a line feed. */
export function lineBreakAt(text: string, offset: number): string {
  const pattern = /\r\n|\r|\n/g;
  pattern.lastIndex = offset;
  const after = pattern.exec(text)?.[0];
  if (after !== undefined) return after;
  const before = Math.max(text.lastIndexOf('\n', offset - 1), text.lastIndexOf('\r', offset - 1));
  return before < 0 ? '\n' : text[before] === '\n' && text[before - 1] === '\r' ? '\r\n' : text[before]!;
}
