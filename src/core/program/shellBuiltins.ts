/** What every POSIX shell does itself, dash and that of BusyBox among them: there is no program of these names. */
export const posixBuiltins: ReadonlySet<string> = new Set(
  (
    '. : alias bg break cd command continue eval exec exit export fg getopts hash jobs local read readonly return set shift ' +
    'source times trap type ulimit umask unalias unset wait'
  ).split(' '),
);

/** What bash does itself, and smaller shells do not. */
const bashBuiltins: ReadonlySet<string> = new Set(
  (
    '[[ bind builtin caller compgen complete declare dirs disown enable fc help history let logout mapfile popd pushd ' +
    'readarray shopt suspend typeset'
  ).split(' '),
);

/** What shells do themselves, though systems have programs of these names too: a start command in a list calls the program. */
export const builtinPrograms: ReadonlySet<string> = new Set('[ echo false kill printf pwd test true'.split(' '));

/** Whether a shell knows what a word means without looking for a program. */
export function isBuiltin(name: string): boolean {
  return isOnlyBuiltin(name) || builtinPrograms.has(name);
}

/** Whether only a shell knows what a word means: without one there is no such program. */
export function isOnlyBuiltin(name: string): boolean {
  return posixBuiltins.has(name) || bashBuiltins.has(name);
}
