/** Says what is wrong with a value at a place of the log. */
type Shape = (value: unknown, at: string) => readonly string[];

const when =
  (holds: (value: unknown) => boolean, what: string): Shape =>
  (value, at) =>
    holds(value) ? [] : [`${at}: ${JSON.stringify(value)} is not ${what}`];

const text = when((value) => typeof value === 'string' && value !== '', 'a text');
const oneOf = (...allowed: readonly string[]): Shape =>
  when((value) => allowed.includes(value as string), `one of ${allowed.join(', ')}`);
const from = (least: number): Shape =>
  when((value) => Number.isInteger(value) && (value as number) >= least, `a whole number from ${least}`);
/** RFC 3986: what may not stand in a reference as it is, and escapes that are none. */
const uri = when(
  (value) => typeof value === 'string' && /^(?:[\w\-.~:/?#[\]@!$&'()*+,;=]|%[\da-fA-F]{2})+$/.test(value),
  'a URI reference',
);

function list(item: Shape): Shape {
  return (value, at) =>
    Array.isArray(value) ? value.flatMap((each, index) => item(each, `${at}[${index}]`)) : [`${at}: no list`];
}

/** The schema allows no properties but those that it names. */
function object(required: Readonly<Record<string, Shape>>, optional: Readonly<Record<string, Shape>> = {}): Shape {
  return (value, at) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return [`${at}: no object`];
    const missing = Object.keys(required).filter((name) => !Object.hasOwn(value, name));
    return [
      ...missing.map((name) => `${at}: lacks ${name}`),
      ...Object.entries(value).flatMap(([name, own]) => {
        const shape = required[name] ?? optional[name];
        return shape ? shape(own, `${at}.${name}`) : [`${at}: knows no ${name}`];
      }),
    ];
  };
}

const message = object({ text }, { markdown: text });
const rule = object({ id: text }, { name: text, shortDescription: message, fullDescription: message, help: message });
const region = object(
  { startLine: from(1) },
  { startColumn: from(1), endLine: from(1), endColumn: from(1), snippet: object({ text }) },
);
const location = object({
  physicalLocation: object({ artifactLocation: object({ uri }) }, { region }),
});
const result = object(
  { ruleId: text, message, level: oneOf('none', 'note', 'warning', 'error'), locations: list(location) },
  { ruleIndex: from(0), properties: when((value) => typeof value === 'object' && value !== null, 'an object') },
);
const run = object(
  { tool: object({ driver: object({ name: text, rules: list(rule) }, { version: text, semanticVersion: text }) }) },
  { results: list(result), columnKind: oneOf('utf16CodeUnits', 'unicodeCodePoints') },
);
const log = object({ version: oneOf('2.1.0'), runs: list(run) }, { $schema: uri });

interface Read {
  readonly runs: readonly {
    readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
    readonly results?: readonly { readonly ruleId: string; readonly ruleIndex?: number }[];
  }[];
}

/**
 * What keeps a value from being a log of SARIF 2.1.0, as far as its schema is about what Plimsoll writes, and what a
 * reader needs besides: rules with ids of their own, results that point at theirs.
 * https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
export function sarifProblems(value: unknown): readonly string[] {
  const problems = log(value, 'log');
  if (problems.length > 0) return problems;
  return (value as Read).runs.flatMap(({ tool, results = [] }) => {
    const ids = tool.driver.rules.map(({ id }) => id);
    return [
      ...ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `two rules are ${id}`),
      ...results
        .filter(({ ruleId, ruleIndex }) => ids[ruleIndex ?? ids.indexOf(ruleId)] !== ruleId)
        .map(({ ruleId, ruleIndex }) => `rule ${String(ruleIndex)} is not ${ruleId}`),
    ];
  });
}
