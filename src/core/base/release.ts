/** A Linux distribution and, where it is known, which release of it. */
export interface Distribution {
  /** In lower case, as `/etc/os-release` calls it: `debian`, `alpine`, `ubuntu`, `rhel`, `azurelinux`. */
  readonly name: string;
  /** `13`, `3.23`, `24.04`. */
  readonly release?: string;
  /** `trixie`; only where the distribution's tags are written with it. */
  readonly codename?: string;
}

const codenames: Readonly<Record<string, readonly [name: string, release: string]>> = {
  jessie: ['debian', '8'],
  stretch: ['debian', '9'],
  buster: ['debian', '10'],
  bullseye: ['debian', '11'],
  bookworm: ['debian', '12'],
  trixie: ['debian', '13'],
  sid: ['debian', 'sid'],
  trusty: ['ubuntu', '14.04'],
  xenial: ['ubuntu', '16.04'],
  bionic: ['ubuntu', '18.04'],
  focal: ['ubuntu', '20.04'],
  jammy: ['ubuntu', '22.04'],
  noble: ['ubuntu', '24.04'],
  questing: ['ubuntu', '25.10'],
  resolute: ['ubuntu', '26.04'],
};

/** Debian's releases from the newest on, with the day from which the Docker library's images could be made from them. */
const debianReleases: readonly (readonly [codename: string, since: string])[] = [
  ['trixie', '2025-08-09'],
  ['bookworm', '2023-06-10'],
  ['bullseye', '2021-08-14'],
  ['buster', '2019-07-06'],
  ['stretch', '2017-06-17'],
];

/**
 * The codenames of the Debian releases that an image of the Docker library can be made from, the likeliest first: its
 * images move to a new release within weeks, and are made no more once their line has reached its end of life.
 *
 * @param lastDay of the line's life, `YYYY-MM-DD`; undefined where it has no end yet, or none is known.
 */
export function possibleDebians(lastDay: string | undefined): readonly string[] {
  const possible = debianReleases.filter(([, since]) => lastDay === undefined || since <= lastDay);
  // Of a release that came in the last weeks of a line hardly any image was made.
  const [newest, second] = possible;
  const isLate = newest !== undefined && lastDay !== undefined && daysBetween(newest[1], lastDay) < 30;
  const likely = isLate && second !== undefined ? [second, newest, ...possible.slice(2)] : possible;
  return likely.slice(0, 3).map(([codename]) => codename);
}

function daysBetween(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / 86_400_000;
}

/** How tags spell a distribution with its release in one word: `alpine3.23`, `debian12`, `ubi9`, `azurelinux3.0`. */
const numbered: readonly (readonly [word: RegExp, name: string])[] = [
  [/^alpine(\d+\.\d+)$/, 'alpine'],
  [/^debian(\d+)$/, 'debian'],
  [/^ubuntu(\d+\.\d+)$/, 'ubuntu'],
  [/^ubi(\d+)$/, 'rhel'],
  [/^(?:ol|oraclelinux)(\d+)$/, 'oraclelinux'],
  [/^rockylinux(\d+)$/, 'rocky'],
  [/^(?:al|amazonlinux)(\d+)$/, 'amazonlinux'],
  [/^azurelinux(\d+\.\d+)$/, 'azurelinux'],
  [/^fedora(\d+)$/, 'fedora'],
];

/** The release that a word of a tag names: `bookworm`, `alpine3.23`, `alpine`; undefined for any other word. */
export function readDistribution(word: string): Distribution | undefined {
  if (word === 'alpine') return { name: 'alpine' };
  if (Object.hasOwn(codenames, word)) {
    const [name, release] = codenames[word]!;
    return { name, release, codename: word };
  }
  for (const [expression, name] of numbered) {
    const match = expression.exec(word);
    if (match) return distribution(name, match[1]);
  }
  return undefined;
}

/** A distribution by name and release, with its codename where it has one. */
export function distribution(name: string, release?: string): Distribution {
  if (release === undefined) return { name };
  const codename = Object.entries(codenames).find(([, [of, number]]) => of === name && number === release)?.[0];
  return { name, release, ...(codename === undefined ? {} : { codename }) };
}

/** Reads what {@link formatDistribution} prints: `debian 13`, `alpine`. */
export function parseDistribution(text: string): Distribution {
  const [name, release] = text.split(' ');
  return distribution(name!, release);
}

export function formatDistribution({ name, release }: Distribution): string {
  return release === undefined ? name : `${name} ${release}`;
}

const titles: Readonly<Record<string, string>> = {
  almalinux: 'AlmaLinux',
  alpine: 'Alpine',
  amazonlinux: 'Amazon Linux',
  archlinux: 'Arch Linux',
  azurelinux: 'Azure Linux',
  busybox: 'BusyBox',
  centos: 'CentOS',
  debian: 'Debian',
  fedora: 'Fedora',
  oraclelinux: 'Oracle Linux',
  photon: 'Photon OS',
  rhel: 'Red Hat UBI',
  rocky: 'Rocky Linux',
  ubuntu: 'Ubuntu',
  wolfi: 'Wolfi',
};

/** A distribution as people write it: `Debian 13`, `Alpine`. */
export function distributionTitle({ name, release }: Distribution): string {
  const title = titles[name] ?? name;
  return release === undefined ? title : `${title} ${release}`;
}
