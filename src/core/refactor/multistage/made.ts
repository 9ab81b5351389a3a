import { JoinedText } from '../../dockerfile/joinedText.ts';
import { readCommands } from '../../dockerfile/shellCommands.ts';
import { type Program, programsOf, splitArguments } from '../../rules/scene/program.ts';
import { block } from './blocked.ts';
import type { Where } from './ecosystem.ts';
import { readMakefile } from './makefile.ts';

/** What a call of make runs. */
export interface MakeCall {
  /** Where it runs: absolute. */
  readonly folder: string;
  readonly targets: readonly string[];
  /** The programs of the recipes, in order. */
  readonly programs: readonly Program[];
  /** Variables that the command line sets. */
  readonly given: Readonly<Record<string, string>>;
}

/**
 * Reads a call of make with the Makefile of the build context. Undefined where there is no Makefile in the context, so that a
 * tool such as `configure` or `cmake` has made it. Blocks where there is one that cannot be read.
 */
export function readMake(program: Program, { subject, run, folder }: Where): MakeCall | undefined {
  const { line } = run.instruction;
  const { options, operands } = splitArguments(program.args, /^(?:-[Cfjl]|--directory|--file|--makefile|--jobs)$/);
  const given: Record<string, string> = {};
  const targets: string[] = [];
  for (const { value, text } of operands) {
    const pair = /^(\w+)[:?+]?=(.*)$/s.exec(value ?? text);
    if (pair) given[pair[1]!] = pair[2]!;
    else if (value !== undefined && !/^\d+$/.test(value)) targets.push(value);
  }
  for (const { name, value } of program.command.assignments) if (value !== undefined) given[name] ??= value;
  const directory = optionValue(
    options.map(({ value, text }) => value ?? text),
    /^(?:-C|--directory)$/,
  );
  const at = directory === undefined ? folder : subject.absolute(directory, folder);
  const file = optionValue(
    options.map(({ value, text }) => value ?? text),
    /^(?:-f|--file|--makefile)$/,
  );
  const names = file === undefined ? ['GNUmakefile', 'makefile', 'Makefile'] : [file];
  const found = names
    .map((name) => subject.context.contextPath(subject.absolute(name, at)))
    .find((path) => path !== undefined && subject.project.has(path));
  if (found === undefined) return undefined;
  const text = subject.project.text(found);
  const makefile = text === undefined ? undefined : readMakefile(text, given);
  const wanted = targets.length > 0 ? targets : [makefile?.defaultTarget ?? ''];
  const commands = wanted.map((target) => makefile?.commandsOf(target));
  if (commands.some((list) => list === undefined)) {
    // What is not loaded yet is asked for, and this answer is thrown away.
    block(
      'unreadable-makefile',
      `What ${found} does for \`make ${targets.join(' ')}\` cannot be followed.`.replace(' `make `', ' `make`'),
      {
        line,
        unblock: 'Call the compiler in the Dockerfile, or make the Makefile plainer.',
      },
    );
  }
  return { folder: at, targets, given, programs: commands.flatMap((list) => list!.flatMap(readLine)) };
}

/** The programs of one line of a recipe. */
function readLine(text: string): readonly Program[] {
  const joined = new JoinedText(text, [{ start: 0, end: text.length }]);
  const { commands, problems } = readCommands(joined, { get: () => undefined, has: () => false });
  return programsOf({ kind: 'shell', interpreter: 'sh', commands, statements: [], problems });
}

function optionValue(words: readonly string[], option: RegExp): string | undefined {
  const at = words.findIndex((word) => option.test(word));
  if (at >= 0) return words[at + 1];
  const joined = words.find(
    (word) => word.startsWith('--') && word.includes('=') && option.test(word.slice(0, word.indexOf('='))),
  );
  return joined?.slice(joined.indexOf('=') + 1);
}
