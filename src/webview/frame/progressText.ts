import type { Progress } from '../../protocol/explorer.ts';
import { fill, type PageStrings } from '../../protocol/strings.ts';
import type { Format } from '../format.ts';

/** What is going on, in a sentence; absent where all has been read. */
export function progressText(
  { strings, format }: { readonly strings: PageStrings; readonly format: Format },
  progress: Progress,
): string | undefined {
  const { phase, totalBytes, layersRead, layerCount } = progress;
  const bytes = format.bytes(progress.bytes);
  switch (phase) {
    case 'open':
      return strings.opening;
    case 'prepare':
      return totalBytes === undefined
        ? fill(strings.preparing, bytes)
        : fill(strings.preparingOf, bytes, format.bytes(totalBytes));
    case 'read': {
      const layer = Math.min(layersRead + 1, layerCount);
      return totalBytes === undefined
        ? fill(strings.reading, layer, layerCount, bytes)
        : fill(strings.readingOf, layer, layerCount, bytes, format.bytes(totalBytes));
    }
    case 'stopped':
      // How many layers there are is known once the image is open.
      return layerCount === 0 ? strings.openStopped : fill(strings.readStopped, layersRead, layerCount);
    case 'failed':
      return layerCount === 0 ? strings.openFailed : fill(strings.readFailed, layersRead, layerCount);
    case 'done':
      return undefined;
  }
}

/** How far it is, 0 to 1; absent where nobody knows. */
export function progressShare({ bytes, totalBytes }: Progress): number | undefined {
  return totalBytes === undefined || totalBytes === 0 ? undefined : Math.min(1, bytes / totalBytes);
}

/** True while something is going on that can be stopped. */
export function isBusy({ phase }: Pick<Progress, 'phase'>): boolean {
  return phase === 'open' || phase === 'prepare' || phase === 'read';
}
