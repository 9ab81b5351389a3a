import * as v from 'valibot';
import type { Platform } from '../../core/base/baseSize.ts';
import type { Reference } from '../../core/base/reference.ts';
import type { ByteCache } from './byteCache.ts';

/** What a tag named when it was last asked. */
export interface TagRecord {
  readonly digest: string;
  /** Milliseconds since 1970. */
  readonly askedAt: number;
}

/** What is known of the image for one platform behind a digest (of an index or a manifest). True for ever. */
export interface ImageRecord {
  /** Of the platform's own manifest. */
  readonly digest: string;
  readonly downloadBytes: number;
  readonly onDiskBytes?: number;
  /** True when asking again would tell no more. */
  readonly isSettled: boolean;
}

/** The uncompressed length of a layer; `untold` where its blob does not tell without being read whole. */
export type LayerRecord = number | 'untold';

const tagRecord = v.object({ digest: v.string(), askedAt: v.number() });
const imageRecord = v.object({
  digest: v.string(),
  downloadBytes: v.number(),
  onDiskBytes: v.optional(v.number()),
  isSettled: v.boolean(),
});
const layerRecord = v.union([v.number(), v.literal('untold')]);

/** What registries said, in a {@link ByteCache}: by digest for ever, by tag with the time. */
export class RegistryCache {
  readonly #bytes: ByteCache;

  constructor(bytes: ByteCache) {
    this.#bytes = bytes;
  }

  tag(reference: Reference): Promise<TagRecord | undefined> {
    return this.#read(tagKey(reference), tagRecord);
  }

  setTag(reference: Reference, record: TagRecord): Promise<void> {
    return this.#write(tagKey(reference), record);
  }

  deleteTag(reference: Reference): Promise<void> {
    return this.#bytes.delete(tagKey(reference));
  }

  async image(digest: string, platform: Platform): Promise<ImageRecord | undefined> {
    const record = await this.#read(`image ${digest} ${platform}`, imageRecord);
    if (!record) return undefined;
    const { onDiskBytes, ...rest } = record;
    return onDiskBytes === undefined ? rest : { ...rest, onDiskBytes };
  }

  setImage(digest: string, platform: Platform, record: ImageRecord): Promise<void> {
    return this.#write(`image ${digest} ${platform}`, record);
  }

  layer(digest: string): Promise<LayerRecord | undefined> {
    return this.#read(`layer-size ${digest}`, layerRecord);
  }

  setLayer(digest: string, record: LayerRecord): Promise<void> {
    return this.#write(`layer-size ${digest}`, record);
  }

  /** Bytes of a manifest, an index or a config. */
  content(digest: string): Promise<Uint8Array | undefined> {
    return this.#bytes.get(`content ${digest}`);
  }

  async setContent(digest: string, bytes: Uint8Array): Promise<void> {
    await this.#bytes.set(`content ${digest}`, bytes);
  }

  async #read<T>(key: string, schema: v.GenericSchema<unknown, T>): Promise<T | undefined> {
    const bytes = await this.#bytes.get(key);
    if (!bytes) return undefined;
    const record = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), new TextDecoder().decode(bytes));
    return record.success ? record.output : undefined;
  }

  async #write(key: string, record: unknown): Promise<void> {
    await this.#bytes.set(key, new TextEncoder().encode(JSON.stringify(record)));
  }
}

function tagKey({ domain, path, tag }: Reference): string {
  return `tag ${domain}/${path}:${tag ?? 'latest'}`;
}
