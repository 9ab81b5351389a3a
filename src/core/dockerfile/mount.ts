/**
 * The fields of a `RUN --mount=` value by lower-case name: `type=bind,from=build,target=/src`. It is one line of CSV, so a
 * field may be quoted as a whole; a field without a value (`readonly`) has the value `true`, as builders take it.
 */
export function mountFields(value: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const match of value.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)) {
    const field = match[1]?.replaceAll('""', '"') ?? match[2]!;
    const equals = field.indexOf('=');
    const name = (equals < 0 ? field : field.slice(0, equals)).trim().toLowerCase();
    if (name !== '') fields.set(name, equals < 0 ? 'true' : field.slice(equals + 1));
  }
  return fields;
}
