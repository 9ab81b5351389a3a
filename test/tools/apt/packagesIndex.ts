import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A package as the distribution's index has it; relations unparsed. */
export interface IndexedPackage {
  readonly name: string;
  readonly version: string;
  readonly installedKib: number;
  readonly downloadBytes: number;
  readonly depends: string;
  readonly recommends: string;
  readonly provides: string;
  readonly source: string;
  readonly section: string;
  readonly priority: string;
  readonly essential: boolean;
}

export interface PackagesIndex {
  readonly packages: readonly IndexedPackage[];
  /** What apt keeps of it on disk. Bytes. */
  readonly listsBytes: number;
  /** The day on which the release's index was made, `YYYY-MM-DD`. */
  readonly asOf: string;
}

/**
 * Fetches the index of a release of Debian with apt itself, into a folder of its own, from the mirrors that this machine's
 * apt is configured with. Needs Debian's `apt`.
 */
export function fetchIndex(release: string): PackagesIndex {
  const root = mkdtempSync(path.join(tmpdir(), 'plimsoll-apt-'));
  try {
    // apt fetches as a user of its own, who must be able to enter.
    for (const folder of ['lists/partial', 'archives/partial']) mkdirSync(path.join(root, folder), { recursive: true });
    execFileSync('chmod', ['-R', '755', root]);
    writeFileSync(path.join(root, 'status'), '');
    writeFileSync(path.join(root, 'release.list'), sources(release));
    const apt = (...args: string[]): string => {
      const options = {
        'Dir::State::lists': path.join(root, 'lists'),
        'Dir::State::status': path.join(root, 'status'),
        'Dir::Cache': root,
        'Dir::Etc::sourcelist': path.join(root, 'release.list'),
        'Dir::Etc::sourceparts': '/dev/null',
        'Acquire::Languages': 'none',
        'Acquire::IndexTargets::deb::DEP-11::DefaultEnabled': 'false',
      };
      const flags = Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
      return execFileSync('apt-get', [...flags, ...args], { encoding: 'utf8', maxBuffer: 1 << 30 });
    };
    apt('update');
    const files = apt('indextargets', '--format', '$(FILENAME)', 'Created-By: Packages').trim().split('\n');
    const texts = files.map((file) =>
      execFileSync('/usr/lib/apt/apt-helper', ['cat-file', file], { encoding: 'utf8', maxBuffer: 1 << 30 }),
    );
    const days = readReleaseDays(path.join(root, 'lists'));
    return {
      packages: newest(texts.flatMap(readStanzas)),
      listsBytes: files.reduce((sum, file) => sum + sizeOnDisk(file), 0),
      asOf: days.sort().at(-1)!,
    };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** One-line entries for a release on the hosts of this machine's own sources: the archive, its updates, security. */
function sources(release: string): string {
  const uris = new Set(
    execFileSync('apt-get', ['indextargets', '--format', '$(REPO_URI) $(SUITE) $(RELEASE)', 'Created-By: Packages'], {
      encoding: 'utf8',
    })
      .split('\n')
      .map((line) => line.split(' ')[0]!)
      .filter((uri) => /\/debian(?:-security)?\/?$/.test(uri)),
  );
  const signed = '[signed-by=/usr/share/keyrings/debian-archive-keyring.gpg arch=amd64]';
  return [...uris]
    .flatMap((uri) =>
      (/security\/?$/.test(uri) ? [`${release}-security`] : [release, `${release}-updates`]).map(
        (suite) => `deb ${signed} ${uri} ${suite} main\n`,
      ),
    )
    .join('');
}

/** apt names the uncompressed file; beside it stands what it keeps, by any compression. */
function sizeOnDisk(file: string): number {
  for (const suffix of ['', '.lz4', '.gz', '.xz', '.zst']) {
    const size = statSync(`${file}${suffix}`, { throwIfNoEntry: false })?.size;
    if (size !== undefined) return size;
  }
  throw new Error(`apt says that it has ${file}, and it is not there`);
}

function readReleaseDays(lists: string): string[] {
  const texts = execFileSync('sh', ['-c', `cat ${lists}/*InRelease`], { encoding: 'utf8' });
  return [...texts.matchAll(/^Date: (.+)$/gm)].map((match) => new Date(match[1]!).toISOString().slice(0, 10));
}

function readStanzas(text: string): IndexedPackage[] {
  return text
    .split('\n\n')
    .filter((stanza) => stanza.includes('Package:'))
    .map((stanza) => {
      const fields = new Map([...stanza.matchAll(/^([A-Za-z-]+): (.*)$/gm)].map((match) => [match[1]!, match[2]!]));
      const field = (name: string): string => fields.get(name) ?? '';
      return {
        name: field('Package'),
        version: field('Version'),
        installedKib: Number(field('Installed-Size') || 0),
        downloadBytes: Number(field('Size')),
        depends: [field('Pre-Depends'), field('Depends')].filter(Boolean).join(', '),
        recommends: field('Recommends'),
        provides: field('Provides'),
        source: (field('Source') || field('Package')).split(' ')[0]!,
        section: field('Section'),
        priority: field('Priority'),
        essential: field('Essential') === 'yes',
      };
    });
}

/** Of the suites' versions of a package the newest. */
function newest(packages: readonly IndexedPackage[]): IndexedPackage[] {
  const byName = new Map<string, IndexedPackage>();
  for (const found of packages) {
    const known = byName.get(found.name);
    if (known === undefined || compareDebianVersions(found.version, known.version) > 0) byName.set(found.name, found);
  }
  return [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Negative where `a` is older. https://www.debian.org/doc/debian-policy/ch-controlfields.html#version */
export function compareDebianVersions(a: string, b: string): number {
  const [epochA, upstreamA, revisionA] = splitVersion(a);
  const [epochB, upstreamB, revisionB] = splitVersion(b);
  return epochA - epochB || comparePart(upstreamA, upstreamB) || comparePart(revisionA, revisionB);
}

function splitVersion(version: string): [epoch: number, upstream: string, revision: string] {
  const colon = version.indexOf(':');
  const rest = version.slice(colon + 1);
  const dash = rest.lastIndexOf('-');
  return [
    colon < 0 ? 0 : Number(version.slice(0, colon)),
    dash < 0 ? rest : rest.slice(0, dash),
    dash < 0 ? '' : rest.slice(dash + 1),
  ];
}

/** Runs of no digits and of digits in turn; letters before other characters, `~` before everything, the end too. */
function comparePart(a: string, b: string): number {
  let [restA, restB] = [a, b];
  while (restA !== '' || restB !== '') {
    const textA = /^\D*/.exec(restA)![0];
    const textB = /^\D*/.exec(restB)![0];
    for (let at = 0; at < Math.max(textA.length, textB.length); at++) {
      const difference = rank(textA[at]) - rank(textB[at]);
      if (difference !== 0) return difference;
    }
    [restA, restB] = [restA.slice(textA.length), restB.slice(textB.length)];
    const digitsA = /^\d*/.exec(restA)![0];
    const digitsB = /^\d*/.exec(restB)![0];
    const difference = Number(digitsA) - Number(digitsB);
    if (difference !== 0) return difference;
    [restA, restB] = [restA.slice(digitsA.length), restB.slice(digitsB.length)];
  }
  return 0;
}

function rank(char: string | undefined): number {
  if (char === undefined) return 0;
  if (char === '~') return -1;
  return /[A-Za-z]/.test(char) ? char.charCodeAt(0) : char.charCodeAt(0) + 256;
}

/** A relation field, taken apart: alternatives in lists, each with its version constraint. */
export interface Relation {
  readonly name: string;
  readonly operator?: string;
  readonly version?: string;
}

export function readRelations(field: string): readonly (readonly Relation[])[] {
  return field
    .split(',')
    .map((list) => list.split('|').flatMap(readRelation))
    .filter((list) => list.length > 0);
}

function readRelation(text: string): Relation[] {
  const match = /^\s*([a-z0-9][a-z0-9+.-]*)(?::[a-z0-9]+)?\s*(?:\(\s*(<<|<=|=|>=|>>)\s*([^)\s]+)\s*\))?/.exec(text);
  if (!match) return [];
  const [, name, operator, version] = match;
  return [operator === undefined ? { name: name! } : { name: name!, operator, version: version! }];
}

export function satisfies(version: string, { operator, version: wanted }: Relation): boolean {
  if (operator === undefined || wanted === undefined) return true;
  const order = compareDebianVersions(version, wanted);
  switch (operator) {
    case '<<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '=':
      return order === 0;
    case '>=':
      return order >= 0;
    default:
      return order > 0;
  }
}
