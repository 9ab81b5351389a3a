import { open, stat } from 'node:fs/promises';
import path from 'node:path';
import type { ReadProgress } from '../../core/image/image.ts';
import { SourceError } from '../error.ts';
import { type ArchiveContent, compressedArchive, plainArchive } from './archiveFiles.ts';
import { findCandidates, type ImageCandidate } from './candidates.ts';
import { type Choice, chooseImage } from './choose.ts';
import { compressionOf } from './compression.ts';
import { asSourceError } from './fileError.ts';
import type { FileRange } from './files.ts';
import { describeImage } from './imageInfo.ts';
import type { IndexCache } from './indexCache.ts';
import type { Indexing } from './jobs.ts';
import { LayeredImage } from './layeredImage.ts';
import { layoutFiles } from './layoutFiles.ts';
import { LayerError } from './layerError.ts';
import { looksLikeArchive } from './scanArchive.ts';

export interface OpenOptions extends Choice {
  readonly indexing: Indexing;
  readonly cache?: IndexCache;
  /** Told while a compressed archive is read to find out what is in it. */
  readonly onProgress?: (progress: ReadProgress) => void;
  readonly signal: AbortSignal;
}

/**
 * Opens an archive of `docker save`, `podman save`, `skopeo` or the like: docker-archive (with and without an OCI layout
 * in it) or oci-archive, plain or compressed as a whole. A plain one is open at once; of a compressed one everything is
 * read now, because its manifest may come last.
 * Throws a `SourceError`; an `ImageChoiceError` where it holds several images and `options` does not tell which.
 */
export async function openArchive(file: string, options: OpenOptions): Promise<LayeredImage> {
  const { indexing, signal } = options;
  try {
    const { head, size } = await fileHead(file);
    if (!looksLikeArchive(head)) throw new SourceError('unsupported', `${file} is no tar archive.`);
    const range: FileRange = { path: file, start: 0, length: size };
    const compression = compressionOf(head);
    const isPlain = 'kind' in compression && compression.kind === 'none';
    const onBytes = (bytes: number) => options.onProgress?.({ phase: 'prepare', bytes, totalBytes: size });
    const content = await (isPlain ? plainArchive : compressedArchive)(range, indexing, onBytes, signal);
    return await openContent('archive', content, options);
  } catch (error) {
    throw openError(error, file, signal);
  }
}

/** Opens an OCI layout folder. Throws as {@link openArchive}. */
export async function openLayout(folder: string, options: OpenOptions): Promise<LayeredImage> {
  try {
    return await openContent('layout', { files: layoutFiles(folder, options.signal), problems: [] }, options);
  } catch (error) {
    throw openError(error, folder, options.signal);
  }
}

async function openContent(
  source: 'archive' | 'layout',
  content: ArchiveContent,
  options: OpenOptions,
): Promise<LayeredImage> {
  const candidates = await candidatesOf(content);
  const chosen = chooseImage(candidates, options, content.files.path);
  const { info, problems, layers } = await describeImage(chosen, content.files, options.reference);
  return new LayeredImage({
    source,
    info,
    problems: [...content.problems, ...problems],
    layers,
    indexing: options.indexing,
    ...(options.cache === undefined ? {} : { cache: options.cache }),
  });
}

/** Where a damaged archive shows no image, the damage is the reason and not the image that is missing. */
async function candidatesOf({ files, problems }: ArchiveContent): Promise<readonly ImageCandidate[]> {
  try {
    return await findCandidates(files);
  } catch (error) {
    const [problem] = problems;
    if (!(error instanceof SourceError) || problem === undefined) throw error;
    if (problem.code === 'unknown-compression') {
      throw new SourceError('unsupported', `${files.path}: ${problem.message} Unpack it first.`, { cause: error });
    }
    const code = problem.code === 'truncated' ? 'truncated' : 'invalid';
    throw new SourceError(code, `${files.path} is damaged: ${problem.message}`, { cause: error });
  }
}

/** What a file or folder is, by what is in it: `archive`, `layout`, or undefined for neither and for nothing at all. */
export async function imageKindAt(place: string): Promise<'archive' | 'layout' | undefined> {
  try {
    const found = await stat(place);
    if (found.isDirectory()) {
      const index = await stat(path.join(place, 'index.json'));
      return index.isFile() ? 'layout' : undefined;
    }
    return found.isFile() && looksLikeArchive((await fileHead(place)).head) ? 'archive' : undefined;
  } catch (error) {
    const known = asSourceError(error, place);
    if (known instanceof SourceError && known.code !== 'denied') return undefined;
    throw known;
  }
}

async function fileHead(file: string): Promise<{ head: Uint8Array; size: number }> {
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(512), 0, 512, 0);
    return { head: buffer.subarray(0, bytesRead), size };
  } finally {
    await handle.close();
  }
}

function openError(error: unknown, place: string, signal: AbortSignal): unknown {
  signal.throwIfAborted();
  if (error instanceof LayerError) {
    const code = error.code === 'truncated' ? 'truncated' : 'invalid';
    return new SourceError(code, `${place}: ${error.message}`, { cause: error });
  }
  return asSourceError(error, place);
}
