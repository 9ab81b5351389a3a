/**
 * Makes `media/apt/<release>.bin`, the package graph of each Debian release that Plimsoll knows, from the distribution's
 * own index, fetched by apt (so it runs on Debian, and may be run by anybody who can write the folder):
 *
 *   node test/tools/apt/build.ts
 *
 * What is left out: sections of which nothing is put into images (desktops, games, documentation …), unless something that
 * is kept needs it; and of those kept, what has another architecture only. It prints how many packages are kept.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { type AptFile, encodeAptFile } from '../../../src/core/estimate/apt/aptFile.ts';
import { aptReleases } from '../../../src/core/estimate/weights.ts';
import {
  fetchIndex,
  type IndexedPackage,
  type PackagesIndex,
  readRelations,
  type Relation,
  satisfies,
} from './packagesIndex.ts';

/** Sections of programs that are put into images for themselves. */
const programs = new Set([
  ...[
    'admin',
    'comm',
    'database',
    'devel',
    'editors',
    'graphics',
    'httpd',
    'interpreters',
    'mail',
    'misc',
    'net',
    'php',
  ],
  ...['shells', 'tex', 'text', 'utils', 'vcs', 'video', 'web'],
]);
/** Sections of which nothing is kept but what something else needs. */
const leftOut = new Set([
  ...[
    'cli-mono',
    'debian-installer',
    'debug',
    'doc',
    'education',
    'electronics',
    'embedded',
    'games',
    'gnome',
    'gnustep',
  ],
  ...['golang', 'hamradio', 'haskell', 'introspection', 'javascript', 'kde', 'kernel', 'lisp'],
  ...['metapackages', 'news', 'ocaml', 'oldlibs', 'otherosfs', 'raku', 'rust', 'tasks', 'xfce', 'zope'],
]);
/** Sources for builds of other packages, what only people at a desk read, and compilers for machines that run no images. */
const neverInstalled = [
  /^(?:librust-|golang-|node-|libghc-|elpa-)/,
  /-(?:doc|dbg|dbgsym|examples|help|installer|tests|testsuite|data-dbg)$|-l10n-|-i18n|-dkms$/,
  /(?:alpha|hppa|m68k|mips\w*|powerpc\w*|ppc64|sh4|sparc64|x32|armel|loong64|arc|ia64|gnueabi|gnux32)(?:-cross|-linux-gnu\w*)?$/,
];
/** Of the other sections (libraries, modules of languages) what so many other sources build on. */
const leastUsers = 6;

/**
 * The packages that Debian's own images of a release begin with: what is essential, what is required, and apt. They are
 * made with `/usr` merged, so nothing is installed to merge it.
 */
function isBase({ name, essential, priority }: IndexedPackage): boolean {
  return essential || priority === 'required' || name === 'apt' || name === 'usr-is-merged';
}

