import { diffReport } from '../../core/image/diffReport.ts';
import { diffCsv, diffMarkdown, diffText } from '../print/diff.ts';
import { Images } from '../images.ts';
import type { CommonOptions } from '../options.ts';
import { readImage } from '../readImage.ts';
import { Status } from '../status.ts';
import { type Host, paintFor } from '../terminal.ts';

export interface DiffOptions extends CommonOptions {
  readonly csv?: boolean;
  readonly top: number;
}

/** `plimsoll diff A B`. Throws a `SourceError` where one of the images cannot be opened at all. */
export async function diff(a: string, b: string, options: DiffOptions, host: Host): Promise<Status> {
  const { terminal } = host;
  await using images = new Images(options, host);
  // One after the other: reading one image already takes all cores.
  const first = await readImage(a, images, options, host);
  const second = await readImage(b, images, options, host);
  const report = diffReport(first, second, { top: options.top });
  if (options.json) terminal.out(`${JSON.stringify(report, undefined, 2)}\n`);
  else if (options.csv) terminal.out(diffCsv(report));
  else if (options.markdown) terminal.out(diffMarkdown(report));
  else terminal.out(diffText(report, paintFor(options.color, terminal)));
  return Status.done;
}
