import { type Automatic, MakeText, splitArguments, stemOf, unknownWords, wordsOf } from './makeText.ts';

/** A Makefile as far as it is read: its rules with their recipes, variables put in where they are known. */
export interface Makefile {
  /** The target that `make` without one builds. */
  readonly defaultTarget?: string;
  /**
   * The commands that building a target runs, those of its prerequisites first; undefined where it has no rule, or where
   * something in it is known only to make.
   */
  commandsOf(target: string): readonly string[] | undefined;
  /** The value of a variable; undefined where it has none or it is known only to make. */
  valueOf(variable: string): string | undefined;
}

interface Rule {
  readonly prerequisites: readonly string[];
  readonly recipe: readonly string[];
}

/** A line that is no recipe, or all lines of a recipe. */
type Part =
  | { readonly kind: 'rule'; readonly targets: string; readonly prerequisites: string; readonly recipe: string[] }
  | { readonly kind: 'other' };

/** Rules nest no deeper in anything that a person wrote. */
const deepest = 30;

/**
 * Reads explicit rules, rules for many files and simple variables, which is what hand-written Makefiles of small projects have,
 * and conditions that depend on those. Undefined for a file with includes or definitions that make itself has to work out.
 *
 * @param given variables of the command line, which have the last word.
 */
export function readMakefile(text: string, given: Readonly<Record<string, string>> = {}): Makefile | undefined {
  const variables = new Map<string, string>([
    ...Object.entries({ CC: 'cc', CXX: 'c++', AR: 'ar', RM: 'rm -f', MAKE: 'make', CURDIR: '.' }),
    ...Object.entries(given),
  ]);
  const preset = new Set(['CC', 'CXX', 'AR', 'RM']);
  const fixed = new Set(Object.keys(given));
  const make = new MakeText(variables);
  const conditions = new Conditions(make, variables);
  const rules: { targets: string; prerequisites: string; recipe: string[] }[] = [];
  let current: Part = { kind: 'other' };
  for (const line of logicalLines(text)) {
    const plain = line.replace(/(^|[^\\])#.*$/, '$1').trim();
    if (conditions.read(plain)) {
      if (conditions.isUnknown) return undefined;
      continue;
    }
    if (!conditions.isTaken) continue;
    if (line.startsWith('\t')) {
      if (current.kind === 'rule') current.recipe.push(line.slice(1));
      continue;
    }
    if (plain === '') continue;
    const directive = /^-?(?:include|sinclude|define|endef|vpath|export|unexport|override|undefine)\b/.exec(plain)?.[0];
    if (directive !== undefined && !plain.includes('=')) {
      // What a compiler writes of headers is not there yet when a container is built.
      const isHarmless =
        /^(?:export|unexport|vpath)$/.test(directive) || /^(?:-include|sinclude)\b.*(?:\.d\b|DEP)/i.test(plain);
      if (isHarmless) continue;
      return undefined;
    }
    if (directive === 'define') return undefined;
    const assignment = /^(?:(?:export|override|private) +)*([\w.-]+)\s*(\?|\+|!|:{1,3})?=\s*(.*)$/.exec(plain);
    if (assignment) {
      const [, name, operator, value] = assignment;
      if (!fixed.has(name!)) assign(variables, preset, make, { name: name!, operator, value: value! });
      current = { kind: 'other' };
      continue;
    }
    const rule = ruleOf(plain);
    if (rule === undefined) return undefined;
    current = rule;
    rules.push(rule);
  }
  return new Reader(rules, make);
}

/** Lines with those that they go on in; what goes on in a recipe does so behind one blank. */
function logicalLines(text: string): readonly string[] {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/\\\n[ \t]*/g, ' ')
    .split('\n');
}

interface Assignment {
  readonly name: string;
  readonly operator: string | undefined;
  readonly value: string;
}

