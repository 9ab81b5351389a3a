import {
  compareTrees,
  sharedLayers,
  type ComparedTotal,
  type SharedLayer,
  type TreeComparison,
} from '../image/compare.ts';
import type { Dockerfile } from '../dockerfile/model.ts';
import type { ImageProblem } from '../image/image.ts';
import { imageReport } from '../image/imageReport.ts';
import { type LayerIndex, NONE, nodePath, stringText } from '../image/layerIndex.ts';
import type { EntryPlace } from '../image/stackedTree.ts';
import { present } from '../present.ts';
import { CompareView } from './compareView.ts';
import { type ExportFormat, exportText } from '../image/exportText.ts';
import {
  type FileVersion,
  ImageModel,
  type LayerFigures,
  type ModelImage,
  type StackFigures,
  type WasteFigures,
} from './imageModel.ts';
import type { TableQuery } from './query.ts';
import { cellTextLimit, type RowWindow, type TableSummary, type Treemap } from './rows.ts';
import { sameNodes } from './sameNodes.ts';
import { Table } from './table.ts';
import { treemapCells } from './treemap.ts';
import type { TreeView } from './treeView.ts';

/** `image`: the one that the explorer shows. `other`: the one that it is compared with. */
export type Side = 'image' | 'other';
export type TableName = 'files' | 'compare';

/** Why a question has no answer: see `ErrorCode` of the protocol. */
export class ExplorerError extends Error {
  readonly code: 'stale' | 'unready' | 'invalid';

  constructor(code: ExplorerError['code'], message: string) {
    super(message);
    this.name = 'ExplorerError';
    this.code = code;
  }
}

/** A node of a table, valid as long as the table's tree is the same. */
export interface NodeRef {
  readonly table: TableName;
  readonly tree: number;
  readonly node: number;
}

/** The contents that a row of a table stands for. */
export interface RowFiles {
  readonly path: string;
  /** What the row shows; of a comparison what the first and the second image have. Absent for what is no regular file. */
  readonly first?: PlacedFile;
  readonly second?: PlacedFile;
  /** In `files`: what the path has had, the latest first. */
  readonly versions: readonly FileVersion[];
}

export interface PlacedFile extends EntryPlace {
  readonly side: Side;
  readonly bytes: number;
}

export interface ComparisonFigures {
  readonly totals: readonly ComparedTotal[];
  readonly shared: readonly SharedLayer[];
  readonly sharedBytes: number;
  /** The first image and the second. */
  readonly finalBytes: readonly [number, number];
}

/**
 * All that the explorer's page can ask of an image's files, without a thread or a channel: a worker of the extension runs
 * it. Answers are windows; what they cost is said at `Table`.
 */
export class ExplorerModel {
  readonly #image: ImageModel;
  #other: ImageModel | undefined;
  /** Whether the image stands first in the comparison. */
  #imageIsFirst = true;
  #files: State | undefined;
  #compare: State | undefined;
  #comparison: TreeComparison | undefined;
  #revision = 0;
  #tree = 0;
  readonly #queries: Record<TableName, TableQuery> = { files: firstQuery, compare: firstQuery };
  /** Paths that are to be open in a table that is not there yet. */
  readonly #openLater = new Map<TableName, readonly string[]>();

  constructor(image: ModelImage) {
    this.#image = new ImageModel(image);
  }

  setLayer(side: Side, layer: number, content: LayerIndex): LayerFigures {
    return this.#side(side).setLayer(layer, content);
  }

  /** The same content at another place of the manifest. */
  repeatLayer(side: Side, layer: number, as: number): LayerFigures {
    const content = this.#side(side).layers[as];
    if (content === undefined) throw new ExplorerError('invalid', `Layer ${as} is not there.`);
    return this.setLayer(side, layer, content);
  }

  stackFigures(): StackFigures {
    return this.#image.stackFigures();
  }

  wasteFigures(): WasteFigures {
    return this.#image.wasteFigures();
  }

  waste(from: number, count: number): ReturnType<ImageModel['waste']> {
    return this.#image.waste(from, count);
  }

  removable(from: number, count: number): ReturnType<ImageModel['removable']> {
    return this.#image.removable(from, count);
  }

  stackProblems(): readonly ImageProblem[] {
    return this.#image.problems();
  }

