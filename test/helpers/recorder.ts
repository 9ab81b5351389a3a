import { Agent, createServer, request as httpRequest, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly range?: string;
  readonly authorization?: string;
}

/** Stands in front of a server on 127.0.0.1, records what it is asked, and can keep answers back. */
export interface Recorder {
  readonly port: number;
  /** Every request that came in, in order. */
  readonly requests: RecordedRequest[];
  /**
   * From now on requests that `isHeld` picks are answered only when the hold is released: a client can be seen in the
   * midst of its work, however quick or slow the machine is.
   */
  readonly hold: (isHeld: (request: RecordedRequest) => boolean) => Hold;
  close(): Promise<void>;
}

/** Disposing releases, too. */
export interface Hold extends Disposable {
  /** How many requests are being held whose client still waits. */
  readonly waiting: number;
  release(): void;
}

/**
 * A plain forwarder that keeps the `Host` header, so that the server's own URLs lead back through it. `latencyMs` is
 * added to what only reads, because what a test brings into the server is none of its client's waiting.
 */
export async function startRecorder(target: number, latencyMs: number): Promise<Recorder> {
  const agent = new Agent({ keepAlive: true });
  const requests: RecordedRequest[] = [];
  const gates = new Set<Gate>();
  const server = createServer((incoming, outgoing) => {
    const { method = '', url: path = '', headers } = incoming;
    const { range, authorization } = headers;
    const recorded: RecordedRequest = {
      method,
      path,
      ...(range === undefined ? {} : { range }),
      ...(authorization === undefined ? {} : { authorization }),
    };
    requests.push(recorded);
    const forward = (): void => {
      const to = { host: '127.0.0.1', port: target, method, path, headers, agent };
      const forwarded = httpRequest(to, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      });
      forwarded.once('error', () => outgoing.destroy());
      outgoing.once('close', () => forwarded.destroy());
      incoming.pipe(forwarded);
    };
    const answer = (): void => {
      const gate = [...gates].find(({ isHeld }) => isHeld(recorded));
      if (gate === undefined) forward();
      else gate.add(outgoing, forward);
    };
    const isRead = method === 'GET' || method === 'HEAD';
    if (isRead && latencyMs > 0) setTimeout(answer, latencyMs);
    else answer();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    requests,
    hold: (isHeld) => {
      const gate = new Gate(isHeld, () => gates.delete(gate));
      gates.add(gate);
      return gate;
    },
    async close() {
      agent.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

class Gate implements Hold {
  readonly isHeld: (request: RecordedRequest) => boolean;
  readonly #onRelease: () => void;
  readonly #held = new Map<ServerResponse, () => void>();

  constructor(isHeld: (request: RecordedRequest) => boolean, onRelease: () => void) {
    this.isHeld = isHeld;
    this.#onRelease = onRelease;
  }

  get waiting(): number {
    return this.#held.size;
  }

  /** A client that goes away is not asked for on its behalf. */
  add(outgoing: ServerResponse, forward: () => void): void {
    this.#held.set(outgoing, forward);
    outgoing.once('close', () => this.#held.delete(outgoing));
  }

  release(): void {
    this.#onRelease();
    const held = [...this.#held.values()];
    this.#held.clear();
    for (const forward of held) forward();
  }

  [Symbol.dispose](): void {
    this.release();
  }
}
