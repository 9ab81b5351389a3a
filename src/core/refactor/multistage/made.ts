import { emptyScope } from '../../dockerfile/scope.ts';
import { readShellText } from '../../dockerfile/shellCommands.ts';
import { type Program, programsOf, splitArguments, wordTexts } from '../../rules/scene/program.ts';
import { block } from './blocked.ts';
import type { Where } from './ecosystem.ts';
import { type Makefile, readMakefile } from './makefile.ts';

/** A program of a recipe and where it runs: absolute. */
export interface MadeProgram {
  readonly program: Program;
  readonly folder: string;
}

/** What a call of make runs. */
export interface MakeCall {
  /** Its Makefile, relative to the build context. */
  readonly file: string;
  readonly text: string;
  readonly makefile: Makefile;
  /** The programs of the recipes in order, those of calls of make in them too. */
  readonly programs: readonly MadeProgram[];
}

/** Calls of make nest no deeper in anything that a person wrote. */
const deepest = 5;

/**
 * Reads a call of make with the Makefile of the build context. Undefined where there is no Makefile in the context, so that a
 * tool such as `configure` or `cmake` has made it. Blocks where there is one that cannot be read.
 */
export function readMake(program: Program, where: Where): MakeCall | undefined {
  return readCall(program, where, {}, 0);
}

function readCall(
  program: Program,
  where: Where,
  inherited: Readonly<Record<string, string>>,
  depth: number,
): MakeCall | undefined {
  const { subject, run, folder } = where;
  const { line } = run.instruction;
  const { options, operands } = splitArguments(program.args, /^(?:-[CfI]|--directory|--file|--makefile)$/);
  const given: Record<string, string> = { ...inherited };
  const targets: string[] = [];
  for (const { value, text } of operands) {
    const pair = /^(\w+)[:?+]?=(.*)$/s.exec(value ?? text);
    // A number belongs to `-j`.
    if (pair) given[pair[1]!] = pair[2]!;
    else if (value !== undefined && !/^\d+$/.test(value)) targets.push(value);
  }
  for (const { name, value } of program.command.assignments) if (value !== undefined) given[name] ??= value;
  const words = wordTexts(options);
  const directory = optionValue(words, /^(?:-C|--directory)$/);
  const at = directory === undefined ? folder : subject.absolute(directory, folder);
  const named = optionValue(words, /^(?:-f|--file|--makefile)$/);
  const file = (named === undefined ? ['GNUmakefile', 'makefile', 'Makefile'] : [named])
    .map((name) => subject.fromContext(subject.absolute(name, at)))
    .find((path) => path !== undefined);
  if (file === undefined) return undefined;
  const text = subject.project.text(file) ?? '';
  const makefile = readMakefile(text, given);
  const wanted = targets.length > 0 ? targets : [makefile?.defaultTarget ?? ''];
  const commands = wanted.map((target) => makefile?.commandsOf(target));
  // What is not loaded yet is asked for, and this answer is thrown away.
  if (makefile === undefined || commands.some((list) => list === undefined)) {
    block('unreadable-makefile', `What ${file} does for \`${['make', ...targets].join(' ')}\` cannot be followed.`, {
      line,
      unblock: 'Call the compiler in the Dockerfile, or make the Makefile plainer.',
    });
  }
  const programs = commands.flatMap((list) =>
    list!.flatMap((each) => readLine(each, at, (path, from) => subject.absolute(path, from))),
  );
  return {
    file,
    text,
    makefile,
    programs: programs.flatMap((made) => {
      if (made.program.name !== 'make' && made.program.name !== 'gmake') return [made];
      const inner =
        depth < deepest ? readCall(made.program, { ...where, folder: made.folder }, given, depth + 1) : undefined;
      if (inner === undefined) {
        block('unreadable-makefile', `${file} calls make in ${made.folder}, where no Makefile is known.`, { line });
      }
      return inner.programs;
    }),
  };
}

/** The programs of one line of a recipe: `cd` counts to its end. */
function readLine(
  text: string,
  start: string,
  absolute: (path: string, from: string) => string,
): readonly MadeProgram[] {
  let folder = start;
  return programsOf(readShellText(text, emptyScope)).map((program) => {
    // Each bracket begins where the line does: two of them beside each other do not add up.
    if (program.name === 'cd')
      folder = absolute(program.args[0]?.value ?? '.', program.command.subshell ? start : folder);
    return { program, folder };
  });
}

function optionValue(words: readonly string[], option: RegExp): string | undefined {
  const at = words.findIndex((word) => option.test(word));
  if (at >= 0) return words[at + 1];
  const joined = words.find(
    (word) => word.startsWith('--') && word.includes('=') && option.test(word.slice(0, word.indexOf('='))),
  );
  return joined?.slice(joined.indexOf('=') + 1);
}
