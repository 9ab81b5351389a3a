/**
 * An image reference by the grammar of the OCI distribution project, normalised as Docker does: `golang` is
 * `docker.io/library/golang:latest`.
 */
export interface Reference {
  /** Host, with its port if it has one: `docker.io`, `ghcr.io`, `localhost:5000`. */
  readonly domain: string;
  /** Repository path below the domain: `library/golang`, `acme/app`. */
  readonly path: string;
  /** Absent only where there is a digest and no tag. */
  readonly tag?: string;
  /** `sha256:…`. */
  readonly digest?: string;
}

export type ParsedReference = { readonly reference: Reference } | { readonly problem: string };

export const dockerHub = 'docker.io';

/**
 * The other names of Docker Hub. Docker itself folds only `index.docker.io` into `docker.io`; the other two are the
 * hosts behind it, which people copy from logs and proxies, and they serve the same repositories.
 */
const dockerHubSpellings: readonly string[] = ['index.docker.io', 'registry-1.docker.io', 'registry.hub.docker.com'];

// The grammar: https://github.com/distribution/reference/blob/main/reference.go (its package comment).
const domainComponent = '(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])';
const host = `(?:${domainComponent}(?:\\.${domainComponent})*|\\[[a-fA-F0-9:]+\\])`;
const pathComponent = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*';
const tagPattern = '\\w[\\w.-]{0,127}';
const digestPattern = '[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}';

const domainExpression = new RegExp(`^${host}(?::[0-9]+)?$`);
const pathExpression = new RegExp(`^${pathComponent}(?:/${pathComponent})*$`);
const tagExpression = new RegExp(`^${tagPattern}$`);
const digestExpression = new RegExp(`^${digestPattern}$`);
const identifierExpression = /^[a-f0-9]{64}$/;

/** Longest repository path, without the domain. */
const longestPath = 255;

/** The registered digest algorithms and how many hexadecimal digits each has. */
const digestLengths: Readonly<Record<string, number>> = { sha256: 64, sha384: 96, sha512: 128 };

/**
 * Reads a reference as `FROM` and `docker pull` do. Never throws: what is no reference comes back as one sentence that
 * says what is wrong with it.
 */
export function parseReference(text: string): ParsedReference {
  if (text === '') return { problem: 'The image reference is empty.' };
  if (identifierExpression.test(text)) {
    return { problem: 'An image id of 64 hexadecimal digits is not an image reference: a repository is needed.' };
  }
  const at = text.indexOf('@');
  const named = at === -1 ? text : text.slice(0, at);
  const digest = at === -1 ? undefined : text.slice(at + 1);
  const { domain, rest } = splitDomain(named);
  // The domain is gone, so the first colon of the rest is the tag's.
  const colon = rest.indexOf(':');
  const written = colon === -1 ? rest : rest.slice(0, colon);
  const path = domain === dockerHub && written !== '' && !written.includes('/') ? `library/${written}` : written;
  const tag = colon === -1 ? undefined : rest.slice(colon + 1);

  const problem =
    domainProblem(domain) ??
    pathProblem(written) ??
    lengthProblem(path) ??
    (tag === undefined ? undefined : tagProblem(tag)) ??
    (digest === undefined ? undefined : digestProblem(digest));
  if (problem !== undefined) return { problem };

  const effectiveTag = tag ?? (digest === undefined ? 'latest' : undefined);
  return {
    reference: {
      domain,
      path,
      ...(effectiveTag === undefined ? {} : { tag: effectiveTag }),
      ...(digest === undefined ? {} : { digest }),
    },
  };
}

/** The whole reference: `docker.io/library/golang:1.26@sha256:…`. Parsing it gives the same reference. */
export function formatReference(reference: Reference): string {
  return `${reference.domain}/${reference.path}${suffix(reference)}`;
}

/**
 * The reference as people write it: `golang:1.26`, `acme/app:2`, `ghcr.io/acme/app:2`, with its tag (also `latest`) and
 * digest. Parsing it gives the same reference.
 */
export function familiarName(reference: Reference): string {
  if (reference.domain !== dockerHub) return formatReference(reference);
  const short = reference.path.replace(/^library\/(?=[^/]+$)/, '');
  // `docker.io/localhost/app` without its domain would be read as another registry.
  const isMisread = short.includes('/') && splitDomain(short).domain !== dockerHub;
  return isMisread ? formatReference(reference) : short + suffix(reference);
}

/** Whether both name the same repository, whatever their tags and digests. */
export function sameRepository(a: Reference, b: Reference): boolean {
  return a.domain === b.domain && a.path === b.path;
}

function suffix(reference: Reference): string {
  return (
    (reference.tag === undefined ? '' : `:${reference.tag}`) +
    (reference.digest === undefined ? '' : `@${reference.digest}`)
  );
}

/**
 * Docker's rule for the part before the first slash: a host has a dot, a colon or an upper-case letter, or is
 * `localhost`; anything else is the first part of a path on Docker Hub.
 */
function splitDomain(named: string): { domain: string; rest: string } {
  const slash = named.indexOf('/');
  if (slash === -1) return { domain: dockerHub, rest: named };
  const first = named.slice(0, slash);
  const isHost = first === 'localhost' || /[.:]/.test(first) || first.toLowerCase() !== first;
  if (!isHost) return { domain: dockerHub, rest: named };
  return { domain: dockerHubSpellings.includes(first) ? dockerHub : first, rest: named.slice(slash + 1) };
}

function domainProblem(domain: string): string | undefined {
  return domainExpression.test(domain) ? undefined : `“${domain}” is not a valid registry host.`;
}

function pathProblem(path: string): string | undefined {
  if (path === '') return 'The image reference has no repository name.';
  if (path.toLowerCase() !== path) return `The repository name “${path}” must be lower case.`;
  return pathExpression.test(path) ? undefined : `“${path}” is not a valid repository name.`;
}

function lengthProblem(path: string): string | undefined {
  return path.length <= longestPath ? undefined : `The repository name is longer than ${longestPath} characters.`;
}

function tagProblem(tag: string): string | undefined {
  if (tagExpression.test(tag)) return undefined;
  if (tag === '') return 'The tag is empty.';
  return `“${tag}” is not a valid tag: up to 128 letters, digits, “_”, “.” and “-”, not beginning with “.” or “-”.`;
}

function digestProblem(digest: string): string | undefined {
  if (!digestExpression.test(digest)) return `“${digest}” is not a valid digest.`;
  const colon = digest.indexOf(':');
  const algorithm = digest.slice(0, colon);
  const length = Object.hasOwn(digestLengths, algorithm) ? digestLengths[algorithm] : undefined;
  if (length === undefined) return `The digest algorithm “${algorithm}” is not supported.`;
  const hex = digest.slice(colon + 1);
  if (hex.length !== length) return `A ${algorithm} digest has ${length} hexadecimal digits, not ${hex.length}.`;
  return hex === hex.toLowerCase() ? undefined : 'The digest must be in lower-case hexadecimal digits.';
}
