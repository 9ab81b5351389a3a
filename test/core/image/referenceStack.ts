import type { Member } from '../../helpers/tar.ts';

/**
 * A slow, obvious model of an image: a file system of objects and maps to which the members of each layer are applied one
 * by one. It shares no code with what it tests, and takes members as they were given to the tar writer. Names are text.
 */
export interface ReferenceRow {
  readonly cause: string;
  readonly path: string;
  readonly bytes: number;
  readonly layer: number;
  readonly byLayer: number;
}

export interface ReferenceResult {
  readonly fileBytes: number[];
  readonly wastedBytes: number[];
  readonly finalBytes: number;
  readonly rows: ReferenceRow[];
  /** Every path of the final file system with its kind, without the root. */
  readonly paths: string[];
  /** Subtree bytes of the root and the directories directly in it. */
  readonly problems: number;
}

interface Inode {
  readonly order: number;
  readonly kind: string;
  readonly layer: number;
  readonly size: number;
  readonly mtime: number;
  readonly attributes: string;
  readonly target: string;
}

interface Node {
  /** Undefined for directories and broken links. */
  inode: Inode | undefined;
  readonly children: Map<string, Node> | undefined;
  /** Layer and place of the member that put it there. */
  order: number;
}

const kinds: Record<string, string> = { '0': 'file', '2': 'symlink', '3': 'characterDevice', '6': 'fifo' };

