/** One way of proving who one is that a server offers (RFC 9110, section 11.6.1). */
export interface Challenge {
  /** In lower case: `bearer`, `basic`. */
  readonly scheme: string;
  /** Names in lower case. */
  readonly parameters: Readonly<Record<string, string>>;
}

const token = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const parameter = new RegExp(`^\\s*(${token})\\s*=\\s*(?:"((?:[^"\\\\]|\\\\.)*)"|([^\\s,"]+))`);
const scheme = new RegExp(`^\\s*(${token})(?=\\s|,|$)`);

/** Reads `WWW-Authenticate`: several challenges with commas between them and inside them. What cannot be read ends the list. */
export function parseChallenges(header: string): readonly Challenge[] {
  const challenges: { scheme: string; parameters: Record<string, string> }[] = [];
  let rest = header.slice(0, maxLength);
  while (rest.trim() !== '') {
    const named = parameter.exec(rest);
    const current = challenges.at(-1);
    if (named && current) {
      current.parameters[named[1]!.toLowerCase()] = named[2]?.replace(/\\(.)/g, '$1') ?? named[3] ?? '';
      rest = afterComma(rest.slice(named[0].length));
      continue;
    }
    const begun = scheme.exec(rest);
    if (!begun) break;
    challenges.push({ scheme: begun[1]!.toLowerCase(), parameters: {} });
    rest = afterComma(rest.slice(begun[0].length));
  }
  return challenges;
}

/** Longer than any real challenge; keeps a hostile one from costing time. */
const maxLength = 8192;

function afterComma(text: string): string {
  return text.replace(/^\s*,+/, '');
}
