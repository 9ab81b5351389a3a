import { expand, longestValue } from './expand.ts';
import type { Instruction, ParseOptions, Scope, Word } from './model.ts';
import { platformArgs, proxyArgs } from './predefinedArgs.ts';
import { layeredScope, Variables } from './scope.ts';

/** One `name=value` of an `ENV`, `ARG` or `LABEL`, as written: nothing expanded, quotes in place. */
export interface Assignment {
  readonly name: string;
  /** Absent for `ARG name`. */
  readonly value?: string;
  /** The word that holds it; in the old form `ENV name value` the name. */
  readonly word: Word;
}

/** What an `ENV`, `ARG` or `LABEL` assigns, both forms. */
export function assignments(instruction: Instruction): readonly Assignment[] {
  const [first, second] = instruction.words;
  if (instruction.keyword !== 'ARG' && first && second && !first.text.includes('=')) {
    return [{ name: first.text, value: second.text, word: first }];
  }
  return instruction.words.map((word) => {
    const equals = word.text.indexOf('=');
    return equals < 0
      ? { name: word.text, word }
      : { name: word.text.slice(0, equals), value: word.text.slice(equals + 1), word };
  });
}

/** The variables that one stage leaves to the stages built on it. */
export interface StageVariables {
  readonly env: Variables;
  readonly args: Variables;
}

/**
 * Follows the variables through a file, as BuildKit scopes them: an `ARG` before the first `FROM` is seen by `FROM`s only, and
 * by a stage once it declares it too; `ENV` wins over `ARG`; a stage has what the stage that it is built on left.
 * https://docs.docker.com/build/building/variables/#scoping
 */
export class VariableTracker {
  readonly #buildArgs: ReadonlyMap<string, string>;
  readonly #proxies: Variables;
  readonly #escape: string;
  #globals: Variables;
  #stage: StageVariables | undefined;
  #scope: Scope;

  constructor(options: ParseOptions, escape: string) {
    this.#buildArgs = new Map(Object.entries(options.buildArgs ?? {}));
    this.#escape = escape;
    let globals = Variables.none;
    for (const [name, value] of Object.entries(platformArgs(options))) {
      globals = globals.with(name, this.#buildArgs.get(name) ?? value);
    }
    this.#globals = globals;
    this.#proxies = proxyArgs
      .filter((name) => this.#buildArgs.has(name))
      .reduce((proxies, name) => proxies.with(name, this.#buildArgs.get(name)), Variables.none);
    this.#scope = layeredScope(globals);
  }

  /** What an instruction at this place sees. */
  get scope(): Scope {
    return this.#scope;
  }

  /** What `FROM` sees, wherever it stands. */
  get globalScope(): Scope {
    return layeredScope(this.#globals);
  }

  get stage(): StageVariables | undefined {
    return this.#stage;
  }

  /** Begins a stage, on what the stage below it left. */
  enterStage(below: StageVariables | undefined): void {
    this.#enter(below ?? { env: Variables.none, args: Variables.none });
  }

  /** Follows an `ENV` or `ARG`; anything else changes nothing. */
  follow(instruction: Instruction): void {
    if (instruction.keyword === 'ARG') {
      if (this.#stage) this.#declare(instruction, this.#stage);
      else this.#declareGlobally(instruction);
    } else if (instruction.keyword === 'ENV' && this.#stage) {
      let { env } = this.#stage;
      for (const { name, value } of assignments(instruction)) {
        const key = this.#expanded(name);
        if (key !== undefined) env = env.with(key, this.#expanded(value ?? ''));
      }
      this.#enter({ ...this.#stage, env });
    }
  }

  #declareGlobally(instruction: Instruction): void {
    for (const { name, value } of assignments(instruction)) {
      // Here each sees the ones before it, in the same instruction too.
      const given = this.#buildArgs.get(name);
      if (given === undefined && value === undefined && this.#globals.find(name)) continue;
      const known = given ?? (value === undefined ? undefined : this.#expanded(value));
      this.#globals = this.#globals.with(name, known);
      this.#scope = layeredScope(this.#globals);
    }
  }

  #declare(instruction: Instruction, stage: StageVariables): void {
    let { args } = stage;
    for (const { name, value } of assignments(instruction)) {
      const inherited = args.find(name) ?? this.#globals.find(name);
      const byDefault = value === undefined ? this.#globals.find(name)?.value : this.#expanded(value);
      const known = this.#buildArgs.get(name) ?? byDefault;
      args = args.with(name, value === undefined && known === undefined ? inherited?.value : known);
    }
    this.#enter({ ...stage, args });
  }

  #enter(stage: StageVariables): void {
    this.#stage = stage;
    this.#scope = layeredScope(stage.env, stage.args, this.#proxies);
  }

  /** Undefined where a part has no value, or where the whole is longer than is followed. */
  #expanded(text: string): string | undefined {
    const { value, missing, error } = expand(text, this.#scope, this.#escape);
    return missing.length > 0 || error !== undefined || value.length > longestValue ? undefined : value;
  }
}