  /**
   * The report on the image, as a file's text.
   *
   * @param problems those of opening and reading: the model knows only what stacking finds.
   */
  exportText(format: ExportFormat, problems: readonly ImageProblem[], dockerfile: Dockerfile | undefined): string {
    const { source, info, layers, tree } = this.#image;
    return exportText(imageReport({ source, info, layers, tree, problems, ...present({ dockerfile }) }), format);
  }

  /** Takes another image to compare with; undefined for none. Its layers follow. */
  setOther(image: ModelImage | undefined): void {
    this.#other = image === undefined ? undefined : new ImageModel(image);
    this.#imageIsFirst = true;
    this.#dropComparison();
  }

  swap(): void {
    this.#imageIsFirst = !this.#imageIsFirst;
    this.#dropComparison();
  }

  comparisonFigures(): ComparisonFigures {
    const [first, second] = this.#compared();
    const shared = sharedLayers(first.diffIds, second.diffIds);
    return {
      totals: this.#compareNow().totals,
      shared,
      sharedBytes: shared.reduce((sum, { first: layer }) => sum + (first.layers[layer]?.tarBytes ?? 0), 0),
      finalBytes: [first.tree.finalBytes, second.tree.finalBytes],
    };
  }

  show(table: TableName, query: TableQuery): TableSummary {
    this.#queries[table] = query;
    return this.#summary(this.#state(table));
  }

  rows(table: TableName, from: number, count: number): RowWindow {
    const state = this.#state(table);
    return { revision: state.revision, from: Math.max(0, from), rows: state.table.rows(from, count) };
  }

  expand(ref: NodeRef, expanded: boolean, below: boolean): TableSummary {
    const state = this.#at(ref);
    state.table.expand(ref.node, expanded, below);
    return this.#summary(state);
  }

  /** Opens directories by their paths, now or when the table is there; those that it does not have are passed over. */
  open(table: TableName, paths: readonly string[]): void {
    this.#openLater.set(table, paths);
  }

  find(table: TableName, text: string, from: number): number | undefined {
    return this.#state(table).table.find(text, from);
  }

  reveal(target: NodeRef | { readonly table: TableName; readonly path: string }): TableSummary & {
    readonly row?: number;
    readonly node?: number;
  } {
    const state = 'path' in target ? this.#state(target.table) : this.#at(target);
    const node = 'path' in target ? state.table.nodeAt(target.path) : target.node;
    const row = node === undefined ? undefined : state.table.reveal(node);
    return {
      ...this.#summary(state),
      ...(node === undefined ? {} : { node }),
      ...(row === undefined ? {} : { row }),
    };
  }

  parentRow(table: TableName, row: number): number | undefined {
    return this.#state(table).table.parentRow(row);
  }

  openPaths(table: TableName, most: number): string[] {
    return this.#state(table).table.openPaths(most);
  }

  treemap(ref: NodeRef, width: number, height: number, mostCells: number): Treemap {
    const { table, tree } = this.#at(ref);
    const { view } = table;
    const box = { x: 0, y: 0, width: Math.max(1, width), height: Math.max(1, height) };
    const path: { node: number; name: string }[] = [];
    for (let node = ref.node; node !== 0; node = view.paths.parent[node]!) {
      path.unshift({ node, name: stringText(view.strings, view.paths.name[node]!).slice(0, cellTextLimit) });
    }
    return {
      tree,
      // Of a path that is thousands of directories deep its end.
      path: [{ node: 0, name: '/' }, ...path.slice(-shownDepth)],
      bytes: view.area[ref.node]!,
      wastedBytes: view.wasted[ref.node]!,
      cells: treemapCells(view, table.children, ref.node, box, mostCells),
    };
  }

  path(ref: NodeRef): string {
    const { view } = this.#at(ref).table;
    return nodePath(view.paths, view.strings, ref.node);
  }

