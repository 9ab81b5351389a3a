import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { lstat, open, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { isFileError } from '../image/fileError.ts';
import type { TarSplitFile } from '../image/jobs.ts';
import type { EngineAbout } from './connection.ts';

/**
 * An image in the engine's own storage, where this process may read it: as root, or with a rootless engine of the same
 * user. Nothing is locked and nothing is written. All of it is content-addressed, so that a storage of another engine
 * with the same image (behind a forwarded socket) would serve as well.
 * None of the methods throws for what is not there: then there is the export.
 */
export interface LayerStore {
  /** The image's config, as its digest names it. */
  config(): Promise<Uint8Array | undefined>;
  /** The headers of a layer's tar. */
  tarSplit(layer: number): Promise<TarSplitFile | undefined>;
  /** At most `limit` bytes of a regular file of a layer; `file` is its path in the image. */
  readFile(layer: number, file: string, limit: number): Promise<Uint8Array | undefined>;
}

/** Where the engine keeps its images, as it says itself. */
export interface StorePlace {
  readonly product: EngineAbout['product'];
  readonly root: string;
  readonly driver: string;
}

export function openLayerStore(place: StorePlace, imageId: string, diffIds: readonly string[]): LayerStore {
  const find = place.product === 'Podman' ? podmanLayers(place, diffIds) : dockerLayers(place, diffIds);
  return {
    config: () => readIfThere(configFile(place, imageId)),
    tarSplit: async (layer) => {
      const stored = await find(layer);
      return stored && tarSplitFile(stored.tarSplit);
    },
    readFile: async (layer, file, limit) => {
      const stored = await find(layer);
      return stored?.folder === undefined ? undefined : readInside(stored.folder, file, limit);
    },
  };
}

interface StoredLayer {
  readonly tarSplit: string;
  /** The unpacked files; absent where the driver keeps them mixed with those of the layers below. */
  readonly folder?: string;
}

/** Drivers that keep a layer's files in a folder of their own. */
const ownFolder: readonly string[] = ['overlay2', 'overlay', 'fuse-overlayfs'];

type FindLayer = (layer: number) => Promise<StoredLayer | undefined>;

/** Docker: `image/<driver>/layerdb/sha256/<chain id>`, with `diff`, `cache-id` and `tar-split.json.gz`. */
function dockerLayers({ root, driver }: StorePlace, diffIds: readonly string[]): FindLayer {
  return async (layer) => {
    const folder = path.join(root, 'image', driver, 'layerdb', 'sha256', chainId(diffIds, layer));
    const diffId = await readIfThere(path.join(folder, 'diff'));
    if (diffId?.toString() !== diffIds[layer]) return undefined;
    const cacheId = (await readIfThere(path.join(folder, 'cache-id')))?.toString() ?? '';
    const hasFolder = ownFolder.includes(driver) && /^[\w-]+$/.test(cacheId);
    return {
      tarSplit: path.join(folder, 'tar-split.json.gz'),
      ...(hasFolder ? { folder: path.join(root, driver, cacheId, 'diff') } : {}),
    };
  };
}

/** https://github.com/opencontainers/image-spec/blob/main/config.md#layer-chainid, without its `sha256:`. */
function chainId(diffIds: readonly string[], layer: number): string {
  const [first, ...above] = diffIds.slice(0, layer + 1);
  const id = above.reduce(
    (chain, diffId) => `sha256:${createHash('sha256').update(`${chain} ${diffId}`).digest('hex')}`,
    first!,
  );
  return id.replace('sha256:', '');
}

const layerList = v.array(v.object({ id: v.string(), 'diff-digest': v.optional(v.string()) }));

/** Podman (containers/storage): `<driver>-layers/layers.json` and `<driver>-layers/<id>.tar-split.gz`. */
function podmanLayers({ root, driver }: StorePlace, diffIds: readonly string[]): FindLayer {
  const folder = path.join(root, `${driver}-layers`);
  const list = readIfThere(path.join(folder, 'layers.json')).then((bytes) => decodeJson(layerList, bytes));
  return async (layer) => {
    const id = (await list)?.find((stored) => stored['diff-digest'] === diffIds[layer])?.id;
    if (id === undefined || !/^[0-9a-f]+$/.test(id)) return undefined;
    return {
      tarSplit: path.join(folder, `${id}.tar-split.gz`),
      ...(ownFolder.includes(driver) ? { folder: path.join(root, driver, id, 'diff') } : {}),
    };
  };
}

function configFile({ product, root, driver }: StorePlace, imageId: string): string {
  const id = imageId.replace('sha256:', '');
  return product === 'Podman'
    ? path.join(root, `${driver}-images`, id, `=${Buffer.from(`sha256:${id}`).toString('base64')}`)
    : path.join(root, 'image', driver, 'imagedb', 'content', 'sha256', id);
}

async function tarSplitFile(file: string): Promise<TarSplitFile | undefined> {
  try {
    const handle = await open(file);
    const { size } = await handle.stat().finally(() => handle.close());
    return { form: 'tar-split', path: file, start: 0, length: size };
  } catch (error) {
    if (!isFileError(error)) throw error;
    return undefined; // There remains the export.
  }
}

async function readIfThere(file: string): Promise<Buffer | undefined> {
  try {
    // The largest of these lists every layer of the storage, some hundred bytes each.
    return (await stat(file)).size > 64 * 1024 * 1024 ? undefined : await readFile(file);
  } catch (error) {
    if (!isFileError(error)) throw error;
    return undefined; // There remains the export.
  }
}

/**
 * The start of a regular file below a folder. The folder is an image's: a link in it may lead anywhere, so none is
 * followed, neither on the way nor at the end.
 */
async function readInside(folder: string, file: string, limit: number): Promise<Uint8Array | undefined> {
  const segments = file.split('/').filter((segment) => segment !== '');
  if (segments.includes('..')) return undefined;
  try {
    let at = folder;
    for (const segment of segments.slice(0, -1)) {
      at = path.join(at, segment);
      if (!(await lstat(at)).isDirectory()) return undefined;
    }
    const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
    const handle = await open(path.join(at, segments.at(-1) ?? ''), flags);
    try {
      const about = await handle.stat();
      if (!about.isFile()) return undefined;
      const bytes = Buffer.alloc(Math.min(limit, about.size));
      const { bytesRead } = await handle.read(bytes, 0, bytes.length, 0);
      return bytes.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (!isFileError(error)) throw error;
    return undefined; // There remains the export.
  }
}

function decodeJson<T>(schema: v.GenericSchema<unknown, T>, bytes: Uint8Array | undefined): T | undefined {
  if (bytes === undefined) return undefined;
  try {
    const result = v.safeParse(schema, JSON.parse(Buffer.from(bytes).toString()));
    return result.success ? result.output : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