function graphOf(release: string, { packages, listsBytes, asOf }: PackagesIndex): AptFile {
  const providersOf = readProviders(packages);
  const byName = new Map(packages.map((entry) => [entry.name, entry]));
  /** What of a list of alternatives there is at all, in apt's order. */
  const available = (list: readonly Relation[]): string[] => {
    const names = list.filter((relation) => {
      const real = byName.get(relation.name);
      if (real !== undefined && satisfies(real.version, relation)) return true;
      return (providersOf.get(relation.name) ?? []).some(({ version }) => {
        return relation.operator === undefined || (version !== undefined && satisfies(version, relation));
      });
    });
    return [...new Set(names.map(({ name }) => name))];
  };
  const relations = new Map(
    packages.map(({ name, depends, recommends }) => {
      const lists = (field: string): string[][] =>
        readRelations(field)
          .map(available)
          .filter((list) => list.length > 0);
      return [name, { depends: lists(depends), recommends: lists(recommends) }];
    }),
  );
  const users = countUsers(packages, relations, byName);
  const isWanted = ({ section, name, source }: IndexedPackage): boolean =>
    !leftOut.has(section) &&
    !neverInstalled.some((pattern) => pattern.test(name)) &&
    (programs.has(section) || (users.get(source) ?? 0) >= leastUsers);
  const needs = new Map([...relations].map(([name, { depends }]) => [name, { depends, recommends: [] }]));
  const kept = closure(
    packages.filter(isWanted).map(({ name }) => name),
    needs,
    byName,
    providersOf,
  );
  const names = [...kept].filter((name) => byName.has(name)).sort();
  const used = new Set(
    names.flatMap((name) => [...relations.get(name)!.depends, ...relations.get(name)!.recommends].flat()),
  );
  const isProvided = (name: string): boolean =>
    providersOf.get(name)!.some((provider) => {
      // Libraries that were renamed for 64 bits of time are still installed by their old names.
      return kept.has(provider.name) && (used.has(name) || provider.name === `${name}t64`);
    });
  const virtual = [...providersOf.keys()].filter((name) => !byName.has(name) && isProvided(name)).sort();
  const nodes = [...names, ...virtual];
  const nodeOf = new Map(nodes.map((name, node) => [name, node]));
  const alternatives = new Map<string, { readonly nodes: number[]; count: number }>();
  const intern = (list: readonly string[]): string => {
    const ids = list.flatMap((name) => nodeOf.get(name) ?? []);
    const key = ids.join(' ');
    const known = alternatives.get(key);
    if (known === undefined) alternatives.set(key, { nodes: ids, count: 1 });
    else known.count++;
    return key;
  };
  const base = closure(
    packages.filter(isBase).map(({ name }) => name),
    needs,
    byName,
    providersOf,
  );
  const isInBase = (list: readonly string[]): boolean =>
    list.some((name) => base.has(name) || providersOf.get(name)?.some((provider) => base.has(provider.name)) === true);
  const reachOf = reaches(names, relations);
  const keys = names.map((name) => {
    const { depends, recommends } = relations.get(name)!;
    // What every image has, and what comes along with another need, is left out: the closure is the same.
    const direct = depends.filter((list) => !isInBase(list));
    const needed = new Set(withoutImplied(direct, reachOf).map(intern));
    const reached = reachOf(name);
    const wished = recommends.filter((list) => !isInBase(list) && !list.some((other) => reached.has(other)));
    return { needed, wished: new Set(wished.map(intern).filter((key) => key !== '')) };
  });
  // What is needed often gets a small place.
  const sorted = [...alternatives]
    .filter(([key]) => key !== '')
    .sort(([, a], [, b]) => b.count - a.count || a.nodes[0]! - b.nodes[0]!);
  const placeOf = new Map(sorted.map(([key], place) => [key, place]));
  const places = (set: ReadonlySet<string>): number[] => [...set].flatMap((key) => placeOf.get(key) ?? []);
  return {
    release,
    asOf,
    listsBytes,
    names: nodes,
    packageCount: names.length,
    installedBytes: names.map((name) => byName.get(name)!.installedKib * 1024),
    downloadBytes: names.map((name) => byName.get(name)!.downloadBytes),
    depends: keys.map(({ needed }) => places(needed)),
    recommends: keys.map(({ wished }) => places(wished)),
    alternatives: sorted.map(([, { nodes: list }]) => list),
    providers: new Map(
      nodes.flatMap((name, node) => {
        const list = (providersOf.get(name) ?? []).flatMap((provider) => nodeOf.get(provider.name) ?? []);
        return list.length === 0 || (node < names.length && !used.has(name)) ? [] : [[node, list]];
      }),
    ),
    asksQuestions: names.flatMap((name, node) =>
      relations.get(name)!.depends.some(([first]) => first === 'debconf') ? [node] : [],
    ),
    base: [...base].map((name) => nodeOf.get(name)!).sort((a, b) => a - b),
  };
}

type Relations = ReadonlyMap<string, { readonly depends: string[][]; readonly recommends: string[][] }>;

/** For a package all that it needs, through needs without an alternative. */
function reaches(names: readonly string[], relations: Relations): (name: string) => ReadonlySet<string> {
  const known = new Map<string, ReadonlySet<string>>();
  const kept = new Set(names);
  return (name) => {
    const before = known.get(name);
    if (before !== undefined) return before;
    const found = new Set<string>();
    const queue = [name];
    for (const at of queue) {
      for (const list of relations.get(at)?.depends ?? []) {
        const [only] = list;
        if (list.length !== 1 || only === undefined || found.has(only) || !kept.has(only)) continue;
        found.add(only);
        queue.push(only);
      }
    }
    known.set(name, found);
    return found;
  };
}

