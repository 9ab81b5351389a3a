import { expect, test, vi } from 'vitest';
import { RowSource } from '../../../src/webview/grid/rowSource.ts';

interface Asked {
  readonly from: number;
  readonly count: number;
  readonly signal: AbortSignal;
  answer(rows: readonly number[] | undefined): void;
  fail(error: Error): void;
}

function open(): { source: RowSource<number>; asked: Asked[]; came: () => number; errors: unknown[] } {
  const asked: Asked[] = [];
  const errors: unknown[] = [];
  const onRows = vi.fn();
  const source = new RowSource<number>(
    (from, count, signal) =>
      new Promise((resolve, reject) => {
        asked.push({ from, count, signal, answer: resolve, fail: reject });
      }),
    200,
    onRows,
    (error) => errors.push(error),
  );
  return { source, asked, came: () => onRows.mock.calls.length, errors };
}

function range(from: number, count: number): number[] {
  return Array.from({ length: count }, (_, at) => from + at);
}

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

test('one window at a time, and never twice the same', async () => {
  const { source, asked, came } = open();
  source.reset(10_000);
  source.need(0, 40);
  source.need(3, 43);
  source.need(0, 40);
  expect(asked.map(({ from, count }) => [from, count])).toEqual([[0, 64]]);
  asked[0]!.answer(range(0, 64));
  await settled();
  expect(came()).toBe(1);
  source.need(0, 40);
  expect(asked).toHaveLength(1);
  expect(source.row(63)).toBe(63);
});

test('while a window is under way none is asked for; the next is the one that is in sight then', async () => {
  const { source, asked, came } = open();
  source.reset(100_000);
  source.need(0, 40);
  source.need(20_000, 20_040);
  source.need(50_000, 50_040);
  expect(asked).toHaveLength(1);
  asked[0]!.answer(range(0, 64));
  await settled();
  expect(asked.map(({ from }) => from)).toEqual([0, 49_984]);
  expect(came()).toBe(0);
  asked[1]!.answer(range(49_984, 64));
  await settled();
  expect(came()).toBe(1);
  expect(source.row(50_000)).toBe(50_000);
});

test.each<[string, [number, number][], [number, number][]]>([
  [
    'down',
    [
      [640, 680],
      [650, 690],
    ],
    [
      [640, 64],
      [704, 128],
    ],
  ],
  [
    'up',
    [
      [640, 680],
      [630, 670],
    ],
    [
      [640, 64],
      [576, 64],
      [448, 128],
    ],
  ],
  [
    'by a jump nothing',
    [
      [640, 680],
      [6400, 6440],
    ],
    [
      [640, 64],
      [6400, 64],
    ],
  ],
])('scrolling %s asks for what comes into sight next', async (_, needs, wanted) => {
  const { source, asked } = open();
  let answered = 0;
  source.reset(100_000);
  for (const [start, end] of needs) {
    source.need(start, end);
    while (answered < asked.length) {
      const window = asked[answered++]!;
      window.answer(range(window.from, window.count));
      await settled();
    }
  }
  expect(asked.map(({ from, count }) => [from, count])).toEqual(wanted);
});

test('scrolling through a million rows keeps few of them', async () => {
  const { source, asked } = open();
  source.reset(1_000_000);
  for (let start = 0; start < 1_000_000; start += 5000) {
    source.need(start, start + 40);
    const last = asked.at(-1)!;
    last.answer(range(last.from, last.count));
    await Promise.resolve();
  }
  await settled();
  let kept = 0;
  for (let row = 0; row < 1_000_000; row++) if (source.row(row) !== undefined) kept++;
  expect(kept).toBeGreaterThan(0);
  expect(kept).toBeLessThanOrEqual(64 * 48);
  expect(Math.max(...asked.map(({ count }) => count))).toBeLessThanOrEqual(200);
});

test('answers to a list that is over are dropped', async () => {
  const { source, asked, came } = open();
  source.reset(100);
  source.need(0, 40);
  source.reset(100);
  asked[0]!.answer(range(0, 64));
  await settled();
  expect([came(), source.row(0)]).toEqual([0, undefined]);
});

test('an error is told once, and rows can be asked for again', async () => {
  const { source, asked, errors } = open();
  source.reset(100);
  source.need(0, 40);
  asked[0]!.fail(new Error('gone'));
  await settled();
  expect(errors).toEqual([new Error('gone')]);
  source.need(0, 40);
  expect(asked).toHaveLength(2);
});
