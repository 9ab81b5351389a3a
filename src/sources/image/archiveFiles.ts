import { fileChunks, part } from './chunks.ts';
import { unpacked } from './compression.ts';
import type { FileRange, ImageFiles } from './files.ts';
import type { Indexing, LayerProblem, ScannedLayer } from './jobs.ts';
import { LayerError } from './layerError.ts';
import { type Member, memberAt } from './members.ts';
import { cleanName, followLinks } from './names.ts';
import { readDocument, storedLayer } from './storedLayer.ts';

/** An opened archive: its files, and what was wrong with it as a whole. */
export interface ArchiveContent {
  readonly files: ImageFiles;
  readonly problems: readonly LayerProblem[];
}

/** The files of an uncompressed archive on disk. Only its headers are read: each file is read when it is asked for. */
export async function plainArchive(
  archive: FileRange,
  indexing: Indexing,
  onBytes: (bytes: number) => void,
  signal: AbortSignal,
): Promise<ArchiveContent> {
  const { index, problems } = await indexing.indexLayer(archive, {}, onBytes, signal);
  const members = new Map<string, Member & { readonly offset: number }>();
  const links = new Map<string, string>();
  for (let entry = 0; entry < index.count; entry++) {
    const member = memberAt(index, entry);
    // Of a name that comes twice the last one counts, as when it is unpacked.
    links.delete(member.name);
    members.delete(member.name);
    if (member.target !== undefined) links.set(member.name, member.target);
    if (member.isFile) members.set(member.name, { ...member, offset: index.offset[entry]! });
  }
  const range = (name: string): FileRange | undefined => {
    const member = members.get(resolved(name, links) ?? '');
    return member && { path: archive.path, start: archive.start + member.offset, length: member.size };
  };
  const files: ImageFiles = {
    path: archive.path,
    readDocument: async (name) => {
      const found = range(name);
      return found && readDocument(name, found, signal);
    },
    layer: async (name) => {
      const found = range(name);
      if (found === undefined) throw missing(archive.path, name, links);
      return storedLayer(String(found.start), found, signal);
    },
    has: (name) => Promise.resolve(range(name) !== undefined),
  };
  return { files, problems };
}

/**
 * The files of a compressed archive, which can only be read from its start: one pass reads all, layers included, and
 * keeps the indexes. Where it breaks off, what came before is there, and a problem. Throws the signal's reason.
 */
export async function compressedArchive(
  archive: FileRange,
  indexing: Indexing,
  onBytes: (bytes: number) => void,
  signal: AbortSignal,
): Promise<ArchiveContent> {
  const documents = new Map<string, Uint8Array>();
  const layers = new Map<string, ScannedLayer>();
  const damaged = new Map<string, LayerProblem>();
  const links = new Map<string, string>();
  const problems: LayerProblem[] = [];
  const on = {
    document: (name: string, bytes: Uint8Array) => void documents.set(name, bytes),
    layer: (layer: ScannedLayer) => void layers.set(layer.name, layer),
    damaged: (name: string, problem: LayerProblem) => void damaged.set(name, problem),
    link: (name: string, target: string) => void links.set(name, target),
    progress: onBytes,
  };
  try {
    await indexing.scanArchive(archive, { verify: true }, on, signal);
  } catch (error) {
    if (!(error instanceof LayerError)) throw error;
    problems.push({ code: error.code, message: error.message });
  }
  const files: ImageFiles = {
    path: archive.path,
    readDocument: (name) => {
      const at = resolved(name, links) ?? '';
      const problem = damaged.get(at);
      if (problem?.code === 'limit') return Promise.reject(new LayerError(problem.code, problem.message));
      return Promise.resolve(documents.get(at));
    },
    layer: (name) => {
      const at = resolved(name, links) ?? '';
      const problem = damaged.get(at);
      if (problem !== undefined) return Promise.reject(new LayerError(problem.code, problem.message));
      const known = layers.get(at);
      if (known === undefined) return Promise.reject(missing(archive.path, name, links));
      return Promise.resolve({
        key: at,
        bytes: { kind: 'stream', open: (abort) => memberBytes(archive, known, abort) },
        storedBytes: known.storedBytes,
        isCompressed: known.isCompressed,
        known,
      });
    },
    has: (name) => Promise.resolve(layers.has(resolved(name, links) ?? '')),
  };
  return { files, problems };
}

function memberBytes(archive: FileRange, layer: ScannedLayer, signal: AbortSignal): AsyncIterable<Uint8Array> {
  return part(unpacked(fileChunks(archive, signal)), layer.offset, layer.storedBytes);
}

function resolved(name: string, links: ReadonlyMap<string, string>): string | undefined {
  const clean = cleanName(name);
  return clean === undefined ? undefined : followLinks(clean, links);
}

function missing(path: string, name: string, links: ReadonlyMap<string, string>): LayerError {
  const isCircle = cleanName(name) !== undefined && resolved(name, links) === undefined;
  const reason = isCircle ? `the links of ${name} lead in a circle` : `${name} is not there`;
  return new LayerError('missing-layer', `A layer is missing in ${path}: ${reason}.`);
}
