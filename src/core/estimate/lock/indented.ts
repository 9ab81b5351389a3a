/** A line of an indented file and what stands further in below it. */
export interface IndentedEntry {
  /** Without quotes. */
  readonly key: string;
  /** Without quotes; empty where the value is below. */
  readonly value: string;
  readonly entries: readonly IndentedEntry[];
}

/**
 * Reads the lock files of Yarn and pnpm as far as their packages go: `key: value` or `key value`, one a line, nested by
 * indentation. They are written by machines, so that the rest of YAML does not occur. Never throws.
 */
export function readIndented(text: string): readonly IndentedEntry[] {
  const root: IndentedEntry[] = [];
  const open: { readonly indent: number; readonly entries: IndentedEntry[] }[] = [{ indent: -1, entries: root }];
  for (const [, blanks = '', line = ''] of text.matchAll(/^([ ]*)([^\s#-].*?)\r?$/gm)) {
    while (open.at(-1)!.indent >= blanks.length) open.pop();
    const { key, value } = split(line);
    const entries: IndentedEntry[] = [];
    open.at(-1)!.entries.push({ key, value, entries });
    open.push({ indent: blanks.length, entries });
  }
  return root;
}

export function entryNamed(entries: readonly IndentedEntry[], key: string): IndentedEntry | undefined {
  return entries.find((entry) => entry.key === key);
}

function split(line: string): { readonly key: string; readonly value: string } {
  // Yarn 1 lists several quoted keys before one colon.
  const match =
    /^((?:"[^"]*"|'[^']*'|[^\s"':][^\s"']*?)(?:, *(?:"[^"]*"|[^\s",:][^\s",]*?))*)(?::(?:\s+(.*))?$|\s+(.*)$)/.exec(
      line,
    );
  if (match === null) return { key: unquoted(line), value: '' };
  return { key: match[1]!.replace(/["']/g, ''), value: unquoted((match[2] ?? match[3] ?? '').trim()) };
}

function unquoted(text: string): string {
  return text.replace(/^(["'])(.*)\1$/, '$2');
}
