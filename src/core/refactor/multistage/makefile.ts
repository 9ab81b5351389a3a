/** A Makefile as far as it is read: its rules with their recipes, variables put in where they are known. */
export interface Makefile {
  /** The target that `make` without one builds. */
  readonly defaultTarget?: string;
  /**
   * The commands that building a target runs, those of its prerequisites first; undefined where it has no rule, or where
   * something in it is known only to make.
   */
  commandsOf(target: string): readonly string[] | undefined;
}

interface Rule {
  readonly prerequisites: readonly string[];
  readonly recipe: readonly string[];
}

/** Rules and variables nest no deeper in anything that a person wrote. */
const deepest = 30;

/**
 * Reads explicit rules and simple variables, which is what hand-written Makefiles of small projects have. Undefined for a file
 * with conditionals, includes or definitions that make itself has to work out.
 *
 * @param given variables of the command line, which have the last word.
 */
export function readMakefile(text: string, given: Readonly<Record<string, string>> = {}): Makefile | undefined {
  const lines = text
    .replace(/\r\n?/g, '\n')
    .replace(/\\\n[ \t]*/g, ' ')
    .split('\n');
  const variables = new Map<string, string>(
    Object.entries({ CC: 'cc', CXX: 'c++', AR: 'ar', RM: 'rm -f', MAKE: 'make' }),
  );
  const rules = new Map<string, Rule>();
  let current: { prerequisites: string[]; recipe: string[] } | undefined;
  let defaultTarget: string | undefined;
  for (const line of lines) {
    if (line.startsWith('\t')) {
      current?.recipe.push(line.slice(1));
      continue;
    }
    const plain = line.replace(/(^|\s)#.*$/, '').trimEnd();
    if (plain.trim() === '') continue;
    if (
      /^\s*-?(?:include|sinclude|ifeq|ifneq|ifdef|ifndef|else|endif|define|endef|export\s+\w+$|unexport|vpath)\b/.test(
        plain,
      )
    ) {
      if (/^\s*(?:export|unexport)/.test(plain)) continue;
      return undefined;
    }
    const assignment = /^\s*(?:export\s+|override\s+)?([\w.]+)\s*(\?|\+|::?)?=\s*(.*)$/.exec(plain);
    if (assignment) {
      assign(variables, assignment[1]!, assignment[2], assignment[3]!);
      current = undefined;
      continue;
    }
    const rule = /^([^:=]+?)\s*::?(?!=)\s*([^;]*)(?:;(.*))?$/.exec(plain);
    if (!rule) return undefined;
    current = { prerequisites: words(rule[2]!.replace('|', ' ')), recipe: rule[3] === undefined ? [] : [rule[3]] };
    for (const target of words(rule[1]!)) {
      rules.set(target, {
        prerequisites: [...(rules.get(target)?.prerequisites ?? []), ...current.prerequisites],
        recipe: current.recipe,
      });
      if (defaultTarget === undefined && !/^\.|[%$]/.test(target)) defaultTarget = target;
    }
  }
  for (const [name, value] of Object.entries(given)) variables.set(name, value);
  const reader = new Reader(rules, variables);
  return {
    ...(defaultTarget === undefined ? {} : { defaultTarget }),
    commandsOf: (target) => reader.commandsOf(target),
  };
}

function assign(variables: Map<string, string>, name: string, operator: string | undefined, value: string): void {
  const old = variables.get(name);
  if (operator === '?' && old !== undefined && !['CC', 'CXX', 'AR', 'RM'].includes(name)) return;
  variables.set(name, operator === '+' && old !== undefined ? `${old} ${value}` : value);
}

function words(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}

class Reader {
  readonly #rules: ReadonlyMap<string, Rule>;
  readonly #variables: ReadonlyMap<string, string>;

  constructor(rules: ReadonlyMap<string, Rule>, variables: ReadonlyMap<string, string>) {
    // Targets and prerequisites may be named by variables; those of rules for many files keep their `%`.
    this.#variables = variables;
    const named = new Map<string, Rule>();
    for (const [target, rule] of rules) {
      const prerequisites = rule.prerequisites.flatMap((each) => words(this.#expand(each, {}) ?? each));
      for (const each of words(this.#expand(target, {}) ?? target)) named.set(each, { ...rule, prerequisites });
    }
    this.#rules = named;
  }

  commandsOf(target: string): readonly string[] | undefined {
    const found: string[] = [];
    return this.#collect(target, found, new Set(), 0) ? found : undefined;
  }

  #collect(target: string, found: string[], done: Set<string>, depth: number): boolean {
    if (done.has(target)) return true;
    done.add(target);
    if (depth > deepest) return false;
    const rule = this.#rules.get(target);
    // A file without a rule is there already, or made by a rule for many files or one that make brings.
    if (rule === undefined) return depth > 0;
    for (const each of rule.prerequisites) if (!this.#collect(each, found, done, depth + 1)) return false;
    for (const line of rule.recipe) {
      const automatic = {
        '@': target,
        '<': rule.prerequisites[0] ?? '',
        '^': rule.prerequisites.join(' '),
        '+': rule.prerequisites.join(' '),
        '*': target,
      };
      const command = this.#expand(line.replace(/^[@+-]+/, ''), automatic);
      if (command === undefined) return false;
      if (command.trim() !== '') found.push(command.trim());
    }
    return true;
  }

  /** Puts variables in; undefined where a function of make stands that is not understood. */
  #expand(text: string, automatic: Readonly<Record<string, string>>, depth = 0): string | undefined {
    if (depth > deepest) return undefined;
    const unknown: string[] = [];
    const expanded = text.replace(
      /\$(?:\$|([@<^+*])|\(([^()]*(?:\([^()]*\)[^()]*)*)\)|\{([^{}]*)\}|(\w))/g,
      (whole, single?: string, round?: string, curly?: string, letter?: string) => {
        if (whole === '$$') return '$';
        if (single !== undefined) return automatic[single] ?? '';
        const name = round ?? curly ?? letter ?? '';
        if (/^[@<^+*][DF]?$/.test(name)) return automatic[name[0]!] ?? '';
        if (
          /^(?:wildcard|shell|patsubst|subst|addprefix|addsuffix|notdir|basename|dir|sort|filter|filter-out|strip|foreach|realpath|abspath)\s/.test(
            name,
          )
        ) {
          // Lists of files and what commands print: their words matter to nobody who looks for what is linked and where it goes.
          return '';
        }
        if (name.includes(' ')) {
          unknown.push(name);
          return '';
        }
        const [plain] = name.split(':');
        const value = this.#variables.get(plain!);
        const inner = value === undefined ? '' : this.#expand(value, automatic, depth + 1);
        if (inner === undefined) unknown.push(name);
        return inner ?? '';
      },
    );
    return unknown.length === 0 ? expanded : undefined;
  }
}
