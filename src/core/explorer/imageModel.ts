import { baseLayers } from '../image/baseLayers.ts';
import { type DiveFigures, diveFigures } from '../image/dive.ts';
import type { ImageInfo, ImageProblem, ImageSourceKind } from '../image/image.ts';
import { EntryKind, type LayerIndex, NONE } from '../image/layerIndex.ts';
import { stackLayers } from '../image/stack.ts';
import { entryAt, type EntryPlace, type StackedTree, wasteCauses, type WasteCause } from '../image/stackedTree.ts';
import { efficiency, type WasteRow, wasteRows } from '../image/waste.ts';
import { finalTreeOf } from '../waste/finalTree.ts';
import { findRemovable, type RemovableRow } from '../waste/removable.ts';
import type { Scope } from './query.ts';
import { ScopeView } from './scopeView.ts';
import { treeFacts, type TreeFacts } from './treeFacts.ts';

/** What is known of an image before its layers are read. */
export interface ModelImage {
  readonly source: ImageSourceKind;
  readonly info: ImageInfo;
  /** How many layers from the bottom are the base's, where something better than the history tells. */
  readonly baseLayers?: number;
}

/** What is known of a layer once it was read. */
export interface LayerFigures {
  readonly tarBytes: number;
  readonly entries: number;
}

export interface StackFigures {
  readonly finalBytes: number;
  /** Per layer, from base to top. */
  readonly fileBytes: readonly number[];
  readonly wastedBytes: readonly number[];
  readonly efficiency: number;
}

export interface WasteFigures {
  readonly shippedBytes: number;
  readonly finalBytes: number;
  readonly wastedBytes: number;
  readonly removableBytes: number;
  readonly efficiency: number;
  /** Absent where layers are missing. */
  readonly dive?: DiveFigures;
  readonly complete: boolean;
  /** The greatest first. */
  readonly causes: readonly { readonly cause: WasteCause; readonly bytes: number; readonly findings: number }[];
}

/** One content that a path has, or had. */
export interface FileVersion extends EntryPlace {
  readonly bytes: number;
  /** The layer that took it away; absent while it lasts. */
  readonly lostIn?: number;
}

/** As many scopes as somebody goes back and forth between. */
const keptViews = 3;
/** Rows of waste that are sorted at a time. */
const wasteStep = 1024;

/**
 * One image whose layers arrive one by one. What is made of them (the stack, views, findings) is made when it is asked
 * for, and kept until another layer arrives.
 */
export class ImageModel {
  readonly source: ImageSourceKind;
  readonly info: ImageInfo;
  readonly baseLayers: number;
  readonly #layers: (LayerIndex | undefined)[];
  #facts: TreeFacts | undefined;
  #views: { readonly key: string; readonly view: ScopeView }[] = [];
  #waste: { readonly rows: readonly WasteRow[]; readonly top: number } | undefined;
  #removable: { readonly rows: readonly RemovableRow[]; readonly bytes: number } | undefined;
  #dive: DiveFigures | undefined;
  /** Grows with every layer. */
  #generation = 0;

  constructor(image: ModelImage) {
    this.source = image.source;
    this.info = image.info;
    this.baseLayers = image.baseLayers ?? baseLayers(image.info).count;
    this.#layers = image.info.layers.map(() => undefined);
  }

  get generation(): number {
    return this.#generation;
  }

  /** From base to top; undefined for one that is not there (yet). */
  get layers(): readonly (LayerIndex | undefined)[] {
    return this.#layers;
  }

  get diffIds(): (string | undefined)[] {
    return this.info.layers.map(({ diffId }) => diffId);
  }

  setLayer(layer: number, content: LayerIndex): LayerFigures {
    this.#layers[layer] = content;
    this.#generation++;
    this.#facts = this.#waste = this.#removable = this.#dive = undefined;
    this.#views = [];
    return { tarBytes: content.tarBytes, entries: content.count };
  }

  get facts(): TreeFacts {
    this.#facts ??= treeFacts(stackLayers(this.#layers));
    return this.#facts;
  }

