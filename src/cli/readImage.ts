import type { ImageProblem, ReadProgress } from '../core/image/image.ts';
import type { LayerIndex } from '../core/image/layerIndex.ts';
import type { ReadImage } from '../core/image/readImage.ts';
import { formatBytes } from '../core/size.ts';
import type { Images } from './images.ts';
import type { CommonOptions } from './options.ts';
import { Progress } from './progress.ts';
import type { Host } from './terminal.ts';

/** Opens a source and reads all its layers, with progress where somebody looks. Throws a `SourceError`, or the signal's reason. */
export async function readImage(
  source: string,
  images: Images,
  options: CommonOptions,
  { terminal, signal }: Host,
): Promise<ReadImage> {
  using line = new Progress(terminal, options.quiet === true);
  const progress = ({ phase, bytes, totalBytes }: ReadProgress): void => {
    const of = totalBytes === undefined ? '' : ` of ${formatBytes(totalBytes)}`;
    line.show(`${phase === 'prepare' ? 'opening' : 'reading'} ${source}: ${formatBytes(bytes)}${of}`);
  };
  await using opened = await images.open(source, progress);
  const layers = new Array<LayerIndex | undefined>(opened.info.layers.length).fill(undefined);
  const problems: ImageProblem[] = [...opened.problems];
  await opened.readLayers(
    { layer: (index, content) => (layers[index] = content), problem: (problem) => problems.push(problem), progress },
    signal,
  );
  // Layers are read side by side: the order of their arrival is no property of the image.
  problems.sort((a, b) => (a.layer ?? -1) - (b.layer ?? -1));
  return { source: opened.source, info: opened.info, layers, problems };
}
