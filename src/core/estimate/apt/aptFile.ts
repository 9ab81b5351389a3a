/**
 * What `test/tools/apt/build.ts` writes and {@link decodeAptFile} reads: the packages of one release of a distribution with
 * their sizes and dependencies, as columns of small numbers, before it is compressed.
 *
 * A node is a package or a virtual package: packages first, in the order of their names, then the virtual ones. An
 * alternative list (`a | b`) stands once, however many packages need it, and is named by its place.
 */
export interface AptFile {
  readonly release: string;
  /** The day of the index, `YYYY-MM-DD`. */
  readonly asOf: string;
  /** What `apt-get update` leaves in `/var/lib/apt/lists`, compressed as Debian's images keep it. Bytes. */
  readonly listsBytes: number;
  /** Names of the packages, then of the virtual ones. */
  readonly names: readonly string[];
  readonly packageCount: number;
  /** By package, to within {@link sizeStep}. Bytes. */
  readonly installedBytes: readonly number[];
  readonly downloadBytes: readonly number[];
  /** Places of lists of alternatives; `depends` has what `Pre-Depends` says too. */
  readonly depends: readonly (readonly number[])[];
  readonly recommends: readonly (readonly number[])[];
  /** Nodes, in the order in which apt would choose. */
  readonly alternatives: readonly (readonly number[])[];
  /** By node, where there are any: packages that provide it, in the order in which apt would choose. */
  readonly providers: ReadonlyMap<number, readonly number[]>;
  /** Packages with questions for debconf, whose answers are kept in files that are written anew. */
  readonly asksQuestions: readonly number[];
  /** The packages of a base image of this release that has no more than it must. */
  readonly base: readonly number[];
}

interface Header {
  readonly release: string;
  readonly asOf: string;
  readonly listsBytes: number;
  readonly packages: number;
  readonly nodes: number;
  readonly alternatives: number;
}

export function encodeAptFile(file: AptFile): Uint8Array {
  const writer = new Writer();
  const { release, asOf, listsBytes, names, packageCount } = file;
  const header: Header = {
    release,
    asOf,
    listsBytes,
    packages: packageCount,
    nodes: names.length,
    alternatives: file.alternatives.length,
  };
  writer.text(JSON.stringify(header));
  writeNames(writer, names);
  file.installedBytes.forEach((bytes) => writer.number(toSteps(bytes)));
  file.downloadBytes.forEach((bytes, at) => writer.signed(toSteps(bytes) - toSteps(file.installedBytes[at]!)));
  // Of those needed as often, neighbors have neighboring nodes.
  file.alternatives.forEach(([first = 0, ...more], at) => {
    writer.signed(first - (file.alternatives[at - 1]?.[0] ?? 0));
    writer.list(more);
  });
  for (const lists of [file.depends, file.recommends]) {
    // Sorted, the distances are small, and what is common has small places.
    lists.forEach((places) => writer.list(distances(places.toSorted((a, b) => a - b))));
  }
  for (let node = 0; node < names.length; node++) writer.list(file.providers.get(node) ?? []);
  writer.list(distances(file.asksQuestions));
  writer.list(distances(file.base));
  return writer.bytes();
}

/** Reads what {@link encodeAptFile} wrote. The file ships with Plimsoll, so it is not doubted. */
export function decodeAptFile(bytes: Uint8Array): AptFile {
  const reader = new Reader(bytes);
  const { packages, nodes, alternatives, ...about } = JSON.parse(reader.text()) as Header;
  const times = <T>(count: number, read: () => T): T[] => Array.from({ length: count }, read);
  const names = readNames(reader, nodes);
  const installedSteps = times(packages, () => reader.number());
  const downloadSteps = installedSteps.map((steps) => steps + reader.signed());
  let first = 0;
  const lists = times(alternatives, () => [(first += reader.signed()), ...reader.list()]);
  const [depends, recommends] = [0, 1].map(() => times(packages, () => sums(reader.list())));
  const providers = new Map<number, readonly number[]>();
  for (let node = 0; node < nodes; node++) {
    const list = reader.list();
    if (list.length > 0) providers.set(node, list);
  }
  return {
    ...about,
    names,
    packageCount: packages,
    installedBytes: installedSteps.map(fromSteps),
    downloadBytes: downloadSteps.map(fromSteps),
    depends: depends!,
    recommends: recommends!,
    alternatives: lists,
    providers,
    asksQuestions: sums(reader.list()),
    base: sums(reader.list()),
  };
}

/**
 * Sizes are kept by their logarithm, in steps of this ratio: at most 1 % off, as often too much as too little, and half
 * as long in the file.
 */
const sizeStep = 1.02;

function toSteps(bytes: number): number {
  return bytes < 1 ? 0 : 1 + Math.round(Math.log(bytes) / Math.log(sizeStep));
}

function fromSteps(steps: number): number {
  return steps === 0 ? 0 : Math.round(sizeStep ** (steps - 1));
}

/** Each name by how much of its beginning is that of the name before, and the rest. */
function writeNames(writer: Writer, names: readonly string[]): void {
  const shared = names.map((name, at) => {
    const before = names[at - 1] ?? '';
    let length = 0;
    while (length < name.length && name[length] === before[length]) length++;
    return length;
  });
  shared.forEach((length) => writer.number(length));
  writer.text(names.map((name, at) => name.slice(shared[at])).join('\n'));
}

function readNames(reader: Reader, count: number): string[] {
  const shared = Array.from({ length: count }, () => reader.number());
  let before = '';
  return reader
    .text()
    .split('\n')
    .map((rest, at) => (before = before.slice(0, shared[at]) + rest));
}

function distances(sorted: readonly number[]): number[] {
  return sorted.map((value, at) => value - (sorted[at - 1] ?? 0));
}

function sums(distances: readonly number[]): number[] {
  let value = 0;
  return distances.map((distance) => (value += distance));
}

/** Numbers as bytes of seven bits, the lowest first, each but the last with its highest bit set. */
class Writer {
  readonly #bytes: number[] = [];

  number(value: number): void {
    let rest = value;
    for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) this.#bytes.push((rest % 0x80) | 0x80);
    this.#bytes.push(rest);
  }

  /** Small ones of either sign stay small. */
  signed(value: number): void {
    this.number(value < 0 ? -2 * value - 1 : 2 * value);
  }

  list(values: readonly number[]): void {
    this.number(values.length);
    for (const value of values) this.number(value);
  }

  text(value: string): void {
    const bytes = new TextEncoder().encode(value);
    this.number(bytes.length);
    for (const byte of bytes) this.#bytes.push(byte);
  }

  bytes(): Uint8Array {
    return Uint8Array.from(this.#bytes);
  }
}

class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  number(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 0x80) {
      const byte = this.#bytes[this.#at++]!;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
    }
  }

  signed(): number {
    const value = this.number();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  list(): number[] {
    const values = new Array<number>(this.number());
    for (let at = 0; at < values.length; at++) values[at] = this.number();
    return values;
  }

  text(): string {
    const length = this.number();
    const start = this.#at;
    this.#at += length;
    return new TextDecoder().decode(this.#bytes.subarray(start, this.#at));
  }
}
