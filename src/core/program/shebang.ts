/** The `#!` line of a script. */
export interface Shebang {
  /** As the kernel takes it: the first word. A carriage return of a Windows line end is part of it. */
  readonly interpreter: string;
  /** All the rest in one, as Linux hands it over; absent where there is nothing. */
  readonly argument?: string;
}

/** Linux reads no more of the line: `BINPRM_BUF_SIZE` of linux/binfmts.h, since version 5.1. */
export const shebangBytes = 256;

/** Reads the beginning of a file; undefined where it is no `#!` line that names something. */
export function readShebang(head: Uint8Array): Shebang | undefined {
  if (head[0] !== 0x23 || head[1] !== 0x21) return undefined;
  const line = head.subarray(2, shebangBytes);
  const end = line.indexOf(0x0a);
  const text = new TextDecoder().decode(end < 0 ? line : line.subarray(0, end));
  const [, interpreter, argument] = /^[ \t]*([^ \t]+)[ \t]*(.*?)[ \t]*$/s.exec(text) ?? [];
  if (interpreter === undefined) return undefined;
  return { interpreter, ...(argument === undefined || argument === '' ? {} : { argument }) };
}

/**
 * The command line that a script becomes: its interpreter, the argument of its line, its own path, its arguments
 * (https://man7.org/linux/man-pages/man2/execve.2.html).
 */
export function scriptCommand(shebang: Shebang, script: string, args: readonly string[]): string[] {
  return [shebang.interpreter, ...(shebang.argument === undefined ? [] : [shebang.argument]), script, ...args];
}