function assign(
  variables: Map<string, string>,
  preset: Set<string>,
  make: MakeText,
  { name, operator, value }: Assignment,
): void {
  const old = variables.get(name);
  if (operator === '?' && old !== undefined && !preset.has(name)) return;
  preset.delete(name);
  // `:=` takes the values of now; what it does not understand is found again where it is used.
  const now = operator?.startsWith(':') === true ? escaped(make.expand(value)) : undefined;
  const shown = operator === '!' ? unknownWords.replace('$', '$$$$') : (now ?? value);
  variables.set(name, operator === '+' && old !== undefined ? `${old} ${shown}` : shown);
}

/** What was put in is not looked into once more. */
function escaped(text: string | undefined): string | undefined {
  return text?.replaceAll('$', '$$$$');
}

/** `a b: c | d; e`, and `a b: %.o: %.c` for rules that say which files they are for. */
function ruleOf(plain: string): { kind: 'rule'; targets: string; prerequisites: string; recipe: string[] } | undefined {
  const at = colonOf(plain);
  if (at === undefined || at === 0) return undefined;
  const rest = plain.slice(at).replace(/^::?/, '');
  const semicolon = rest.indexOf(';');
  const named = semicolon < 0 ? rest : rest.slice(0, semicolon);
  // A variable of one target changes what its commands do.
  if (/^\s*[\w.-]+\s*(?:\?|\+|:)?=/.test(named)) return undefined;
  const inner = colonOf(named);
  return {
    kind: 'rule',
    targets: plain.slice(0, at),
    prerequisites: (inner === undefined ? named : named.slice(inner + 1)).replace('|', ' '),
    recipe: semicolon < 0 ? [] : [rest.slice(semicolon + 1)],
  };
}

/** The colon that no variable has inside. */
function colonOf(text: string): number | undefined {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const sign = text[at]!;
    if (sign === '(' || sign === '{') depth++;
    else if (sign === ')' || sign === '}') depth--;
    else if (sign === ':' && depth <= 0) return at;
  }
  return undefined;
}

/** Which lines between `ifeq` and `endif` count. */
class Conditions {
  readonly #make: MakeText;
  readonly #variables: ReadonlyMap<string, string>;
  readonly #open: { isTaken: boolean; wasTaken: boolean; readonly isInside: boolean }[] = [];
  /** A condition was read that only make can decide. */
  isUnknown = false;

  constructor(make: MakeText, variables: ReadonlyMap<string, string>) {
    this.#make = make;
    this.#variables = variables;
  }

  get isTaken(): boolean {
    return this.#open.every(({ isTaken }) => isTaken);
  }

  /** True if the line is a condition. */
  read(plain: string): boolean {
    const [, word, rest] = /^(ifn?eq|ifn?def|else|endif)\b\s*(.*)$/.exec(plain) ?? [];
    if (word === undefined) return false;
    const top = this.#open.at(-1);
    if (word === 'endif') this.#open.pop();
    else if (word !== 'else') this.#push(this.isTaken && this.#decide(word, rest!));
    else if (top === undefined) this.isUnknown = true;
    else {
      const [, inner, condition] = /^(ifn?eq|ifn?def)\b\s*(.*)$/.exec(rest!) ?? [];
      const isNext = !top.wasTaken && top.isInside;
      top.isTaken = isNext && (inner === undefined || this.#decide(inner, condition!));
      top.wasTaken ||= top.isTaken;
    }
    return true;
  }

  #push(holds: boolean): void {
    this.#open.push({ isTaken: holds, wasTaken: holds, isInside: this.isTaken });
  }

  #decide(word: string, condition: string): boolean {
    if (word.endsWith('def')) {
      const value = this.#variables.get(this.#make.expand(condition.trim()) ?? '');
      return (value !== undefined && value !== '') === (word === 'ifdef');
    }
    const sides = sidesOf(condition)?.map((side) => this.#make.expand(side)?.trim());
    const [left, right] = sides ?? [];
    if (left === undefined || right === undefined || `${left}${right}`.includes(unknownWords)) {
      this.isUnknown = true;
      return false;
    }
    return (left === right) === (word === 'ifeq');
  }
}

