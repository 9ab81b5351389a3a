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

/** A `GET` whose body is handed over as a stream. Rejects with docker-modem's error, with a `statusCode` if there was one. */
export type Get = (route: string, query: Readonly<Record<string, string>>, signal: AbortSignal) => Promise<Readable>;

/**
 * Dockerode's transport. Its methods are not used: they do not stop when they are cancelled, and never end when the
 * engine vanishes in the middle of an answer.
 *
 * Imported with `import()` only: dockerode is large, and most files are opened without it. Nothing that others compare
 * by identity (an error class) may be named here, because this module becomes a bundle of its own.
 */
export function openModem(options: ModemOptions): Get {
  const { modem } = new Docker({ ...options, ca: undefined, cert: undefined, key: undefined });
  return (route, query, signal) =>
    new Promise((resolve, reject) => {
      modem.dial(
        {
          // The query goes where there is a question mark, which is dropped where there are no options.
          path: `${route}?`,
          method: 'GET',
          ...(Object.keys(query).length > 0 ? { options: { _query: query } } : {}),
          isStream: true,
          statusCodes: { 200: true },
          abortSignal: signal,
        },
        (error, response) => {
          if (error) reject(error);
          else resolve(response as Readable);
        },
      );
    });
}
