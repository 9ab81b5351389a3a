import { expand } from '../../dockerfile/expand.ts';
import type { Dockerfile, Instruction } from '../../dockerfile/model.ts';
import { mountFields } from '../../dockerfile/mount.ts';
import { shellCommands } from '../../dockerfile/shell.ts';
import type { ShellScript } from '../../dockerfile/shellScript.ts';
import { Answers } from './answers.ts';
import { emptier, isWithin, place } from './places.ts';
import { hasArgument, type Program, programsOf } from './program.ts';
import { removedBy } from './removal.ts';

/** A `RUN` instruction with what it runs. */
export class Run {
  readonly instruction: Instruction;
  readonly script: ShellScript;
  /** In the order in which they run: what is in a function comes where that is called, or not at all. */
  readonly programs: readonly Program[];
  /** What is mounted, as {@link place}s. What is written there is in no layer. */
  readonly mounts: readonly Mount[];
  readonly #answers = new Answers<Run>();

  constructor(dockerfile: Dockerfile, instruction: Instruction) {
    this.instruction = instruction;
    this.script = shellCommands(dockerfile, instruction);
    this.programs = inOrderOfCalls(programsOf(this.script));
    this.mounts = instruction.flags.flatMap((flag) => {
      if (flag.name !== 'mount' || flag.value === undefined) return [];
      const fields = mountFields(expand(flag.value, instruction.scope, dockerfile.escape).value);
      const target = fields.get('target') ?? fields.get('dst') ?? fields.get('destination');
      return target === undefined ? [] : [{ type: fields.get('type') ?? 'bind', target: place(target) }];
    });
  }

  /** The answer to a question about this `RUN`, worked out when it is first asked. */
  once<T>(question: (run: Run) => T): T {
    return this.#answers.of(question, this);
  }

  /** True if what is written at a place is not written into the layer. */
  isMounted(target: string): boolean {
    return this.mounts.some((mount) => isWithin(target, mount.target));
  }

  /** The programs that run after one, in the same script. */
  after(program: Program): readonly Program[] {
    return this.programs.slice(this.programs.indexOf(program) + 1);
  }

  /** True if a place is emptied in the script. */
  empties(target: string): boolean {
    return this.once(removalsOf).some(({ empties }) => empties(target));
  }

  /** True if a place is emptied in the same script, after a program. */
  emptiesAfter(program: Program, target: string): boolean {
    const removals = this.once(removalsOf);
    // Few scripts remove anything, and most rules ask.
    if (removals.length === 0) return false;
    const from = this.programs.indexOf(program);
    return removals.some(({ at, empties }) => at > from && empties(target));
  }

  /** True if one of the programs that come after it is of this name and has such an argument. */
  runsAfter(program: Program, name: string, argument: RegExp): boolean {
    return this.after(program).some((later) => later.name === name && hasArgument(later, argument));
  }

  /**
   * The value of a variable that a program sees, as far as it is known: from before its name, from an `export` or an
   * assignment before it in the script, from the Dockerfile.
   */
  variable(program: Program, name: string): string | undefined {
    const own = program.command.assignments.find((assignment) => assignment.name === name)?.value;
    if (own !== undefined) return own;
    for (const { command, name: before, args } of this.programs.slice(0, this.programs.indexOf(program)).reverse()) {
      if (before !== 'export' || command.subshell !== program.command.subshell) continue;
      const word = args.find(({ text }) => text.startsWith(`${name}=`));
      if (word) return (word.value ?? word.text).slice(name.length + 1);
    }
    return this.instruction.scope.get(name);
  }

  /** True if the script ends at the first command that fails. */
  get stopsAtFailure(): boolean {
    const { shell } = this.instruction;
    return (
      shell.slice(1).some((word) => /^-[a-z]*e/.test(word)) ||
      this.programs.some(
        ({ name, args, command }) =>
          name === 'set' &&
          !command.conditional &&
          !command.subshell &&
          args.some(({ value }) => value !== undefined && (/^-[a-z]*e/.test(value) || value === 'errexit')),
      )
    );
  }
}

export interface Mount {
  /** `cache`, `tmpfs`, `bind`, `secret`, `ssh`. */
  readonly type: string;
  readonly target: string;
}

interface Removal {
  /** The position of the program. */
  readonly at: number;
  readonly empties: (target: string) => boolean;
}

function removalsOf({ programs }: Run): readonly Removal[] {
  return programs.flatMap((program, at) => removedBy(program).map((pattern) => ({ at, empties: emptier(pattern) })));
}

function inOrderOfCalls(programs: readonly Program[]): readonly Program[] {
  const inOrder = fedAfterFeeder(programs);
  if (inOrder.every(({ command }) => command.function === undefined)) return inOrder;
  const found = new Set<Program>();
  const follow = (body: string | undefined): void => {
    for (const program of inOrder) {
      if (program.command.function !== body || found.has(program)) continue;
      found.add(program);
      follow(program.name);
    }
  };
  follow(undefined);
  return [...found];
}

/** What a shell reads from a heredoc runs when the shell does, before what follows on the line above the heredoc. */
function fedAfterFeeder(programs: readonly Program[]): readonly Program[] {
  const bodies = programs.flatMap(({ command: { redirections, span } }) =>
    redirections.flatMap(({ bodySpan }) => (bodySpan === undefined ? [] : [{ bodySpan, at: span.start + 0.5 }])),
  );
  if (bodies.length === 0) return programs;
  const placeOf = ({ command: { span } }: Program): number =>
    bodies.find(({ bodySpan }) => bodySpan.start <= span.start && span.start < bodySpan.end)?.at ?? span.start;
  return programs.toSorted((a, b) => placeOf(a) - placeOf(b));
}
