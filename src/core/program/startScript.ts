import { isPosixShell } from '../dockerfile/interpreter.ts';
import { readShellText } from '../dockerfile/shellCommands.ts';
import type { ShellCommand, ShellWord } from '../dockerfile/shellScript.ts';
import { baseName, inFolder } from './fileSystem.ts';
import { isBuiltin } from './shellBuiltins.ts';

/** A command of a shell script, with its words as far as they are known before it runs. */
export interface ScriptCommand {
  readonly argv: readonly string[];
  /** The folder that it runs in; absent where the script changes to one that nobody knows. */
  readonly folder?: string;
  /** The script ends with it, or ends if it fails: without this command it does not do its work. */
  readonly decides: boolean;
  /** It takes the script's place, or is another script that is read into it. */
  readonly kind: 'command' | 'exec' | 'source';
}

export interface ScriptFacts {
  readonly commands: readonly ScriptCommand[];
  /** The script sets `PATH`: what is not found may be found after all. */
  readonly changesPath: boolean;
}

/** Reads the commands of a script that is started with arguments (`$1`, …) in a folder, with these variables. */
export function readScript(
  text: string,
  args: readonly string[],
  env: ReadonlyMap<string, string>,
  workingDir: string,
  flags = '',
): ScriptFacts {
  const { commands, statements } = readShellText(text, env);
  const functions = new Set(commands.map((command) => command.function));
  const last = statements.at(-1)?.span.end;
  let stops = flags.includes('e');
  let folder: string | undefined = workingDir;
  const found: ScriptCommand[] = [];
  for (const command of commands) {
    const argv = knownWords(command.words, args);
    const name = argv[0];
    if (name === undefined || functions.has(name)) continue;
    if (name === 'set' && argv.slice(1).some((word) => /^-[a-z]*e/.test(word) || word === 'errexit')) stops = true;
    if (name === 'cd' && !command.subshell) folder = changed(folder, argv[1], command);
    const kind = name === 'exec' ? 'exec' : name === '.' || name === 'source' ? 'source' : 'command';
    const run = kind === 'command' ? argv : argv.slice(1);
    if (run.length === 0 || (kind === 'command' && isBuiltin(name))) continue;
    const isSure = !command.conditional && command.function === undefined && !command.substitution;
    const ends = command.span.end === last || command.next?.operator === '&&' || kind !== 'command';
    found.push({
      argv: run,
      ...(folder === undefined ? {} : { folder }),
      decides: isSure && (stops || ends),
      kind,
    });
    if (kind === 'exec' && isSure && !command.subshell) break;
  }
  return { commands: found, changesPath: /\bPATH\+?=/.test(text) };
}

function changed(folder: string | undefined, to: string | undefined, command: ShellCommand): string | undefined {
  if (to === undefined || command.conditional || command.function !== undefined) return undefined;
  return to.startsWith('/') ? to : folder === undefined ? undefined : inFolder(folder, to);
}

/** The words up to the first that nobody knows; `"$@"` is the script's own arguments. */
function knownWords(words: readonly ShellWord[], args: readonly string[]): string[] {
  const known: string[] = [];
  for (const { text, value } of words) {
    if (/^"?\$(?:@|\*|\{@\}|\{\*\})"?$/.test(text)) known.push(...args);
    else if (value !== undefined) known.push(value);
    else {
      const position = /^"?\$\{?([1-9])\}?"?$/.exec(text)?.[1];
      const argument = position === undefined ? undefined : args[Number(position) - 1];
      if (argument === undefined) break;
      known.push(argument);
    }
  }
  return known;
}

/** What a shell is told to run. */
export type ShellTask =
  | { readonly kind: 'text'; readonly text: string; readonly args: readonly string[]; readonly flags: string }
  | { readonly kind: 'file'; readonly file: string; readonly args: readonly string[]; readonly flags: string };

/** What the command line of a POSIX shell runs; undefined where it is another program, or reads from its input. */
export function shellTask(argv: readonly string[]): ShellTask | undefined {
  if (!isPosixShell(baseName(argv[0] ?? ''))) return undefined;
  let flags = '';
  for (let at = 1; at < argv.length; at++) {
    const word = argv[at]!;
    if (word === '-o' || word === '+o' || word === '-O') {
      if (argv[++at] === 'errexit') flags += 'e';
    } else if (word.startsWith('--') && word.length > 2) {
      continue;
    } else if (/^[-+][a-zA-Z]+$/.test(word)) {
      flags += word.slice(1);
      if (!word.slice(1).includes('c')) {
        if (word.endsWith('o') && argv[++at] === 'errexit') flags += 'e';
        continue;
      }
      if (word.endsWith('o')) at++;
      const text = argv[at + 1];
      // The word behind the text is `$0`.
      return text === undefined ? undefined : { kind: 'text', text, args: argv.slice(at + 3), flags };
    } else {
      const file = word === '--' || word === '-' ? argv[++at] : word;
      return file === undefined ? undefined : { kind: 'file', file, args: argv.slice(at + 1), flags };
    }
  }
  return undefined;
}
