import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { contentLength } from '../../../src/sources/estimate/contentLength.ts';

async function ask(listener: RequestListener, signal = new AbortController().signal): Promise<number | undefined> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const { port } = server.address() as AddressInfo;
    return await contentLength(`http://127.0.0.1:${port}/a`, signal);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

test.each<[title: string, listener: RequestListener, length: number | undefined]>([
  ['what the server says', (_, answer) => answer.writeHead(200, { 'content-length': '1234' }).end(), 1234],
  [
    'through a redirect',
    (asked, answer) =>
      asked.url === '/b'
        ? answer.writeHead(200, { 'content-length': '77' }).end()
        : answer.writeHead(302, { location: '/b' }).end(),
    77,
  ],
  [
    'a server that does not say',
    (_, answer) => answer.writeHead(200, { 'transfer-encoding': 'chunked' }).end(),
    undefined,
  ],
  ['not found', (_, answer) => answer.writeHead(404, { 'content-length': '9' }).end(), undefined],
  ['a connection that breaks', (asked) => asked.socket.destroy(), undefined],
  [
    'only asked, not fetched',
    (asked, answer) => answer.writeHead(200, { 'content-length': asked.method === 'HEAD' ? '5' : '6' }).end(),
    5,
  ],
])('%s', async (_, listener, length) => {
  expect(await ask(listener)).toBe(length);
});

test('cancelled', async () => {
  const cancel = new AbortController();
  await expect(ask(() => cancel.abort(new Error('enough')), cancel.signal)).rejects.toThrow('enough');
});
