import { stripVTControlCharacters } from 'node:util';

export interface Column {
  readonly title?: string;
  readonly align?: 'left' | 'right';
}

/**
 * The number of terminal cells that a text takes: wide East Asian characters and emoji take two, combining marks none.
 */
export function cells(text: string): number {
  let width = 0;
  for (const character of stripVTControlCharacters(text)) {
    if (/\p{Mn}|\p{Me}|\p{Cf}/u.test(character)) continue;
    width +=
      /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u.test(
        character,
      )
        ? 2
        : 1;
  }
  return width;
}

/** Rows of cells as aligned lines, two spaces between columns, nothing at the end of a line. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[], indent = ''): string {
  const titled = columns.some((column) => column.title !== undefined);
  const all = titled ? [columns.map((column) => column.title ?? ''), ...rows] : rows;
  const widths = columns.map((_, i) => Math.max(0, ...all.map((row) => cells(row[i] ?? ''))));
  return all
    .map((row) => {
      const line = columns.map((column, i) => {
        const text = row[i] ?? '';
        const pad = ' '.repeat(widths[i]! - cells(text));
        return column.align === 'right' ? pad + text : text + pad;
      });
      return `${(indent + line.join('  ')).trimEnd()}\n`;
    })
    .join('');
}

/**
 * Text that comes from an image or a file, made safe for a terminal: control characters and those that turn the writing
 * direction are shown as escapes, so that a file name cannot move the cursor or disguise itself.
 */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029]/gu, (character) => {
    const code = character.codePointAt(0)!;
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
  });
}

/** A cell of a Markdown table. */
export function markdownCell(text: string): string {
  return printable(text).replace(/[\\`*_[\]<>|]/g, '\\$&');
}

/** A Markdown table with the columns' alignment. Cells are taken as they are: see {@link markdownCell}. */
export function markdownTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const head = `| ${columns.map((column) => column.title ?? '').join(' | ')} |`;
  const rule = `|${columns.map((column) => (column.align === 'right' ? '---:' : '---')).join('|')}|`;
  return [head, rule, ...rows.map((row) => `| ${row.join(' | ')} |`)].map((line) => `${line}\n`).join('');
}

/** Comma-separated values by RFC 4180, with `\n` between the rows; a text that a spreadsheet would run as a formula is quoted away. */
export function csv(columns: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const cell = (value: string | number): string => {
    if (typeof value === 'number') return String(value);
    const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  return [columns, ...rows].map((row) => `${row.map(cell).join(',')}\n`).join('');
}
