import type { ImageProblem } from '../../core/image/image.ts';
import type { LayerIndex } from '../../core/image/layerIndex.ts';
import type { ReadImage } from '../../core/image/readImage.ts';
import { stackLayers } from '../../core/image/stack.ts';
import type { StackedTree } from '../../core/image/stackedTree.ts';
import { present } from '../../core/present.ts';
import { type StartTrace, traceStart } from '../../core/program/closure.ts';
import type { FileSystem } from '../../core/program/fileSystem.ts';
import type { Engine } from '../engine/engine.ts';
import { openEngineImage } from '../engine/engineImage.ts';
import { createContainer, removeContainer } from '../engine/run.ts';
import type { IndexCache } from '../image/indexCache.ts';
import type { Indexing } from '../image/jobs.ts';
import { containerFiles } from './containerFiles.ts';

/** An image of the engine, read, and what a container of it starts. */
export interface ExaminedImage {
  readonly image: ReadImage;
  readonly tree: StackedTree;
  /** Its entries and names; contents can be opened only while it is examined. */
  readonly files: FileSystem;
  /** `start.needs` is what a smaller base is chosen by. */
  readonly start: StartTrace;
}

export interface ExamineOptions {
  readonly indexing: Indexing;
  readonly cache?: IndexCache;
  readonly signal: AbortSignal;
}

/**
 * Reads an image of the engine by its id and follows what it starts. A container is made for that, never started, and
 * removed whatever happens. Throws a `SourceError`, or the signal's reason.
 */
export async function examineImage(
  engine: Engine,
  id: string,
  { indexing, cache, signal }: ExamineOptions,
): Promise<ExaminedImage> {
  await using opened = await openEngineImage(engine, id, { indexing, ...present({ cache }), signal });
  const layers = new Array<LayerIndex | undefined>(opened.info.layers.length).fill(undefined);
  const problems: ImageProblem[] = [...opened.problems];
  await opened.readLayers(
    { layer: (index, content) => (layers[index] = content), problem: (problem) => problems.push(problem) },
    signal,
  );
  const image: ReadImage = { source: 'engine', info: opened.info, layers, problems };
  const tree = stackLayers(layers);
  const connection = await engine.connect(signal);
  // It never starts, so any command will do; an image without one would be refused.
  const body = { Image: id, Entrypoint: [], Cmd: ['/'], HostConfig: { NetworkMode: 'none' } };
  const container = await createContainer(connection, body);
  try {
    const files = containerFiles(connection, container, tree);
    return { image, tree, files, start: await traceStart(files, image.info.config, signal) };
  } finally {
    await removeContainer(connection, container);
  }
}
