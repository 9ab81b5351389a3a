/**
 * What the loader of a system asks an ELF file, by the System V ABI (https://gabi.xinuos.com) and, for symbol versions,
 * the Linux Standard Base (https://refspecs.linuxfoundation.org/LSB_5.0.0/LSB-Core-generic/LSB-Core-generic/symversion.html).
 */
export interface ElfFile {
  readonly kind: 'elf';
  readonly bits: 32 | 64;
  readonly endian: 'little' | 'big';
  /** `e_machine` by the name that platforms have (`amd64`, `arm64`, `386`, `arm`, …), or its number. */
  readonly machine: string;
  /**
   * - `static`: at a fixed address, needs nothing. `static-pie`: the same, at any address.
   * - `dynamic`: a program that an interpreter loads.
   * - `library`: has no interpreter and is loaded by others; also every object that is neither program nor library.
   */
  readonly linkage: 'static' | 'static-pie' | 'dynamic' | 'library';
  /** Of a program: what the kernel starts in its place (`PT_INTERP`). */
  readonly interpreter?: string;
  readonly soname?: string;
  /** Names of libraries, in the order in which they are searched. */
  readonly needed: readonly string[];
  /** As they are written, `$ORIGIN` in place; a `DT_RPATH` counts only where there is no `DT_RUNPATH`. */
  readonly rpath: readonly string[];
  readonly runpath: readonly string[];
  /** The loader does not look in the system's folders (`DF_1_NODEFLIB`). */
  readonly noDefaultFolders: boolean;
  readonly versionsNeeded: readonly NeededVersions[];
  /** The versions that a library offers: `GLIBC_2.34`. */
  readonly versionsDefined: readonly string[];
  /** It may load more by name while it runs: it asks for `dlopen`. Static programs do not tell. */
  readonly opensLibraries: boolean;
}

export interface NeededVersions {
  /** The library as in {@link ElfFile.needed}. */
  readonly library: string;
  /** Without those that may be missing (weak ones). */
  readonly versions: readonly string[];
}

/** A file's bytes at any place; less than asked for where the file ends before. */
export interface RandomAccess {
  readonly size: number;
  read(offset: number, length: number): Promise<Uint8Array>;
}

export type ElfAnswer =
  | ElfFile
  | { readonly kind: 'other' }
  /** It begins as an ELF file, and its loader would refuse it. One sentence, without the file's name. */
  | { readonly kind: 'damaged'; readonly message: string };

/** Bytes that are there already. */
export function accessTo(bytes: Uint8Array): RandomAccess {
  return {
    size: bytes.length,
    read: (offset, length) => Promise.resolve(bytes.subarray(offset, offset + length)),
  };
}

/** Reads what a loader reads, in some five small reads. Throws only what `file.read` throws. */
export async function readElf(file: RandomAccess): Promise<ElfAnswer> {
  const head = await file.read(0, 64);
  if (head.length < 16 || !magic.every((byte, at) => head[at] === byte)) return { kind: 'other' };
  try {
    return await new ElfReader(file, head).read();
  } catch (error) {
    if (error instanceof Damage) return { kind: 'damaged', message: error.message };
    throw error;
  }
}

const magic = [0x7f, 0x45, 0x4c, 0x46];

const machines: Readonly<Record<number, string>> = {
  3: '386',
  8: 'mips',
  20: 'ppc',
  21: 'ppc64',
  22: 's390x',
  40: 'arm',
  62: 'amd64',
  183: 'arm64',
  243: 'riscv64',
  258: 'loong64',
};

const Segment = { load: 1, dynamic: 2, interpreter: 3 } as const;
const Tag = {
  needed: 1,
  strings: 5,
  stringBytes: 10,
  soname: 14,
  rpath: 15,
  runpath: 29,
  flags1: 0x6ffffffb,
  versionsDefined: 0x6ffffffc,
  versionsDefinedCount: 0x6ffffffd,
  versionsNeeded: 0x6ffffffe,
  versionsNeededCount: 0x6fffffff,
} as const;
const Flag = { noDefaultFolders: 0x800, pie: 0x08000000 } as const;
const executable = 2;
const position = 3;
const weak = 2;
const base = 1;

/** More of anything than a loader's file has: what asks for it is damaged, or an attack. */
const most = { headers: 4096, dynamicBytes: 1 << 20, stringBytes: 1 << 26, versionBytes: 1 << 20, path: 4096 };

class Damage extends Error {}

interface ProgramHeader {
  readonly type: number;
  readonly offset: number;
  readonly address: number;
  readonly fileBytes: number;
}

class ElfReader {
  readonly #file: RandomAccess;
  readonly #head: DataView;
  readonly #wide: boolean;
  readonly #little: boolean;

