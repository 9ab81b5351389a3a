import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openRpc, type Rpc, RpcError } from '../../src/protocol/rpc.ts';
import { openChannel } from '../helpers/channel.ts';

interface Calculator {
  add(numbers: { readonly a: number; readonly b: number }, signal: AbortSignal): Promise<number>;
  echo(value: { readonly value: unknown }, signal: AbortSignal): Promise<unknown>;
  wait(request: Readonly<Record<string, never>>, signal: AbortSignal): Promise<void>;
  fail(error: { readonly code: string; readonly message: string }, signal: AbortSignal): Promise<void>;
  give(request: { readonly what: 'function' | 'buffer' }, signal: AbortSignal): Promise<unknown>;
}
type Silent = Readonly<Record<string, never>>;

const names = { add: true, echo: true, wait: true, fail: true, give: true } as const;

function open(changes: Partial<Calculator> = {}) {
  const channel = openChannel();
  const waiting: AbortSignal[] = [];
  const local: Calculator = {
    add: ({ a, b }) => Promise.resolve(a + b),
    echo: ({ value }) => Promise.resolve(value),
    wait: (_, signal) => {
      waiting.push(signal);
      return new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error));
      });
    },
    fail: ({ code, message }) => Promise.reject(new RpcError(code, message)),
    give: ({ what }) => Promise.resolve(what === 'function' ? () => 1 : new Uint8Array([1, 2]).buffer),
    ...changes,
  };
  const moved = (value: unknown) => (value instanceof ArrayBuffer ? [value] : []);
  const server = openRpc<Calculator, Silent>(channel.far, {}, { local, transfer: moved });
  const client = openRpc<Silent, Calculator>(channel.near, names, { local: {} });
  return { channel, client, server, waiting };
}

const settled = () => new Promise<void>((resolve) => setTimeout(resolve));

test('a call is answered', async () => {
  const { client } = open();
  expect(await client.remote.add({ a: 1, b: 2 })).toBe(3);
});

test('both ends call each other over one channel', async () => {
  const channel = openChannel();
  const near = openRpc<Pick<Calculator, 'add'>, Pick<Calculator, 'echo'>>(
    channel.near,
    { echo: true },
    { local: { add: ({ a, b }) => Promise.resolve(a + b) } },
  );
  const far: Rpc<Pick<Calculator, 'add'>> = openRpc<Pick<Calculator, 'echo'>, Pick<Calculator, 'add'>>(
    channel.far,
    { add: true },
    { local: { echo: async ({ value }) => [value, await far.remote.add({ a: 2, b: 3 })] } },
  );
  expect(await near.remote.echo({ value: 'x' })).toEqual(['x', 5]);
});

test('an error comes with its code and message, and without a stack', async () => {
  const { client, channel } = open();
  await expect(client.remote.fail({ code: 'stale', message: 'Too late.' })).rejects.toMatchObject({
    name: 'RpcError',
    code: 'stale',
    message: 'Too late.',
  });
  expect(channel.sent.map(({ json }) => json).join()).not.toContain('.ts');
});

test('an error that is no RpcError comes as the end describes it', async () => {
  const channel = openChannel();
  openRpc<Pick<Calculator, 'add'>, Silent>(
    channel.far,
    {},
    {
      local: { add: () => Promise.reject(new TypeError('secret')) },
      describe: () => ({ code: 'odd', message: 'No.' }),
    },
  );
  const client = openRpc<Silent, Pick<Calculator, 'add'>>(channel.near, { add: true }, { local: {} });
  await expect(client.remote.add({ a: 1, b: 1 })).rejects.toMatchObject({ code: 'odd', message: 'No.' });
});

test('a method that throws before its promise fails the call', async () => {
  const { client } = open({
    add: () => {
      throw new RangeError('at once');
    },
  });
  await expect(client.remote.add({ a: 1, b: 2 })).rejects.toMatchObject({ code: 'failed', message: 'at once' });
});

test.each(['constructor', 'toString', '__proto__', 'hasOwnProperty', 'nothing'])(
  'there is no method %s',
  async (method) => {
    const { channel } = open();
    channel.inject('far', { type: 'call', id: 7, method, argument: {} });
    await settled();
    expect(JSON.parse(channel.sent.at(-1)!.json)).toMatchObject({ id: 7, ok: false, error: { code: 'invalid' } });
  },
);

