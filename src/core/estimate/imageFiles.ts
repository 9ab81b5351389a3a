import { EntryKind, type LayerIndex, stringText } from '../image/layerIndex.ts';
import { stackLayers } from '../image/stack.ts';
import { entryAt, findNode, presentChildren, type StackedTree } from '../image/stackedTree.ts';
import { ContextContent, type CopyAnswer } from './context/contextContent.ts';
import { type ContextFolder, joinPath, type ListedFile } from './context/contextTree.ts';

/** What is asked about the files of an image. Plain, and its JSON is its identity. */
export interface ImageQuestion {
  /** A reference, or the id of an engine's image. */
  readonly image: string;
  /** Only what this layer ships; absent for the file system that all layers make. */
  readonly layer?: number;
  /** As a `COPY --from` names them; from the root. */
  readonly sources: readonly string[];
  /** Values of `--exclude`. */
  readonly excludes: readonly string[];
}

/** `unknown`: nobody has read the image. */
export type ImageAnswer = { readonly kind: 'unknown' } | ({ readonly kind: 'files' } & CopyAnswer);

/** The files of an image that has been read, or of one layer of it, as `COPY --from` takes them. */
export class ImageFiles {
  readonly #tree: StackedTree;
  readonly #content: ContextContent;

  /** @param layers from base to top; those of one layer alone tell what that ships. */
  constructor(layers: readonly LayerIndex[]) {
    this.#tree = stackLayers(layers);
    const root = new ImageFolder(this.#tree, 0, '', undefined);
    const state = { complete: true, truncated: false, unreadable: [] };
    // An image never changes, so that nobody has to hear of it.
    const onChange = () => ({ [Symbol.dispose]: () => undefined });
    this.#content = new ContextContent({ root, state, onChange }, '', () => ({ isArchive: false }));
  }

  answer({ sources, excludes }: Pick<ImageQuestion, 'sources' | 'excludes'>): ImageAnswer {
    const followed = sources.map((source) => this.#follow(source));
    return { kind: 'files', ...this.#content.copied({ sources: followed, excludes, unpacks: false }) };
  }

  /** A source with the links on its way followed, as far as it is no pattern. */
  #follow(source: string): string {
    const waiting = source.split('/').reverse();
    let at: string[] = [];
    let hops = 0;
    for (let part = waiting.pop(); part !== undefined; part = waiting.pop()) {
      if (part === '' || part === '.') continue;
      if (part === '..') {
        at.pop();
        continue;
      }
      const target = this.#linkTarget([...at, part].join('/'));
      if (target === undefined || hops++ === mostHops) {
        at.push(part);
        continue;
      }
      if (target.startsWith('/')) at = [];
      waiting.push(...target.split('/').reverse());
    }
    return at.join('/');
  }

  #linkTarget(path: string): string | undefined {
    const node = findNode(this.#tree, path);
    if (node === undefined || this.#tree.kind[node] !== EntryKind.symlink) return undefined;
    const { layer, entry } = entryAt(this.#tree, this.#tree.entry[node]!);
    const index = this.#tree.layers[layer]!;
    return stringText(index.strings, index.link[entry]!);
  }
}

/** As many as Linux follows. */
const mostHops = 40;

/** A directory of a stacked tree, read when somebody looks into it: most of an image nobody asks about. */
class ImageFolder implements ContextFolder {
  readonly path: string;
  readonly parent: ContextFolder | undefined;
  readonly #tree: StackedTree;
  readonly #node: number;
  #content: Pick<ContextFolder, 'files' | 'folders'> | undefined;

  constructor(tree: StackedTree, node: number, path: string, parent: ContextFolder | undefined) {
    this.#tree = tree;
    this.#node = node;
    this.path = path;
    this.parent = parent;
  }

  get files(): ContextFolder['files'] {
    return this.#read().files;
  }

  get folders(): ContextFolder['folders'] {
    return this.#read().folders;
  }

  #read(): Pick<ContextFolder, 'files' | 'folders'> {
    if (this.#content !== undefined) return this.#content;
    const files = new Map<string, ListedFile>();
    const folders = new Map<string, ContextFolder>();
    const tree = this.#tree;
    for (const node of presentChildren(tree, this.#node)) {
      const name = stringText(tree.strings, tree.paths.name[node]!);
      switch (tree.kind[node]) {
        case EntryKind.directory:
          folders.set(name, new ImageFolder(tree, node, joinPath(this.path, name), this));
          break;
        case EntryKind.file:
          files.set(name, { name, bytes: tree.bytes[node]! });
          break;
        default:
          files.set(name, { name, bytes: 0, link: true });
      }
    }
    return (this.#content = { files, folders });
  }
}
