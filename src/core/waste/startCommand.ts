import type { ImageConfig } from '../image/image.ts';

/** What a container of the image starts, as far as its config tells. */
export interface StartCommand {
  /**
   * - `none`: nothing is said; the image is a base or a tool box.
   * - `interactive`: a shell or an interpreter without a program: a base, too.
   * - `program`: something that runs by itself.
   */
  readonly kind: 'none' | 'interactive' | 'program';
  /** Entrypoint and command in one list, wrappers such as `tini --` taken off. */
  readonly words: readonly string[];
  /** The base names of all commands in it, those of a `sh -c` text included: `docker-entrypoint.sh`, `node`. */
  readonly commands: ReadonlySet<string>;
}

const wrappers = new Set([
  'env',
  'exec',
  'tini',
  'dumb-init',
  'catatonit',
  'nice',
  'nohup',
  'setpriv',
  'ionice',
  'time',
]);
const wrappersWithUser = new Set(['gosu', 'su-exec', 'chroot', 'runuser']);
const shells = new Set(['sh', 'bash', 'ash', 'dash', 'zsh', 'fish', 'ksh', 'busybox', 'pwsh']);
const interpreters =
  /^(?:python[\d.]*|node|nodejs|irb|ruby|perl|php|lua|R|julia|iex|erl|jshell|ghci|scala|clojure|lein|swift|bun|deno)$/;

/** Reads the start command of an image. */
export function readStartCommand(config: Pick<ImageConfig, 'entrypoint' | 'cmd'>): StartCommand {
  const words = unwrap([...(config.entrypoint ?? []), ...(config.cmd ?? [])]);
  const [first, ...rest] = words;
  if (first === undefined) return { kind: 'none', words, commands: new Set() };
  const command = baseName(first);
  const text = shells.has(command) ? shellText(rest) : undefined;
  if (text !== undefined) return { kind: 'program', words, commands: commandsOf(text) };
  if (rest.every((word) => word.startsWith('-')) && (shells.has(command) || interpreters.test(command))) {
    return { kind: 'interactive', words, commands: new Set([command]) };
  }
  // An entrypoint script is handed the command as its arguments.
  const handed = config.entrypoint?.length ? config.cmd?.[0] : undefined;
  const commands = new Set([command, ...(handed && !handed.startsWith('-') ? [baseName(handed)] : [])]);
  const shellOnly = handed !== undefined && config.cmd?.length === 1 && shells.has(baseName(handed));
  return { kind: shellOnly ? 'interactive' : 'program', words, commands };
}

/** True if one of these commands, by base name, is what starts. */
export function starts(start: StartCommand, commands: readonly string[]): boolean {
  return commands.some((command) => start.commands.has(command));
}

function unwrap(words: readonly string[]): string[] {
  let at = 0;
  for (;;) {
    const word = words[at];
    if (word === undefined) return words.slice(at);
    const name = baseName(word);
    if (wrappersWithUser.has(name)) at += 2;
    else if (wrappers.has(name)) at++;
    else if (at > 0 && (word.startsWith('-') || /^\w+=/.test(word))) at++;
    else return words.slice(at);
  }
}

/** The text after `-c`, `-ec`, `-lc`. */
function shellText(args: readonly string[]): string | undefined {
  const flag = args.findIndex((word) => /^-\w*c$/.test(word));
  return flag < 0 ? undefined : args[flag + 1];
}

/** The first word of each command in a shell text; assignments and wrappers taken off. */
function commandsOf(text: string): Set<string> {
  const commands = text.split(/&&|\|\||[;&|\n(){}]/).map((command) => {
    const words = command.trim().split(/\s+/);
    const start = words.findIndex((word) => !/^\w+=/.test(word));
    return baseName(unwrap(words.slice(Math.max(0, start)))[0] ?? '');
  });
  return new Set(commands.filter((command) => command !== ''));
}

function baseName(path: string): string {
  return path.replace(/^["']|["']$/g, '').replace(/^.*[/\\]/, '');
}
