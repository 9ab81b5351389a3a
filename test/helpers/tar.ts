/** Writes tars for tests: every dialect, and every malformation, byte by byte. */
export type TarDialect = 'v7' | 'ustar' | 'gnu' | 'pax';

export interface Member {
  readonly name: string | Uint8Array;
  /** The type flag; by default `5` for a name with a slash at its end, `1`/`2` must be said, else `0`. */
  readonly type?: string;
  /** Content; a number makes so many bytes. */
  readonly content?: string | Uint8Array | number;
  /** What the header says, where that is not the content's length. */
  readonly size?: number;
  readonly link?: string | Uint8Array;
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  readonly mtime?: number;
  readonly xattrs?: Readonly<Record<string, string>>;
  /** Further pax records before the member, in whatever dialect. */
  readonly pax?: Readonly<Record<string, string | Uint8Array>>;
}

export interface TarOptions {
  readonly dialect?: TarDialect;
  /** What comes after the last member; by default the two blocks of zeros. */
  readonly end?: Uint8Array;
}

const encoder = new TextEncoder();

export function tar(members: readonly Member[], options: TarOptions = {}): Uint8Array {
  const dialect = options.dialect ?? 'pax';
  return concat([...members.flatMap((member) => memberBlocks(member, dialect)), options.end ?? new Uint8Array(1024)]);
}

/** A member's blocks: its extended headers, its header, its content with padding. */
export function memberBlocks(member: Member, dialect: TarDialect = 'pax'): Uint8Array[] {
  const name = toBytes(member.name);
  const link = toBytes(member.link ?? '');
  const type = member.type ?? (name.at(-1) === 0x2f ? '5' : '0');
  const content = typeof member.content === 'number' ? new Uint8Array(member.content) : toBytes(member.content ?? '');
  const size = member.size ?? content.length;
  const records: Record<string, string | Uint8Array> = { ...member.pax };
  for (const [key, value] of Object.entries(member.xattrs ?? {})) records[`SCHILY.xattr.${key}`] = value;
  const blocks: Uint8Array[] = [];
  let shortName = name;
  let prefix = new Uint8Array(0);
  if (dialect === 'gnu') {
    if (link.length > 100) blocks.push(...gnuLong('K', link));
    if (name.length > 100) blocks.push(...gnuLong('L', name));
  } else if (name.length > 100) {
    const slash = name.lastIndexOf(0x2f, name.length - 2);
    if (dialect === 'ustar' && slash > 0 && slash <= 155 && name.length - slash - 1 <= 100) {
      prefix = name.slice(0, slash);
      shortName = name.slice(slash + 1);
    } else if (dialect === 'pax') {
      records.path = name;
    } else {
      throw new RangeError(`${dialect} has no room for a name of ${name.length} bytes`);
    }
  }
  if (dialect === 'pax' && link.length > 100) records.linkpath = link;
  if (Object.keys(records).length > 0) blocks.push(...paxHeader(records));
  blocks.push(
    header({
      name: shortName.slice(0, 100),
      prefix,
      type,
      size: octal(size, 12),
      link: link.slice(0, 100),
      ...(member.mode === undefined ? {} : { mode: octal(member.mode, 8) }),
      ...(member.uid === undefined ? {} : { uid: octal(member.uid, 8) }),
      ...(member.gid === undefined ? {} : { gid: octal(member.gid, 8) }),
      ...(member.mtime === undefined ? {} : { mtime: octal(member.mtime, 12) }),
      magic: dialect === 'v7' ? '' : dialect === 'gnu' ? 'ustar  \0' : 'ustar\x0000',
    }),
    padded(content),
  );
  return blocks;
}

export interface HeaderFields {
  readonly name?: string | Uint8Array;
  readonly mode?: string | Uint8Array;
  readonly uid?: string | Uint8Array;
  readonly gid?: string | Uint8Array;
  readonly size?: string | Uint8Array;
  readonly mtime?: string | Uint8Array;
  readonly type?: string;
  readonly link?: string | Uint8Array;
  readonly magic?: string;
  readonly prefix?: string | Uint8Array;
  /** Bytes at any offset, before the checksum is made. */
  readonly patch?: readonly (readonly [offset: number, bytes: string | Uint8Array])[];
  /** Where the checksum is to be another: `signed` sums as some old tars did. */
  readonly checksum?: string;
}

/** One header block, each field as it is given. */
export function header(fields: HeaderFields): Uint8Array {
  const block = new Uint8Array(512);
  const put = (at: number, value: string | Uint8Array): void => block.set(toBytes(value), at);
  put(0, fields.name ?? 'file');
  put(100, fields.mode ?? octal(0o644, 8));
  put(108, fields.uid ?? octal(0, 8));
  put(116, fields.gid ?? octal(0, 8));
  put(124, fields.size ?? octal(0, 12));
  put(136, fields.mtime ?? octal(1_700_000_000, 12));
  put(156, fields.type ?? '0');
  put(157, fields.link ?? '');
  put(257, fields.magic ?? 'ustar\x0000');
  put(345, fields.prefix ?? '');
  for (const [at, value] of fields.patch ?? []) put(at, value);
  put(148, '        ');
  const signed = fields.checksum === 'signed';
  const sum = block.reduce((total, byte) => total + (signed ? (byte << 24) >> 24 : byte), 0);
  put(148, fields.checksum === undefined || signed ? `${sum.toString(8).padStart(6, '0')}\0 ` : fields.checksum);
  return block;
}

/** A pax header with its records; `g` for a global one. */
export function paxHeader(
  records: Readonly<Record<string, string | Uint8Array>>,
  type: 'x' | 'g' | 'X' = 'x',
): Uint8Array[] {
  const body = concat(Object.entries(records).map(([key, value]) => paxRecord(key, value)));
  return [header({ name: 'PaxHeaders/0', type, size: octal(body.length, 12) }), padded(body)];
}

export function paxRecord(key: string, value: string | Uint8Array): Uint8Array {
  const rest = concat([encoder.encode(` ${key}=`), toBytes(value), encoder.encode('\n')]);
  let length = rest.length + 1;
  while (String(length).length + rest.length !== length) length = String(length).length + rest.length;
  return concat([encoder.encode(String(length)), rest]);
}

/** GNU's header for a long name (`L`) or a long link target (`K`). */
export function gnuLong(type: 'L' | 'K', value: Uint8Array): Uint8Array[] {
  const body = concat([value, new Uint8Array(1)]);
  return [header({ name: '././@LongLink', type, size: octal(body.length, 12), magic: 'ustar  \0' }), padded(body)];
}

/** An octal number with a NUL at its end. */
export function octal(value: number, length: number): string {
  return `${value.toString(8).padStart(length - 1, '0')}\0`;
}

/** GNU's binary number: two's complement, the first bit set. */
export function base256(value: bigint, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let rest = value;
  for (let i = length - 1; i >= 0; i--) {
    bytes[i] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  bytes[0]! |= 0x80;
  return bytes;
}

export function padded(content: Uint8Array): Uint8Array {
  const result = new Uint8Array(Math.ceil(content.length / 512) * 512);
  result.set(content);
  return result;
}

export function concat(parts: readonly Uint8Array[]): Uint8Array {
  const result = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
  let at = 0;
  for (const part of parts) {
    result.set(part, at);
    at += part.length;
  }
  return result;
}

/** Latin-1 for strings with bytes above 0x7f would be wrong: strings are UTF-8, other bytes come as arrays. */
export function toBytes(value: string | Uint8Array): Uint8Array {
  return typeof value === 'string' ? encoder.encode(value) : value;
}
