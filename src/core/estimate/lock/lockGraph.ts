import type { LockedPackage } from './lockedPackage.ts';

/** A package of a lock file that tells what it needs instead of who needs it. */
export interface LockNode {
  readonly name: string;
  readonly version: string;
  /** Keys of other nodes. */
  readonly needs: readonly string[];
  /** The same of those that may be missing. */
  readonly mayHave: readonly string[];
}

/** What a project names itself, as keys of nodes. */
export interface LockRoots {
  readonly production: readonly string[];
  readonly development: readonly string[];
  readonly optional: readonly string[];
}

/**
 * Tells what is installed for production from what only development needs, and what every build has from what may be
 * missing: by who is reached from which root.
 */
export function reached(nodes: ReadonlyMap<string, LockNode>, roots: LockRoots): readonly LockedPackage[] {
  const own = [...roots.production, ...roots.development];
  const production = closure(nodes, [...roots.production, ...roots.optional], true);
  const always = closure(nodes, own, false);
  // Several keys (ranges) stand for one package: it is what any of them is.
  const packages = new Map<LockNode, LockedPackage>();
  for (const key of closure(nodes, [...own, ...roots.optional], true)) {
    const node = nodes.get(key)!;
    const before = packages.get(node);
    packages.set(node, {
      name: node.name,
      version: node.version,
      development: (before?.development ?? true) && !production.has(key),
      optional: (before?.optional ?? true) && !always.has(key),
    });
  }
  return [...packages.values()];
}

function closure(nodes: ReadonlyMap<string, LockNode>, roots: readonly string[], withOptional: boolean): Set<string> {
  const found = new Set<string>();
  const open = roots.filter((key) => nodes.has(key));
  for (let key = open.pop(); key !== undefined; key = open.pop()) {
    if (found.has(key)) continue;
    found.add(key);
    const { needs, mayHave } = nodes.get(key)!;
    open.push(...[...needs, ...(withOptional ? mayHave : [])].filter((other) => nodes.has(other)));
  }
  return found;
}
