/** Where an engine listens, as Docker's `DOCKER_HOST` and context files spell it. */
export type Endpoint =
  | { readonly transport: 'socket'; readonly path: string }
  | { readonly transport: 'tcp'; readonly host: string; readonly port: number; readonly tls?: TlsFiles }
  | { readonly transport: 'ssh'; readonly host: string; readonly port?: number; readonly user?: string };

/** TLS material as Docker keeps it: `ca.pem`, `cert.pem` and `key.pem` in one folder, each of them optional. */
export interface TlsFiles {
  readonly directory: string;
  /** False: the server's certificate is not checked (`DOCKER_TLS` without `VERIFY`, `SkipTLSVerify`). */
  readonly verify: boolean;
}

const plainPort = 2375;
const tlsPort = 2376;

/**
 * Reads a host as Docker's command line does: `unix:///run/docker.sock`, `npipe:////./pipe/docker_engine`,
 * `tcp://host:2375`, `http(s)://host`, `ssh://user@host:22`, `host:2375`, and a bare absolute path as a socket.
 * Undefined for anything else. `tls` is what the environment or the context adds; it is for TCP only.
 */
export function parseEndpoint(text: string, tls?: TlsFiles): Endpoint | undefined {
  const host = text.trim();
  const socket =
    /^(?:unix|npipe):\/\/(.+)$/i.exec(host)?.[1] ?? (/^(?:\/|\\\\\.\\pipe\\)/.test(host) ? host : undefined);
  if (socket !== undefined) return { transport: 'socket', path: socket.replaceAll('\\', '/') };
  const address = /^[a-z][a-z0-9+.-]*:\/\//i.test(host) ? host : `tcp://${host}`;
  if (!URL.canParse(address) || host === '') return undefined;
  const url = new URL(address);
  // The parser keeps brackets around an IPv6 address; sockets and ssh want it without.
  const hostname = url.hostname.replace(/^\[(.*)\]$/, '$1');
  if (hostname === '') return undefined;
  const port = url.port === '' ? undefined : Number(url.port);
  switch (url.protocol) {
    case 'ssh:':
      // A name that starts with a dash would be read as an option by the ssh program.
      if (hostname.startsWith('-')) return undefined;
      return {
        transport: 'ssh',
        host: hostname,
        ...(port === undefined ? {} : { port }),
        ...(url.username === '' ? {} : { user: decodeURIComponent(url.username) }),
      };
    case 'tcp:':
    case 'http:':
      return {
        transport: 'tcp',
        host: hostname,
        port: port ?? (tls ? tlsPort : plainPort),
        ...(tls ? { tls } : {}),
      };
    case 'https:':
      return {
        transport: 'tcp',
        host: hostname,
        port: port ?? 443,
        tls: tls ?? { directory: '', verify: true },
      };
    default:
      return undefined;
  }
}

/** The endpoint for people: no user name, no path to keys. */
export function describeEndpoint(endpoint: Endpoint): string {
  switch (endpoint.transport) {
    case 'socket':
      return endpoint.path;
    case 'tcp':
      return `${endpoint.host}:${endpoint.port}`;
    case 'ssh':
      return `ssh://${endpoint.host}`;
  }
}
