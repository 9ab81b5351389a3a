import * as v from 'valibot';
import { present } from '../../core/present.ts';

/**
 * Tells which layers a member of an engine's export is before the export's list of them has come, which is written last:
 * - `<diff id>.tar`, as Podman writes, and `blobs/sha256/<diff id>`, as Docker does since 25, say so themselves;
 * - `<id>/layer.tar`, as Docker did before: `<id>/json` names the parent, so the number of ancestors is the place.
 */
export class ExportPlaces {
  readonly #diffIds: readonly string[];
  /** Ids of Docker's first image format, with their parents. */
  readonly #parents = new Map<string, string | undefined>();

  constructor(diffIds: readonly string[]) {
    this.#diffIds = diffIds;
  }

  /** Takes the small files as they come. */
  document(name: string, bytes: Uint8Array): void {
    const id = /^([0-9a-f]{64})\/json$/.exec(name)?.[1];
    const parsed = id === undefined ? undefined : firstFormat(bytes);
    if (id !== undefined && parsed) this.#parents.set(id, parsed.parent);
  }

  /** Indexes of the layers, several where the image has the same one more than once; none where it is not known yet. */
  of(name: string): number[] {
    const plain = /^(?:blobs\/sha256\/)?([0-9a-f]{64})(?:\.tar)?$/.exec(name)?.[1];
    const id = /^([0-9a-f]{64})\/layer\.tar$/.exec(name)?.[1];
    const diffId =
      plain !== undefined ? `sha256:${plain}` : id === undefined ? undefined : this.#diffIds[this.#depth(id)];
    return [...this.#diffIds.keys()].filter((layer) => this.#diffIds[layer] === diffId);
  }

  /** The number of ancestors; -1 while one of them is missing. */
  #depth(id: string): number {
    let at = id;
    for (let depth = 0; depth < this.#diffIds.length && this.#parents.has(at); depth++) {
      const parent = this.#parents.get(at);
      if (parent === undefined) return depth;
      at = parent;
    }
    return -1;
  }
}

const firstFormatSchema = v.object({ parent: v.optional(v.string()) });

function firstFormat(bytes: Uint8Array): { parent?: string } | undefined {
  try {
    return present(v.parse(firstFormatSchema, JSON.parse(Buffer.from(bytes).toString())));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof v.ValiError) return undefined;
    throw error;
  }
}
