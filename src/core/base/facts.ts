import { caveatsOf } from './caveats.ts';
import type { Libc } from './catalogueFile.ts';
import { readBaseTag, rowFor, type Match } from './catalogueRows.ts';
import { isPublishedDistroless, readDistroless } from './distroless.ts';
import { endOfLife, type EndOfLife } from './endOfLife.ts';
import { familyOf, imageName } from './family.ts';
import type { Reference } from './reference.ts';
import { distribution, type Distribution } from './release.ts';
import { lineOf, type Tag } from './tag.ts';

/** What is in a base, from the catalogue's row or, where that is sound, from the words of its tag. Absent is unknown. */
export interface BaseFacts {
  readonly libc?: Libc;
  readonly shell?: boolean;
  /** `apt`, `apk`, `dnf`, `microdnf`, `yum`, `tdnf`, `pacman`, `none`. */
  readonly packageManager?: string;
  readonly distribution?: Distribution;
  /** Also other products: `PostgreSQL`, `nginx`. `version` as far as it is known. */
  readonly language?: { readonly name: string; readonly version?: string };
  /** A name or a number, as the image's config says; `root` where that says nothing. */
  readonly defaultUser?: string;
  /** The first end that comes, of the language or of the distribution. */
  readonly endOfLife?: EndOfLife;
  /** All ends that are known, the language's first. */
  readonly ends: readonly EndOfLife[];
  /** Why nothing new should be built on it; one sentence. */
  readonly deprecated?: string;
  /** What surprises those who choose it; one sentence each. */
  readonly caveats: readonly string[];
}

/** What is known of a base. Undefined for an image of which the catalogue has never heard. */
export function baseFacts(reference: Reference): BaseFacts | undefined {
  return factsOf(reference, rowFor(reference));
}

/** The same for a base whose row was found already. */
export function factsOf(reference: Reference, match: Match | undefined): BaseFacts | undefined {
  const image = imageName(reference);
  const distroless = readDistroless(image);
  const family = familyOf(image);
  if (family === undefined && distroless === undefined && match === undefined) return undefined;

  const tag = readBaseTag(image, reference.tag ?? '');
  const row = match?.entry.row;
  const version = versionOf(image, tag, match);
  const dist = distributionOf(image, tag, match);
  const words = tag.variant.split('-');
  const isBare =
    (distroless !== undefined && !words.includes('debug')) || words.some((word) => bareWords.includes(word));

  const libc = row?.libc ?? libcOf(image, dist, words, distroless?.flavor) ?? family?.libc;
  const shell = row?.shell ?? (isBare ? false : family === undefined ? undefined : true);
  const packageManager =
    row?.packageManager ?? (isBare || distroless !== undefined ? 'none' : packageManagerOf(dist, words));
  const user = row?.user ?? (distroless === undefined ? (isBare ? '1654' : family?.user) : distrolessUser(words));
  const name = family?.name ?? (distroless === undefined ? undefined : distrolessLanguages[distroless.flavor]?.name);
  const ends = endsOf(image, version, dist);
  const first = ends.filter(({ date }) => date !== undefined).sort((a, b) => (a.date! < b.date! ? -1 : 1))[0];
  const deprecated =
    family?.deprecated ??
    row?.deprecated ??
    (distroless !== undefined && !isPublishedDistroless(image) ? unpublishedDistroless : undefined);

  return {
    ...(libc === undefined ? {} : { libc }),
    ...(shell === undefined ? {} : { shell }),
    ...(packageManager === undefined ? {} : { packageManager }),
    ...(dist === undefined ? {} : { distribution: dist }),
    ...(name === undefined || family?.kind === 'distribution'
      ? {}
      : { language: { name, ...(version === undefined ? {} : { version }) } }),
    ...(user !== undefined ? { defaultUser: user } : family !== undefined ? { defaultUser: 'root' } : {}),
    ...(first === undefined ? {} : { endOfLife: first }),
    ends,
    ...(deprecated === undefined ? {} : { deprecated }),
    caveats: caveatsOf(image, words),
  };
}

/** Words of Microsoft's tags for images without shell and package manager; their user is `app`, 1654. */
const bareWords: readonly string[] = ['chiseled', 'distroless'];

const unpublishedDistroless =
  'Google no longer updates this distroless image; only the names with a current Debian suffix are.';

const distrolessLanguages: Readonly<Record<string, { readonly name: string; readonly product: string }>> = {
  java: { name: 'Java', product: 'eclipse-temurin' },
  nodejs: { name: 'Node.js', product: 'nodejs' },
  python3: { name: 'Python', product: 'python' },
};

