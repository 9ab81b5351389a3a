import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Surroundings } from '../../src/sources/engine/candidates.ts';
import { thisMachine } from '../../src/sources/engine/surroundings.ts';

type Handler = object | ((response: ServerResponse, request: IncomingMessage) => void);

/**
 * A server on a Unix socket that answers as the test says: for what no real engine does on demand. A route is a path
 * (decoded, without query) and its JSON, or a function that answers by itself. Anything else is 404.
 */
export interface FakeEngine extends AsyncDisposable {
  readonly socket: string;
  readonly host: string;
  /** Paths with their query, in the order in which they were asked for. */
  readonly asked: string[];
  readonly routes: Record<string, Handler>;
  /** Ends the server and every connection at once, as a killed engine does. The socket's file stays. */
  kill(): void;
  /** Listens at the same socket again. */
  start(): Promise<void>;
}

export const dockerVersion = {
  Version: '28.2.2',
  Os: 'linux',
  Arch: 'amd64',
  Components: [{ Name: 'Engine', Version: '28.2.2' }],
};

export async function startFakeEngine(routes: Record<string, Handler> = {}): Promise<FakeEngine> {
  const folder = await mkdtemp(join(tmpdir(), 'plimsoll-engine-'));
  const socket = join(folder, 'engine.sock');
  const asked: string[] = [];
  const all: Record<string, Handler> = { '/version': dockerVersion, ...routes };
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    asked.push(request.url!);
    const handler = all[decodeURIComponent(request.url!.replace(/\?.*/, ''))];
    if (typeof handler === 'function') {
      (handler as (response: ServerResponse, request: IncomingMessage) => void)(response, request);
      return;
    }
    response.statusCode = handler === undefined ? 404 : 200;
    response.end(JSON.stringify(handler ?? { message: 'no such thing' }));
  };
  let server = createServer(listener);
  const start = async (): Promise<void> => {
    await rm(socket, { force: true });
    server = createServer(listener);
    await new Promise<void>((resolve) => server.listen(socket, resolve));
  };
  const kill = (): void => {
    server.close();
    server.closeAllConnections();
  };
  await start();
  return {
    socket,
    host: `unix://${socket}`,
    asked,
    routes: all,
    kill,
    start,
    async [Symbol.asyncDispose]() {
      kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** This machine without the environment of whoever runs the tests. */
export function bareMachine(env: Record<string, string> = {}): Surroundings {
  return { ...thisMachine(env), home: '/nonexistent' };
}
