import type { Dockerfile, Instruction } from '../../core/dockerfile/model.ts';
import type { Weight } from '../../core/estimate/weight.ts';

/** How many lengths a bar may have. */
export const barSteps = 8;

/** A bar beside an instruction. */
export interface Bar {
  readonly instruction: Instruction;
  /** 1 to {@link barSteps}. */
  readonly steps: number;
  readonly isMeasured: boolean;
}

/** Bars as long as an instruction's share of the heaviest one of the file; those below the threshold have none. */
export function barsOf(
  { dockerfile, weights }: { readonly dockerfile: Dockerfile; readonly weights: ReadonlyMap<number, Weight> },
  threshold: number,
): readonly Bar[] {
  const sized = dockerfile.instructions.flatMap((instruction) => {
    const size = weights.get(instruction.index)?.size;
    return size === undefined || size.bytes < threshold || size.bytes === 0 ? [] : [{ instruction, size }];
  });
  const most = sized.reduce((largest, { size }) => Math.max(largest, size.bytes), 0);
  return sized.map(({ instruction, size }) => ({
    instruction,
    steps: Math.max(1, Math.round((size.bytes / most) * barSteps)),
    isMeasured: size.basis === 'measured',
  }));
}