  constructor(file: RandomAccess, head: Uint8Array) {
    this.#file = file;
    this.#head = viewOf(head);
    this.#wide = head[4] === 2;
    this.#little = head[5] === 1;
    if (![1, 2].includes(head[4]!) || ![1, 2].includes(head[5]!))
      throw new Damage('Its class or byte order is unknown.');
    if (head.length < (this.#wide ? 64 : 52)) throw new Damage('It ends within its header.');
  }

  async read(): Promise<ElfFile> {
    const type = this.#half(this.#head, 16);
    const entry = this.#word(this.#head, 24);
    const headers = await this.#programHeaders();
    const found = headers.find((header) => header.type === Segment.interpreter);
    const interpreter = found && (await this.#path(found));
    const dynamic = await this.#dynamic(headers);
    const soname = dynamic.text(Tag.soname)[0];
    const needed = dynamic.text(Tag.needed);
    const flags = dynamic.values(Tag.flags1)[0] ?? 0;
    const isPie =
      type === position && ((flags & Flag.pie) !== 0 || (soname === undefined && needed.length === 0 && entry !== 0));
    const machine = this.#half(this.#head, 18);
    return {
      kind: 'elf',
      bits: this.#wide ? 64 : 32,
      endian: this.#little ? 'little' : 'big',
      machine:
        machine === 21 && this.#little
          ? 'ppc64le'
          : machine === 8 && this.#little
            ? 'mipsle'
            : (machines[machine] ?? `machine ${machine}`),
      linkage:
        interpreter !== undefined ? 'dynamic' : type === executable ? 'static' : isPie ? 'static-pie' : 'library',
      ...(interpreter === undefined ? {} : { interpreter }),
      ...(soname === undefined ? {} : { soname }),
      needed,
      rpath: dynamic.text(Tag.rpath).flatMap(folders),
      runpath: dynamic.text(Tag.runpath).flatMap(folders),
      noDefaultFolders: (flags & Flag.noDefaultFolders) !== 0,
      versionsNeeded: await this.#versionsNeeded(headers, dynamic),
      versionsDefined: await this.#versionsDefined(headers, dynamic),
      opensLibraries: dynamic.names('dlopen'),
    };
  }

  async #programHeaders(): Promise<readonly ProgramHeader[]> {
    const start = this.#word(this.#head, this.#wide ? 32 : 28);
    const step = this.#half(this.#head, this.#wide ? 54 : 42);
    const count = this.#half(this.#head, this.#wide ? 56 : 44);
    if (count === 0) return [];
    if (count > most.headers || step < (this.#wide ? 56 : 32)) throw new Damage('Its program headers are not valid.');
    const table = await this.#bytes(start, count * step);
    return Array.from({ length: count }, (_, index) => {
      const at = index * step;
      return {
        type: table.getUint32(at, this.#little),
        offset: this.#word(table, at + (this.#wide ? 8 : 4)),
        address: this.#word(table, at + (this.#wide ? 16 : 8)),
        fileBytes: this.#word(table, at + (this.#wide ? 32 : 16)),
      };
    });
  }

  async #path({ offset, fileBytes }: ProgramHeader): Promise<string> {
    if (fileBytes > most.path) throw new Damage('The name of its interpreter is too long.');
    const bytes = await this.#bytes(offset, fileBytes);
    return textAt(bytes, 0);
  }

  async #dynamic(headers: readonly ProgramHeader[]): Promise<DynamicTable> {
    const header = headers.find(({ type }) => type === Segment.dynamic);
    if (header === undefined) return new DynamicTable([], viewOf(new Uint8Array()));
    if (header.fileBytes > most.dynamicBytes) throw new Damage('Its dynamic section is too long.');
    const table = await this.#bytes(header.offset, header.fileBytes);
    const size = this.#wide ? 8 : 4;
    const entries: DynamicEntry[] = [];
    for (let at = 0; at + 2 * size <= table.byteLength; at += 2 * size) {
      const tag = this.#word(table, at);
      if (tag === 0) break;
      entries.push({ tag, value: this.#word(table, at + size) });
    }
    const valueOf = (tag: number): number | undefined => entries.find((entry) => entry.tag === tag)?.value;
    const [address, length] = [valueOf(Tag.strings), valueOf(Tag.stringBytes)];
    if (address === undefined || length === undefined) return new DynamicTable(entries, viewOf(new Uint8Array()));
    if (length > most.stringBytes) throw new Damage('Its table of names is too long.');
    return new DynamicTable(entries, await this.#bytes(this.#offsetOf(headers, address), length));
  }

  async #versionsNeeded(headers: readonly ProgramHeader[], dynamic: DynamicTable): Promise<NeededVersions[]> {
    const libraries: NeededVersions[] = [];
    await this.#walkVersions(headers, dynamic, Tag.versionsNeeded, Tag.versionsNeededCount, (table, at) => {
      const versions: string[] = [];
      let version = at + table.getUint32(at + 8, this.#little);
      for (let left = this.#half(table, at + 2); left > 0; left--) {
        if ((this.#half(table, version + 4) & weak) === 0) {
          versions.push(dynamic.string(table.getUint32(version + 8, this.#little)));
        }
        version += table.getUint32(version + 12, this.#little);
      }
      libraries.push({ library: dynamic.string(table.getUint32(at + 4, this.#little)), versions });
      return table.getUint32(at + 12, this.#little);
    });
    return libraries;
  }

  async #versionsDefined(headers: readonly ProgramHeader[], dynamic: DynamicTable): Promise<string[]> {
    const versions: string[] = [];
    await this.#walkVersions(headers, dynamic, Tag.versionsDefined, Tag.versionsDefinedCount, (table, at) => {
      // The base definition names the library itself.
      const isBase = (this.#half(table, at + 2) & base) !== 0;
      const name = at + table.getUint32(at + 12, this.#little);
      if (!isBase) versions.push(dynamic.string(table.getUint32(name, this.#little)));
      return table.getUint32(at + 16, this.#little);
    });
    return versions;
  }

  /** Goes along a linked table of versions; `visit` gives the distance to the next. */
  async #walkVersions(
    headers: readonly ProgramHeader[],
    dynamic: DynamicTable,
    tableTag: number,
    countTag: number,
    visit: (table: DataView, at: number) => number,
  ): Promise<void> {
    const [address] = dynamic.values(tableTag);
    const [count = 0] = dynamic.values(countTag);
    if (address === undefined || count === 0) return;
    // Nothing tells how long it is; those of the largest libraries are some kilobytes.
    const table = viewOf(await this.#file.read(this.#offsetOf(headers, address), most.versionBytes));
    let at = 0;
    try {
      for (let left = Math.min(count, table.byteLength); left > 0; left--) {
        const step = visit(table, at);
        if (step === 0) return;
        at += step;
      }
    } catch (error) {
      if (error instanceof RangeError) throw new Damage('Its table of versions leads out of the file.');
      throw error;
    }
  }

  #offsetOf(headers: readonly ProgramHeader[], address: number): number {
    const segment = headers.find(
      (header) =>
        header.type === Segment.load && header.address <= address && address < header.address + header.fileBytes,
    );
    if (segment === undefined) throw new Damage('One of its tables is not in any of its segments.');
    return segment.offset + (address - segment.address);
  }

  async #bytes(offset: number, length: number): Promise<DataView> {
    if (offset + length > this.#file.size) throw new Damage('It ends too early.');
    const bytes = await this.#file.read(offset, length);
    if (bytes.length < length) throw new Damage('It ends too early.');
    return viewOf(bytes);
  }

  #half(view: DataView, at: number): number {
    return view.getUint16(at, this.#little);
  }

  /** An address, offset or size: 4 bytes or 8. Beyond 2^53 no file reaches, so a rounded number fails as it should. */
  #word(view: DataView, at: number): number {
    return this.#wide ? Number(view.getBigUint64(at, this.#little)) : view.getUint32(at, this.#little);
  }
}

interface DynamicEntry {
  readonly tag: number;
  readonly value: number;
}

class DynamicTable {
  readonly #entries: readonly DynamicEntry[];
  readonly #strings: DataView;

  constructor(entries: readonly DynamicEntry[], strings: DataView) {
    this.#entries = entries;
    this.#strings = strings;
  }

  values(tag: number): number[] {
    return this.#entries.filter((entry) => entry.tag === tag).map(({ value }) => value);
  }

  text(tag: number): string[] {
    return this.values(tag).map((value) => this.string(value));
  }

  string(offset: number): string {
    if (offset >= this.#strings.byteLength) throw new Damage('A name lies outside its table of names.');
    return textAt(this.#strings, offset);
  }

  /** True if a whole string of the table is this one: then a symbol is called so. */
  names(symbol: string): boolean {
    const wanted = new TextEncoder().encode(`\0${symbol}\0`);
    const { buffer, byteOffset, byteLength } = this.#strings;
    const bytes = new Uint8Array(buffer, byteOffset, byteLength);
    for (let at = bytes.indexOf(0); at >= 0; at = bytes.indexOf(0, at + 1)) {
      if (wanted.every((byte, index) => bytes[at + index] === byte)) return true;
    }
    return false;
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function textAt(view: DataView, offset: number): string {
  const bytes = new Uint8Array(view.buffer, view.byteOffset + offset, view.byteLength - offset);
  const end = bytes.indexOf(0);
  return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
}

function folders(list: string): string[] {
  return list.split(':').filter((folder) => folder !== '');
}
