import { afterEach, expect, test, vi } from 'vitest';
import type { BaseAnswer, BaseSizes, NoSizeCode, Platform } from '../../src/core/base/baseSize.ts';
import type { Reference } from '../../src/core/base/reference.ts';
import type { Size } from '../../src/core/size.ts';
import { BaseSizeChain, type BaseState, type ChainOptions, type ChainSource } from '../../src/sources/chain.ts';
import { SourceError } from '../../src/sources/error.ts';

const amd64 = 'linux/amd64';
const golang: Reference = { domain: 'docker.io', path: 'library/golang', tag: '1.26' };

const measured: Size = { bytes: 900, basis: 'measured' };
const remote: Size = { bytes: 910, basis: 'registry', asOf: '2026-11-20' };
const remoteDownload: Size = { bytes: 300, basis: 'registry', asOf: '2026-11-20' };
const catalogued: Size = { bytes: 920, basis: 'catalogue', asOf: '2026-09-17' };
const estimated: Size = { bytes: 950, basis: 'estimated' };

const sizes = (found: Omit<BaseSizes, 'platform'>): BaseAnswer => ({ sizes: { ...found, platform: amd64 } });
const none = (code: NoSizeCode, message: string = code): BaseAnswer => ({ none: { code, message } });

type Kind = ChainSource['kind'];

/** A source whose answers the test gives, at once or later, and that counts how often it is asked. */
class FakeSource implements ChainSource {
  readonly kind: Kind;
  readonly asked: { reference: Reference; platform: Platform; signal: AbortSignal }[] = [];
  forgotten = 0;
  answer: BaseAnswer | Error | 'later';
  #later: ((answer: BaseAnswer) => void)[] = [];

  constructor(kind: Kind, answer: BaseAnswer | Error | 'later') {
    this.kind = kind;
    this.answer = answer;
  }

