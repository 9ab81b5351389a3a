/**
 * Calls over a channel that carries messages both ways: a webview's, a worker's. Each end offers an interface of async
 * methods and calls the other's; calls and replies are derived from the interface, so that a method that one end does not
 * answer does not compile.
 */

/** One end of a channel that keeps the order of messages. */
export interface Port {
  post(message: unknown, transfer?: readonly ArrayBuffer[]): void;
  /** Hears every message from now on. */
  onMessage(listener: (message: unknown) => void): Disposable;
}

/** A method that can be called from the other end: one plain argument, and a signal that says when nobody waits any more. */
export type RemoteMethod = (argument: never, signal: AbortSignal) => Promise<unknown>;
/** An interface all of whose members are such methods. */
export type Api<T> = { readonly [M in keyof T]: RemoteMethod };

type Argument<F> = F extends (argument: infer A, signal: AbortSignal) => Promise<unknown> ? A : never;
type Result<F> = F extends (argument: never, signal: AbortSignal) => Promise<infer R> ? R : never;

/** The other end's interface as it is called: the same, but that a signal need not be given. */
export type Remote<T> = {
  readonly [M in keyof T]: (argument: Argument<T[M]>, signal?: AbortSignal) => Promise<Result<T[M]>>;
};

/** A call of any method of an interface, as it is sent. */
export type Call<T> = {
  readonly [M in keyof T & string]: {
    readonly type: 'call';
    readonly id: number;
    readonly method: M;
    readonly argument: Argument<T[M]>;
  };
}[keyof T & string];

/** What comes back for a call of an interface. */
export type Reply<T> =
  | { readonly type: 'reply'; readonly id: number; readonly ok: true; readonly value: Result<T[keyof T]> }
  | { readonly type: 'reply'; readonly id: number; readonly ok: false; readonly error: RemoteFault };

export interface Cancel {
  readonly type: 'cancel';
  readonly id: number;
}

/** An error as it is sent: never a stack, which would tell of the other end's files. */
export interface RemoteFault {
  readonly code: string;
  readonly message: string;
}

/** What a call fails with: what the other end said, or `cancelled`, or `closed` where the channel was given up. */
export class RpcError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'RpcError';
    this.code = code;
  }
}

export interface RpcOptions<Local> {
  /** What the other end may call: an object with its methods as its own properties. */
  readonly local: Local;
  /** The error to send for what a method threw. An {@link RpcError} is sent as it is; without this, others as `failed` with their message. */
  readonly describe?: (error: unknown) => RemoteFault;
  /** The buffers of an argument or a result that are moved instead of copied. */
  readonly transfer?: (value: unknown) => readonly ArrayBuffer[];
}

/** One end of a channel. Disposing of it rejects what is pending and cancels what is being answered. */
export interface Rpc<Far> extends Disposable {
  readonly remote: Remote<Far>;
}

/**
 * Opens one end. `methods` are the names of the other end's methods; a name that is left out, or one too many, does not
 * compile. What arrives and is no message of this protocol is passed over, because others may use the channel.
 */
export function openRpc<Local extends Api<Local>, Far extends Api<Far>>(
  port: Port,
  methods: Readonly<Record<keyof Far & string, true>>,
  options: RpcOptions<Local>,
): Rpc<Far> {
  const end = new End(port, options as unknown as EndOptions);
  const names = Object.keys(methods);
  const remote = Object.fromEntries(
    names.map((method) => [method, (argument: unknown, signal?: AbortSignal) => end.call(method, argument, signal)]),
  );
  return { remote: remote as unknown as Remote<Far>, [Symbol.dispose]: () => end.dispose() };
}

interface EndOptions extends Omit<RpcOptions<unknown>, 'local'> {
  readonly local: Readonly<Record<string, (argument: unknown, signal: AbortSignal) => Promise<unknown>>>;
}

interface Pending {
  resolve(value: unknown): void;
  reject(error: Error): void;
  forget(): void;
}

