import type { Dockerfile, Instruction } from '../dockerfile/model.ts';
import { type Size, type SizeSum, sumSizes } from '../size.ts';

/** Instructions that add a layer with files. `WORKDIR` may add one too: an empty folder, 0 bytes of files. */
const layerKeywords = new Set(['RUN', 'COPY', 'ADD']);

/** Whether an instruction adds a layer whose bytes count. */
export function addsLayer(instruction: Instruction): boolean {
  return layerKeywords.has(instruction.keyword);
}

/**
 * What each stage weighs on disk: its base and the layers that its instructions add. Element `i` is stage `i`; absent
 * where nothing of it is known (a stage on `scratch` whose instructions have no weight yet is not “at least 0 B”).
 *
 * @param baseOnDisk the size of a stage's base image; asked only where the base is an image.
 * @param weight the bytes that an instruction adds; asked only for those that add a layer.
 */
export function stageSizes(
  dockerfile: Dockerfile,
  baseOnDisk: (stage: number) => Size | undefined,
  weight: (instruction: Instruction) => Size | SizeSum | undefined,
): (SizeSum | undefined)[] {
  const sizes: (SizeSum | undefined)[] = [];
  for (const stage of dockerfile.stages) {
    const base = ((): Size | SizeSum | undefined => {
      switch (stage.base.kind) {
        case 'scratch':
          return { bytes: 0, basis: 'measured' };
        case 'stage':
          return sizes[stage.base.stage];
        case 'image':
          return baseOnDisk(stage.index);
        case 'unresolved':
          return undefined;
      }
    })();
    const sum = sumSizes([base, ...stage.instructions.filter(addsLayer).map(weight)]);
    sizes.push(sum !== undefined && (sum.complete || sum.bytes > 0) ? sum : undefined);
  }
  return sizes;
}
