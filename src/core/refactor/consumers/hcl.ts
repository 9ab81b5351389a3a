/** A block of an HCL file: `target "app" { … }`. */
export interface HclBlock {
  readonly type: string;
  readonly labels: readonly string[];
  /** One-based. */
  readonly line: number;
  readonly attributes: ReadonlyMap<string, HclValue>;
}

/** A value that stands there as it is; undefined for one that is worked out when the file is used. */
export type HclValue = string | readonly HclValue[] | { readonly [key: string]: HclValue } | undefined;

/**
 * The outermost blocks of an HCL file with those values that need no evaluation, and variables that are a text. Functions,
 * conditions and loops are passed over, and so is all behind a fault.
 * https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md
 *
 * @param variable the value of a name in an expression; undefined where nobody knows
 */
export function readHcl(text: string, variable: (name: string) => string | undefined): readonly HclBlock[] {
  return new HclReader(text, variable).blocks();
}

interface Token {
  readonly kind: 'word' | 'text' | 'sign' | 'break' | 'heredoc';
  /** Of a text: what stands between the quotes. */
  readonly text: string;
  readonly line: number;
}

const token =
  /(?<space>[^\S\n]+|\r)|(?<comment>(?:#|\/\/)[^\n]*|\/\*[^]*?(?:\*\/|$))|(?<heredoc><<-?\s*(?<end>\w+)[^\n]*\n[^]*?(?:\n\s*\k<end>(?=\r?\n|$)|$))|"(?<text>(?:[^"\\$%\n]|\\.|[$%]\{(?:[^{}"]|"[^"\n]*")*\}|[$%])*)"|(?<word>[\w][\w.-]*)|(?<break>\n)|(?<sign>[^])/gu;

function tokens(text: string): Token[] {
  const found: Token[] = [];
  let line = 1;
  for (const { 0: whole, groups = {} } of text.matchAll(token)) {
    if (groups.text !== undefined) found.push({ kind: 'text', text: groups.text, line });
    else if (groups.word !== undefined) found.push({ kind: 'word', text: whole, line });
    else if (groups.heredoc !== undefined) found.push({ kind: 'heredoc', text: whole, line });
    else if (groups.break !== undefined) found.push({ kind: 'break', text: whole, line });
    else if (groups.sign !== undefined) found.push({ kind: 'sign', text: whole, line });
    line += whole.split('\n').length - 1;
  }
  return found;
}

/** Lists of maps of lists: more is no configuration. */
const deepest = 20;

function isSign({ kind, text }: Token, sign: string): boolean {
  return kind === 'sign' && text === sign;
}

function endsValue({ kind, text }: Token): boolean {
  return kind === 'break' || (kind === 'sign' && /[,}\]]/.test(text));
}

const opening: Readonly<Record<string, string>> = { '{': '}', '[': ']', '(': ')' };

class HclReader {
  readonly #tokens: readonly Token[];
  readonly #variable: (name: string) => string | undefined;
  #at = 0;
  #depth = 0;

  constructor(text: string, variable: (name: string) => string | undefined) {
    this.#tokens = tokens(text);
    this.#variable = variable;
  }

  blocks(): readonly HclBlock[] {
    const blocks: HclBlock[] = [];
    for (let first = this.#behindBreaks(); first !== undefined; first = this.#behindBreaks()) {
      const labels: string[] = [];
      while (this.#peek()?.kind === 'text') labels.push(this.#next()!.text);
      if (first.kind === 'word' && this.#takes('{'))
        blocks.push({ type: first.text, labels, line: first.line, attributes: this.#body() });
      else this.#skipValue();
    }
    return blocks;
  }

  #body(): ReadonlyMap<string, HclValue> {
    const attributes = new Map<string, HclValue>();
    for (let name = this.#behindBreaks(); name !== undefined && !isSign(name, '}'); name = this.#behindBreaks()) {
      if (this.#takes('=')) attributes.set(name.text, this.#value());
      else this.#skipValue();
    }
    return attributes;
  }

  /** Up to the end of its line, or to what closes the brackets around it. */
  #value(): HclValue {
    const value = this.#literal();
    const next = this.#peek();
    if (next === undefined || endsValue(next)) return value;
    this.#skipValue();
    return undefined;
  }

  #literal(): HclValue {
    const first = this.#next();
    switch (first?.kind) {
      case 'text':
        return this.#expanded(first.text);
      case 'word':
        return /^(?:true|false|\d.*)$/.test(first.text) ? first.text : this.#named(first.text);
      case 'sign':
        if (/[[{]/.test(first.text) && this.#depth < deepest) return this.#nested(first.text);
        this.#at--;
        return undefined;
      case 'break':
        this.#at--;
        return undefined;
      case 'heredoc':
      case undefined:
        return undefined;
    }
  }

  /** A call is none: `f(…)` is left to whoever passes over the rest. */
  #named(name: string): HclValue {
    return name === 'null' ? undefined : this.#variable(name);
  }

  #nested(bracket: string): HclValue {
    this.#depth++;
    const value = bracket === '[' ? this.#list() : this.#map();
    this.#depth--;
    return value;
  }

  #list(): HclValue {
    const items: HclValue[] = [];
    for (let first = this.#behindBreaks(); first !== undefined && !isSign(first, ']'); first = this.#behindBreaks()) {
      // A bracket that closes nothing is passed over.
      if (isSign(first, '}') || isSign(first, ',')) continue;
      this.#at--;
      items.push(this.#value());
    }
    return items;
  }

  #map(): HclValue {
    const fields: [string, HclValue][] = [];
    for (let key = this.#behindBreaks(); key !== undefined && !isSign(key, '}'); key = this.#behindBreaks()) {
      if (!this.#takes('=') && !this.#takes(':')) {
        if (!isSign(key, ',')) this.#skipValue();
        continue;
      }
      fields.push([key.text, this.#value()]);
    }
    return Object.fromEntries(fields);
  }

  /** A text whose variables are known; undefined for another template. */
  #expanded(text: string): string | undefined {
    let unknown = 0;
    const value = text.replace(/([$%])\1\{|[$%]\{([^}]*)\}|\\(.)/g, (whole, ...groups) => {
      const [doubled, name, escaped] = groups as (string | undefined)[];
      if (doubled !== undefined) return `${doubled}{`;
      if (escaped !== undefined) return { n: '\n', t: '\t', r: '\r' }[escaped] ?? escaped;
      const known = whole.startsWith('$') ? this.#variable((name ?? '').trim()) : undefined;
      if (known === undefined) unknown++;
      return known ?? '';
    });
    return unknown === 0 ? value : undefined;
  }

  /** Passes over an expression, brackets and all that is in them. */
  #skipValue(): void {
    const open: string[] = [];
    for (let next = this.#peek(); next !== undefined; next = this.#peek()) {
      if (open.length === 0 && endsValue(next)) return;
      this.#at++;
      if (next.kind !== 'sign') continue;
      if (next.text === open.at(-1)) open.pop();
      else if (opening[next.text] !== undefined) open.push(opening[next.text]!);
    }
  }

  /** The next thing that is no line break. */
  #behindBreaks(): Token | undefined {
    while (this.#peek()?.kind === 'break') this.#at++;
    return this.#next();
  }

  #peek(): Token | undefined {
    return this.#tokens[this.#at];
  }

  #next(): Token | undefined {
    return this.#tokens[this.#at++];
  }

  #takes(sign: string): boolean {
    const next = this.#peek();
    if (next?.kind !== 'sign' || next.text !== sign) return false;
    this.#at++;
    return true;
  }
}
