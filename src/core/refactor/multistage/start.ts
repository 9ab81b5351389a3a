import type { Instruction } from '../../dockerfile/model.ts';
import { shellCommands } from '../../dockerfile/shell.ts';
import { isBuiltin, isOnlyBuiltin } from '../../program/shellBuiltins.ts';
import {
  calledName,
  isPassThrough,
  readWhatStarts,
  searchedPaths,
  type StartedProgram,
  unwrapped,
  type WhatStarts,
} from '../whatStarts.ts';
import { block } from './blocked.ts';
import type { Subject } from './subject.ts';

/** What the container starts, and what others start in it. */
export interface Start extends Pick<WhatStarts, 'programs' | 'scripts' | 'shellUsers'> {
  /** `ENTRYPOINT` and `CMD` of the stage, where it has them: the last of each. */
  readonly entrypoint?: Instruction;
  readonly cmd?: Instruction;
  readonly healthcheck?: Instruction;
  /** What is executed, wrappers such as `tini --` taken off: the program first. For the shell form its main command. */
  readonly argv: readonly string[];
  /** Absolute paths that the program's name may stand for, best first. */
  readonly paths: readonly string[];
  /** The line that says what starts. One-based. */
  readonly line: number;
}

/** What the stage starts, read when it is first asked. Blocks where it starts nothing of its own. */
export function readStart(subject: Subject): Start {
  return subject.once(startOf);
}

function startOf(subject: Subject): Start {
  const { stage, config, dockerfile, project, context, workingDir, searchPath, scope } = subject;
  const last = (keyword: string): Instruction | undefined =>
    stage.instructions.findLast((instruction) => instruction.keyword === keyword);
  const [entrypoint, cmd, healthcheck] = [last('ENTRYPOINT'), last('CMD'), last('HEALTHCHECK')];
  const site = {
    dockerfile,
    project,
    context,
    entrypoint,
    cmd,
    healthcheck,
    config,
    workingDir,
    searchPath,
    scope,
    consumers: project.consumers,
    absolute: (path: string, folder: string) => subject.absolute(path, folder),
    // What is built takes its arguments for itself.
    handsOn: () => false,
  };
  const { programs, scripts, shellUsers, problems } = readWhatStarts(site);
  const [problem] = problems;
  if (problem) {
    const code = { foreign: 'foreign-script', syntax: 'shell-syntax' }[problem.kind];
    block(code, problem.message, { line: problem.line });
  }
  const { line } = cmd ?? entrypoint ?? stage.from;
  const words = entrypoint || cmd ? ownCommand(subject, entrypoint, cmd) : inheritedCommand(subject);
  if (words.length === 0) block('no-start-command', 'What the container starts is not known.', { line });
  const argv = unwrapped(words);
  const inherited: readonly StartedProgram[] =
    entrypoint || cmd ? [] : [{ name: argv[0]!, args: argv.slice(1), by: subject.base.text }];
  return {
    ...(entrypoint === undefined ? {} : { entrypoint }),
    ...(cmd === undefined ? {} : { cmd }),
    ...(healthcheck === undefined ? {} : { healthcheck }),
    argv,
    paths: searchedPaths(argv[0]!, site),
    line,
    programs: [...inherited, ...programs],
    scripts,
    shellUsers,
  };
}

/** What the file's instructions execute, behind an entry point of the base that does more than to hand on. */
function ownCommand(
  subject: Subject,
  entrypoint: Instruction | undefined,
  cmd: Instruction | undefined,
): readonly string[] {
  const inherited = subject.config?.entrypoint ?? [];
  const fixed = entrypoint ? mainCommand(subject, entrypoint) : isPassThrough(inherited) ? [] : inherited;
  if (cmd === undefined || (entrypoint !== undefined && entrypoint.json === undefined)) return fixed;
  const isArguments = fixed.length > 0 && cmd.json === undefined;
  return [...fixed, ...(isArguments ? ['/bin/sh', '-c', subject.argumentsOf(cmd)] : mainCommand(subject, cmd))];
}

/** The words that an instruction executes; of a shell form those of the command that all is for. */
function mainCommand({ dockerfile }: Subject, instruction: Instruction): readonly string[] {
  const { kind, commands } = shellCommands(dockerfile, instruction);
  if (kind === 'exec') return commands[0]?.words.map(({ value }) => value!) ?? [];
  const named = commands.filter(({ name, substitution }) => name !== undefined && !substitution);
  // `a || exit 1` and `cd x && a` start `a`.
  const main = named.findLast(({ name, conditional }) => !conditional && !isBuiltin(name!)) ?? named[0];
  const words = main?.words.map((word, at) => (at === 0 ? calledName(word) : (word.value ?? word.text))) ?? [];
  return words[0] === 'exec' ? [calledName(main!.words[1] ?? main!.words[0]!), ...words.slice(2)] : words;
}

/**
 * How a word of the start command is written where a variable is in it: `$JAR` for `app.jar`, which is only what the variable is
 * at first. Undefined for a word that is always the same.
 */
export function variableWord({ dockerfile }: Subject, { entrypoint, cmd }: Start, word: string): string | undefined {
  const instructions = [entrypoint, cmd].filter((instruction) => instruction !== undefined);
  return instructions
    .flatMap((instruction) => {
      const { kind, commands } = shellCommands(dockerfile, instruction);
      return kind === 'exec' ? [] : commands.flatMap(({ words }) => words);
    })
    .find(({ value, text }) => text.includes('$') && (value ?? text) === word)?.text;
}

/** What the base starts, where that is a server; blocks where it is a prompt or nothing. */
function inheritedCommand({ config, stage }: Subject): readonly string[] {
  const cmd = config?.cmd ?? [];
  if (!isServer(cmd)) {
    block('no-start-command', 'The stage has neither ENTRYPOINT nor CMD, so nothing says what must be in the image.', {
      line: stage.from.line,
      unblock: 'Add the CMD that the image is started with.',
    });
  }
  const entrypoint = config?.entrypoint ?? [];
  return [...(isPassThrough(entrypoint) ? [] : entrypoint), ...cmd];
}

/** The programs that are started and that nothing of the file itself makes. */
export function foreignPrograms({ programs }: Start, isMade: (path: string) => boolean): readonly StartedProgram[] {
  return programs.filter(({ name }) => {
    if (isOnlyBuiltin(name) || name.includes('$')) return false;
    return !(name.includes('/') && isMade(name));
  });
}

/** Whether what an image starts by itself is a server, and not a prompt that waits for somebody. */
export function isServer([only, ...rest]: readonly string[]): boolean {
  return rest.length === 0 && /^(?:apache2-foreground|php-fpm)$/.test(only ?? '');
}