  lookUp(reference: Reference, platform: Platform, signal: AbortSignal): Promise<BaseAnswer> {
    this.asked.push({ reference, platform, signal });
    if (this.answer instanceof Error) return Promise.reject(this.answer);
    if (this.answer !== 'later') return Promise.resolve(this.answer);
    return new Promise((resolve) => this.#later.push(resolve));
  }

  forget(): void {
    this.forgotten++;
  }

  settle(answer: BaseAnswer): void {
    for (const resolve of this.#later.splice(0)) resolve(answer);
  }
}

interface World {
  chain: BaseSizeChain;
  engine: FakeSource;
  cache: FakeSource;
  registry: FakeSource;
  catalogue: ReturnType<typeof vi.fn<ChainOptions['catalogue']>>;
  clock: { now: number };
  /** The states of golang at each change. */
  seen: BaseState[];
}

const chains: BaseSizeChain[] = [];
afterEach(() => {
  for (const chain of chains.splice(0)) chain[Symbol.dispose]();
});

function world(
  answers: Partial<Record<Kind | 'catalogue', BaseAnswer | Error | 'later'>> = {},
  options: Partial<ChainOptions> = {},
): World {
  const engine = new FakeSource('engine', answers.engine ?? none('absent'));
  const cache = new FakeSource('cache', answers.cache ?? none('absent'));
  const registry = new FakeSource('registry', answers.registry ?? none('absent'));
  const catalogue = vi.fn<ChainOptions['catalogue']>(() => (answers.catalogue ?? none('absent')) as BaseAnswer);
  const clock = { now: 0 };
  const sources = [engine, cache, registry];
  const chain = new BaseSizeChain({ sources, catalogue, online: true, now: () => clock.now, ...options });
  chains.push(chain);
  const seen: BaseState[] = [];
  chain.onChange(() => seen.push(chain.known(golang, amd64)));
  return { chain, engine, cache, registry, catalogue, clock, seen };
}

const never = new AbortController().signal;

/** Lets every promise that can settle do so. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('what is known is the catalogue’s answer, at once, and nobody is asked', () => {
  const { chain, engine, cache, registry } = world({ catalogue: sizes({ onDisk: catalogued }) });
  expect(chain.known(golang, amd64)).toMatchObject({
    sizes: { onDisk: catalogued, platform: amd64 },
    pending: false,
    reasons: [],
  });
  expect([engine, cache, registry].map((source) => source.asked.length)).toEqual([0, 0, 0]);
});

test.each<[title: string, answers: Parameters<typeof world>[0], expected: object]>([
  [
    'measured on disk, registry download',
    {
      engine: sizes({ onDisk: measured }),
      registry: sizes({ onDisk: remote, download: remoteDownload, digest: 'sha256:aa' }),
      catalogue: sizes({ onDisk: catalogued, download: { ...catalogued, bytes: 310 } }),
    },
    { onDisk: measured, download: remoteDownload, platform: amd64, digest: 'sha256:aa' },
  ],
  [
    'registry download, catalogue on disk',
    { registry: sizes({ download: remoteDownload }), catalogue: sizes({ onDisk: catalogued }) },
    { onDisk: catalogued, download: remoteDownload, platform: amd64 },
  ],
  [
    'the relative is named where its size is used',
    {
      registry: sizes({ download: remoteDownload }),
      catalogue: sizes({ onDisk: estimated, download: estimated, by: 'golang:1.26-alpine' }),
    },
    { onDisk: estimated, download: remoteDownload, platform: amd64, by: 'golang:1.26-alpine' },
  ],
  [
    'the relative is not named where nothing of it is used',
    {
      engine: sizes({ onDisk: measured }),
      registry: sizes({ download: remoteDownload }),
      catalogue: sizes({ onDisk: estimated, by: 'golang:1.26-alpine' }),
    },
    { onDisk: measured, download: remoteDownload, platform: amd64 },
  ],
])('merges: %s', async (_title, answers, expected) => {
  const { chain } = world(answers);
  expect((await chain.answer(golang, amd64, never)).sizes).toEqual(expected);
});

test('every source that has no size says why, in the order of the chain', async () => {
  const { chain } = world({
    engine: none('unavailable', 'No engine runs.'),
    registry: none('denied', 'ghcr.io wants credentials.'),
  });
  const state = await chain.answer(golang, amd64, never);
  expect(state.sizes).toBeUndefined();
  expect(state.reasons.map(({ source, none }) => [source, none.code])).toEqual([
    ['engine', 'unavailable'],
    ['cache', 'absent'],
    ['registry', 'denied'],
    ['catalogue', 'absent'],
  ]);
});

test('the registry is not asked where the cache knows both sizes', async () => {
  const { chain, registry } = world({ cache: sizes({ onDisk: remote, download: remoteDownload }) });
  await chain.answer(golang, amd64, never);
  expect(registry.asked).toHaveLength(0);
});

test('the registry is asked where the cache knows one size only', async () => {
  const { chain, registry } = world({ cache: sizes({ download: remoteDownload }) });
  await chain.answer(golang, amd64, never);
  expect(registry.asked).toHaveLength(1);
});

test('the registry does not wait for a slow engine', async () => {
  const { chain, seen, engine } = world({ engine: 'later', registry: sizes({ onDisk: remote }) });
  chain.request(golang, amd64);
  await settled();
  expect(seen.at(-1)).toMatchObject({ sizes: { onDisk: remote }, pending: true });
  engine.settle(sizes({ onDisk: measured }));
  await settled();
  expect(seen.at(-1)).toMatchObject({ sizes: { onDisk: measured }, pending: false });
});

test('one question to each source, whoever asks, while the answer is fresh', async () => {
  const { chain, engine, cache, registry, clock } = world({
    engine: sizes({ onDisk: measured }),
    registry: sizes({ download: remoteDownload }),
  });
  for (let i = 0; i < 20; i++) chain.request(golang, amd64);
  await Promise.all([chain.answer(golang, amd64, never), chain.answer(golang, amd64, never)]);
  clock.now += 30_000;
  chain.request(golang, amd64);
  await chain.answer(golang, amd64, never);
  expect([engine, cache, registry].map((source) => source.asked.length)).toEqual([1, 1, 1]);
});

test('an old answer of the engine is asked for again, quietly; the registry’s lives longer', async () => {
  const { chain, engine, registry, clock, seen } = world({
    engine: sizes({ onDisk: measured }),
    registry: sizes({ download: remoteDownload }),
  });
  await chain.answer(golang, amd64, never);
  const told = seen.length;
  clock.now += 61_000;
  chain.request(golang, amd64);
  expect(chain.known(golang, amd64).pending).toBe(false);
  await settled();
  expect([engine.asked.length, registry.asked.length]).toEqual([2, 1]);
  expect(seen).toHaveLength(told);
});

test('another platform is another question', async () => {
  const { chain, engine } = world();
  await chain.answer(golang, amd64, never);
  await chain.answer(golang, 'linux/arm64', never);
  expect(engine.asked.map((asked) => asked.platform)).toEqual([amd64, 'linux/arm64']);
});

test('a refresh asks anew, makes sources forget, and its answer wins over the cache’s old one', async () => {
  const { chain, engine, cache, registry, clock } = world({
    cache: sizes({ onDisk: remote, download: remoteDownload }),
    registry: sizes({ onDisk: { ...remote, bytes: 1000 }, download: remoteDownload }),
  });
  await chain.answer(golang, amd64, never);
  clock.now += 1000;
  chain.request(golang, amd64, { refresh: true });
  expect(chain.known(golang, amd64).pending).toBe(true);
  await settled();
  expect(chain.known(golang, amd64).sizes?.onDisk?.bytes).toBe(1000);
  expect([engine.asked.length, cache.asked.length, registry.asked.length]).toEqual([2, 1, 1]);
  expect([engine.forgotten, registry.forgotten]).toEqual([1, 1]);
});

test.each<[NoSizeCode, Size]>([
  ['limited', remote],
  ['network', remote],
  ['absent', catalogued],
  ['platform', catalogued],
])('a refresh that ends with “%s” says so, and keeps the old size unless it is untrue now', async (code, expected) => {
  const { chain, registry } = world({ registry: sizes({ onDisk: remote }), catalogue: sizes({ onDisk: catalogued }) });
  await chain.answer(golang, amd64, never);
  registry.answer = none(code);
  chain.request(golang, amd64, { refresh: true });
  await settled();
  const state = chain.known(golang, amd64);
  expect(state.sizes?.onDisk).toEqual(expected);
  expect(state.reasons.find(({ source }) => source === 'registry')?.none.code).toBe(code);
});

test('a source that fails against its contract costs itself only', async () => {
  const { chain } = world({
    engine: new TypeError('token abc123 is not a function'),
    cache: new SourceError('truncated', 'The cache is broken.'),
    registry: sizes({ onDisk: remote }),
  });
  const state = await chain.answer(golang, amd64, never);
  expect(state.sizes?.onDisk).toEqual(remote);
  expect(state.reasons).toEqual([
    { source: 'engine', none: { code: 'invalid', message: 'The engine could not be asked.' } },
    { source: 'cache', none: { code: 'network', message: 'The cache is broken.' } },
    { source: 'catalogue', none: { code: 'absent', message: 'absent' } },
  ]);
});

test('offline: cache and catalogue only, also for a refresh', async () => {
  const { chain, engine, cache, registry } = world(
    { cache: sizes({ download: remoteDownload }), catalogue: sizes({ onDisk: catalogued }) },
    { online: false },
  );
  const state = await chain.answer(golang, amd64, never);
  chain.request(golang, amd64, { refresh: true });
  await settled();
  expect(state.sizes).toMatchObject({ onDisk: catalogued, download: remoteDownload });
  expect([engine.asked.length, cache.asked.length, registry.asked.length]).toEqual([0, 2, 0]);
});

test('going online tells, and the next request asks what was not asked', async () => {
  const { chain, engine, registry, seen } = world({ engine: sizes({ onDisk: measured }) }, { online: false });
  await chain.answer(golang, amd64, never);
  const told = seen.length;
  chain.setOnline(true);
  expect(seen).toHaveLength(told + 1);
  await chain.answer(golang, amd64, never);
  expect(chain.known(golang, amd64).sizes?.onDisk).toEqual(measured);
  expect([engine.asked.length, registry.asked.length]).toEqual([1, 1]);
});

test('going offline cancels what is asked outside, and whoever waits gets what is left', async () => {
  const { chain, engine, registry } = world({
    engine: 'later',
    registry: 'later',
    catalogue: sizes({ onDisk: catalogued }),
  });
  const waiting = chain.answer(golang, amd64, never);
  await settled();
  chain.setOnline(false);
  expect((await waiting).sizes?.onDisk).toEqual(catalogued);
  expect([engine.asked[0]?.signal.aborted, registry.asked[0]?.signal.aborted]).toEqual([true, true]);
  engine.settle(sizes({ onDisk: measured }));
  await settled();
  expect(chain.known(golang, amd64).sizes?.onDisk).toEqual(catalogued);
});

test('cancelling the only one who waits cancels the question', async () => {
  const { chain, engine } = world({ engine: 'later' });
  const cancel = new AbortController();
  const waiting = chain.answer(golang, amd64, cancel.signal);
  await settled();
  cancel.abort(new Error('enough'));
  await expect(waiting).rejects.toThrow('enough');
  expect(engine.asked[0]?.signal.aborted).toBe(true);
  expect(chain.known(golang, amd64).pending).toBe(false);
});

test('cancelling one of two who wait leaves the other its answer', async () => {
  const { chain, engine } = world({ engine: 'later' });
  const cancel = new AbortController();
  const first = chain.answer(golang, amd64, cancel.signal);
  const second = chain.answer(golang, amd64, never);
  await settled();
  cancel.abort(new Error('enough'));
  await expect(first).rejects.toThrow('enough');
  engine.settle(sizes({ onDisk: measured }));
  expect((await second).sizes?.onDisk).toEqual(measured);
  expect(engine.asked).toHaveLength(1);
});

test('an answer that is cancelled before it begins asks nobody', async () => {
  const { chain, engine } = world();
  await expect(chain.answer(golang, amd64, AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
  expect(engine.asked).toHaveLength(0);
});

test('disposal cancels what is asked, tells nobody and asks nobody again', async () => {
  const { chain, engine, seen } = world({ engine: 'later' });
  const waiting = chain.answer(golang, amd64, never);
  chain.request(golang, amd64);
  await settled();
  const told = seen.length;
  chain[Symbol.dispose]();
  await expect(waiting).rejects.toThrow(SourceError);
  expect(engine.asked[0]?.signal.aborted).toBe(true);
  chain.request(golang, amd64);
  await settled();
  expect([engine.asked.length, seen.length]).toEqual([1, told]);
});

test('an engine that changed is asked again, the registry is not', async () => {
  const { chain, engine, registry, seen } = world({
    engine: none('absent'),
    registry: sizes({ onDisk: remote, download: remoteDownload }),
  });
  await chain.answer(golang, amd64, never);
  engine.answer = sizes({ onDisk: measured });
  chain.invalidate('engine');
  expect(seen.at(-1)?.sizes?.onDisk).toEqual(remote);
  chain.request(golang, amd64);
  await settled();
  expect(seen.at(-1)?.sizes).toMatchObject({ onDisk: measured, download: remoteDownload });
  expect([engine.asked.length, registry.asked.length]).toEqual([2, 1]);
});

test.each([
  ['scratch', { domain: 'docker.io', path: 'library/scratch', tag: 'latest' }],
  ['a variable in the path', { domain: 'docker.io', path: 'library/${BASE}', tag: 'latest' }],
  ['a variable in the tag', { domain: 'docker.io', path: 'library/golang', tag: '$VERSION' }],
])('nobody is asked for %s', async (_title, reference: Reference) => {
  const { chain, engine, cache, registry } = world();
  chain.request(reference, amd64, { refresh: true });
  await chain.answer(reference, amd64, never);
  expect([engine, cache, registry].map((source) => source.asked.length)).toEqual([0, 0, 0]);
});

test('what nobody asked for the longest is forgotten first', async () => {
  const engine = new FakeSource('engine', sizes({ onDisk: measured }));
  using chain = new BaseSizeChain({ sources: [engine], catalogue: () => none('absent'), online: true, capacity: 2 });
  const tagged = (tag: string): Reference => ({ ...golang, tag });
  for (const tag of ['a', 'b', 'a', 'c', 'a', 'b']) await chain.answer(tagged(tag), amd64, never);
  expect(engine.asked.map(({ reference }) => reference.tag)).toEqual(['a', 'b', 'c', 'b']);
});

test('a listener that was removed hears nothing', async () => {
  const { chain } = world({ engine: sizes({ onDisk: measured }) });
  const listener = vi.fn();
  chain.onChange(listener)[Symbol.dispose]();
  await chain.answer(golang, amd64, never);
  expect(listener).not.toHaveBeenCalled();
});
