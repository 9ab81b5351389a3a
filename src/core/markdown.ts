/** A Markdown table, a blank line not included. Cells are taken as they are: see {@link markdownText}. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const print = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`;
  return print(head) + print(head.map(() => '---')) + rows.map(print).join('');
}

/** Text that Markdown shows as it is: names from images are neither markup nor HTML, and stay in their cell. */
export function markdownText(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\ufffd').replace(/[\\`*_{}[\]()#+!|<>~&]/g, '\\$&');
}
