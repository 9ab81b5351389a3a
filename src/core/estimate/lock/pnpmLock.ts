import { entryNamed, type IndentedEntry, readIndented } from './indented.ts';
import { type LockNode, reached } from './lockGraph.ts';
import type { LockedPackage } from './lockedPackage.ts';

/**
 * The packages of a `pnpm-lock.yaml` of versions 5 to 9, for the project beside it. https://github.com/pnpm/spec
 */
export function readPnpmLock(text: string): readonly LockedPackage[] {
  const root = readIndented(text);
  // From version 9 on what a package needs stands apart from what it is.
  const described = entryNamed(root, 'snapshots') ?? entryNamed(root, 'packages');
  const nodes = new Map<string, LockNode>();
  for (const { key, entries } of described?.entries ?? []) {
    const id = readKey(key);
    if (id === undefined) continue;
    nodes.set(nodeKey(id.name, id.version), {
      ...id,
      needs: neededBy(entryNamed(entries, 'dependencies')),
      mayHave: neededBy(entryNamed(entries, 'optionalDependencies')),
    });
  }
  const importers = entryNamed(root, 'importers');
  const project = importers === undefined ? root : (entryNamed(importers.entries, '.')?.entries ?? []);
  return reached(nodes, {
    production: neededBy(entryNamed(project, 'dependencies')),
    development: neededBy(entryNamed(project, 'devDependencies')),
    optional: neededBy(entryNamed(project, 'optionalDependencies')),
  });
}

/** A dependency is a name and a version, or a whole key where it is an alias; importers say it a line further down. */
function neededBy(list: IndentedEntry | undefined): string[] {
  return (list?.entries ?? []).flatMap(({ key, value, entries }) => {
    const version = value === '' ? entryNamed(entries, 'version')?.value : value;
    if (version === undefined || /^(?:link|file|workspace):/.test(version)) return [];
    const alias = readKey(version);
    const name = alias?.name ?? key;
    return [nodeKey(name, alias?.version ?? withoutPeers(version))];
  });
}

/** `/@a/b/1.0.0_peer`, `/@a/b@1.0.0(peer)` and `@a/b@1.0.0` are all `@a/b` in version `1.0.0`. */
function readKey(key: string): Pick<LockNode, 'name' | 'version'> | undefined {
  const match = /^\/?((?:@[^/@]+\/)?[^/@(]+)[@/](\d[^(_/]*)/.exec(key);
  return match === null ? undefined : { name: match[1]!, version: match[2]! };
}

function withoutPeers(version: string): string {
  return version.replace(/\(.*$|_.*$/, '');
}

function nodeKey(name: string, version: string): string {
  return `${name}@${version}`;
}
