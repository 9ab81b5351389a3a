import type { Dockerfile, Stage } from '../dockerfile/model.ts';
import type { Size } from '../size.ts';
import { addsLayer } from './stageSize.ts';
import type { Weight } from './weight.ts';

/** One text of a file, weighed. */
export interface WeighedText {
  readonly dockerfile: Dockerfile;
  /** By instruction. */
  readonly weights: ReadonlyMap<number, Weight>;
  /** What the image weighs that the final stage stands on at the bottom; absent where it is not known. */
  readonly base?: Size;
}

/**
 * By how many bytes the final image of a text differs from that of another. Instructions that stand in both count only as far
 * as they were weighed in the same way: that a measured layer is estimated once something above it changed is no change of
 * the image. Undefined where something that differs cannot be weighed.
 */
export function sizeChange(before: WeighedText, after: WeighedText): number | undefined {
  const [old, now] = [finalInstructions(before), finalInstructions(after)];
  let change = baseChange(before, after);
  for (const [text, weight] of now) {
    const other = old.get(text);
    old.delete(text);
    if (change === undefined) return undefined;
    if (other === undefined) change = plus(change, weight, 1);
    else if (isWhole(other) && isWhole(weight) && other.size.basis === weight.size.basis) {
      change += weight.size.bytes - other.size.bytes;
    }
  }
  for (const weight of old.values()) change = change === undefined ? undefined : plus(change, weight, -1);
  return change;
}

function plus(change: number, weight: Weight | undefined, sign: 1 | -1): number | undefined {
  return isWhole(weight) ? change + sign * weight.size.bytes : undefined;
}

function isWhole(weight: Weight | undefined): weight is Weight & { readonly size: Size } {
  return weight?.size?.complete === true;
}

function baseChange(before: WeighedText, after: WeighedText): number | undefined {
  if (bottomText(before.dockerfile) === bottomText(after.dockerfile)) return 0;
  if (before.base === undefined || after.base === undefined) return undefined;
  return after.base.bytes - before.base.bytes;
}

/** By their text; of several that are alike each has a number. */
function finalInstructions({ dockerfile, weights }: WeighedText): Map<string, Weight | undefined> {
  const found = new Map<string, Weight | undefined>();
  for (const { instructions } of chainOf(dockerfile)) {
    for (const instruction of instructions.filter(addsLayer)) {
      const text = dockerfile.text.slice(instruction.span.start, instruction.span.end);
      let key = text;
      for (let count = 2; found.has(key); count++) key = `${count} ${text}`;
      found.set(key, weights.get(instruction.index));
    }
  }
  return found;
}

/** The final stage and those of the file that it stands on, top first. */
export function chainOf({ stages }: Dockerfile): readonly Stage[] {
  const chain: Stage[] = [];
  let stage = stages.find(({ isFinal }) => isFinal);
  while (stage !== undefined) {
    chain.push(stage);
    const { base, index } = stage;
    stage = base.kind === 'stage' && base.stage < index ? stages[base.stage] : undefined;
  }
  return chain;
}

function bottomText(dockerfile: Dockerfile): string {
  const base = chainOf(dockerfile).at(-1)?.base;
  return base === undefined ? '' : base.kind === 'image' ? base.reference : base.kind;
}
