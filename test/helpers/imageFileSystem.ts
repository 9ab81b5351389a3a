import { accessTo } from '../../src/core/program/elf.ts';
import type { FileEntry, FileSystem } from '../../src/core/program/fileSystem.ts';

/** A file's content; `-> x` is a symbolic link. */
export type Content = string | Uint8Array | { readonly mode: number; readonly content: string | Uint8Array };

/** A file system in memory, by absolute paths; directories are implied. Files are executable unless they say otherwise. */
export function fileSystemOf(files: Readonly<Record<string, Content>>): FileSystem {
  const entries = new Map<string, FileEntry>([['/', { kind: 'directory', mode: 0o755 }]]);
  const contents = new Map<string, Uint8Array>();
  const children = new Map<string, Set<string>>();
  for (const [path, what] of Object.entries(files)) {
    const segments = path.split('/').slice(1);
    segments.forEach((name, index) => {
      const folder = `/${segments.slice(0, index).join('/')}`;
      children.set(folder, (children.get(folder) ?? new Set()).add(name));
      entries.set(folder, { kind: 'directory', mode: 0o755 });
    });
    const { mode, content } = typeof what === 'object' && 'mode' in what ? what : { mode: 0o755, content: what };
    if (typeof content === 'string' && content.startsWith('-> ')) {
      entries.set(path, { kind: 'link', mode: 0o777, target: content.slice(3) });
    } else {
      entries.set(path, { kind: 'file', mode });
      contents.set(path, typeof content === 'string' ? new TextEncoder().encode(content) : content);
    }
  }
  return {
    entry: (path) => entries.get(path),
    names: (directory) => [...(children.get(directory) ?? [])],
    open(path) {
      const bytes = contents.get(path);
      return bytes === undefined ? Promise.reject(new Error(`${path} is no file.`)) : Promise.resolve(accessTo(bytes));
    },
  };
}
