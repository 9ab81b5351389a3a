import type { Platform } from '../core/base/baseSize.ts';
import { ImageReader } from '../sources/estimate/imageReader.ts';
import type { WeightPorts } from '../sources/estimate/weightAnswers.ts';
import { IndexCache } from '../sources/image/indexCache.ts';
import { indexInProcess } from '../sources/image/inProcess.ts';
import { lockSizes } from '../sources/npm/lockSizes.ts';
import { thisNpm } from '../sources/npm/npmConfig.ts';
import { NpmPackages } from '../sources/npm/npmPackages.ts';
import { openCache } from './cache.ts';
import type { CommonOptions } from './options.ts';
import type { Services } from './services.ts';
import type { Host } from './terminal.ts';

export type OutsidePorts = Pick<WeightPorts, 'image' | 'locked'> & Disposable;

/** Who knows the files of images, and the packages of lock files. With `--offline` nobody does. */
export function openWeightPorts(
  { imageSources }: Services,
  options: CommonOptions,
  { terminal }: Host,
  platform: Platform,
): OutsidePorts {
  if (options.offline === true) return { [Symbol.dispose]: () => undefined };
  const cache = openCache(options, terminal);
  // It holds nothing that must be let go: only threads would be.
  const reader = new ImageReader({
    sources: () => imageSources,
    indexes: new IndexCache(cache),
    indexing: indexInProcess(),
  });
  const npm = new NpmPackages({ cache, surroundings: { ...thisNpm, env: { ...terminal.env } } });
  return {
    image: (question, signal) => reader.answer(question, platform, signal),
    locked: (lock, of, signal) => lockSizes(lock, of, npm, signal),
    [Symbol.dispose]: () => npm[Symbol.dispose](),
  };
}
