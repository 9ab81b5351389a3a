import fc from 'fast-check';
import { readdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SourceError } from '../../../src/sources/error.ts';
import { indexInProcess } from '../../../src/sources/image/inProcess.ts';
import { openArchive } from '../../../src/sources/image/openImage.ts';
import { archiveDialects, archiveMembers, makeArchive, member, wholeCompressions } from '../../helpers/archives.ts';
import { makeImage } from '../../helpers/ociImage.ts';
import { tar, type Member } from '../../helpers/tar.ts';
import { temporaryFolder, type TemporaryFolder } from '../../helpers/temporaryFolder.ts';
import { indexOf, readAll, rows, type ReadResult } from './contract.ts';

const image = makeImage({
  layers: [
    { files: { a: 'first layer', b: 'x'.repeat(3000) }, compression: 'none' },
    { files: { c: 'second layer' }, compression: 'gzip' },
    { files: { d: 'third layer' }, compression: 'zstd' },
  ],
});
const indexing = indexInProcess();

let folder: TemporaryFolder;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder[Symbol.asyncDispose]());

/** What comes of an archive: its layers and problems, or the `SourceError` that says why there are none. */
async function outcome(bytes: Uint8Array): Promise<ReadResult | SourceError> {
  const file = path.join(folder.path, 'archive');
  await writeFile(file, bytes);
  try {
    await using opened = await openArchive(file, { indexing, signal: new AbortController().signal });
    const result = await readAll(opened);
    result.problems.unshift(...opened.problems);
    return result;
  } catch (error) {
    if (error instanceof SourceError) return error;
    throw error;
  }
}

async function readable(bytes: Uint8Array): Promise<ReadResult> {
  const result = await outcome(bytes);
  if (result instanceof SourceError) throw result;
  return result;
}

function codes(result: ReadResult): string[] {
  return result.problems.map(({ layer, code }) => `${layer ?? 'image'} ${code}`);
}

describe('archives that break off', () => {
  for (const dialect of archiveDialects) {
    it.each(wholeCompressions)(`${dialect}, archive %s: says so, or shows what is there`, async (whole) => {
      const archive = makeArchive([{ image, names: ['a:1'] }], dialect, whole);
      const step = Math.max(1, Math.floor(archive.length / 30));
      for (let length = 0; length < archive.length; length += step) {
        const result = await outcome(archive.subarray(0, length));
        if (result instanceof SourceError) expect(result.message).not.toBe('');
        else expect(result.layers.filter(Boolean).length + result.problems.length).toBeGreaterThanOrEqual(3);
      }
    });
  }
});

it.each(wholeCompressions)('archive %s without its end is called truncated', async (whole) => {
  const archive = makeArchive([{ image, names: ['a:1'] }], 'docker-flat', whole);
  const result = await outcome(archive.subarray(0, archive.length * 0.6));
  expect(result).toBeInstanceOf(SourceError);
  expect((result as SourceError).code).toBe('truncated');
});

