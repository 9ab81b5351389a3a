import { createHash } from 'node:crypto';
import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { header, octal, padded } from './tar.ts';

export interface LargeArchive {
  readonly entries: number;
  readonly layers: number;
  /** Length of the archive, about. */
  readonly bytes: number;
  /** Of all entries, so many are whiteouts, in the layers above the first. */
  readonly whiteouts?: number;
}

/**
 * Writes a `docker save` archive with the shape of a real one: many small files and a few large ones in nested folders,
 * in the order of a walk through them.
 * Contents are holes, so that it takes a fraction of its length on disk; headers are where they would be.
 */
export function writeLargeArchive(file: string, shape: LargeArchive): void {
  const archive = openSync(file, 'w');
  try {
    let position = 0;
    const write = (bytes: Uint8Array): void => {
      writeSync(archive, bytes, 0, bytes.length, position);
      position += bytes.length;
    };
    const random = seeded(42);
    const perLayer = Math.floor(shape.entries / shape.layers);
    const mean = shape.bytes / shape.entries - 1024;
    const names: string[] = [];
    const diffIds: string[] = [];
    for (let layer = 0; layer < shape.layers; layer++) {
      const rows = layerRows(
        layer,
        perLayer,
        layer === 0 ? 0 : (shape.whiteouts ?? 0) / (shape.layers - 1),
        mean,
        random,
      );
      const length = rows.reduce((sum, row) => sum + 512 + Math.ceil(row.size / 512) * 512, 1024);
      const diffId = createHash('sha256').update(`layer ${layer}`).digest('hex');
      const name = `${diffId}/layer.tar`;
      names.push(name);
      diffIds.push(`sha256:${diffId}`);
      write(header({ name, size: octal(length, 12) }));
      const end = position + length;
      for (const row of rows) {
        write(header({ name: row.name, size: octal(row.size, 12), type: row.name.endsWith('/') ? '5' : '0' }));
        position += Math.ceil(row.size / 512) * 512;
      }
      position = end;
    }
    const config = JSON.stringify({
      os: 'linux',
      architecture: 'amd64',
      rootfs: { type: 'layers', diff_ids: diffIds },
    });
    for (const [name, text] of [
      ['config.json', config],
      ['manifest.json', JSON.stringify([{ Config: 'config.json', RepoTags: ['large:1'], Layers: names }])],
    ] as const) {
      const bytes = Buffer.from(text);
      write(header({ name, size: octal(bytes.length, 12) }));
      write(padded(bytes));
    }
    ftruncateSync(archive, position + 1024);
  } finally {
    closeSync(archive);
  }
}

interface Row {
  readonly name: string;
  readonly size: number;
}

function layerRows(layer: number, count: number, whiteouts: number, mean: number, random: () => number): Row[] {
  const rows: Row[] = [];
  for (let at = 0; at < count; at++) {
    const folder = `usr/lib/package${Math.floor(at / 40) % 500}/part${at % 7}/`;
    if (at % 40 === 0) rows.push({ name: folder, size: 0 });
    else if (at < whiteouts) rows.push({ name: `${folder}.wh.file${at}-0.js`, size: 0 });
    // Sizes as in a real image: half of the files below a tenth of the mean, a few of a hundred times as much.
    else rows.push({ name: `${folder}file${at}-${layer}.js`, size: Math.floor(mean * random() ** 8 * 9.3) });
  }
  return rows.sort((a, b) => compareInWalk(a.name, b.name));
}

/** What writes layers walks folders by the order of their names; a folder's own files and folders come after it. */
function compareInWalk(a: string, b: string): number {
  const [first, second] = [a.replaceAll('/', '\0'), b.replaceAll('/', '\0')];
  return first < second ? -1 : first > second ? 1 : 0;
}

/** The same numbers in every run: https://en.wikipedia.org/wiki/Linear_congruential_generator */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1664525 + 1013904223) % 2 ** 32;
    return state / 2 ** 32;
  };
}
