import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LayerIndexer } from '../../../src/core/image/indexer.ts';
import type { ImageProblem, OpenImage, ReadProgress } from '../../../src/core/image/image.ts';
import { entryPath, EntryKind, type LayerIndex, linkTarget } from '../../../src/core/image/layerIndex.ts';
import { makeImage, type Compression, type ImageSpec, type MadeImage } from '../../helpers/ociImage.ts';
import { tar } from '../../helpers/tar.ts';

/** A source under test: the contract's image, brought to where the source finds it. */
export interface ContractSubject extends AsyncDisposable {
  open(): Promise<OpenImage>;
}

export const contractReference = 'plimsoll-contract:1';

/** What every source is asked to read. `compression` is that of its layers, where the source stores blobs. */
export function contractImage(compression: Compression = 'none'): MadeImage {
  const made = madeImages.get(compression) ?? makeImage(contractSpec(compression));
  madeImages.set(compression, made);
  return made;
}

const madeImages = new Map<Compression, MadeImage>();

/** The same, to be made elsewhere: in a registry. */
export function contractSpec(compression: Compression): ImageSpec {
  const base = tar([
    { name: 'etc/' },
    { name: 'etc/motd', content: 'hello\n', mode: 0o644 },
    { name: 'usr/bin/tool', content: pattern(300_000), mode: 0o755, uid: 1, gid: 2 },
    { name: 'usr/bin/alias', type: '2', link: 'tool' },
    { name: 'usr/bin/same', type: '1', link: 'usr/bin/tool' },
    { name: `srv/${'long/'.repeat(30)}name`, content: 'deep' },
    { name: 'srv/ünïcode', content: 'ü' },
    ...Array.from({ length: 300 }, (_, at) => ({ name: `data/${at}`, content: pattern(at * 7) })),
  ]);
  const top = tar([
    { name: 'etc/.wh.motd' },
    { name: 'data/.wh..wh..opq' },
    { name: 'data/new', content: pattern(70_000) },
  ]);
  const history = [
    { created: '2026-01-01T00:00:00Z', created_by: 'COPY base /' },
    { created: '2026-01-01T00:00:01Z', created_by: 'ENV A=1', empty_layer: true },
    { created: '2026-01-01T00:00:02Z', created_by: 'RUN top', comment: 'buildkit' },
  ];
  return {
    platform: 'linux/amd64',
    layers: [base, top].map((layer) => ({ tar: layer, compression })),
    config: {
      created: '2026-01-01T00:00:02Z',
      config: { Env: ['A=1'], Cmd: ['/usr/bin/tool'], WorkingDir: '/srv', Labels: { a: 'b' } },
      history,
    },
  };
}

/** Bytes that compress a little and are different at each offset. */
function pattern(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at++) bytes[at] = (at * 7919 + (at >> 8)) & 0xff;
  return bytes;
}

