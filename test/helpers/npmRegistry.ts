import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A registry of packages in this process, which knows some versions and counts what it is asked. */
export interface NpmRegistry extends AsyncDisposable {
  /** Ends with a slash. */
  readonly url: string;
  /** Paths, in order. */
  readonly asked: string[];
  readonly headers: IncomingHttpHeaders[];
  /** What it answers from now on instead: 0 for a connection that breaks, undefined for what it knows. */
  status: number | undefined;
}

/**
 * @param versions by `name@version`, as the registry describes them.
 * @param archives by the path below the registry.
 */
export async function startNpmRegistry(
  versions: Readonly<Record<string, object>>,
  archives: Readonly<Record<string, Uint8Array>> = {},
): Promise<NpmRegistry> {
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? '');
    registry.asked.push(path);
    registry.headers.push(request.headers);
    if (registry.status === 0) {
      request.socket.destroy();
      return;
    }
    const archive = archives[path.slice('/npm/'.length)];
    if (archive !== undefined && registry.status === undefined) {
      const start = archive.length + Number(/^bytes=(-\d+)$/.exec(request.headers.range ?? '')?.[1] ?? -archive.length);
      response.writeHead(206, { 'content-range': `bytes ${start}-${archive.length - 1}/${archive.length}` });
      response.end(archive.subarray(start));
      return;
    }
    const [, name, version] = /^\/npm\/((?:@[^/]+\/)?[^/]+)\/([^/]+)$/.exec(path) ?? [];
    const found = versions[`${name ?? ''}@${version ?? ''}`];
    response.statusCode = registry.status ?? (found === undefined ? 404 : 200);
    response.end(JSON.stringify(found ?? { error: 'not found' }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const registry: NpmRegistry = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/npm/`,
    asked: [],
    headers: [],
    status: undefined,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return registry;
}
