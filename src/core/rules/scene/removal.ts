import { hasArgument, type Program, splitArguments } from './program.ts';
import { spellings } from './places.ts';

/** The patterns that a command removes, as written; empty if it removes nothing. */
export function removedBy({ name, args }: Program): readonly string[] {
  switch (name) {
    case 'rm':
    case 'unlink':
    case 'rmdir':
    case 'shred':
      return splitArguments(args).operands.flatMap(spellings);
    case 'find': {
      const first = args.findIndex(({ text }) => /^[-(!]/.test(text));
      const starts = first < 0 ? args : args.slice(0, first);
      const removes = hasArgument({ args }, /^-delete$/) || args.some(({ value }) => value === 'rm');
      return removes ? starts.flatMap(spellings) : [];
    }
    case 'trap':
      return args[0]?.value?.includes('rm ')
        ? args[0].value.split(/[\s;&|"']+/).filter((word) => /[/~$]/.test(word))
        : [];
    default:
      return [];
  }
}

/** True if it removes something of which nobody knows what: `rm -rf "$dir"`. */
export function removesUnknown(program: Program): boolean {
  return removedBy(program).some((pattern) => /[$`]/.test(pattern.replace(/^\$\{?HOME\}?(?=\/)/, '')));
}
