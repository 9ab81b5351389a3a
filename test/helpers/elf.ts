/** An ELF file as a test describes it; everything but its headers and its dynamic section is left out. */
export interface ElfSpec {
  readonly bits?: 32 | 64;
  readonly endian?: 'little' | 'big';
  /** `e_machine`: 62 is amd64. */
  readonly machine?: number;
  /** `e_type`: 2 is a program at a fixed address, 3 one at any address, or a library. */
  readonly type?: number;
  readonly interpreter?: string;
  readonly needed?: readonly string[];
  readonly soname?: string;
  readonly rpath?: string;
  readonly runpath?: string;
  readonly flags1?: number;
  readonly entry?: number;
  /** Symbols that it names. */
  readonly symbols?: readonly string[];
  /** Library, and the versions of it that are needed; one with `?` at its end is weak. */
  readonly versionsNeeded?: Readonly<Record<string, readonly string[]>>;
  readonly versionsDefined?: readonly string[];
}

/** Where the file is loaded: addresses differ from offsets, so that a reader who mixes them up is caught. */
const loadedAt = 0x10000;

/** The bytes of an ELF file, put together by hand from the tables of the ABI. */
export function elfBytes(spec: ElfSpec = {}): Uint8Array {
  const wide = (spec.bits ?? 64) === 64;
  const little = (spec.endian ?? 'little') === 'little';
  const word = wide ? 8 : 4;
  const bytes = new Uint8Array(1 << 14);
  const view = new DataView(bytes.buffer);
  const half = (at: number, value: number): void => view.setUint16(at, value, little);
  const int = (at: number, value: number): void => view.setUint32(at, value, little);
  const long = (at: number, value: number): void =>
    wide ? view.setBigUint64(at, BigInt(value), little) : int(at, value);

  const strings = new Strings();
  const needed = (spec.needed ?? []).map((name) => strings.add(name));
  for (const symbol of spec.symbols ?? []) strings.add(symbol);
  const dynamic: [tag: number, value: number][] = needed.map((name) => [1, name]);
  const named = [
    [14, spec.soname],
    [15, spec.rpath],
    [29, spec.runpath],
  ] as const;
  for (const [tag, value] of named) if (value !== undefined) dynamic.push([tag, strings.add(value)]);
  if (spec.flags1 !== undefined) dynamic.push([0x6ffffffb, spec.flags1]);

  const [headersAt, interpreterAt, versionsAt, definedAt, stringsAt, dynamicAt] = [
    wide ? 64 : 52,
    0x200,
    0x400,
    0x1400,
    0x2400,
    0x3000,
  ];
  const libraries = Object.entries(spec.versionsNeeded ?? {});
  if (libraries.length > 0) {
    dynamic.push([0x6ffffffe, loadedAt + versionsAt], [0x6fffffff, libraries.length]);
    let at = versionsAt;
    libraries.forEach(([library, versions], index) => {
      const size = 16 + 16 * versions.length;
      half(at, 1);
      half(at + 2, versions.length);
      int(at + 4, strings.add(library));
      int(at + 8, 16);
      int(at + 12, index === libraries.length - 1 ? 0 : size);
      versions.forEach((version, which) => {
        const aux = at + 16 + 16 * which;
        half(aux + 4, version.endsWith('?') ? 2 : 0);
        int(aux + 8, strings.add(version.replace(/\?$/, '')));
        int(aux + 12, which === versions.length - 1 ? 0 : 16);
      });
      at += size;
    });
  }
  const defined = [spec.soname ?? 'self', ...(spec.versionsDefined ?? [])];
  if (spec.versionsDefined !== undefined) {
    dynamic.push([0x6ffffffc, loadedAt + definedAt], [0x6ffffffd, defined.length]);
    defined.forEach((version, index) => {
      const at = definedAt + 28 * index;
      half(at, 1);
      half(at + 2, index === 0 ? 1 : 0);
      half(at + 4, index + 1);
      half(at + 6, 1);
      int(at + 12, 20);
      int(at + 16, index === defined.length - 1 ? 0 : 28);
      int(at + 20, strings.add(version));
    });
  }
  if (dynamic.length > 0) dynamic.push([5, loadedAt + stringsAt], [10, strings.bytes.length], [0, 0]);
  bytes.set(strings.bytes, stringsAt);
  dynamic.forEach(([tag, value], index) => {
    long(dynamicAt + index * 2 * word, tag);
    long(dynamicAt + index * 2 * word + word, value);
  });

  bytes.set([0x7f, 0x45, 0x4c, 0x46, wide ? 2 : 1, little ? 1 : 2, 1]);
  half(16, spec.type ?? (spec.soname === undefined ? 2 : 3));
  half(18, spec.machine ?? 62);
  int(20, 1);
  long(24, spec.entry ?? 0);
  long(24 + word, headersAt);
  const headers: [type: number, offset: number, size: number][] = [[1, 0, bytes.length]];
  if (spec.interpreter !== undefined) {
    const name = new TextEncoder().encode(`${spec.interpreter}\0`);
    bytes.set(name, interpreterAt);
    headers.push([3, interpreterAt, name.length]);
  }
  if (dynamic.length > 0) headers.push([2, dynamicAt, dynamic.length * 2 * word]);
  const step = wide ? 56 : 32;
  half(wide ? 54 : 42, step);
  half(wide ? 56 : 44, headers.length);
  headers.forEach(([type, offset, size], index) => {
    const at = headersAt + index * step;
    int(at, type);
    long(at + (wide ? 8 : 4), offset);
    long(at + (wide ? 16 : 8), loadedAt + offset);
    long(at + (wide ? 32 : 16), size);
  });
  return bytes;
}

class Strings {
  #bytes = new Uint8Array(1);

  get bytes(): Uint8Array {
    return this.#bytes;
  }

  /** The offset of a string that is added at the end. */
  add(text: string): number {
    const at = this.#bytes.length;
    const added = new TextEncoder().encode(`${text}\0`);
    const all = new Uint8Array(at + added.length);
    all.set(this.#bytes);
    all.set(added, at);
    this.#bytes = all;
    return at;
  }
}

export const loader = '/lib64/ld-linux-x86-64.so.2';

/** A program of glibc. */
export function dynamicProgram(needed: readonly string[] = ['libc.so.6'], more: ElfSpec = {}): Uint8Array {
  return elfBytes({ type: 3, interpreter: loader, needed, ...more });
}

/** The loader and the C library, where Debian has them. */
export function glibcFiles(newest = 'GLIBC_2.36'): Readonly<Record<string, Uint8Array>> {
  return {
    [loader]: elfBytes({ soname: 'ld-linux-x86-64.so.2', versionsDefined: ['GLIBC_2.3'] }),
    '/usr/lib/x86_64-linux-gnu/libc.so.6': elfBytes({
      soname: 'libc.so.6',
      needed: ['ld-linux-x86-64.so.2'],
      versionsDefined: ['GLIBC_2.2.5', 'GLIBC_2.4', newest],
    }),
  };
}
