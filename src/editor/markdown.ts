/**
 * Text as Markdown that shows it literally, also inside a table cell. Names in a Dockerfile are anybody's: none of them
 * may become a link, an image, a command or HTML.
 */
export function escapeMarkdown(text: string): string {
  return text
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/[\\`*_{}[\]()#+\-!~|$.:@/]/g, '\\$&')
    .replace(/\s+/g, ' ');
}

/** A table with a head. Cells are Markdown already. The editor gives columns no distance, so every further one brings its own. */
export function markdownTable(
  head: readonly string[],
  align: readonly ('left' | 'right')[],
  rows: readonly (readonly string[])[],
): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | &nbsp;&nbsp;')} |`;
  const alignment = `| ${align.map((side) => (side === 'right' ? '--:' : ':--')).join(' | ')} |`;
  return [line(head), alignment, ...rows.map(line)].join('\n');
}
