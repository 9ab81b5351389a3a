import path from 'node:path';
import { parseDockerfile } from '../../core/dockerfile/parse.ts';
import { exportText } from '../../core/image/exportText.ts';
import { type ImageReport, imageReport } from '../../core/image/imageReport.ts';
import { present } from '../../core/present.ts';
import { readDockerfile } from '../dockerfiles.ts';
import { imageText } from '../print/image.ts';
import { Images } from '../images.ts';
import type { CommonOptions } from '../options.ts';
import { readImage } from '../readImage.ts';
import { Status } from '../status.ts';
import { type Host, paintFor, type Terminal } from '../terminal.ts';

export interface ImageOptions extends CommonOptions {
  readonly csv?: boolean;
  readonly top: number;
  readonly dockerfile?: string;
}

/** `plimsoll image SOURCE`. Throws a `SourceError` where the image cannot be opened at all. */
export async function image(source: string, options: ImageOptions, host: Host): Promise<Status> {
  const { terminal, signal } = host;
  const { dockerfile: name } = options;
  const dockerfile =
    name === undefined
      ? undefined
      : parseDockerfile(await readDockerfile(name, path.resolve(terminal.cwd, name), signal));
  await using images = new Images(options, host);
  const read = await readImage(source, images, options, host);
  const report = imageReport({ ...read, top: options.top, ...present({ dockerfile }) });
  terminal.out(printed(report, options, terminal));
  return Status.done;
}

function printed(report: ImageReport, options: ImageOptions, terminal: Terminal): string {
  if (options.json) return exportText(report, 'json');
  if (options.csv) return exportText(report, 'csv');
  if (options.markdown) return exportText(report, 'markdown');
  return imageText(report, paintFor(options.color, terminal));
}
