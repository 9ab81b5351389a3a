import type { Dockerfile } from '../../dockerfile/model.ts';
import type { TextEdit } from '../../text.ts';
import type { CopyTarget } from '../scene/files.ts';
import type { Program } from '../scene/program.ts';
import type { Run } from '../scene/run.ts';
import { removeInstruction } from './remove.ts';

/**
 * Mounts in a `RUN` what a `COPY` puts there for it, in place of the `COPY`. Undefined where something else may want it: an
 * instruction behind that mentions its name, a command of the `RUN` other than the one that it is for, which could not
 * remove or change what is mounted; or where the `COPY` does more than to copy one thing.
 */
export function mountInstead(
  dockerfile: Dockerfile,
  run: Run,
  copy: CopyTarget,
  { target, isFor }: { readonly target: string; readonly isFor: (program: Program) => boolean },
): readonly TextEdit[] | undefined {
  const { instruction, sources, from } = copy;
  const [source, ...more] = sources;
  if (instruction.keyword !== 'COPY' || source === undefined || more.length > 0) return undefined;
  if (instruction.stage !== run.instruction.stage || instruction.heredocs.length > 0) return undefined;
  if (instruction.flags.some(({ name }) => name !== 'from' && name !== 'link')) return undefined;
  // What a mount’s fields cannot hold, or a builder would read as several files.
  if (/[*?[\],\s"'$\\]/.test(source + target + (from ?? ''))) return undefined;
  const name = target.split('/').at(-1)!;
  const { text, instructions } = dockerfile;
  const isMentioned = instructions.some(
    (other) =>
      other !== run.instruction &&
      other.index > instruction.index &&
      text.slice(other.span.start, other.span.end).includes(name),
  );
  const isUsed = run.programs.some(
    (program) => !isFor(program) && program.command.words.some(({ text: word }) => word.includes(name)),
  );
  if (isMentioned || isUsed || run.script.kind === 'foreign') return undefined;
  const fields = ['type=bind', ...(from === undefined ? [] : [`from=${from}`])];
  fields.push(`source=${source.replace(/^\.\//, '').replace(/(.)\/$/, '$1')}`, `target=${target}`);
  const at = run.instruction.keywordSpan.end;
  return [
    removeInstruction(dockerfile, instruction.span),
    { start: at, end: at, newText: ` --mount=${fields.join(',')}` },
  ];
}
