import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { Script } from 'node:vm';
import { crc32 } from 'node:zlib';

/** Each command of each version has a file of its own, of a megabyte at most. */
const mostFiles = 24;

/** Another run of the same command calls other functions: from time to time, what is kept is joined by what it compiled. */
const renewAfter = 60 * 60 * 1000;

const head = '(function (exports, require, module, __filename, __dirname) {';

export interface LoadedBundle {
  readonly exports: unknown;
  /** Where no compiled code was at hand, or old one: keeps what is compiled until now. To be called when the work is done. */
  readonly keep: (() => void) | undefined;
}

/**
 * Loads a CommonJS bundle (of ASCII alone, as esbuild writes it) with the code that V8 made of it in an earlier run for the
 * same purpose. Node's own compile cache has what is compiled while modules are loaded; most functions are compiled when
 * they are first called, hundreds in a command.
 *
 * @param folder where compiled code is kept; undefined for nowhere. What cannot be read or written there is done without.
 * @param purpose a word: what is called, and so compiled, differs by it.
 */
export function loadBundle(file: string, folder: string | undefined, purpose: string): LoadedBundle {
  const bytes = readFileSync(file);
  const { versions, arch } = process;
  const kept = folder && path.join(folder, `${versions.v8}-${arch}-${crc32(bytes).toString(16)}-${purpose}`);
  const code = kept === undefined ? undefined : readKept(kept);
  const script = new Script(`${head}${bytes.toString('latin1')}\n})`, {
    filename: file,
    columnOffset: -head.length,
    ...(code === undefined ? {} : { cachedData: code.bytes }),
  });
  const module: { exports: unknown } = { exports: {} };
  const run = script.runInThisContext() as (...values: unknown[]) => void;
  run(module.exports, createRequire(file), module, file, path.dirname(file));
  const isFresh = code?.isFresh === true && script.cachedDataRejected === false;
  const keep = kept === undefined || isFresh ? undefined : () => writeKept(kept, script.createCachedData());
  return { exports: module.exports, keep };
}

interface KeptCode {
  readonly bytes: Buffer;
  readonly isFresh: boolean;
}

/** V8 itself does not look whether its code is damaged, and would crash: the first four bytes are a checksum of the rest. */
function readKept(file: string): KeptCode | undefined {
  try {
    const { uid, mtimeMs } = statSync(file);
    // Code that another user has put there is not run.
    if (process.getuid !== undefined && uid !== process.getuid()) return undefined;
    const content = readFileSync(file);
    const bytes = content.subarray(4);
    if (bytes.length === 0 || content.readUInt32LE(0) !== crc32(bytes)) return undefined;
    return { bytes, isFresh: Date.now() - mtimeMs < renewAfter };
  } catch {
    // None is kept yet, or it cannot be read: then the bundle is compiled.
    return undefined;
  }
}

function writeKept(file: string, code: Buffer): void {
  const folder = path.dirname(file);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32LE(crc32(code));
  const unfinished = `${file}.${process.pid}`;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch {
    // Nowhere to keep it: the next run compiles again.
    return;
  }
  try {
    writeFileSync(unfinished, Buffer.concat([checksum, code]), { mode: 0o600 });
    renameSync(unfinished, file);
    removeOldest(folder);
  } catch {
    // A full or read-only disk: likewise.
    rmSync(unfinished, { force: true });
  }
}

/** Those of versions that are used no more; also what Node's own cache has left there, which was in folders. */
function removeOldest(folder: string): void {
  const files = readdirSync(folder).map((name) => {
    const at = path.join(folder, name);
    return { at, written: statSync(at).mtimeMs };
  });
  files.sort((a, b) => b.written - a.written);
  for (const { at } of files.slice(mostFiles)) rmSync(at, { recursive: true, force: true });
}
