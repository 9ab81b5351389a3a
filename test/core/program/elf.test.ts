import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accessTo, type ElfFile, readElf } from '../../../src/core/program/elf.ts';
import { elfBytes, type ElfSpec } from '../../helpers/elf.ts';

async function read(spec: ElfSpec): Promise<ElfFile> {
  const elf = await readElf(accessTo(elfBytes(spec)));
  if (elf.kind !== 'elf') throw new Error(JSON.stringify(elf));
  return elf;
}

describe.each([
  [64, 'little'],
  [64, 'big'],
  [32, 'little'],
  [32, 'big'],
] as const)('%i bits, %s endian', (bits, endian) => {
  it('tells interpreter, libraries, folders and versions', async () => {
    const elf = await read({
      bits,
      endian,
      machine: 40,
      type: 3,
      interpreter: '/lib/ld-linux-armhf.so.3',
      needed: ['libstdc++.so.6', 'libc.so.6'],
      soname: 'app',
      rpath: '$ORIGIN/a:/b',
      runpath: '/c',
      flags1: 0x800,
      symbols: ['puts', 'dlopen'],
      versionsNeeded: { 'libc.so.6': ['GLIBC_2.4', 'GLIBC_2.34'], 'libstdc++.so.6': ['GLIBCXX_3.4', 'CXXABI_1.3?'] },
      versionsDefined: ['APP_1', 'APP_2'],
    });
    expect(elf).toEqual({
      kind: 'elf',
      bits,
      endian,
      machine: 'arm',
      linkage: 'dynamic',
      interpreter: '/lib/ld-linux-armhf.so.3',
      soname: 'app',
      needed: ['libstdc++.so.6', 'libc.so.6'],
      rpath: ['$ORIGIN/a', '/b'],
      runpath: ['/c'],
      noDefaultFolders: true,
      versionsNeeded: [
        { library: 'libc.so.6', versions: ['GLIBC_2.4', 'GLIBC_2.34'] },
        { library: 'libstdc++.so.6', versions: ['GLIBCXX_3.4'] },
      ],
      versionsDefined: ['APP_1', 'APP_2'],
      opensLibraries: true,
    });
  });

  it('is damaged wherever it is cut off before its last table', async () => {
    const whole = elfBytes({ bits, endian, interpreter: '/ld', needed: ['libc.so.6'] });
    for (const length of [20, 60, 100, 0x200, 0x2410, 0x3008]) {
      expect(await readElf(accessTo(whole.subarray(0, length))), `${length} bytes`).toMatchObject({ kind: 'damaged' });
    }
  });
});

it.each<[string, ElfSpec, ElfFile['linkage']]>([
  ['a fixed address and no loader', { type: 2 }, 'static'],
  ['any address, its flag and no loader', { type: 3, needed: [], soname: 'x', flags1: 0x08000000 }, 'static-pie'],
  ['any address, an entry, and nothing needed', { type: 3, entry: 0x1000 }, 'static-pie'],
  ['a loader', { type: 2, interpreter: '/lib64/ld-linux-x86-64.so.2' }, 'dynamic'],
  ['a name of its own', { soname: 'libx.so.1', entry: 0x1000 }, 'library'],
  ['libraries needed, no loader', { type: 3, needed: ['libc.so.6'], entry: 0x1000 }, 'library'],
])('%s', async (_, spec, linkage) => {
  expect((await read(spec)).linkage).toBe(linkage);
});

it.each([
  [62, 'amd64'],
  [183, 'arm64'],
  [21, 'ppc64le'],
  [22, 's390x'],
  [9999, 'machine 9999'],
])('machine %i is %s', async (machine, name) => {
  expect((await read({ machine })).machine).toBe(name);
});

it('is no ELF file without the magic number, however short', async () => {
  for (const bytes of [new Uint8Array(), new TextEncoder().encode('#!/bin/sh\n'), new Uint8Array([0x7f, 0x45])]) {
    expect(await readElf(accessTo(bytes))).toEqual({ kind: 'other' });
  }
});

it('answers for whatever bytes are changed', async () => {
  const whole = elfBytes({
    interpreter: '/ld',
    needed: ['libc.so.6'],
    versionsNeeded: { 'libc.so.6': ['GLIBC_2.4'] },
    versionsDefined: ['A_1'],
  });
  const place = fc.oneof(
    fc.integer({ min: 4, max: 0x120 }),
    fc.integer({ min: 0x400, max: 0x420 }),
    fc.integer({ min: 0x1400, max: 0x1440 }),
    fc.integer({ min: 0x3000, max: 0x30a0 }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(place, fc.integer({ min: 0, max: 255 })), { maxLength: 6 }), async (changes) => {
      const bytes = whole.slice();
      for (const [at, value] of changes) bytes[at] = value;
      expect(['elf', 'damaged']).toContain((await readElf(accessTo(bytes))).kind);
    }),
  );
});
