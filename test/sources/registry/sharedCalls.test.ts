import { expect, test } from 'vitest';
import { mapLimited } from '../../../src/sources/registry/mapLimited.ts';
import { SharedCalls } from '../../../src/sources/registry/sharedCalls.ts';

const never = new AbortController().signal;

function call() {
  let finish!: (value: string) => void;
  let fail!: (error: unknown) => void;
  const signals: AbortSignal[] = [];
  const start = (signal: AbortSignal) => {
    signals.push(signal);
    return new Promise<string>((resolve, reject) => {
      finish = resolve;
      fail = reject;
      signal.addEventListener('abort', () => reject(new Error('aborted')));
    });
  };
  return { start, signals, finish: (value: string) => finish(value), fail: (error: unknown) => fail(error) };
}

test('one call for all who ask at once, another one after', async () => {
  const calls = new SharedCalls<string>();
  const { start, signals, finish } = call();
  const both = [calls.run('a', never, start), calls.run('a', never, start)];
  finish('x');
  expect(await Promise.all(both)).toEqual(['x', 'x']);
  const again = calls.run('a', never, start);
  finish('y');
  expect(await again).toBe('y');
  expect(signals).toHaveLength(2);
});

test('a failure is everybody’s, and is not kept', async () => {
  const calls = new SharedCalls<string>();
  const { start, fail, finish } = call();
  const both = [calls.run('a', never, start), calls.run('a', never, start)];
  fail(new Error('no'));
  for (const one of both) await expect(one).rejects.toThrow('no');
  const again = calls.run('a', never, start);
  finish('y');
  expect(await again).toBe('y');
});

test('the call is aborted when the last asker has left, and the next one starts afresh', async () => {
  const calls = new SharedCalls<string>();
  const { start, signals, finish } = call();
  const [first, second] = [new AbortController(), new AbortController()];
  const both = [calls.run('a', first.signal, start), calls.run('a', second.signal, start)];
  first.abort('first left');
  await expect(both[0]).rejects.toBe('first left');
  expect(signals[0]!.aborted).toBe(false);
  second.abort('second left');
  await expect(both[1]).rejects.toBe('second left');
  expect(signals[0]!.aborted).toBe(true);
  const again = calls.run('a', never, start);
  finish('y');
  expect(await again).toBe('y');
  await expect(calls.run('a', AbortSignal.abort('too late'), start)).rejects.toBe('too late');
  expect(signals).toHaveLength(2);
});

test('mapLimited: in order, so many at a time', async () => {
  let running = 0;
  let most = 0;
  const results = await mapLimited([5, 1, 3, 2, 4], 2, never, async (item) => {
    most = Math.max(most, ++running);
    await new Promise((resolve) => setTimeout(resolve, item));
    running--;
    return item * 10;
  });
  expect(results).toEqual([50, 10, 30, 20, 40]);
  expect(most).toBe(2);
  expect(await mapLimited([], 2, never, () => Promise.resolve(1))).toEqual([]);
});

test('mapLimited: the first failure aborts the others and starts no more', async () => {
  const started: number[] = [];
  let aborted = false;
  const mapped = mapLimited([1, 2, 3, 4], 2, never, async (item, signal) => {
    started.push(item);
    if (item === 1) throw new Error('no');
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    aborted = true;
  });
  await expect(mapped).rejects.toThrow('no');
  await expect.poll(() => aborted).toBe(true);
  expect(started).toEqual([1, 2]);
});
