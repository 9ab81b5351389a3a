import { baseName, type FileSystem, follow, inFolder, readText } from './fileSystem.ts';

/** Of the flags of an entry: a library of ELF and glibc; the rest of the low byte. */
const elfLibrary = 3;
const newFormat = 'glibc-ld.so.cache1.1';
/** Header of the format since glibc 2.2, and one of its entries (sysdeps/generic/dl-cache.h in glibc). */
const headerBytes = 48;
const entryBytes = 24;
const cacheLimit = 1 << 24;
const configLimit = 1 << 16;
/** Configuration files that include each other. */
const configFiles = 256;

/**
 * Reads `/etc/ld.so.cache`: for each name of a library the files that `ldconfig` found, the best first. The loader of
 * glibc knows folders of `ld.so.conf` only through it. Empty where it is of a format that no present glibc writes.
 */
function readLinkerCache(bytes: Uint8Array, endian: 'little' | 'big'): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  const start = indexOfText(bytes, newFormat);
  if (start < 0) return found;
  const table = new DataView(bytes.buffer, bytes.byteOffset + start, bytes.length - start);
  if (table.byteLength < headerBytes) return found;
  const little = endian === 'little';
  const count = Math.min(table.getUint32(20, little), Math.floor((table.byteLength - headerBytes) / entryBytes));
  for (let index = 0; index < count; index++) {
    const at = headerBytes + index * entryBytes;
    if ((table.getUint32(at, little) & 0xff) !== elfLibrary) continue;
    const name = textAt(table, table.getUint32(at + 4, little));
    const path = textAt(table, table.getUint32(at + 8, little));
    if (name === undefined || path === undefined) continue;
    const paths = found.get(name);
    if (paths === undefined) found.set(name, [path]);
    else paths.push(path);
  }
  return found;
}

export async function linkerCacheOf(
  files: FileSystem,
  endian: 'little' | 'big',
  signal: AbortSignal,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const place = follow(files, '/etc/ld.so.cache');
  if (place?.entry.kind !== 'file') return new Map();
  const file = await files.open(place.path, signal);
  if (file.size > cacheLimit) return new Map();
  return readLinkerCache(await file.read(0, file.size), endian);
}

/** The folders that `/etc/ld.so.conf` and what it includes name: those that the next `ldconfig` will look into. */
export async function configuredFolders(files: FileSystem, signal: AbortSignal): Promise<readonly string[]> {
  const folders: string[] = [];
  const waiting = ['/etc/ld.so.conf'];
  for (let read = 0; read < configFiles; read++) {
    const path = waiting.shift();
    if (path === undefined) break;
    const place = follow(files, path);
    if (place?.entry.kind !== 'file') continue;
    for (const line of (await readText(files, place.path, configLimit, signal)).split('\n')) {
      const text = line.replace(/#.*/, '').trim();
      const include = /^include\s+(.*)$/.exec(text)?.[1];
      if (include !== undefined) waiting.push(...include.split(/\s+/).flatMap((pattern) => matches(files, pattern)));
      else if (text !== '' && !text.startsWith('hwcap')) folders.push(...text.split(/[\s:,]+/));
    }
  }
  return folders;
}

/** The files that an `include` means: `ld.so.conf.d/*.conf`, with wildcards in the name only, as everybody writes it. */
function matches(files: FileSystem, pattern: string): readonly string[] {
  const path = inFolder('/etc', pattern);
  const name = baseName(path);
  if (!/[*?]/.test(name)) return [path];
  const folder = follow(files, path.slice(0, -name.length));
  if (folder?.entry.kind !== 'directory') return [];
  const expression = new RegExp(
    `^${name
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
    's',
  );
  return files
    .names(folder.path)
    .filter((candidate) => expression.test(candidate))
    .toSorted()
    .map((candidate) => inFolder(folder.path, candidate));
}

function indexOfText(bytes: Uint8Array, text: string): number {
  const wanted = new TextEncoder().encode(text);
  for (let at = bytes.indexOf(wanted[0]!); at >= 0; at = bytes.indexOf(wanted[0]!, at + 1)) {
    if (wanted.every((byte, index) => bytes[at + index] === byte)) return at;
  }
  return -1;
}

function textAt(view: DataView, offset: number): string | undefined {
  if (offset >= view.byteLength) return undefined;
  const bytes = new Uint8Array(view.buffer, view.byteOffset + offset, view.byteLength - offset);
  const end = bytes.indexOf(0);
  return end < 0 ? undefined : new TextDecoder().decode(bytes.subarray(0, end));
}
