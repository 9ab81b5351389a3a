/** The items of a value from outside; none where it is no list. */
export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The fields of a value from outside; none where it has none. */
export function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

/** An absolute folder without a slash at its end; undefined for anything else, so also where a variable is in it. */
export function folder(value: unknown): string | undefined {
  if (typeof value !== 'string' || !value.startsWith('/') || value.includes('$')) return undefined;
  return value.replace(/(?<=.)\/+$/, '');
}

/** A list of which each item is a text or a number; undefined for anything else. */
export function texts(value: unknown): readonly string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const read = value.flatMap((item) => (typeof item === 'string' || typeof item === 'number' ? [String(item)] : []));
  return read.length === value.length ? read : undefined;
}
