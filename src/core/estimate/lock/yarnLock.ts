import { parseJson } from '../../json.ts';
import { entryNamed, type IndentedEntry, readIndented } from './indented.ts';
import { type LockNode, type LockRoots, reached } from './lockGraph.ts';
import type { LockedPackage } from './lockedPackage.ts';

/**
 * The packages of a `yarn.lock`, of Yarn 1 or later. It does not say what is for development: that is told by what the
 * `package.json` names. Workspaces, links and patches of the project itself are left out.
 */
export function readYarnLock(text: string, manifest: string): readonly LockedPackage[] {
  const nodes = new Map<string, LockNode>();
  for (const { key, entries } of readIndented(text)) {
    const version = entryNamed(entries, 'version')?.value;
    const keys = key.split(/, */);
    const name = packageName(entryNamed(entries, 'resolution')?.value ?? keys[0]!);
    if (version === undefined || name === undefined || key.includes('@workspace:') || key.includes('@link:')) continue;
    const node = {
      name,
      version,
      needs: neededBy(entryNamed(entries, 'dependencies')),
      mayHave: neededBy(entryNamed(entries, 'optionalDependencies')),
    };
    for (const each of keys) nodes.set(plain(each), node);
  }
  return reached(nodes, rootsOf(manifest));
}

function neededBy(list: IndentedEntry | undefined): string[] {
  return (list?.entries ?? []).map(({ key, value }) => plain(`${key}@${value}`));
}

/** Later Yarns write the protocol that others leave out. */
function plain(key: string): string {
  return key.replace(/@npm:(?!@?[^@]+@)/, '@');
}

/** `@a/b@npm:^1.0.0` is `@a/b`; `x@npm:@a/b@1` is an alias of `@a/b`. */
function packageName(key: string): string | undefined {
  const alias = /@npm:(@?[^@]+)@[^@]*$/.exec(key);
  return alias?.[1] ?? /^(@?[^@]+)@/.exec(key)?.[1];
}

/** What a `package.json` names, as a lock file has it. */
function rootsOf(manifest: string): LockRoots {
  const json = parseJson(manifest) as Readonly<Record<string, unknown>> | null | undefined;
  const named = (field: string): string[] => {
    const found = json?.[field];
    return typeof found === 'object' && found !== null
      ? Object.entries(found).flatMap(([name, range]) => (typeof range === 'string' ? [plain(`${name}@${range}`)] : []))
      : [];
  };
  return {
    production: named('dependencies'),
    development: named('devDependencies'),
    optional: named('optionalDependencies'),
  };
}
