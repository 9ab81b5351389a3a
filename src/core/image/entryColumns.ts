import { grown } from './columns.ts';
import type { EntryKind } from './layerIndex.ts';

/** The columns of a layer index while they grow. */
export class EntryColumns {
  count = 0;
  kind: Uint8Array<ArrayBuffer>;
  path: Uint32Array<ArrayBuffer>;
  size: Float64Array<ArrayBuffer>;
  mode: Uint16Array<ArrayBuffer>;
  uid: Uint32Array<ArrayBuffer>;
  gid: Uint32Array<ArrayBuffer>;
  mtime: Float64Array<ArrayBuffer>;
  offset: Float64Array<ArrayBuffer>;
  link: Uint32Array<ArrayBuffer>;
  xattrs: Uint32Array<ArrayBuffer>;

  constructor(expected: number) {
    this.kind = new Uint8Array(expected);
    this.path = new Uint32Array(expected);
    this.size = new Float64Array(expected);
    this.mode = new Uint16Array(expected);
    this.uid = new Uint32Array(expected);
    this.gid = new Uint32Array(expected);
    this.mtime = new Float64Array(expected);
    this.offset = new Float64Array(expected);
    this.link = new Uint32Array(expected);
    this.xattrs = new Uint32Array(expected);
  }

  /** Adds an entry whose other columns are set by the caller, and returns its index. */
  add(kind: EntryKind, path: number): number {
    const entry = this.count++;
    if (entry === this.kind.length) this.#grow(entry + 1);
    this.kind[entry] = kind;
    this.path[entry] = path;
    return entry;
  }

  /** The columns cut to size. */
  finish() {
    const count = this.count;
    return {
      count,
      kind: this.kind.slice(0, count),
      path: this.path.slice(0, count),
      size: this.size.slice(0, count),
      mode: this.mode.slice(0, count),
      uid: this.uid.slice(0, count),
      gid: this.gid.slice(0, count),
      mtime: this.mtime.slice(0, count),
      offset: this.offset.slice(0, count),
      link: this.link.slice(0, count),
      xattrs: this.xattrs.slice(0, count),
    };
  }

  #grow(needed: number): void {
    this.kind = grown(this.kind, needed);
    this.path = grown(this.path, needed);
    this.size = grown(this.size, needed);
    this.mode = grown(this.mode, needed);
    this.uid = grown(this.uid, needed);
    this.gid = grown(this.gid, needed);
    this.mtime = grown(this.mtime, needed);
    this.offset = grown(this.offset, needed);
    this.link = grown(this.link, needed);
    this.xattrs = grown(this.xattrs, needed);
  }
}
