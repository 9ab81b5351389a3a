import type { Program } from '../../rules/scene/program.ts';
import { block } from './blocked.ts';
import { readCommand } from './commands.ts';
import type { Where } from './ecosystem.ts';
import type { MakeCall } from './made.ts';
import type { Reading } from './step.ts';

/** What the recipes of a call of make write. */
export interface Recipes {
  /** Absolute. */
  readonly writes: readonly string[];
  /** Whether everything that is put somewhere is known by name. */
  readonly isWhole: boolean;
}

/** Commands that put files somewhere: where is often known only to make. */
const putting =
  /^(?:cp|mv|install|ln|rsync|tar|tee|rm|rmdir|mkdir|touch|chmod|chown|chgrp|sed|unzip|git|gzip|curl|wget)$/;
const changing = /^(?:rm|rmdir|mkdir|chmod|chown|chgrp|touch)$/;

/**
 * Reads the commands of recipes as those of the Dockerfile are read. Blocks at one that nobody knows, and at one that sets up the
 * system, which the run stage could not do again.
 *
 * @param read what an ecosystem says of its own tools.
 */
export function readRecipes(
  call: MakeCall,
  where: Where,
  read: (program: Program, where: Where) => Reading | undefined,
): Recipes {
  const { subject, run } = where;
  const { line } = run.instruction;
  const writes: string[] = [];
  let isWhole = true;
  for (const { program, folder } of call.programs) {
    if (putting.test(program.name) && !changing.test(program.name))
      isWhole &&= program.args.every(({ value, glob }) => value !== undefined && !glob);
    const reading = read(program, { ...where, folder }) ?? readCommand(program);
    if (reading === undefined) {
      // A program of the context, or one that was made just before, works on what is built.
      const isOwn = program.nameWord.value?.includes('/') === true;
      if (!isOwn && !putting.test(program.name)) {
        block('unreadable-makefile', `${call.file} runs ${program.name}; what that leaves behind is not known.`, {
          line,
        });
      }
      isWhole &&= changing.test(program.name);
      continue;
    }
    if (reading.kind === 'users' || reading.kind === 'packages' || reading.kind === 'toolchain') {
      block('unreadable-makefile', `${call.file} sets up the system with ${program.name}.`, {
        line,
        unblock: 'Do it in the Dockerfile.',
      });
    }
    writes.push(...(reading.writes ?? []).map((path) => subject.absolute(path, folder)));
  }
  return { writes, isWhole };
}