/** Leaves out the needs that another need brings along. Of two that bring one another the first stays. */
function withoutImplied(
  lists: readonly string[][],
  reachOf: (name: string) => ReadonlySet<string>,
): readonly string[][] {
  return lists.filter((list, at) =>
    lists.every(([other, ...more], otherAt) => {
      if (otherAt === at || other === undefined || more.length > 0) return true;
      const implied = list.some((name) => reachOf(other).has(name));
      const returns = list.length === 1 && reachOf(list[0]!).has(other) && at < otherAt;
      return !implied || returns;
    }),
  );
}

/** By source package: how many others have a package that needs or recommends one of its own. */
function countUsers(
  packages: readonly IndexedPackage[],
  relations: Relations,
  byName: ReadonlyMap<string, IndexedPackage>,
): Map<string, number> {
  const users = new Map<string, Set<string>>();
  for (const { name, source } of packages) {
    const { depends, recommends } = relations.get(name)!;
    for (const used of [...depends, ...recommends].flat()) {
      const other = byName.get(used)?.source;
      if (other === undefined || other === source) continue;
      const known = users.get(other);
      if (known === undefined) users.set(other, new Set([source]));
      else known.add(source);
    }
  }
  return new Map([...users].map(([source, set]) => [source, set.size]));
}

interface Provider {
  readonly name: string;
  /** Of what it provides. */
  readonly version?: string;
}

const priorities = ['required', 'important', 'standard', 'optional', 'extra'];

/** Who provides a name, in the order in which apt chooses where nothing else decides: essential, then by priority. */
function readProviders(packages: readonly IndexedPackage[]): Map<string, Provider[]> {
  const found = new Map<string, (Provider & { rank: number })[]>();
  for (const entry of packages) {
    const rank = (entry.essential ? 0 : 10) + priorities.indexOf(entry.priority);
    for (const [relation] of readRelations(entry.provides)) {
      if (relation === undefined || relation.name === entry.name) continue;
      const provider = {
        name: entry.name,
        rank,
        ...(relation.version === undefined ? {} : { version: relation.version }),
      };
      const known = found.get(relation.name);
      if (known === undefined) found.set(relation.name, [provider]);
      else known.push(provider);
    }
  }
  for (const list of found.values()) list.sort((a, b) => a.rank - b.rank || (a.name < b.name ? -1 : 1));
  return found;
}

/** What is needed by what is asked for, by the first alternative that there is, with what these recommend. */
function closure(
  start: readonly string[],
  relations: Relations,
  byName: ReadonlyMap<string, IndexedPackage>,
  providersOf: ReadonlyMap<string, readonly Provider[]>,
): Set<string> {
  const found = new Set(start);
  for (const name of found) {
    const { depends, recommends } = relations.get(name) ?? { depends: [], recommends: [] };
    for (const list of [...depends, ...recommends]) {
      const [first] = list;
      if (first === undefined || list.some((other) => found.has(other))) continue;
      const chosen = byName.has(first) ? first : providersOf.get(first)?.[0]?.name;
      if (chosen !== undefined) found.add(chosen);
    }
  }
  return found;
}

const folder = path.join(import.meta.dirname, '..', '..', '..', 'media', 'apt');
mkdirSync(folder, { recursive: true });
let shipped = 0;
for (const release of aptReleases) {
  const index = fetchIndex(release);
  const file = graphOf(release, index);
  const bytes = encodeAptFile(file);
  const compressed = brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24 },
  });
  writeFileSync(path.join(folder, `${release}.bin`), compressed);
  shipped += compressed.length;
  console.log(
    `${release} of ${file.asOf}: ${file.packageCount} of ${index.packages.length} packages, ` +
      `${file.base.length} in the base, ${bytes.length} B, compressed ${compressed.length} B`,
  );
}
if (shipped >= 600_000) throw new Error(`the graphs have ${shipped} B: raise leastUsers`);
