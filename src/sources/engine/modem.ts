import Docker from 'dockerode';
import type { Agent } from 'node:http';
import type { Readable } from 'node:stream';

/** What of docker-modem's options is used; all are given, since docker-modem takes from `DOCKER_HOST` what is left out. */
export interface ModemOptions {
  readonly socketPath: string | undefined;
  readonly host: string | undefined;
  readonly port: number | undefined;
  readonly protocol: 'http' | 'https';
  readonly agent: Agent | undefined;
}

/** One request to an engine. */
export interface EngineRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Path without API version and query. */
  readonly route: string;
  readonly query?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly json?: object;
  /** Sent as it comes, as a tar; whoever gave it ends it. */
  readonly tar?: Readable;
}

/** A request whose answer's body is handed over as a stream. Rejects with docker-modem's error, with a `statusCode` if there was one. */
export type Ask = (request: EngineRequest, signal: AbortSignal) => Promise<Readable>;

/** An engine starts what runs already with 304. */
const success = { 200: true, 201: true, 204: true, 304: true };

/**
 * Dockerode's transport. Its methods are not used: they do not stop when they are cancelled, and never end when the
 * engine vanishes in the middle of an answer.
 *
 * Imported with `import()` only: dockerode is large, and most files are opened without it. Nothing that others compare
 * by identity (an error class) may be named here, because this module becomes a bundle of its own.
 */
export function openModem(options: ModemOptions): Ask {
  const { modem } = new Docker({ ...options, ca: undefined, cert: undefined, key: undefined });
  return ({ method, route, query = {}, json, tar }, signal) =>
    new Promise((resolve, reject) => {
      modem.dial(
        {
          // The query goes where there is a question mark, which is dropped where there are no options.
          path: `${route}?`,
          method,
          // An empty body is none; without one docker-modem would send the query as the body, too.
          ...(json !== undefined || Object.keys(query).length > 0
            ? { options: { _query: query, _body: json ?? {} } }
            : {}),
          ...(tar === undefined ? {} : { file: tar }),
          isStream: true,
          statusCodes: success,
          abortSignal: signal,
        },
        (error, response) => {
          if (error) reject(error);
          else resolve(response as Readable);
        },
      );
    });
}
