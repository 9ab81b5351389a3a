import http, { type ClientRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import https from 'node:https';
import { SourceError } from '../error.ts';
import { mayBePlain } from './endpoint.ts';

/** How long a server may take, in milliseconds. */
export interface Timeouts {
  /** To a connection, TLS included. */
  readonly connectMs: number;
  /** Between two signs of life; the time in which the reader of a body is busy does not count. */
  readonly idleMs: number;
  /** For a whole small exchange; blobs that are streamed have none. */
  readonly totalMs: number;
}

export const defaultTimeouts: Timeouts = { connectMs: 10_000, idleMs: 15_000, totalMs: 30_000 };

export interface Exchange {
  readonly url: URL;
  readonly method: 'GET' | 'HEAD' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** True for a body of any length: no limit on the whole time. */
  readonly streamed?: boolean;
  readonly signal: AbortSignal;
}

/** The head of an answer, with the body still to be read. Either the body is read to its end or `close` is called. */
export interface Answer {
  readonly url: URL;
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Can be read once. Throws a `SourceError` when the server breaks off, the signal's reason when it is aborted. */
  readonly body: AsyncIterable<Uint8Array>;
  close(): void;
}

/**
 * HTTP, one exchange at a time: no redirects, no credentials, no retries; those are the client's. On Node's own
 * `http` and `https`, because they show every redirect, stop a body at any byte and let each phase have its time, and
 * because VS Code puts its proxy and certificate settings into exactly these two. Outside of VS Code, Node's agents
 * read `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` (from Node 24.5 on); this machine is never asked through a proxy.
 */
export class Transport implements Disposable {
  readonly #timeouts: Timeouts;
  readonly #secure: https.Agent;
  readonly #plain: http.Agent;
  readonly #secureLocal = new https.Agent(agentOptions);
  readonly #plainLocal = new http.Agent(agentOptions);

  constructor(timeouts: Timeouts, env: NodeJS.ProcessEnv) {
    this.#timeouts = timeouts;
    this.#secure = new https.Agent({ ...agentOptions, proxyEnv: env });
    this.#plain = new http.Agent({ ...agentOptions, proxyEnv: env });
  }

  async exchange(exchange: Exchange): Promise<Answer> {
    try {
      return await this.#once(exchange);
    } catch (error) {
      // A kept connection that the server closed while the request was on its way says nothing about the server.
      if (error instanceof StaleConnection) return this.#once(exchange);
      throw error;
    }
  }

  [Symbol.dispose](): void {
    for (const agent of [this.#secure, this.#plain, this.#secureLocal, this.#plainLocal]) agent.destroy();
  }

  #once(exchange: Exchange): Promise<Answer> {
    const { url, signal } = exchange;
    signal.throwIfAborted();
    const isSecure = url.protocol === 'https:';
    const isLocal = mayBePlain(url, []);
    const agent = isSecure ? (isLocal ? this.#secureLocal : this.#secure) : isLocal ? this.#plainLocal : this.#plain;
    const request = (isSecure ? https : http).request(url, {
      method: exchange.method,
      headers: { 'user-agent': 'plimsoll', 'accept-encoding': 'identity', ...exchange.headers },
      agent,
    });
    const watch = new Watch(request, exchange, this.#timeouts);
    return new Promise((resolve, reject) => {
      request.once('response', (response) => {
        resolve({
          url,
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: watch.read(response),
          close: () => watch.end(),
        });
      });
      // Stays for the whole life of the request: after the head, the body's reader is told by the response.
      request.on('error', (error) => {
        watch.end();
        reject(watch.reasonFor(error));
      });
      request.end(exchange.body);
    });
  }
}

const agentOptions = { keepAlive: true, maxSockets: 16 };

class StaleConnection extends SourceError {}

/** Watches over one request: its signal, its timers, and why it was ended. */
class Watch {
  readonly #request: ClientRequest;
  readonly #host: string;
  readonly #signal: AbortSignal;
  readonly #idle: NodeJS.Timeout;
  readonly #total: NodeJS.Timeout | undefined;
  readonly #aborted = () => this.end();
  #timedOut: SourceError | undefined;
  #waiting = true;

  constructor(request: ClientRequest, exchange: Exchange, timeouts: Timeouts) {
    this.#request = request;
    this.#host = exchange.url.host;
    this.#signal = exchange.signal;
    this.#signal.addEventListener('abort', this.#aborted, { once: true });
    this.#idle = setTimeout(() => {
      if (this.#waiting) this.#expire(`${this.#host} does not answer.`);
    }, timeouts.idleMs);
    if (!exchange.streamed) {
      this.#total = setTimeout(() => this.#expire(`${this.#host} takes too long to answer.`), timeouts.totalMs);
    }
    this.#watchConnect(timeouts.connectMs, exchange.url.protocol === 'https:');
  }

  /** Ends the exchange, whatever its state; does nothing the second time. */
  end(): void {
    this.#release();
    this.#request.destroy();
  }

  /** What to throw for an error: the signal's reason, when it was the signal. */
  reasonFor(error: unknown): Error {
    if (this.#signal.aborted) return this.#signal.reason as Error;
    if (this.#timedOut) return this.#timedOut;
    return error instanceof SourceError ? error : connectionError(error, this.#host, this.#request.reusedSocket);
  }

  async *read(response: IncomingMessage): AsyncGenerator<Uint8Array> {
    let whole = false;
    try {
      const chunks = response[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
      for (;;) {
        this.#waiting = true;
        this.#idle.refresh();
        const next = await chunks.next();
        this.#waiting = false;
        if (next.done) break;
        yield next.value;
      }
      // A response that was destroyed can end without an error of its own.
      if (this.#signal.aborted || this.#timedOut || !response.complete) throw new Error('ended early');
      whole = true;
    } catch (error) {
      throw this.reasonFor(error);
    } finally {
      // The connection of an answer that was read whole goes back to the agent.
      if (whole) this.#release();
      else this.end();
    }
  }

  #release(): void {
    clearTimeout(this.#idle);
    clearTimeout(this.#total);
    this.#signal.removeEventListener('abort', this.#aborted);
  }

  #expire(message: string): void {
    this.#timedOut ??= new SourceError('timeout', message);
    this.#request.destroy();
  }

  #watchConnect(connectMs: number, isSecure: boolean): void {
    this.#request.once('socket', (socket) => {
      if (!socket.connecting) return;
      const timer = setTimeout(() => this.#expire(`${this.#host} cannot be reached in time.`), connectMs);
      const connected = () => {
        clearTimeout(timer);
        this.#idle.refresh();
      };
      socket.once(isSecure ? 'secureConnect' : 'connect', connected);
      socket.once('close', connected);
    });
  }
}

function connectionError(error: unknown, host: string, reused: boolean): SourceError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const options = { cause: error };
  if (reused && (code === 'ECONNRESET' || code === 'EPIPE')) {
    return new StaleConnection('network', `The connection to ${host} broke off.`, options);
  }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return new SourceError('network', `${host} cannot be found: no such host, or no network.`, options);
  }
  if (code === 'ECONNREFUSED') return new SourceError('network', `${host} refuses the connection.`, options);
  if (code.startsWith('HPE_')) return new SourceError('invalid', `${host} does not speak HTTP.`, options);
  if (/CERT|SIGNATURE|ERR_TLS/.test(code)) {
    return new SourceError('network', `The certificate of ${host} is not trusted (${code}).`, options);
  }
  return new SourceError('network', `The connection to ${host} broke off.`, options);
}