function distrolessUser(words: readonly string[]): string {
  return words.includes('nonroot') ? '65532' : 'root';
}

/** The version of the tag as written; that of the row only as far as it holds for the tag: the line, not the patch. */
function versionOf(image: string, tag: Tag, match: Match | undefined): string | undefined {
  const family = familyOf(image);
  const ofName = readDistroless(image)?.version;
  if (ofName !== undefined) return ofName;
  const count = family?.line ?? 1;
  const isPrecise = tag.version !== undefined && tag.version.split('.').length >= count;
  if (isPrecise || match?.entry.version === undefined) return tag.version;
  return lineOf(match.entry.version, count);
}

/**
 * The distribution with its release where the tag names it or the row holds for this very tag. A tag with a patch version
 * may be older than its line's move to a new Debian, so of a relative only the name is taken.
 */
function distributionOf(image: string, tag: Tag, match: Match | undefined): Distribution | undefined {
  const family = familyOf(image);
  if (family?.kind === 'distribution' && family.distribution !== undefined) {
    const version = versionOf(image, tag, match);
    return distribution(family.distribution, version === undefined ? undefined : lineOf(version, family.line));
  }
  const named = tag.distribution ?? readDistroless(image)?.distribution;
  if (named?.release !== undefined) return named;
  const ofRow = match?.entry.distribution;
  if (match?.isSame === true && ofRow !== undefined) return ofRow;
  if (named !== undefined) return named;
  const name = ofRow?.name ?? family?.distribution;
  return name === undefined ? undefined : distribution(name);
}

function libcOf(
  image: string,
  dist: Distribution | undefined,
  words: readonly string[],
  flavor: string | undefined,
): Libc | undefined {
  if (flavor !== undefined) return flavor === 'static' ? 'none' : 'glibc';
  if (image === 'busybox') return words.includes('musl') ? 'musl' : words.includes('uclibc') ? 'uclibc' : 'glibc';
  if (dist === undefined) return undefined;
  return dist.name === 'alpine' ? 'musl' : 'glibc';
}

const packageManagers: Readonly<Record<string, string>> = {
  alpine: 'apk',
  wolfi: 'apk',
  debian: 'apt',
  ubuntu: 'apt',
  fedora: 'dnf',
  rhel: 'dnf',
  almalinux: 'dnf',
  rocky: 'dnf',
  oraclelinux: 'dnf',
  amazonlinux: 'dnf',
  azurelinux: 'tdnf',
  photon: 'tdnf',
  archlinux: 'pacman',
  busybox: 'none',
};

function packageManagerOf(dist: Distribution | undefined, words: readonly string[]): string | undefined {
  if (dist === undefined) return undefined;
  const { name, release } = dist;
  // CentOS 7 and Amazon Linux 2 are older than dnf.
  if (name === 'centos') return release === '7' ? 'yum' : release === undefined ? undefined : 'dnf';
  if (name === 'amazonlinux' && release === '2') return 'yum';
  const usual = packageManagers[name];
  const isMinimal = words.includes('minimal') || (name === 'oraclelinux' && words.includes('slim'));
  return usual === 'dnf' && isMinimal ? 'microdnf' : usual;
}

const distributionProducts: Readonly<Record<string, string>> = {
  alpine: 'alpine-linux',
  debian: 'debian',
  ubuntu: 'ubuntu',
  fedora: 'fedora',
  rhel: 'rhel',
  almalinux: 'almalinux',
  rocky: 'rocky-linux',
  centos: 'centos',
  amazonlinux: 'amazon-linux',
};

function endsOf(image: string, version: string | undefined, dist: Distribution | undefined): readonly EndOfLife[] {
  const family = familyOf(image);
  const distroless = readDistroless(image);
  const product = family?.product ?? (distroless && distrolessLanguages[distroless.flavor]?.product);
  const release = dist?.release;
  const ofDistribution = dist === undefined ? undefined : distributionProducts[dist.name];
  return [
    product === undefined || version === undefined ? undefined : endOfLife(product, version),
    distroless?.distribution?.release === undefined
      ? undefined
      : endOfLife(`distroless-debian${distroless.distribution.release}`, distroless.flavor),
    ofDistribution === undefined || ofDistribution === product || release === undefined
      ? undefined
      : endOfLife(ofDistribution, release),
  ].filter((end) => end !== undefined);
}
