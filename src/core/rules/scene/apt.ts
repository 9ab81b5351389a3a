import type { ShellWord } from '../../dockerfile/shellScript.ts';
import { type Program, splitArguments } from './program.ts';
import type { Run } from './run.ts';

/** A call of apt, apt-get or aptitude. */
export interface AptCall {
  readonly program: Program;
  /** `update`, `install`, … */
  readonly verb: string;
  readonly verbWord: ShellWord;
  /** What follows the verb, options left out. */
  readonly operands: readonly ShellWord[];
  readonly options: readonly ShellWord[];
}

/** Options of apt that take the next word. */
const taking = /^(?:-[cota]|--option|--config-file|--target-release|--default-release|--host-architecture)$/;

export function aptCall(program: Program): AptCall | undefined {
  const { name } = program;
  if (name !== 'apt-get' && name !== 'apt' && name !== 'aptitude') return undefined;
  const { options, operands } = splitArguments(program.args, taking);
  const [verbWord, ...rest] = operands;
  if (verbWord?.value === undefined) return undefined;
  return { program, verb: verbWord.value, verbWord, operands: rest, options };
}

export function aptCalls(run: Run): readonly AptCall[] {
  return run.once(readCalls);
}

function readCalls(run: Run): readonly AptCall[] {
  return run.programs.map(aptCall).filter((call) => call !== undefined);
}

/** Verbs that need the package lists. */
const reading = new Set([
  'install',
  'reinstall',
  'build-dep',
  'satisfy',
  'upgrade',
  'safe-upgrade',
  'dist-upgrade',
  'full-upgrade',
  'source',
  'download',
  'changelog',
]);

/** Verbs that put packages on the system. */
const installing = new Set(['install', 'build-dep', 'satisfy', 'upgrade', 'dist-upgrade', 'full-upgrade']);

export function installs({ verb }: AptCall): boolean {
  return installing.has(verb);
}

/** A program that fetches the package lists: `apt-get update`, `add-apt-repository`, the set-up script of NodeSource. */
export function fetchesLists(program: Program): boolean {
  const { name, args, command } = program;
  const call = aptCall(program);
  if (call) return call.verb === 'update';
  if (name === 'add-apt-repository' || name === 'apt-add-repository') {
    return !args.some(({ value }) => value === '-n' || value === '--no-update');
  }
  return (
    command.next?.operator === '|' &&
    command.words.some(({ value }) => (value ?? '').includes('deb.nodesource.com/setup'))
  );
}

/** True if a `RUN` fetches the package lists. */
export function fetchesListsIn(run: Run): boolean {
  return run.programs.some(fetchesLists);
}

/** True if a `RUN` reads package lists that it has not fetched itself: they must be there from before. */
export function needsListsFromBefore(run: Run): boolean {
  for (const program of run.programs) {
    if (fetchesLists(program)) return false;
    const call = aptCall(program);
    if (call && reading.has(call.verb)) return true;
  }
  return false;
}