  get tree(): StackedTree {
    return this.facts.tree;
  }

  view(scope: Scope): ScopeView {
    const key = JSON.stringify(scope);
    const known = this.#views.find((kept) => kept.key === key);
    const view = known?.view ?? new ScopeView(this.facts, scope, this.baseLayers);
    this.#views = [{ key, view }, ...this.#views.filter((kept) => kept.key !== key)].slice(0, keptViews);
    return view;
  }

  stackFigures(): StackFigures {
    const { tree } = this;
    return {
      finalBytes: tree.finalBytes,
      fileBytes: [...tree.fileBytes],
      wastedBytes: [...tree.wastedBytes],
      efficiency: efficiency(tree),
    };
  }

  wasteFigures(): WasteFigures {
    const { tree } = this;
    const complete = this.#layers.every((layer) => layer !== undefined);
    const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);
    const causes = wasteCauses.map((cause) => ({ cause, bytes: 0, findings: 0 }));
    for (let row = 0; row < tree.losses.count; row++) {
      const of = causes[tree.losses.cause[row]!]!;
      of.bytes += tree.losses.bytes[row]!;
      of.findings++;
    }
    if (complete) this.#dive ??= diveFigures(this.#layers);
    return {
      shippedBytes: sum(tree.fileBytes),
      finalBytes: tree.finalBytes,
      wastedBytes: sum(tree.wastedBytes),
      removableBytes: this.#findRemovable().bytes,
      efficiency: efficiency(tree),
      complete,
      ...(this.#dive === undefined ? {} : { dive: this.#dive }),
      causes: causes.filter(({ findings }) => findings > 0).sort((a, b) => b.bytes - a.bytes),
    };
  }

  /** A part of the waste, the largest first. */
  waste(from: number, count: number): { readonly total: number; readonly rows: readonly WasteRow[] } {
    const total = this.tree.losses.count;
    const end = Math.min(Math.max(0, from) + count, total);
    if (this.#waste === undefined || this.#waste.top < end) {
      const top = Math.ceil(end / wasteStep) * wasteStep;
      this.#waste = { rows: wasteRows(this.tree, { top }), top };
    }
    return { total, rows: this.#waste.rows.slice(Math.max(0, from), end) };
  }

  /** A part of what could go, the largest first. */
  removable(from: number, count: number): { readonly total: number; readonly rows: readonly RemovableRow[] } {
    const { rows } = this.#findRemovable();
    return { total: rows.length, rows: rows.slice(Math.max(0, from), Math.max(0, from) + count) };
  }

  /** What stacking found wrong. */
  problems(): readonly ImageProblem[] {
    return this.tree.problems;
  }

  /** The contents that a path has had, the latest first. */
  versions(node: number): FileVersion[] {
    const { tree } = this;
    const versions: FileVersion[] = [];
    for (let entry = tree.nodeOf.length - 1; entry >= 0; entry--) {
      if (tree.nodeOf[entry] !== node) continue;
      const version = this.fileOf(entry);
      const lostIn = tree.lostIn[entry]!;
      if (version !== undefined) versions.push({ ...version, ...(lostIn < tree.layers.length ? { lostIn } : {}) });
    }
    return versions;
  }

  /** Where the content of an entry is; undefined for what is no regular file. */
  fileOf(entry: number): (EntryPlace & { readonly bytes: number }) | undefined {
    if (entry === NONE) return undefined;
    const content = this.tree.contentOf[entry]!;
    if (content === NONE) return undefined;
    const place = entryAt(this.tree, content);
    const layer = this.#layers[place.layer];
    const isFile = layer?.kind[place.entry] === EntryKind.file;
    return isFile ? { ...place, bytes: layer.size[place.entry]! } : undefined;
  }

  #findRemovable(): { readonly rows: readonly RemovableRow[]; readonly bytes: number } {
    if (this.#removable === undefined) {
      const { rows, bytes } = findRemovable(finalTreeOf(this.tree), {
        config: this.info.config,
        baseLayers: this.baseLayers,
      });
      this.#removable = { rows, bytes };
    }
    return this.#removable;
  }
}
