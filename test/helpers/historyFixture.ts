import { readFileSync } from 'node:fs';
import type { HistoryEntry, ImageConfig, ImageInfo } from '../../src/core/image/image.ts';

/** A history as a real builder wrote it, kept in `test/fixtures/history`. */
export interface HistoryFixture {
  /** The command and version that made it. */
  readonly made: string;
  readonly dockerfile?: string;
  readonly baseDockerfile?: string;
  readonly info: ImageInfo;
}

export function historyFixture(name: string): HistoryFixture {
  const file = new URL(`../fixtures/history/${name}.json`, import.meta.url);
  const stored = JSON.parse(readFileSync(file, 'utf8')) as StoredFixture;
  return { ...stored, info: imageInfo(stored.diffIds, stored.history.map(toEntry)) };
}

export const emptyConfig: ImageConfig = { env: [], exposedPorts: [], volumes: [], labels: {}, onBuild: [] };

/** An image of which nothing is known but its layers and history. A number stands for that many made-up diff ids. */
export function imageInfo(
  diffIds: readonly string[] | number,
  history: readonly HistoryEntry[],
  config: Partial<ImageConfig> = {},
): ImageInfo {
  const ids = typeof diffIds === 'number' ? Array.from({ length: diffIds }, (_, i) => `sha256:${i}`) : diffIds;
  return {
    platform: 'linux/amd64',
    imageId: 'sha256:0',
    layers: ids.map((diffId, index) => ({ index, diffId })),
    history,
    config: { ...emptyConfig, ...config },
  };
}

/** History entries from one line each; a line in parentheses made no layer. */
export function historyOf(...lines: string[]): HistoryEntry[] {
  return lines.map((line) => {
    const empty = /^\((.*)\)$/s.exec(line);
    return { createdBy: empty ? empty[1]! : line, emptyLayer: empty !== null };
  });
}

interface StoredFixture {
  readonly made: string;
  readonly dockerfile?: string;
  readonly baseDockerfile?: string;
  readonly diffIds: readonly string[];
  readonly history: readonly StoredEntry[];
}

/** As the image specification spells it. */
interface StoredEntry {
  readonly created?: string;
  readonly created_by?: string;
  readonly comment?: string;
  readonly author?: string;
  readonly empty_layer?: boolean;
}

function toEntry(stored: StoredEntry): HistoryEntry {
  return {
    ...(stored.created === undefined ? {} : { created: stored.created }),
    ...(stored.created_by === undefined ? {} : { createdBy: stored.created_by }),
    ...(stored.comment === undefined ? {} : { comment: stored.comment }),
    ...(stored.author === undefined ? {} : { author: stored.author }),
    emptyLayer: stored.empty_layer === true,
  };
}
