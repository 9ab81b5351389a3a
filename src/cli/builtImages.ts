import type { BuiltImage } from '../core/estimate/measuredLayers.ts';
import type { BuiltEvidence } from '../core/refactor/builtEvidence.ts';
import type { Engine } from '../sources/engine/engine.ts';
import { IndexCache } from '../sources/image/indexCache.ts';
import { indexInProcess } from '../sources/image/inProcess.ts';
import { BuiltImageReader } from '../sources/prove/builtImageReader.ts';
import { openCache } from './cache.ts';
import type { CommonOptions } from './options.ts';
import { Progress } from './progress.ts';
import type { Host } from './terminal.ts';

/** Looks into images that were built from Dockerfiles, with a line that says so while it lasts. Throws only the signal's reason. */
export function openBuiltImages(
  engine: Engine,
  options: CommonOptions,
  { terminal, signal }: Host,
): (image: BuiltImage) => Promise<BuiltEvidence | undefined> {
  const cache = new IndexCache(openCache(options, terminal));
  const reader = new BuiltImageReader({ indexing: indexInProcess(), cache });
  return async ({ name, info }) => {
    using line = new Progress(terminal, options.quiet === true);
    line.show(`reading ${name}`);
    return await reader.read(engine, info.imageId, signal);
  };
}