export function referenceStack(layers: readonly (readonly Member[])[]): ReferenceResult {
  const root: Node = { inode: undefined, children: new Map(), order: -1 };
  const rows: ReferenceRow[] = [];
  const fileBytes = layers.map(() => 0);
  let problems = 0;
  let hops = 0;

  const inodesOf = (node: Node): Inode[] =>
    node.children === undefined
      ? node.inode === undefined
        ? []
        : [node.inode]
      : [...node.children.values()].flatMap(inodesOf);
  const parentPath = (path: string): string => path.slice(0, path.lastIndexOf('/'));
  const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
  const at = (path: string): Node | undefined =>
    path
      .split('/')
      .slice(1)
      .reduce<Node | undefined>((node, name) => node?.children?.get(name), root);
  const kindOf = (node: Node): string => (node.children ? 'directory' : (node.inode?.kind ?? 'file'));

  /** Runs a change, then compares what contents there were and are: what is gone is lost by it. */
  const losing = (path: string, cause: string, byLayer: number, change: () => void): void => {
    const before = new Set(inodesOf(root));
    change();
    const after = new Set(inodesOf(root));
    layers.forEach((_, layer) => {
      const lost = [...before].filter((inode) => !after.has(inode) && inode.layer === layer);
      const bytes = lost.reduce((sum, inode) => sum + inode.size, 0);
      if (bytes > 0) rows.push({ cause, path, bytes, layer, byLayer });
    });
  };

  /** The real path of a directory, symbolic links followed; undefined where there is none. `make` as a container runtime does. */
  const realDirectory = (path: string, make: ((path: string) => void) | undefined): string | undefined => {
    let real = '';
    for (const name of path.split('/')) {
      if (name === '' || name === '.') continue;
      if (name === '..') {
        real = parentPath(real);
        continue;
      }
      const child = `${real}/${name}`;
      const node = at(child);
      if (node === undefined) {
        if (!make) return undefined;
        make(child);
        real = child;
      } else if (node.children) {
        real = child;
      } else if (node.inode?.kind === 'symlink') {
        if (++hops > 40) return undefined;
        const target = node.inode.target;
        const next = realDirectory(target.startsWith('/') ? target : `${real}/${target}`, make);
        if (next === undefined) return undefined;
        real = next;
      } else {
        return undefined;
      }
    }
    return real;
  };

  layers.forEach((members, layer) => {
    const clean = (name: string | Uint8Array): string => {
      const path: string[] = [];
      for (const segment of (name as string).split('/')) {
        if (segment === '..') path.pop();
        else if (segment !== '' && segment !== '.') path.push(segment);
      }
      return path.map((segment) => `/${segment}`).join('');
    };
    const entries = members.map((member, place) => ({
      ...member,
      path: clean(member.name),
      type: member.type ?? ((member.name as string).endsWith('/') ? '5' : '0'),
      order: layer * 1e6 + place,
    }));
    const ownDirectories = new Set(entries.filter(({ type }) => type === '5').map(({ path }) => path));
    const isWhiteout = (path: string): boolean => baseName(path).startsWith('.wh.');

    /** As whiteouts see it: like `realDirectory`, but what the layer itself makes a directory of is no way to anything below. */
    const below = (path: string): string | undefined => {
      let real = '';
      let literal = '';
      for (const name of path.split('/').slice(1)) {
        literal += `/${name}`;
        const node = at(`${real}/${name}`);
        if (node?.inode?.kind === 'symlink' && ownDirectories.has(literal)) return undefined;
        hops = 0;
        const next = realDirectory(`${real}/${name}`, undefined);
        if (next === undefined) return undefined;
        real = next;
      }
      return real;
    };
    for (const { path } of entries.filter((entry) => isWhiteout(entry.path))) {
      const parent = below(parentPath(path));
      if (parent === undefined) continue;
      const directory = at(parent) ?? root;
      if (baseName(path) === '.wh..wh..opq') losing(parent || '/', 'opaque', layer, () => directory.children!.clear());
      else {
        const name = baseName(path).slice(4);
        losing(`${parent}/${name}`, 'deleted', layer, () => directory.children!.delete(name));
      }
    }

    const implied = (path: string): void => {
      const node: Node = { inode: undefined, children: new Map(), order: -1 };
      losing(path, 'replaced', layer, () => (at(parentPath(path)) ?? root).children!.set(baseName(path), node));
    };
    /** The real path of the parent, made where it is missing. */
    const makeParent = (path: string): string => {
      let real = '';
      for (const name of parentPath(path).split('/').slice(1)) {
        const child = `${real}/${name}`;
        hops = 0;
        const next = realDirectory(child, (missing) => implied(missing));
        if (next === undefined) implied(child);
        real = next ?? child;
      }
      return real;
    };
    const targetOf = (link: string): Inode | undefined => {
      let real = '';
      for (const name of parentPath(clean(link)).split('/').slice(1)) {
        hops = 0;
        const next = realDirectory(`${real}/${name}`, undefined);
        if (next === undefined) return undefined;
        real = next;
      }
      return at(`${real}/${baseName(clean(link))}`)?.inode;
    };

    const apply = (entry: (typeof entries)[number], last: boolean): boolean => {
      const parent = entry.path === '' ? '' : makeParent(entry.path);
      let inode: Inode | undefined;
      if (entry.type === '1') {
        inode = targetOf(entry.link as string);
        if (inode === undefined && !last) return false;
        if (inode === undefined) problems++;
      } else if (entry.type !== '5') {
        const size = entry.type === '0' ? ((entry.content as number | undefined) ?? 0) : 0;
        inode = {
          order: entry.order,
          kind: kinds[entry.type]!,
          layer,
          size,
          mtime: entry.mtime ?? 0,
          attributes: JSON.stringify([entry.mode, entry.uid, entry.gid, entry.xattrs]),
          target: (entry.link as string | undefined) ?? '',
        };
        fileBytes[layer]! += size;
      }
      if (entry.path === '') return true;
      const name = baseName(entry.path);
      const siblings = (at(parent) ?? root).children!;
      const old = siblings.get(name);
      const directory = entry.type === '5';
      if (old?.children && directory) {
        old.order = entry.order;
        return true;
      }
      if (old && last && old.order > entry.order) return true;
      if (inode !== undefined && old?.inode === inode) {
        if (old.order !== inode.order) old.order = entry.order;
        return true;
      }
      const node: Node = { inode, children: directory ? new Map() : undefined, order: entry.order };
      let cause = 'replaced';
      if (old && kindOf(old) === kindOf(node)) {
        const before = old.inode;
        const chmodOnly =
          before?.kind === 'file' &&
          before.size === inode?.size &&
          before.mtime === inode.mtime &&
          before.attributes !== inode.attributes;
        cause = chmodOnly ? 'metadata-only' : 'overwritten';
      }
      losing(`${parent}/${name}`, cause, layer, () => siblings.set(name, node));
      return true;
    };
    const waiting = entries.filter((entry) => !isWhiteout(entry.path) && !apply(entry, false));
    for (const entry of waiting) apply(entry, true);
  });

  const paths: string[] = [];
  const list = (node: Node, path: string): void => {
    for (const [name, child] of node.children ?? []) {
      paths.push(`${kindOf(child)} ${path}/${name}`);
      list(child, `${path}/${name}`);
    }
  };
  list(root, '');
  const wastedBytes = layers.map((_, layer) => sum(rows.filter((row) => row.layer === layer).map((row) => row.bytes)));
  const finalBytes = sum([...new Set(inodesOf(root))].map((inode) => inode.size));
  return { fileBytes, wastedBytes, finalBytes, rows, paths: paths.sort(), problems };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
