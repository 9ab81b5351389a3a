import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseDockerfile } from '../../core/dockerfile/parse.ts';
import type { Dockerfile } from '../../core/dockerfile/model.ts';
import type { ImageProblem, OpenImage } from '../../core/image/image.ts';
import { type ImageReport, imageReport } from '../../core/image/imageReport.ts';
import type { LayerIndex } from '../../core/image/layerIndex.ts';
import { formatBytes } from '../../core/size.ts';
import { present } from '../../core/present.ts';
import { imageCsv, imageMarkdown, imageText } from '../print/image.ts';
import { Progress } from '../progress.ts';
import { openServices, type CommonOptions, type Services } from '../services.ts';
import { Status, UsageError } from '../status.ts';
import { type Host, paintFor, type Terminal } from '../terminal.ts';

export interface ImageOptions extends CommonOptions {
  readonly csv?: boolean;
  readonly top: number;
  readonly dockerfile?: string;
}

/** `plimsoll image SOURCE`. Throws a `SourceError` where the image cannot be opened at all. */
export async function image(source: string, options: ImageOptions, host: Host): Promise<Status> {
  const { terminal } = host;
  const dockerfile =
    options.dockerfile === undefined ? undefined : await readDockerfile(options.dockerfile, terminal.cwd);
  await using services = openServices(options, host);
  const read = await readImage(source, services, options, host);
  const report = imageReport({ ...read, top: options.top, ...present({ dockerfile }) });
  terminal.out(printed(report, options, terminal));
  return Status.done;
}

function printed(report: ImageReport, options: ImageOptions, terminal: Terminal): string {
  if (options.json) return `${JSON.stringify(report, undefined, 2)}\n`;
  if (options.csv) return imageCsv(report);
  if (options.markdown) return imageMarkdown(report);
  return imageText(report, paintFor(options.color, terminal));
}

/** An image of which everything has been read that can be. */
export interface ReadImage extends Pick<OpenImage, 'source' | 'info'> {
  /** As many as `info.layers`; undefined for one that could not be read. */
  readonly layers: readonly (LayerIndex | undefined)[];
  readonly problems: readonly ImageProblem[];
}

/** Opens a source and reads its layers, with progress where somebody looks. */
export async function readImage(
  source: string,
  services: Services,
  options: CommonOptions,
  { terminal, signal }: Host,
): Promise<ReadImage> {
  using progress = new Progress(terminal, options.quiet === true);
  const onProgress = ({ phase, bytes, totalBytes }: { phase: string; bytes: number; totalBytes?: number }): void =>
    progress.show(
      `${phase === 'prepare' ? 'opening' : 'reading'} ${source}: ${formatBytes(bytes)}${totalBytes === undefined ? '' : ` of ${formatBytes(totalBytes)}`}`,
    );
  await using opened = await services.openImage(source, onProgress, signal);
  const layers = new Array<LayerIndex | undefined>(opened.info.layers.length).fill(undefined);
  const problems = [...opened.problems];
  await opened.readLayers(
    {
      layer: (index, content) => (layers[index] = content),
      problem: (problem) => problems.push(problem),
      progress: onProgress,
    },
    signal,
  );
  // Layers are read side by side: their order of arrival is no property of the image.
  problems.sort((a, b) => (a.layer ?? -1) - (b.layer ?? -1));
  return { source: opened.source, info: opened.info, layers, problems };
}

async function readDockerfile(name: string, cwd: string): Promise<Dockerfile> {
  try {
    return parseDockerfile(await readFile(path.resolve(cwd, name), 'utf8'));
  } catch (error) {
    throw new UsageError(`${name} cannot be read: ${(error as NodeJS.ErrnoException).code ?? String(error)}.`, {
      cause: error,
    });
  }
}