class End {
  readonly #port: Port;
  readonly #options: EndOptions;
  readonly #listening: Disposable;
  /** Calls of ours that wait for a reply. */
  readonly #pending = new Map<number, Pending>();
  /** Calls of the other end that are being answered. */
  readonly #answering = new Map<number, AbortController>();
  #nextId = 0;
  #closed = false;

  constructor(port: Port, options: EndOptions) {
    this.#port = port;
    this.#options = options;
    this.#listening = port.onMessage((message) => this.#hear(message));
  }

  call(method: string, argument: unknown, signal: AbortSignal | undefined): Promise<unknown> {
    if (this.#closed) return Promise.reject(closed());
    if (signal?.aborted) return Promise.reject(cancelled());
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      const cancel = (): void => {
        this.#pending.delete(id);
        this.#port.post({ type: 'cancel', id } satisfies Cancel);
        reject(cancelled());
      };
      signal?.addEventListener('abort', cancel, { once: true });
      this.#pending.set(id, { resolve, reject, forget: () => signal?.removeEventListener('abort', cancel) });
      try {
        this.#port.post({ type: 'call', id, method, argument }, this.#options.transfer?.(argument));
      } catch (error) {
        this.#settle(id)?.reject(error instanceof Error ? error : new Error(String(error)));
      }
    });
  }

  dispose(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#listening[Symbol.dispose]();
    for (const id of [...this.#pending.keys()]) this.#settle(id)!.reject(closed());
    for (const answering of this.#answering.values()) answering.abort(closed());
    this.#answering.clear();
  }

  #settle(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    pending?.forget();
    return pending;
  }

  #hear(message: unknown): void {
    if (typeof message !== 'object' || message === null) return;
    const { type, id, method, argument, ok, value, error } = message as Readonly<Record<string, unknown>>;
    if (typeof id !== 'number') return;
    if (type === 'call' && typeof method === 'string') void this.#answer(id, method, argument);
    else if (type === 'cancel') this.#answering.get(id)?.abort(cancelled());
    else if (type === 'reply' && ok === true) this.#settle(id)?.resolve(value);
    else if (type === 'reply') this.#settle(id)?.reject(readFault(error));
  }

  async #answer(id: number, method: string, argument: unknown): Promise<void> {
    const controller = new AbortController();
    this.#answering.set(id, controller);
    let reply: { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: RemoteFault };
    try {
      const { local } = this.#options;
      // Own properties only: an interface has no `constructor` and no `toString`.
      if (!Object.hasOwn(local, method)) throw new RpcError('invalid', `There is no method ${method}.`);
      reply = { ok: true, value: await local[method]!(argument, controller.signal) };
    } catch (error) {
      reply = { ok: false, error: this.#fault(error) };
    }
    this.#answering.delete(id);
    // Nobody waits for the answer to a call that was cancelled, and the channel of a closed end is not ours any more.
    if (controller.signal.aborted || this.#closed) return;
    this.#send(id, reply);
  }

  #send(id: number, reply: object & { readonly value?: unknown }): void {
    try {
      this.#port.post({ type: 'reply', id, ...reply }, this.#options.transfer?.(reply.value));
    } catch (error) {
      // What cannot be sent must not leave the caller waiting for ever.
      this.#port.post({ type: 'reply', id, ok: false, error: this.#fault(error) });
    }
  }

  #fault(error: unknown): RemoteFault {
    if (error instanceof RpcError) return { code: error.code, message: error.message };
    if (this.#options.describe) return this.#options.describe(error);
    return { code: 'failed', message: error instanceof Error ? error.message : String(error) };
  }
}

function readFault(error: unknown): RpcError {
  const { code, message } = (typeof error === 'object' && error !== null ? error : {}) as Partial<RemoteFault>;
  return new RpcError(typeof code === 'string' ? code : 'failed', typeof message === 'string' ? message : '');
}

function cancelled(): RpcError {
  return new RpcError('cancelled', 'The call was cancelled.');
}

function closed(): RpcError {
  return new RpcError('closed', 'The other end was closed.');
}