test('a cancelled call fails at once, and the other end hears of it', async () => {
  const { client, waiting, channel } = open();
  const abort = new AbortController();
  const call = client.remote.wait({}, abort.signal);
  await settled();
  abort.abort();
  await expect(call).rejects.toMatchObject({ code: 'cancelled' });
  await settled();
  expect(waiting[0]!.aborted).toBe(true);
  expect(channel.sent.map(({ json }) => JSON.parse(json) as unknown)).toMatchObject([
    { type: 'call' },
    { type: 'cancel' },
  ]);
});

test('a call that is cancelled already is not sent', async () => {
  const { client, channel } = open();
  await expect(client.remote.add({ a: 1, b: 2 }, AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' });
  expect(channel.sent).toEqual([]);
});

test('cancelling after the answer changes nothing', async () => {
  const { client, channel } = open();
  const abort = new AbortController();
  expect(await client.remote.add({ a: 1, b: 2 }, abort.signal)).toBe(3);
  abort.abort();
  await settled();
  expect(channel.sent).toHaveLength(2);
});

test('dispose rejects what is pending, and every later call', async () => {
  const { client, channel } = open();
  const pending = [client.remote.wait({}), client.remote.wait({})];
  client[Symbol.dispose]();
  client[Symbol.dispose]();
  for (const call of pending) await expect(call).rejects.toMatchObject({ code: 'closed' });
  await expect(client.remote.add({ a: 1, b: 2 })).rejects.toMatchObject({ code: 'closed' });
  expect(channel.sent).toHaveLength(2);
});

test('dispose cancels what is being answered, and says nothing more', async () => {
  const { client, server, waiting, channel } = open();
  const pending = client.remote.wait({});
  const failing = expect(pending).rejects.toMatchObject({ code: 'closed' });
  await settled();
  server[Symbol.dispose]();
  await settled();
  expect(waiting[0]!.aborted).toBe(true);
  expect(channel.sent).toHaveLength(1);
  client[Symbol.dispose]();
  await failing;
});

test('an answer that cannot be sent is an error, not silence', async () => {
  const { client } = open();
  await expect(client.remote.give({ what: 'function' })).rejects.toMatchObject({ code: 'failed' });
});

test('an argument that cannot be sent fails the call', async () => {
  const { client } = open();
  await expect(client.remote.echo({ value: () => 1 })).rejects.toThrow();
});

test('buffers are moved', async () => {
  const buffer = new Uint8Array([1, 2, 3]).buffer;
  const { client } = open({ give: () => Promise.resolve(buffer) });
  const result = (await client.remote.give({ what: 'buffer' })) as ArrayBuffer;
  expect([...new Uint8Array(result)]).toEqual([1, 2, 3]);
  expect(buffer.byteLength).toBe(0);
});

test('answers in any order reach their callers', async () => {
  const answers = new Map<number, () => void>();
  const { client } = open({
    add: ({ a, b }) => new Promise((resolve) => answers.set(a, () => resolve(a + b))),
  });
  await fc.assert(
    fc.asyncProperty(fc.shuffledSubarray([1, 2, 3, 4, 5], { minLength: 5 }), async (order) => {
      const calls = [1, 2, 3, 4, 5].map((a) => client.remote.add({ a, b: 10 }));
      await settled();
      for (const a of order) answers.get(a)!();
      expect(await Promise.all(calls)).toEqual([11, 12, 13, 14, 15]);
    }),
    { numRuns: 25 },
  );
});

test('whatever can be cloned comes back equal', async () => {
  const { client } = open();
  await fc.assert(
    fc.asyncProperty(fc.jsonValue(), async (value) => {
      expect(await client.remote.echo({ value })).toEqual(value);
    }),
    { numRuns: 100 },
  );
});

test('what is no message of the protocol is passed over', async () => {
  const { client, channel } = open();
  await fc.assert(
    fc.asyncProperty(fc.anything(), async (junk) => {
      channel.inject('near', junk);
      channel.inject('far', junk);
      expect(await client.remote.add({ a: 1, b: 2 })).toBe(3);
    }),
    { numRuns: 100 },
  );
});

test.each([
  [{ type: 'reply', id: 99, ok: true, value: 1 }],
  [{ type: 'reply', id: 99, ok: false }],
  [{ type: 'cancel', id: 99 }],
  [{ type: 'reply', id: 'x' }],
])('a message for no call is passed over: %j', async (message) => {
  const { client, channel } = open();
  channel.inject('near', message);
  channel.inject('far', message);
  expect(await client.remote.add({ a: 1, b: 2 })).toBe(3);
});
