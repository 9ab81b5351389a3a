/** The shell that runs the shell form where no `SHELL` says otherwise. A base image may say otherwise: it is not asked. */
export function defaultShell(platform: string, baseReference: string): readonly string[] {
  const isWindows =
    platform.startsWith('windows/') ||
    /nanoserver|servercore|mcr\.microsoft\.com\/(?:windows|dotnet\/framework)\b/i.test(baseReference);
  return isWindows ? ['cmd', '/S', '/C'] : ['/bin/sh', '-c'];
}

/** Interpreters whose scripts are read as shell scripts. */
const posixShells = new Set(['sh', 'bash', 'dash', 'ash']);

/** Whether a shell does nothing that any `sh` would not do. */
export function isPlainShell(interpreter: string): boolean {
  return interpreter !== 'bash' && isPosixShell(interpreter);
}

export function isPosixShell(interpreter: string): boolean {
  return posixShells.has(interpreter);
}

/** The bare name of the program that a `SHELL` or a `#!` line runs: `bash` for `/usr/bin/env -S bash -eu`. */
export function interpreterName(command: readonly string[]): string {
  const [first = '', ...rest] = command;
  const name = baseName(first);
  if (name === 'env') return interpreterName(rest.filter((word) => !word.startsWith('-') && !word.includes('=')));
  // The shell of BusyBox has no other name when it is called so.
  if (name === 'busybox') return baseName(rest[0] ?? name);
  return name;
}

function baseName(path: string): string {
  return (/[^/\\]*$/.exec(path)?.[0] ?? path).toLowerCase().replace(/\.exe$/, '');
}
