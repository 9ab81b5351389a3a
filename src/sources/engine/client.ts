import { readFile } from 'node:fs/promises';
import { Agent as HttpsAgent } from 'node:https';
import type { Agent } from 'node:http';
import path from 'node:path';
import { SourceError } from '../error.ts';
import { describeEndpoint, type Endpoint, type TlsFiles } from './endpoint.ts';
import type { Ask, EngineRequest } from './modem.ts';
import { SshAgent } from './sshAgent.ts';

/** An answer of an engine that is not a stream is some kilobytes; a list of thousands of images some megabytes. */
const longestAnswer = 64 * 1024 * 1024;

export type Query = Readonly<Record<string, string>>;

/**
 * Requests to one engine. Paths carry no API version: engines then answer in the version that is their own, which
 * spares a negotiation, and what is read of the answers has not changed since version 1.24.
 */
export class EngineClient implements Disposable {
  readonly #endpoint: Endpoint;
  readonly #ask: Ask;
  readonly #agent: Agent | undefined;

  private constructor(endpoint: Endpoint, ask: Ask, agent: Agent | undefined) {
    this.#endpoint = endpoint;
    this.#ask = ask;
    this.#agent = agent;
  }

  /** Prepares requests; asks nothing yet. Throws a `SourceError` when the TLS files cannot be read. */
  static async open(endpoint: Endpoint, env: NodeJS.ProcessEnv): Promise<EngineClient> {
    const agent = await agentFor(endpoint, env);
    const { openModem } = await import('./modem.ts');
    try {
      const ask = openModem({
        socketPath: endpoint.transport === 'socket' ? endpoint.path : undefined,
        // For ssh the agent makes the connection; the host is only what the request says it is for.
        host: endpoint.transport === 'tcp' ? endpoint.host : endpoint.transport === 'ssh' ? 'localhost' : undefined,
        port: endpoint.transport === 'tcp' ? endpoint.port : undefined,
        protocol: endpoint.transport === 'tcp' && endpoint.tls ? 'https' : 'http',
        agent,
      });
      return new EngineClient(endpoint, ask, agent);
    } catch (cause) {
      // docker-modem reads DOCKER_HOST and DOCKER_CERT_PATH even where another engine was chosen.
      throw new SourceError('unavailable', 'DOCKER_HOST or DOCKER_CERT_PATH names something that is not there.', {
        cause,
      });
    }
  }

  /** The JSON that the engine answers, undefined for nothing; throws a `SourceError`, or the signal's reason. */
  async json(request: EngineRequest, signal: AbortSignal): Promise<unknown> {
    const chunks: Uint8Array[] = [];
    let length = 0;
    for await (const chunk of await this.stream(request, signal)) {
      chunks.push(chunk);
      length += chunk.length;
      if (length > longestAnswer) throw new SourceError('invalid', `${this.#name} sent an answer without end.`);
    }
    if (length === 0) return undefined;
    try {
      return JSON.parse(Buffer.concat(chunks).toString()) as unknown;
    } catch (cause) {
      throw new SourceError('invalid', `${this.#name} sent something that is not JSON.`, { cause });
    }
  }

  /**
   * The body of an answer. The stream ends early with a `SourceError` when the engine vanishes, and with the signal's
   * reason when it is cancelled.
   */
  async stream(request: EngineRequest, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>> {
    signal.throwIfAborted();
    let body: AsyncIterable<Uint8Array> & { destroy(): void };
    try {
      body = await this.#ask(request, signal);
    } catch (error) {
      throw this.#explain(error as ModemError, signal);
    }
    return this.#guarded(body, signal);
  }

  async *#guarded(
    body: AsyncIterable<Uint8Array> & { destroy(): void },
    signal: AbortSignal,
  ): AsyncGenerator<Uint8Array> {
    try {
      yield* body;
    } catch (error) {
      throw this.#explain(error as ModemError, signal, 'stopped in the middle of an answer');
    } finally {
      body.destroy();
    }
  }

  [Symbol.dispose](): void {
    this.#agent?.destroy();
  }

  get #name(): string {
    return `The engine at ${describeEndpoint(this.#endpoint)}`;
  }

  /** The error that a caller is to see for one of the transport: the signal's reason, or a `SourceError`. */
  #explain(error: ModemError, signal: AbortSignal, otherwise = 'cannot be reached'): Error {
    if (signal.aborted) return signal.reason as Error;
    if (error.statusCode !== undefined) return this.#refusal(error);
    const where = describeEndpoint(this.#endpoint);
    switch (error.code) {
      case 'EACCES':
      case 'EPERM':
        return new SourceError('unavailable', `You may not use the engine’s socket ${where}: permission denied.`, {
          cause: error,
        });
      case 'ENOENT':
        return new SourceError(
          'unavailable',
          this.#endpoint.transport === 'ssh'
            ? `${this.#name} is reached through the program ssh, which is not installed.`
            : `No engine runs at ${where}.`,
          { cause: error },
        );
      case 'ECONNREFUSED':
        return new SourceError('unavailable', `No engine runs at ${where}.`, { cause: error });
      default:
        return new SourceError('network', `${this.#name} ${otherwise}: ${short(error.message)}.`, { cause: error });
    }
  }

  #refusal(error: ModemError): SourceError {
    const status = error.statusCode;
    const code =
      status === 404 ? 'absent' : status === 401 || status === 403 ? 'denied' : status === 429 ? 'limited' : 'invalid';
    const reason = /^\(HTTP code \d+\) .*? - (.*)$/s.exec(error.message)?.[1] ?? error.message;
    return new SourceError(code, `${this.#name} answered with status ${status}: ${short(reason)}.`, { cause: error });
  }
}

/** What docker-modem rejects with: a system error, or its own with the status of the answer. */
type ModemError = NodeJS.ErrnoException & { readonly statusCode?: number };

/** One line of at most 200 characters, without the full stop that the sentence brings. */
function short(text: string): string {
  return text.replace(/\s+/g, ' ').trim().replace(/\.$/, '').slice(0, 200);
}

async function agentFor(endpoint: Endpoint, env: NodeJS.ProcessEnv): Promise<Agent | undefined> {
  if (endpoint.transport === 'ssh') return new SshAgent(endpoint, env);
  if (endpoint.transport !== 'tcp' || !endpoint.tls) return undefined;
  return new HttpsAgent({ keepAlive: true, rejectUnauthorized: endpoint.tls.verify, ...(await readTls(endpoint.tls)) });
}

/** The files that are there; a server may ask for no client certificate, or be signed by a known authority. */
async function readTls(tls: TlsFiles): Promise<{ ca?: Buffer; cert?: Buffer; key?: Buffer }> {
  const material: { ca?: Buffer; cert?: Buffer; key?: Buffer } = {};
  if (tls.directory === '') return material;
  for (const part of ['ca', 'cert', 'key'] as const) {
    const file = path.join(tls.directory, `${part}.pem`);
    try {
      material[part] = await readFile(file);
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'ENOENT') continue;
      throw new SourceError('unavailable', `The engine’s TLS file ${file} cannot be read.`, { cause });
    }
  }
  return material;
}
