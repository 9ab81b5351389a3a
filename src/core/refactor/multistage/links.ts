import { isWithin } from '../../rules/scene/places.ts';
import { splitArguments } from '../../rules/scene/program.ts';
import type { PlannedCopy } from './ecosystem.ts';
import type { Step } from './step.ts';
import type { Subject } from './subject.ts';

/**
 * The commands that make links among what is copied, by the links' paths. `COPY` copies what a link leads to, and a script that
 * is copied to another place no longer finds what is beside it. A link to what stays behind has no command: there the copy
 * is what is wanted.
 */
export function linkCommands(
  subject: Subject,
  steps: readonly Step[],
  copies: readonly PlannedCopy[],
): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { program, writes, folder } of steps) {
    const isSymbolic = program.args.some(({ text }) => /^(?:-[a-zA-Z]*s[a-zA-Z]*|--symbolic)$/.test(text));
    const operands = splitArguments(program.args).operands;
    const [link] = writes;
    const to = operands[0]?.value;
    if (program.name !== 'ln' || !isSymbolic || link === undefined || to === undefined || operands.length > 2) continue;
    const target = subject.absolute(to, link.slice(0, link.lastIndexOf('/')));
    const isCopied = copies.some(({ path }) => path !== link && isWithin(target, path.replace(/\/$/, '')));
    if (!copies.some(({ path }) => path === link) || !isCopied) continue;
    const { start, end } = program.command.span;
    found.set(
      link,
      `cd ${folder} && ${subject.dockerfile.text.slice(start, end)}`.replace(/^cd \S+ && (?=.*\s\/\S+$)/, ''),
    );
  }
  return found;
}