it.each([
  ['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]],
  ['bzip2', [0x42, 0x5a, 0x68, 0x39, 0x31, 0x41, 0x59, 0x26, 0x53, 0x59]],
] as const)('an archive that is compressed with %s is not called damaged', async (name, magic) => {
  const result = await outcome(Buffer.concat([Buffer.from(magic), Buffer.alloc(1000, 7)]));
  expect(result).toMatchObject({
    code: 'unsupported',
    message: expect.stringMatching(`archive: The bytes are compressed with ${name}, .* Unpack it first\\.$`) as string,
  });
});

describe('flipped bits', () => {
  it.each(wholeCompressions)('archive %s: a SourceError or problems, nothing else', async (whole) => {
    const archives = archiveDialects.map((dialect) => makeArchive([{ image, names: ['a:1'] }], dialect, whole));
    await fc.assert(
      fc.asyncProperty(
        fc.nat(archives.length - 1),
        fc.array(fc.nat(1e6), { minLength: 1, maxLength: 4 }),
        async (which, places) => {
          const bytes = Uint8Array.from(archives[which]!);
          for (const place of places) bytes[place % bytes.length]! ^= 1 << (place % 8);
          await outcome(bytes);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('in one layer cost that layer only', async () => {
    const damaged = Uint8Array.from(image.layers[1]!.bytes);
    damaged[damaged.length - 20]! ^= 4;
    for (const whole of wholeCompressions) {
      const layers = [image.layers[0]!, { ...image.layers[1]!, bytes: damaged }, image.layers[2]!];
      const result = await readable(makeArchive([{ image: { ...image, layers } }], 'docker-flat', whole));
      expect(result.calls.sort()).toEqual([0, 2]);
      expect(codes(result)).toEqual(['1 corrupt-compression']);
    }
  });

  it('that no compression notices are noticed by the digest', async () => {
    const other = gzipSync(image.layers[0]!.tar);
    for (const whole of wholeCompressions) {
      const layers = [image.layers[0]!, { ...image.layers[1]!, bytes: other }, image.layers[2]!];
      const result = await readable(makeArchive([{ image: { ...image, layers } }], 'oci', whole));
      expect(result.calls.sort()).toEqual([0, 2]);
      expect(codes(result)).toEqual(['1 wrong-digest']);
    }
  });
});

describe('manifests that lie', () => {
  const files = archiveMembers([{ image }], 'docker-flat').filter(({ name }) => name !== 'manifest.json');
  const names = image.layers.map(({ diffId }) => `${diffId.slice(7)}.tar`);
  const config = `${image.config.digest.slice(7)}.json`;
  const listed = (layers: readonly string[], more: readonly Member[] = [], configName = config): Uint8Array =>
    tar([...files, ...more, member('manifest.json', [{ Config: configName, RepoTags: ['a:1'], Layers: layers }])]);

  it('a layer twice is read once and shown twice', async () => {
    const result = await readable(listed([names[0]!, names[0]!, names[1]!]));
    expect(result.calls.sort()).toEqual([0, 1, 2]);
    expect(rows(result.layers[1]!)).toEqual(rows(indexOf(image.layers[0]!.tar)));
    expect(result.layers[0]).toBe(result.layers[1]);
  });

  it('a layer that is not there', async () => {
    const result = await readable(listed([names[0]!, 'nowhere.tar', names[2]!]));
    expect(result.calls.sort()).toEqual([0, 2]);
    expect(codes(result)).toEqual(['1 missing-layer']);
  });

  it('more layers than diff ids, and fewer', async () => {
    expect(codes(await readable(listed([...names, names[0]!])))).toEqual(['image too-few-diff-ids']);
    expect(codes(await readable(listed(names.slice(0, 2))))).toEqual(['image missing-layer']);
  });

  it('links in a circle, and out of the archive', async () => {
    const circle: Member[] = [
      { name: 'x.tar', type: '2', link: 'y.tar' },
      { name: 'y.tar', type: '2', link: './x.tar' },
      { name: 'out.tar', type: '2', link: '../../../etc/passwd' },
    ];
    const result = await readable(listed(['x.tar', 'out.tar', names[2]!], circle));
    expect(result.calls).toEqual([2]);
    expect(codes(result).sort()).toEqual(['0 missing-layer', '1 missing-layer']);
    expect(result.problems.find(({ layer }) => layer === 0)?.message).toContain('circle');
  });

  it('a config that is not there: the layers are', async () => {
    const result = await readable(listed(names, [], 'nowhere.json'));
    expect(result.calls.sort()).toEqual([0, 1, 2]);
    expect(codes(result)).toEqual(['image missing-config', 'image too-few-diff-ids']);
  });

  it('a layer that is a folder, a device or JSON', async () => {
    const strange: Member[] = [
      { name: 'folder.tar/', type: '5' },
      { name: 'device.tar', type: '3' },
      { name: 'text.tar', content: '{"a":1}'.repeat(200) },
    ];
    for (const whole of ['none', 'gzip'] as const) {
      const archive = listed(['folder.tar', 'device.tar', 'text.tar'], strange);
      const result = await readable(whole === 'none' ? archive : gzipSync(archive));
      const withoutIndex = result.layers.filter((layer) => layer !== undefined && layer.count > 0);
      expect(withoutIndex).toEqual([]);
      expect(new Set(result.problems.map(({ layer }) => layer))).toEqual(new Set([0, 1, 2]));
    }
  });

  it('five thousand layers', async () => {
    const result = await outcome(listed(Array.from({ length: 5000 }, () => names[0]!)));
    expect(result).toBeInstanceOf(SourceError);
    expect((result as SourceError).message).toMatch(/more than 4096 layers/);
  });
});

it('a member that claims 2^62 bytes', async () => {
  const huge: Member = { name: 'huge', pax: { size: String(2n ** 62n) } };
  for (const archive of [tar([huge]), gzipSync(tar([huge]))]) {
    expect(await outcome(archive)).toBeInstanceOf(SourceError);
  }
});

it('a bomb of gzip in gzip keeps memory bounded', async () => {
  const layer = tar([{ name: 'zeros', content: 120_000_000 }]);
  const bomb = tar([
    { name: 'l.tar', content: gzipSync(layer) },
    member('c.json', { rootfs: { diff_ids: [] } }),
    member('manifest.json', [{ Config: 'c.json', Layers: ['l.tar'] }]),
  ]);
  const stored = gzipSync(bomb);
  const before = process.memoryUsage().arrayBuffers;
  let most = 0;
  const watch = setInterval(() => (most = Math.max(most, process.memoryUsage().arrayBuffers)), 5);
  const result = await readable(stored);
  clearInterval(watch);
  expect(result.layers[0]!.tarBytes).toBe(layer.length);
  expect(most - before).toBeLessThan(60_000_000);
});

it.runIf(process.platform === 'linux')('leaves no file open, however it ends', async () => {
  const open = (): number => readdirSync('/proc/self/fd').length;
  const archives = wholeCompressions.map((whole) => makeArchive([{ image }], 'oci', whole));
  const before = open();
  for (const archive of archives) {
    await outcome(archive);
    await outcome(archive.subarray(0, archive.length / 2));
    const file = path.join(folder.path, 'cancelled');
    await writeFile(file, archive);
    const cancel = new AbortController();
    await using opened = await openArchive(file, { indexing, signal: new AbortController().signal });
    const on = { layer: () => cancel.abort(new Error('enough')), problem: () => undefined };
    await expect(opened.readLayers(on, cancel.signal)).rejects.toThrow('enough');
    await opened.readFile(1, 0, 3, new AbortController().signal);
    await opened.readFile(2, 0, 0, new AbortController().signal);
  }
  await expect.poll(open).toBeLessThanOrEqual(before);
});