/** What every implementation of `OpenImage` must do, whatever its source. */
export function imageContract(title: string, prepare: () => Promise<ContractSubject>): void {
  describe(`image contract: ${title}`, () => {
    const expected = contractImage();
    let subject: ContractSubject;
    beforeAll(async () => {
      subject = await prepare();
    });
    afterAll(async () => {
      await subject[Symbol.asyncDispose]();
    });

    it('knows config, history and layers before a layer is read', async () => {
      await using image = await subject.open();
      expect(image.problems).toEqual([]);
      expect(image.info.platform).toBe('linux/amd64');
      expect(image.info.layers.map(({ index, diffId }) => ({ index, diffId }))).toEqual(
        expected.layers.map(({ diffId }, index) => ({ index, diffId })),
      );
      expect(image.info.history.map(({ createdBy, emptyLayer }) => [createdBy, emptyLayer])).toEqual([
        ['COPY base /', false],
        ['ENV A=1', true],
        ['RUN top', false],
      ]);
      const { cmd, workingDir, labels } = image.info.config;
      expect({ cmd, workingDir, labels }).toEqual({ cmd: ['/usr/bin/tool'], workingDir: '/srv', labels: { a: 'b' } });
      expect(image.info.config.env).toContain('A=1');
    });

    it('hands each layer over once, as its tar is', async () => {
      await using image = await subject.open();
      const { layers, problems, calls } = await readAll(image);
      expect(problems).toEqual([]);
      expect(calls.sort()).toEqual([0, 1]);
      expected.layers.forEach(({ tar: bytes }, at) => expect(rows(layers[at]!)).toEqual(rows(indexOf(bytes))));
    });

    it('reads the layers a second time', async () => {
      await using image = await subject.open();
      const first = await readAll(image);
      const second = await readAll(image);
      expect(second.layers.map((layer) => rows(layer!))).toEqual(first.layers.map((layer) => rows(layer!)));
    });

    it('tells progress that grows and ends', async () => {
      await using image = await subject.open();
      const { progress } = await readAll(image);
      const bytes = progress.filter(({ phase }) => phase === 'read').map((step) => step.bytes);
      expect(bytes).toEqual([...bytes].sort((a, b) => a - b));
      expect(progress.at(-1)?.phase).toBe('done');
    });

    it('reads the bytes of one file, and no more than asked for', async () => {
      await using image = await subject.open();
      const { layers } = await readAll(image);
      const tool = entryAt(layers[0]!, '/usr/bin/tool');
      const signal = new AbortController().signal;
      expect(same(await image.readFile(0, tool, 1_000_000, signal), pattern(300_000))).toBe(true);
      expect(same(await image.readFile(0, tool, 1000, signal), pattern(1000))).toBe(true);
      expect(same(await image.readFile(1, entryAt(layers[1]!, '/data/new'), 1e6, signal), pattern(70_000))).toBe(true);
      expect(await image.readFile(0, tool, 0, signal)).toHaveLength(0);
      await expect(image.readFile(0, entryAt(layers[0]!, '/etc'), 10, signal)).rejects.toThrow(/regular file/);
      await expect(image.readFile(7, 0, 10, signal)).rejects.toThrow();
    });

    it('reads a file also where nobody read the layers', async () => {
      await using image = await subject.open();
      const at = entryAt(indexOf(expected.layers[0]!.tar), '/etc/motd');
      const bytes = await image.readFile(0, at, 100, new AbortController().signal);
      expect(new TextDecoder().decode(bytes)).toBe('hello\n');
    });

    it('stops with the reason of the signal, before and while it reads, and can be read afterwards', async () => {
      await using image = await subject.open();
      const before = AbortSignal.abort(new Error('too late'));
      await expect(image.readLayers({ layer: never, problem: never }, before)).rejects.toThrow('too late');
      const cancel = new AbortController();
      const reading = image.readLayers({ layer: () => undefined, problem: never }, cancel.signal);
      cancel.abort(new Error('changed my mind'));
      await expect(reading).rejects.toThrow('changed my mind');
      expect((await readAll(image)).calls).toHaveLength(2);
    });

    it('refuses to read once it is closed', async () => {
      const image = await subject.open();
      await image[Symbol.asyncDispose]();
      await expect(readAll(image)).rejects.toThrow();
    });
  });
}

function never(): never {
  throw new Error('not expected');
}

export interface ReadResult {
  readonly layers: (LayerIndex | undefined)[];
  readonly problems: ImageProblem[];
  /** The layers in the order in which they came. */
  readonly calls: number[];
  readonly progress: ReadProgress[];
}

export async function readAll(image: OpenImage, signal = new AbortController().signal): Promise<ReadResult> {
  const result: ReadResult = { layers: [], problems: [], calls: [], progress: [] };
  await image.readLayers(
    {
      layer: (index, content) => {
        result.layers[index] = content;
        result.calls.push(index);
      },
      problem: (problem) => result.problems.push(problem),
      progress: (progress) => result.progress.push(progress),
    },
    signal,
  );
  return result;
}

/** The index that the layer's own tar gives: the truth for what comes out of a source. */
export function indexOf(bytes: Uint8Array): LayerIndex {
  const indexer = new LayerIndexer();
  indexer.push(bytes);
  return indexer.finish().index;
}

/** An index as text, entry by entry. */
export function rows(index: LayerIndex): string[] {
  const entries = Array.from({ length: index.count }, (_, at) =>
    [
      index.kind[at],
      entryPath(index, at),
      index.size[at],
      index.mode[at]!.toString(8),
      index.uid[at],
      index.gid[at],
      index.mtime[at],
      index.offset[at],
      linkTarget(index, at) ?? '',
    ].join(' '),
  );
  return [...entries, `${index.tarBytes} bytes`];
}

export function entryAt(index: LayerIndex, path: string): number {
  const found = Array.from({ length: index.count }, (_, at) => at).find(
    (at) => index.kind[at] !== EntryKind.whiteout && entryPath(index, at) === path,
  );
  if (found === undefined) throw new Error(`${path} is not in the layer`);
  return found;
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
