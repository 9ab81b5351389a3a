/** The Debian releases that stand-ins are made from. */
export type Release = 'bookworm' | 'trixie';

/** What a reference asks of a stand-in. */
export interface Wanted {
  /** Without Docker Hub's registry and `library/`: `gcc`, `gcr.io/distroless/static-debian12`. */
  readonly repository: string;
  readonly tag: string;
  readonly release: Release;
}

/** Versions that Debian 12 has, or that are older than what Debian 13 has, by the repository that names them. */
const ofBookworm: Readonly<Record<string, RegExp>> = {
  debian: /^(9|1[0-2])\b/,
  ubuntu: /^(1\d|2[0-2])\./,
  gcc: /^([4-9]|1[0-2])\b/,
  golang: /^1\.(\d|1\d|20)\b/,
  python: /^(2|3\.(\d|1[01]))\b/,
  node: /^([4-9]|1[0-8])\b/,
  rust: /^1\.([0-5]\d|6[0-3])\b/,
  ruby: /^(2|3\.[01])\b/,
  php: /^(5|7|8\.[0-2])\b/,
  perl: /^5\.([0-2]\d|3[0-6])\b/,
  haskell: /^(8|9\.[0-2])\b/,
  openjdk: /^(8|11|17)\b/,
  'eclipse-temurin': /^(8|11|17)\b/,
  maven: /-(8|11|17)\b/,
  gradle: /-jdk(8|11|17)\b/,
};

/**
 * Reads a reference. A code name decides about the release, else the version where it is one of Debian 12's, else it is
 * Debian 13, as for a floating tag today.
 */
export function wantedOf(reference: string): Wanted {
  const plain = reference.replace(/^docker\.io\//, '').replace(/^library\//, '');
  const colon = plain.indexOf(':', plain.lastIndexOf('/') + 1);
  const repository = colon < 0 ? plain : plain.slice(0, colon);
  const tag = colon < 0 ? 'latest' : plain.slice(colon + 1);
  return { repository, tag, release: releaseOf(repository, tag) };
}

function releaseOf(repository: string, tag: string): Release {
  if (/bookworm|jammy/.test(tag) || repository.endsWith('-debian12')) return 'bookworm';
  if (/trixie|noble/.test(tag) || repository.endsWith('-debian13')) return 'trixie';
  return ofBookworm[repository]?.test(tag) === true ? 'bookworm' : 'trixie';
}
