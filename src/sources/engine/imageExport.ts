import type { Platform } from '../../core/base/baseSize.ts';
import { type ImageCandidate, findCandidates } from '../image/candidates.ts';
import { chooseImage } from '../image/choose.ts';
import { ChunkReader } from '../image/chunkReader.ts';
import type { ImageFiles } from '../image/files.ts';
import { readTarPart } from '../image/indexLayer.ts';
import type { Indexing, LayerProblem, ScannedLayer } from '../image/jobs.ts';
import { LayerError } from '../image/layerError.ts';
import { nextMember, padded } from '../image/members.ts';
import { cleanName, followLinks } from '../image/names.ts';
import { ExportPlaces } from './exportPlaces.ts';

export interface ExportedImage {
  /** What the export's own lists and the image's config say. */
  readonly image: ImageCandidate;
  /** From base to top: the member that holds the layer, and what it is. */
  readonly layers: readonly { readonly member: string; readonly content: ScannedLayer | LayerProblem }[];
}

export interface ExportEvents {
  /** A layer that has passed, as soon as it is known which of the image's layers it is. */
  layer(layers: readonly number[], content: ScannedLayer): void;
  progress(bytes: number): void;
}

/**
 * Reads an image as an engine exports it (`docker save`), in one pass. What comes early is told early; what the export's
 * list alone can place is in the result. Throws a `LayerError` where the export cannot be read to its end, and a
 * `SourceError` where it holds no such image.
 */
export async function readExport(
  stream: AsyncIterable<Uint8Array>,
  diffIds: readonly string[],
  platform: Platform,
  indexing: Indexing,
  on: ExportEvents,
  signal: AbortSignal,
): Promise<ExportedImage> {
  const documents = new Map<string, Uint8Array>();
  const scanned = new Map<string, ScannedLayer>();
  const damaged = new Map<string, LayerProblem>();
  const links = new Map<string, string>();
  const places = new ExportPlaces(diffIds);
  const waiting = new Set<ScannedLayer>();
  const tellPlaced = (): void => {
    for (const layer of waiting) {
      const at = places.of(layer.name);
      if (at.length === 0) continue;
      waiting.delete(layer);
      on.layer(at, layer);
    }
  };
  await indexing.scanArchive(
    stream,
    { verify: false },
    {
      document: (name, bytes) => {
        documents.set(name, bytes);
        places.document(name, bytes);
        tellPlaced();
      },
      layer: (layer) => {
        scanned.set(layer.name, layer);
        waiting.add(layer);
        tellPlaced();
      },
      damaged: (name, problem) => void damaged.set(name, problem),
      link: (name, target) => void links.set(name, target),
      progress: (bytes) => on.progress(bytes),
    },
    signal,
  );
  const resolved = (name: string): string => {
    const clean = cleanName(name);
    return (clean === undefined ? undefined : followLinks(clean, links)) ?? '';
  };
  const candidates = await findCandidates(filesOf(documents, scanned, resolved));
  // An engine that keeps several platforms of an image exports them all.
  const image = candidates.length === 1 ? candidates[0]! : chooseImage(candidates, { platform }, exportName);
  return {
    image,
    layers: image.layers.map(({ name }) => {
      const member = resolved(name);
      const missing = { code: 'missing-layer', message: `The engine’s export has no ${name}.` };
      return { member, content: scanned.get(member) ?? damaged.get(member) ?? missing };
    }),
  };
}

const exportName = 'The engine’s export';

/** What the search for images needs of the export's files; layers are never asked for. */
function filesOf(
  documents: ReadonlyMap<string, Uint8Array>,
  scanned: ReadonlyMap<string, ScannedLayer>,
  resolved: (name: string) => string,
): ImageFiles {
  return {
    path: exportName,
    readDocument: (name) => Promise.resolve(documents.get(resolved(name))),
    layer: (name) => Promise.reject(new LayerError('missing-layer', `${name} has been read already.`)),
    has: (name) => Promise.resolve(scanned.has(resolved(name))),
  };
}

/** A part of the tar that a member of an export holds; the export is ended then. Undefined where it has no such member. */
export async function readMember(
  stream: AsyncIterable<Uint8Array>,
  name: string,
  offset: number,
  length: number,
): Promise<Uint8Array | undefined> {
  const reader = new ChunkReader(stream);
  try {
    for (let member = await nextMember(reader); member !== undefined; member = await nextMember(reader)) {
      if (member.name === name) return await readTarPart(reader.pass(member.size), offset, length);
      await reader.skip(padded(member.size));
    }
    return undefined;
  } finally {
    await reader.end();
  }
}
