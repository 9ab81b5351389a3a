import { expect, test } from 'vitest';
import { openBlob } from '../../../src/sources/registry/blobs.ts';
import { digestOf, makeImage, makeLayer } from '../../helpers/ociImage.ts';
import { sendRange, startScriptedRegistry, testClient, type Script } from '../../helpers/scriptedRegistry.ts';

const never = new AbortController().signal;
const layer = makeLayer({ randomBytes: 300_000 });
const image = makeImage({ layers: [{ tar: layer.tar }] });
const blob = { digest: image.layers[0]!.digest, size: image.layers[0]!.bytes.length };
const bytes = Buffer.from(image.layers[0]!.bytes);

async function read(script: Script, asked = blob, idleMs = 10_000) {
  await using registry = await startScriptedRegistry({ images: [image] }, script);
  using client = testClient({ timeouts: { idleMs } });
  const chunks: Uint8Array[] = [];
  let error: unknown;
  try {
    for await (const chunk of openBlob(client, registry.reference(), asked, never, 5)) chunks.push(chunk);
  } catch (thrown) {
    error = thrown;
  }
  const ranges = registry.received.map((request) => request.headers.range);
  return { content: Buffer.concat(chunks), error, ranges };
}

/** Sends so many bytes of what was asked for, then drops the connection. */
function dropAfter(count: number): Script {
  return (request, response) => {
    const from = Number(/\d+/.exec(request.headers.range ?? '0')![0]);
    const rest = bytes.subarray(from);
    response.writeHead(from === 0 ? 200 : 206, {
      'content-length': rest.length,
      ...(from === 0 ? {} : { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` }),
    });
    response.write(rest.subarray(0, count), () => setTimeout(() => response.destroy(), 10));
    return true;
  };
}

test('a blob, whole and verified', async () => {
  const { content, error, ranges } = await read(() => false);
  expect(error).toBeUndefined();
  expect(content.equals(bytes)).toBe(true);
  expect(ranges).toEqual([undefined]);
});

test('a connection that drops again and again is taken up where it ended', async () => {
  const { content, error, ranges } = await read(dropAfter(100_000));
  expect(error).toBeUndefined();
  expect(content.equals(bytes)).toBe(true);
  expect(ranges[0]).toBeUndefined();
  expect(ranges.slice(1)).toEqual(['bytes=100000-', 'bytes=200000-', 'bytes=300000-']);
});

test('a registry without ranges sends the beginning again, which is passed over', async () => {
  let requests = 0;
  const { content, error } = await read((request, response) => {
    delete request.headers.range;
    return requests++ === 0 ? dropAfter(120_000)(request, response) : false;
  });
  expect(error).toBeUndefined();
  expect(content.equals(bytes)).toBe(true);
});

test('a blob that always ends too early is given up', async () => {
  const { error, ranges } = await read((_, response) => {
    response.end(); // Without a length: an end like any other.
    return true;
  });
  expect(error).toMatchObject({ code: 'truncated' });
  expect(ranges).toHaveLength(4);
});

test('a blob that hangs is given up', async () => {
  const hangs: Script = (_, response) => {
    response.setHeader('content-length', bytes.length);
    response.flushHeaders();
    return true;
  };
  const { error, ranges } = await read(hangs, blob, 150);
  expect(error).toMatchObject({ code: 'timeout' });
  expect(ranges).toHaveLength(4);
});

test('one bit is wrong', async () => {
  const wrong = Buffer.from(bytes);
  wrong[150_000]! ^= 1;
  const { error } = await read((request, response) => {
    sendRange(request, response, wrong);
    return true;
  });
  expect(error).toMatchObject({ code: 'wrong-digest' });
});

test('a blob that is longer than its manifest says is cut off', async () => {
  const { error, content } = await read((_, response) => {
    const more = () => {
      while (response.write(bytes));
    };
    response.on('drain', more);
    more();
    return true;
  });
  expect(error).toMatchObject({ code: 'wrong-digest', message: expect.stringContaining('longer') as string });
  expect(content.length).toBeLessThanOrEqual(blob.size);
});

test('an empty blob', async () => {
  const { error, ranges } = await read(() => false, { digest: digestOf(Buffer.alloc(0)), size: 0 });
  expect(error).toBeUndefined();
  expect(ranges).toEqual([]);
});

test('a blob that is not there, and a digest that cannot be verified', async () => {
  const absent = await read(() => false, { digest: digestOf(Buffer.from('x')), size: 1 });
  expect(absent.error).toMatchObject({ code: 'absent' });
  const md5 = await read(() => false, { digest: 'md5:0123', size: 1 });
  expect(md5.error).toMatchObject({ code: 'invalid' });
});

test('a slow consumer is not a hanging registry', async () => {
  await using registry = await startScriptedRegistry({ images: [image] });
  using client = testClient({ timeouts: { idleMs: 100 } });
  let received = 0;
  for await (const chunk of openBlob(client, registry.reference(), blob, never)) {
    if (received === 0) await new Promise((resolve) => setTimeout(resolve, 250));
    received += chunk.length;
  }
  expect(received).toBe(blob.size);
});

test('leaving the loop and aborting both end the request', async () => {
  let closed = 0;
  await using registry = await startScriptedRegistry({ images: [image] }, (_, response) => {
    response.once('close', () => closed++);
    response.setHeader('content-length', bytes.length);
    response.write(bytes.subarray(0, 1000));
    return true;
  });
  using client = testClient();
  for await (const chunk of openBlob(client, registry.reference(), blob, never)) {
    expect(chunk.length).toBe(1000);
    break;
  }
  await expect.poll(() => closed).toBe(1);
  const leaving = new AbortController();
  const reading = (async () => {
    for await (const chunk of openBlob(client, registry.reference(), blob, leaving.signal)) {
      expect(chunk.length).toBe(1000);
      leaving.abort('left');
    }
  })();
  await expect(reading).rejects.toBe('left');
  await expect.poll(() => closed).toBe(2);
});
