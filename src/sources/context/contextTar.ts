import { createReadStream, lstatSync, readlinkSync, type Stats } from 'node:fs';
import path from 'node:path';
import { parseDockerignore } from '../../core/dockerfile/ignore.ts';
import { SourceError } from '../error.ts';
import { walkContext } from './walk.ts';

/** A member that is in no folder of the context. */
export interface ExtraFile {
  readonly name: string;
  readonly content: Uint8Array;
}

const block = 512;

/**
 * A build context as builders are sent it: a tar of all that the ignore file lets through, owned by root, extra files at
 * its end. Links are sent as links. Throws a `SourceError` where a part of it cannot be read, or changes meanwhile.
 */
export async function* contextTar(
  context: string,
  ignoreText: string,
  extra: readonly ExtraFile[],
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const ignore = parseDockerignore(ignoreText);
  for (const step of walkContext(context)) {
    signal.throwIfAborted();
    if (step.kind === 'truncated') throw new SourceError('invalid', `The build context ${context} has too many files.`);
    if (step.kind === 'unreadable') {
      if (ignore.canSkip(step.path)) continue;
      const where = path.join(context, step.path);
      throw new SourceError('unavailable', `The folder ${where} of the build context cannot be read.`);
    }
    const { listing } = step;
    if (listing.path !== '' && ignore.canSkip(listing.path)) continue;
    // A folder that is ignored may hold files that are not: builders make it for them.
    if (listing.path !== '' && !ignore.ignores(listing.path, true)) {
      const folder = lstatSync(path.join(context, listing.path));
      yield* header({ name: `${listing.path}/`, type: '5', mode: folder.mode, mtime: folder.mtimeMs });
    }
    for (const { name } of listing.files) {
      const at = listing.path === '' ? name : `${listing.path}/${name}`;
      if (!ignore.ignores(at, false)) yield* file(path.join(context, at), at, signal);
    }
  }
  for (const { name, content } of extra) {
    yield* header({ name, type: '0', mode: 0o644, mtime: 0, size: content.length });
    yield* padded(content);
  }
  yield new Uint8Array(2 * block);
}

async function* file(full: string, name: string, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  let stats: Stats;
  try {
    stats = lstatSync(full);
    if (stats.isSymbolicLink()) {
      yield* header({ name, type: '2', mode: 0o777, mtime: stats.mtimeMs, link: readlinkSync(full) });
      return;
    }
  } catch (cause) {
    throw unreadable(full, cause);
  }
  const { size } = stats;
  yield* header({ name, type: '0', mode: stats.mode, mtime: stats.mtimeMs, size });
  let sent = 0;
  if (size > 0) {
    try {
      // What is appended while it is read does not belong to the member whose length was said.
      for await (const chunk of createReadStream(full, { end: size - 1, signal, highWaterMark: 1 << 18 })) {
        sent += (chunk as Buffer).length;
        yield chunk as Buffer;
      }
    } catch (cause) {
      signal.throwIfAborted();
      throw unreadable(full, cause);
    }
  }
  if (sent !== size) throw new SourceError('invalid', `The file ${full} changed while the build context was sent.`);
  yield new Uint8Array(paddingOf(size));
}

function unreadable(full: string, cause: unknown): SourceError {
  const code = (cause as NodeJS.ErrnoException).code ?? String(cause);
  return new SourceError('unavailable', `The file ${full} of the build context cannot be read (${code}).`, { cause });
}

interface Header {
  /** Of a folder with a slash at its end. */
  readonly name: string;
  readonly type: '0' | '2' | '5' | 'x';
  readonly mode: number;
  /** Milliseconds since 1970. */
  readonly mtime: number;
  readonly size?: number;
  readonly link?: string;
}

/** A header of POSIX tar, after a pax one for what does not fit (https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html). */
function* header(fields: Header): Generator<Uint8Array> {
  const records: string[] = [];
  const encode = (text: string): Buffer => Buffer.from(text);
  if (encode(fields.name).length > 100) records.push(paxRecord('path', fields.name));
  if (encode(fields.link ?? '').length > 100) records.push(paxRecord('linkpath', fields.link!));
  if ((fields.size ?? 0) >= 8 ** 11) records.push(paxRecord('size', String(fields.size)));
  if (records.length > 0) {
    const content = encode(records.join(''));
    yield ustar({ name: 'PaxHeader', type: 'x', mode: 0o644, mtime: 0, size: content.length });
    yield* padded(content);
  }
  yield ustar(fields);
}

function ustar({ name, type, mode, mtime, size = 0, link = '' }: Header): Uint8Array {
  const bytes = Buffer.alloc(block);
  const octal = (at: number, length: number, value: number): void => {
    // What does not fit is said by the pax header.
    const most = 8 ** (length - 1) - 1;
    bytes.write(
      Math.min(value, most)
        .toString(8)
        .padStart(length - 1, '0'),
      at,
      'latin1',
    );
  };
  Buffer.from(name).copy(bytes, 0, 0, 100);
  octal(100, 8, mode & 0o7777);
  octal(108, 8, 0);
  octal(116, 8, 0);
  octal(124, 12, size);
  octal(136, 12, Math.max(0, Math.floor(mtime / 1000)));
  bytes.fill(' ', 148, 156);
  bytes.write(type, 156, 'latin1');
  Buffer.from(link).copy(bytes, 157, 0, 100);
  bytes.write('ustar\u000000', 257, 'latin1');
  const sum = bytes.reduce((total, byte) => total + byte, 0);
  bytes.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return bytes;
}

/** Its length counts itself. */
function paxRecord(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  const length = Buffer.byteLength(rest);
  let total = length;
  while (total !== length + String(total).length) total = length + String(total).length;
  return `${total}${rest}`;
}

function* padded(content: Uint8Array): Generator<Uint8Array> {
  yield content;
  yield new Uint8Array(paddingOf(content.length));
}

function paddingOf(length: number): number {
  return (block - (length % block)) % block;
}
