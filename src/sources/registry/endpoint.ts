import { dockerHub } from '../../core/base/reference.ts';
import { SourceError } from '../error.ts';

/** Where Docker Hub is. Injectable, so that a test server can play it. */
export interface DockerHubHosts {
  /** Origin of its registry. */
  readonly registry: string;
  /** Origin of its own API, which knows sizes per tag. */
  readonly api: string;
}

export const dockerHubHosts: DockerHubHosts = {
  registry: 'https://registry-1.docker.io',
  api: 'https://hub.docker.com',
};

/**
 * The origins at which a reference's domain may be asked, best first. Plain http is there only for this machine and for
 * hosts that the user named, and only after https has failed.
 */
export function originsOf(domain: string, hub: DockerHubHosts, insecure: readonly string[]): readonly URL[] {
  if (domain === dockerHub) return [new URL(hub.registry)];
  const secure = URL.canParse(`https://${domain}`) ? new URL(`https://${domain}`) : undefined;
  if (secure?.href !== `https://${secure?.host}/`) {
    throw new SourceError('invalid', `${domain} is not the name of a registry.`);
  }
  return mayBePlain(secure, insecure) ? [secure, new URL(`http://${domain}`)] : [secure];
}

/** Whether plain http to a URL's host is allowed: it is this machine, or the user named it (`host` or `host:port`). */
export function mayBePlain(url: URL, insecure: readonly string[]): boolean {
  const { hostname } = url;
  return (
    hostname === 'localhost' ||
    hostname === '[::1]' ||
    /^127\.\d+\.\d+\.\d+$/.test(hostname) ||
    insecure.some((name) => name.toLowerCase() === hostname || name.toLowerCase() === url.host)
  );
}