/** `(a,b)`, `"a" "b"` and `'a' 'b'`. */
function sidesOf(condition: string): readonly string[] | undefined {
  if (condition.startsWith('(') && condition.endsWith(')')) {
    const sides = splitArguments(condition.slice(1, -1));
    return sides.length === 2 ? sides : undefined;
  }
  const sides = /^(["'])(.*)\1\s+(["'])(.*)\3$/.exec(condition);
  return sides === null ? undefined : [sides[2]!, sides[4]!];
}

class Reader implements Makefile {
  readonly defaultTarget?: string;
  readonly #make: MakeText;
  readonly #rules = new Map<string, { readonly prerequisites: string[]; recipe: readonly string[] }>();
  readonly #patterns: { readonly pattern: string; readonly rule: Rule }[] = [];

  constructor(
    written: readonly {
      readonly targets: string;
      readonly prerequisites: string;
      readonly recipe: readonly string[];
    }[],
    make: MakeText,
  ) {
    this.#make = make;
    let first: string | undefined;
    for (const { targets, prerequisites, recipe } of written) {
      const needed = wordsOf(make.expand(prerequisites) ?? prerequisites);
      for (const target of wordsOf(make.expand(targets) ?? targets)) {
        if (target.includes('%')) {
          this.#patterns.push({ pattern: target, rule: { prerequisites: needed, recipe } });
          continue;
        }
        let rule = this.#rules.get(target);
        if (rule === undefined) this.#rules.set(target, (rule = { prerequisites: [], recipe: [] }));
        for (const each of needed) rule.prerequisites.push(each);
        if (recipe.length > 0) rule.recipe = recipe;
        if (!target.startsWith('.') && !target.includes('$')) first ??= target;
      }
    }
    const goal = this.valueOf('.DEFAULT_GOAL');
    const target = goal ?? first;
    if (target !== undefined) this.defaultTarget = target;
  }

  valueOf(variable: string): string | undefined {
    const value = this.#make.expand(`$(${variable})`);
    return value === '' || value?.includes(unknownWords) === true ? undefined : value;
  }

  commandsOf(target: string): readonly string[] | undefined {
    const found: string[] = [];
    return this.#collect(target, found, new Set(), 0) ? found : undefined;
  }

  #collect(target: string, found: string[], done: Set<string>, depth: number): boolean {
    if (done.has(target)) return true;
    done.add(target);
    if (depth > deepest) return false;
    const { rule, stem } = this.#ruleFor(target);
    // A file without a rule is there already, or made by a rule that make brings.
    if (rule === undefined) return depth > 0;
    for (const each of rule.prerequisites) if (!this.#collect(each, found, done, depth + 1)) return false;
    const all = rule.prerequisites.join(' ');
    const automatic: Automatic = {
      '@': target,
      '<': rule.prerequisites[0] ?? '',
      '^': all,
      '+': all,
      '?': all,
      '*': stem,
    };
    for (const line of rule.recipe) {
      const command = this.#make.expand(line, automatic)?.replace(/^[\s@+-]+/, '');
      if (command === undefined) return false;
      if (command !== '' && !command.startsWith('#')) found.push(command);
    }
    return true;
  }

  /** The explicit rule of a target, its recipe from a rule for many files where it has none of its own. */
  #ruleFor(target: string): { readonly rule: Rule | undefined; readonly stem: string } {
    const own = this.#rules.get(target);
    if (own !== undefined && own.recipe.length > 0) return { rule: own, stem: target };
    for (const { pattern, rule } of this.#patterns) {
      const stem = stemOf(pattern, target);
      // `%` alone is for anything, and mostly there to say that nothing is to be done.
      if (stem === undefined || stem === '' || pattern === '%') continue;
      const prerequisites = rule.prerequisites.map((each) => each.replace('%', () => stem));
      return { rule: { recipe: rule.recipe, prerequisites: [...prerequisites, ...(own?.prerequisites ?? [])] }, stem };
    }
    return { rule: own, stem: target };
  }
}
