import { existsSync, readdirSync } from 'node:fs';
import { ownCertificates } from '../debianImage.ts';
import type { Release, Wanted } from './reference.ts';

/** Writes the Dockerfile of a stand-in; undefined for a variant that cannot be made from Debian's packages. */
export type Recipe = (wanted: Wanted) => string | undefined;

/** The programs that `node` brings beside Node.js itself, as `npm pack` fetches them. */
export const nodeClients: Readonly<Record<string, string>> = { npm: '10.9.2', corepack: '0.31.0', yarn: '1.22.22' };

/** Installs packages, leaving no lists. */
export function apt(...packages: readonly string[]): string {
  return `RUN apt-get update && apt-get install -y --no-install-recommends ${packages.join(' ')} && rm -rf /var/lib/apt/lists/*`;
}

/** Writes an executable file without needing a build context. */
export function script(path: string, ...lines: readonly string[]): string {
  const quoted = lines.map((line) => `'${line.replaceAll("'", `'\\''`)}'`);
  return `RUN printf '%s\\n' ${quoted.join(' ')} > ${path} && chmod 755 ${path}`;
}

/** What Debian's packages are called, or are versions of, in each release. */
export const versions: Readonly<Record<Release, Record<'gcc' | 'go' | 'python' | 'node' | 'php' | 'rust', string>>> = {
  bookworm: { gcc: '12', go: '1.19', python: '3.11', node: '18', php: '8.2', rust: '1.63' },
  trixie: { gcc: '14', go: '1.24', python: '3.13', node: '20', php: '8.4', rust: '1.85' },
};

export const usualPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Variables that {@link trustSystem} sets and no real image has. */
export const trusting: readonly string[] = ['PIP_CERT', 'REQUESTS_CA_BUNDLE', 'NODE_EXTRA_CA_CERTS', 'UV_NATIVE_TLS'];

/**
 * On a machine whose traffic to package registries goes through a proxy with a certificate of its own: tells the clients that
 * bring certificates with them to use the system's.
 */
export function trustSystem(): string {
  const has = existsSync(ownCertificates) && readdirSync(ownCertificates).some((name) => name.endsWith('.crt'));
  if (!has) return '';
  const file = '/etc/ssl/certs/ca-certificates.crt';
  const names = ['PIP_CERT', 'REQUESTS_CA_BUNDLE', 'SSL_CERT_FILE', 'NODE_EXTRA_CA_CERTS'];
  return `ENV ${names.map((name) => `${name}=${file}`).join(' ')} UV_NATIVE_TLS=1`;
}

/** A Dockerfile from its lines, empty ones left out. */
export function lines(...written: readonly string[]): string {
  return `${written.filter((line) => line !== '').join('\n')}\n`;
}