  /** The contents of a row's file, here or there, now or before. */
  files(ref: NodeRef): RowFiles {
    const { table } = this.#at(ref);
    const path = nodePath(table.view.paths, table.view.strings, ref.node);
    if (ref.table === 'files') {
      const view = this.#image.view(this.#queries.files.scope);
      const [entry, before] = [view.entry[ref.node]!, view.previous[ref.node]!];
      const [now, was] = [this.#image.fileOf(entry), entry === before ? undefined : this.#image.fileOf(before)];
      return {
        path,
        versions: this.#image.versions(ref.node),
        ...(was === undefined ? {} : { first: { side: 'image', ...was } }),
        ...(now === undefined ? {} : { second: { side: 'image', ...now } }),
      };
    }
    const comparison = this.#compareNow();
    const [first, second] = this.#compared();
    const fileIn = (image: ImageModel, node: number): PlacedFile | undefined => {
      const file = node === NONE ? undefined : image.fileOf(image.tree.content[node]!);
      return file && { side: image === this.#image ? 'image' : 'other', ...file };
    };
    const a = fileIn(first, comparison.first[ref.node]!);
    const b = fileIn(second, comparison.second[ref.node]!);
    return { path, versions: [], ...(a === undefined ? {} : { first: a }), ...(b === undefined ? {} : { second: b }) };
  }

  #side(side: Side): ImageModel {
    if (side === 'image') return this.#image;
    if (this.#other === undefined) throw new ExplorerError('unready', 'There is no image to compare with.');
    return this.#other;
  }

  #compared(): [ImageModel, ImageModel] {
    const other = this.#side('other');
    return this.#imageIsFirst ? [this.#image, other] : [other, this.#image];
  }

  #dropComparison(): void {
    this.#comparison = undefined;
    this.#compare = undefined;
  }

  #compareNow(): TreeComparison {
    const [first, second] = this.#compared();
    this.#comparison ??= compareTrees(first, second);
    return this.#comparison;
  }

  /** A table as it was last told to be, over the layers that are there now. */
  #state(name: TableName): State {
    const generation = this.#generationOf(name);
    const known = name === 'files' ? this.#files : this.#compare;
    if (known?.generation !== generation) {
      if (name === 'compare') this.#comparison = undefined;
      const view = this.#viewFor(name);
      const table = known?.table.movedTo(view, (nodes) => sameNodes(known.table.view, view, nodes)) ?? new Table(view);
      const made = { table, generation, tree: ++this.#tree, revision: ++this.#revision };
      if (name === 'files') this.#files = made;
      else this.#compare = made;
    }
    const state = (name === 'files' ? this.#files : this.#compare)!;
    const { sort, filter } = this.#queries[name];
    state.table.setView(this.#viewFor(name, state));
    state.table.setSort(sort);
    state.table.setFilter(filter);
    this.#openSaved(name, state.table);
    return state;
  }

  #generationOf(name: TableName): number {
    if (name === 'files') return this.#image.generation;
    const other = this.#side('other');
    return this.#image.generation + other.generation;
  }

  #viewFor(name: TableName, known?: State): TreeView {
    if (name === 'files') return this.#image.view(this.#queries.files.scope);
    if (known !== undefined) return known.table.view;
    const [first, second] = this.#compared();
    return new CompareView(this.#compareNow(), first.tree, second.tree);
  }

  #openSaved(name: TableName, table: Table): void {
    const paths = this.#openLater.get(name);
    if (paths === undefined) return;
    const missing = paths.filter((path) => {
      const node = table.nodeAt(path);
      if (node !== undefined) table.openNodes([node]);
      return node === undefined;
    });
    // What is not there may come with a layer that is still to be read.
    if (missing.length > 0) this.#openLater.set(name, missing);
    else this.#openLater.delete(name);
  }

  #at(ref: NodeRef): State {
    const state = this.#state(ref.table);
    if (state.tree !== ref.tree) throw new ExplorerError('stale', 'More layers have been read since.');
    if (!Number.isInteger(ref.node) || ref.node < 0 || ref.node >= state.table.view.paths.count) {
      throw new ExplorerError('invalid', `There is no node ${ref.node}.`);
    }
    return state;
  }

  #summary(state: State): TableSummary {
    state.revision = ++this.#revision;
    return { ...state.table.figures(), tree: state.tree, revision: state.revision };
  }
}

/** Directories on the way to the one that a treemap is zoomed to. */
const shownDepth = 64;

interface State {
  readonly table: Table;
  readonly generation: number;
  readonly tree: number;
  /** Of this table: what the other one is asked for does not touch it. */
  revision: number;
}

const firstQuery: TableQuery = { scope: { kind: 'image' }, sort: { column: 'size', descending: true }, filter: {} };
