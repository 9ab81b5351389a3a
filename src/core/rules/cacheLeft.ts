import type { Confidence } from '../finding.ts';
import { appendCommand, insertBehind } from './edit/append.ts';
import { insertWord } from './edit/words.ts';
import type { Hit, Mending, Rule } from './rule.ts';
import { place } from './scene/places.ts';
import type { Program } from './scene/program.ts';
import { removedBy } from './scene/removal.ts';
import type { Run } from './scene/run.ts';
import type { RunQuestion, Scene } from './scene/scene.ts';
import type { ShellWord } from '../dockerfile/shellScript.ts';

/** A tool that keeps what it fetched, for a next time that an image never has. */
export interface ToolCache extends Pick<Rule, 'id' | 'title' | 'why' | 'hadolint'> {
  readonly message: string;
  /** The word that says that the program fills the cache, its verb or its name; undefined where it does not. */
  writes(program: Program): ShellWord | undefined;
  /** Where the cache is, as `place`s: one of them, nobody knows which. A cleanup or a mount of one will do. */
  readonly places: readonly string[];
  /** What goes along when the cache is emptied, for the bytes only. */
  readonly alongside?: readonly string[];
  /**
   * What is installed are links to the cache: then only a part of it, which nobody can tell from the layer, is saved.
   */
  readonly isLinkedTo?: boolean;
  /** Environment variables that move the cache, and what is below them. */
  readonly variables?: readonly (readonly [name: string, below: string])[];
  /** True if a call is told to keep nothing. */
  isOff?(program: Program, run: Run, scene: Scene): boolean;
  /** True if a later program of the same `RUN` empties the cache, other than by removing its folder. */
  cleans?(later: Program): boolean;
  /** What builds has it, and nobody minds in a stage that only builds: nothing is said there. */
  readonly onlyWhereShipped?: boolean;
  readonly mend: FlagMend | CommandMend;
}

/** The tool can be told to keep nothing. */
export interface FlagMend {
  readonly flag: string;
  readonly title: string;
  readonly confidence?: Confidence;
}

/** The cache is emptied at the `RUN`'s end. */
export interface CommandMend {
  /** Undefined where nobody should. */
  command(program: Program, run: Run, scene: Scene): string | undefined;
  readonly title: string;
  confidence?(program: Program, run: Run, scene: Scene): Confidence;
  /** True for a `RUN` that still needs the cache, where it is a later one. */
  readonly neededBy?: RunQuestion;
}

export interface CacheHit extends Hit {
  readonly run: Run;
  readonly program: Program;
  readonly word: ShellWord;
}

/** The rule for a tool's cache: one hit per call where a flag mends it, else one per `RUN`, at the last call. */
export function cacheLeft(cache: ToolCache): Rule<CacheHit> {
  const { id, title, why, hadolint, message, mend } = cache;
  return {
    id,
    title,
    why,
    ...(hadolint === undefined ? {} : { hadolint }),

    detect: (scene) => {
      if (cache.onlyWhereShipped === true && !scene.ships) return [];
      return scene.runs.flatMap((run) => {
        const calls = run.programs.flatMap((program) => {
          const word = cache.writes(program);
          return word && !isClean(cache, program, run, scene) ? [{ program, word }] : [];
        });
        const { instruction } = run;
        const saves =
          calls.length === 0 || cache.isLinkedTo === true
            ? undefined
            : scene.evidence.bytesAt(instruction, [...cache.places, ...(cache.alongside ?? [])]);
        return ('flag' in mend ? calls : calls.slice(-1)).map(({ program, word }, index) => ({
          ...{ instruction, run, program, word, message, span: program.command.span },
          // The cache is one, however many calls fill it.
          saves: index === 0 ? saves : undefined,
        }));
      });
    },

    fix: (hit, scene) => ('flag' in mend ? addFlag(mend, hit) : addCommand(mend, hit, scene)),
  };
}

function isClean(cache: ToolCache, program: Program, run: Run, scene: Scene): boolean {
  if (cache.isOff?.(program, run, scene) === true) return true;
  const moved = (cache.variables ?? []).flatMap(([name, below]) => {
    const value = run.variable(program, name);
    return value === undefined || value === '' ? [] : [place(`${value}/${below}`)];
  });
  const home = run.variable(program, 'HOME');
  const places = [...moved, ...cache.places, ...cache.places.map((path) => path.replace(/^~/, home ?? '~'))];
  return (
    places.some((path) => run.isMounted(path) || run.emptiesAfter(program, path)) || cleansAfter(cache, program, run)
  );
}

function cleansAfter(cache: ToolCache, program: Program, run: Run): boolean {
  return run.after(program).some((later) => cache.cleans?.(later) === true);
}

function addFlag({ flag, title, confidence = 'safe' }: FlagMend, { run, word }: CacheHit): Mending {
  return { title, confidence, edits: [insertWord(run.script, word, flag)] };
}

function addCommand(mend: CommandMend, { run, program, instruction }: CacheHit, scene: Scene): Mending | undefined {
  if (program.command.subshell || mayBeGone(program, run)) return undefined;
  if (mend.neededBy && scene.someRunAfter(instruction, mend.neededBy)) return undefined;
  const command = mend.command(program, run, scene);
  if (command === undefined) return undefined;
  // In a branch only that branch has the tool.
  const edit = program.command.conditional
    ? insertBehind(run, program.command, program.prefix + command)
    : appendCommand(scene.dockerfile, run, program.prefix + command);
  const confidence = mend.confidence?.(program, run, scene) ?? 'safe';
  return edit && { title: mend.title, confidence, edits: [edit] };
}

/** True if the tool is removed before the `RUN` ends: then it cannot clean up there. */
function mayBeGone(program: Program, run: Run): boolean {
  return run
    .after(program)
    .some(
      (later) =>
        (/^(?:apk|apt|apt-get|dnf|yum|microdnf|zypper)$/.test(later.name) &&
          later.args.some(({ value }) => /^(?:del|remove|purge|autoremove|erase|rm)$/.test(value ?? ''))) ||
        removedBy(later).some((path) => path.includes(program.name) && /\bbin\b|lib\/node_modules/.test(path)),
    );
}

/** The first operand of a program, if it is one of these words. */
export function verbOf({ args }: Program, verbs: ReadonlySet<string>, taking = /^$/): ShellWord | undefined {
  for (let at = 0; at < args.length; at++) {
    const word = args[at]!;
    const text = word.value ?? word.text;
    if (taking.test(text)) at++;
    else if (!text.startsWith('-')) return verbs.has(text) ? word : undefined;
  }
  return undefined;
}

/** True if the start command of the stage, or of one on top of it, is one of these programs. */
export function startsWith(scene: Scene, names: RegExp): boolean {
  return scene.holdsFromHere(names.source, ({ stage }) =>
    stage.instructions.some(
      (instruction) =>
        (instruction.keyword === 'CMD' || instruction.keyword === 'ENTRYPOINT') &&
        names.test(scene.argumentsOf(instruction)),
    ),
  );
}
