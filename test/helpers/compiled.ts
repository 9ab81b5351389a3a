import { execFile } from 'node:child_process';
import { readFile, realpath, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { temporaryFolder } from './temporaryFolder.ts';

const run = promisify(execFile);

/** Compiles a program with a real compiler of this machine (Debian packages `gcc`, `g++`, `musl-tools`) and gives its file. */
export async function compiled(
  source: string,
  { compiler = 'gcc', flags = [] }: { readonly compiler?: string; readonly flags?: readonly string[] } = {},
): Promise<Uint8Array> {
  await using folder = await temporaryFolder();
  const file = path.join(folder.path, compiler === 'g++' ? 'main.cc' : 'main.c');
  const out = path.join(folder.path, 'out');
  await writeFile(file, source);
  await run(compiler, ['-O1', '-o', out, file, ...flags]);
  return await readFile(out);
}

/** The loader and libraries that `ldd` finds for a program on this machine, by the paths at which it needs them. */
export async function librariesOf(program: Uint8Array): Promise<Record<string, Uint8Array>> {
  await using folder = await temporaryFolder();
  const file = path.join(folder.path, 'program');
  await writeFile(file, program, { mode: 0o755 });
  const { stdout } = await run('ldd', [file]);
  const paths = [...stdout.matchAll(/(?:=> )?(\/\S+) \(0x/g)].map((match) => match[1]!);
  return Object.fromEntries(
    await Promise.all(paths.map(async (at) => [at, await readFile(await realpath(at))] as const)),
  );
}

/** A program that prints one line. */
export const hello = '#include <stdio.h>\nint main(void) { puts("hello"); return 0; }\n';
