import type { Filter, Scope, Sort, TableQuery } from '../core/explorer/query.ts';
import type { Row, RowWindow, TableSummary, Treemap } from '../core/explorer/rows.ts';
import type { Change } from '../core/image/change.ts';
import type { ImageSourceKind } from '../core/image/image.ts';
import type { WasteCause } from '../core/image/stackedTree.ts';
import type { Safety } from '../core/waste/detector.ts';
import type { PageStrings } from './strings.ts';

/**
 * What the explorer's page may ask its host. Every method takes one plain argument and answers with plain data; every call
 * can be cancelled by its signal. Lists come as windows, so that no message grows with the image: see {@link limits}.
 *
 * The order of calls is kept: `rows` after `show` is about what `show` made. An error has a code of {@link ErrorCode}.
 *
 * A page starts with `start`, and again with it whenever VS Code has made it anew (it was hidden, or the window was
 * reloaded). It hands {@link SavedState} to VS Code's `setState` whenever it has changed, and to `start` what `getState` has.
 */
export interface ExplorerHost {
  start(request: { readonly saved?: SavedState }, signal: AbortSignal): Promise<Start>;

  layers(window: Window, signal: AbortSignal): Promise<LayerWindow>;
  /** The whole text of a layer's instruction, of a history entry where the layer has none. */
  instruction(request: { readonly layer: number }, signal: AbortSignal): Promise<{ readonly text: string }>;

  /** Says what a table shows. Directories that were open stay open. */
  show(request: { readonly table: Table } & TableQuery, signal: AbortSignal): Promise<TableSummary>;
  rows(request: { readonly table: Table } & Window, signal: AbortSignal): Promise<RowWindow>;
  /**
   * Opens or closes a directory: itself only, or with all directories `below` it. Node 0, the root, has no row of its own;
   * with `below` it stands for everything.
   */
  expand(
    request: NodeOf & { readonly expanded: boolean; readonly below: boolean },
    signal: AbortSignal,
  ): Promise<TableSummary>;
  /**
   * Type-ahead: the next row after `from` (around the end, and `from` itself last) whose name begins with the text, in
   * any case. Absent where there is none.
   */
  findRow(
    request: { readonly table: Table; readonly text: string; readonly from: number },
    signal: AbortSignal,
  ): Promise<{ readonly row?: number }>;
  /** The row of a path, with the directories above it opened. `row` is absent where the table does not show the path. */
  reveal(
    request: { readonly table: Table } & ({ readonly path: string } | { readonly tree: number; readonly node: number }),
    signal: AbortSignal,
  ): Promise<TableSummary & { readonly row?: number; readonly node?: number }>;
  /** The row that holds a row: its directory's. Absent for what is in the root. */
  parentRow(
    request: { readonly table: Table; readonly row: number },
    signal: AbortSignal,
  ): Promise<{ readonly row?: number }>;
  /** The whole path of a node, as {@link SavedTable.selected} keeps it; at most {@link limits.longText} units. */
  pathOf(request: NodeOf, signal: AbortSignal): Promise<{ readonly path: string }>;
  /** The open directories of a table as paths, the largest first, as many as {@link SavedState} should keep. */
  openPaths(request: { readonly table: Table }, signal: AbortSignal): Promise<{ readonly paths: readonly string[] }>;

  /** What is drawn of a table's treemap when zoomed to a directory, in a box of CSS pixels. */
  treemap(request: NodeOf & { readonly width: number; readonly height: number }, signal: AbortSignal): Promise<Treemap>;

  wasteTotals(request: Nothing, signal: AbortSignal): Promise<WasteTotals>;
  /** Bytes that are shipped and not in the final file system, the largest first. */
  waste(window: Window, signal: AbortSignal): Promise<FindingWindow<WasteFinding>>;
  /** What is in the final file system and should not be, the largest first. */
  removable(window: Window, signal: AbortSignal): Promise<FindingWindow<RemovableFinding>>;

  /** Has the user choose the image to compare with; `compared` follows, or nothing where none was chosen. */
  chooseComparison(request: Nothing, signal: AbortSignal): Promise<void>;
  /** Exchanges the two images of the comparison. `compared` follows. */
  swapComparison(request: Nothing, signal: AbortSignal): Promise<void>;
  compareLayers(window: Window, signal: AbortSignal): Promise<ComparedLayerWindow>;

  /** Opens a file in an editor, read-only. */
  openFile(request: NodeOf & FileSide, signal: AbortSignal): Promise<void>;
  /**
   * Shows how a file differs: in `files` from what the layers below have at its path, in `compare` between the images.
   * Where there is nothing to compare with, the user chooses a file by its layer.
   */
  diffFile(request: NodeOf, signal: AbortSignal): Promise<void>;
  /** Saves a copy where the user chooses. */
  saveFile(request: NodeOf & FileSide, signal: AbortSignal): Promise<void>;
  copyPath(request: NodeOf, signal: AbortSignal): Promise<void>;
  /** Opens the Dockerfile at the instruction of a layer; says so where there is none. */
  goToLine(request: { readonly layer: number }, signal: AbortSignal): Promise<void>;
  /** Writes the report where the user chooses. */
  exportReport(request: { readonly format: 'markdown' | 'json' | 'csv' }, signal: AbortSignal): Promise<void>;

  /** Ends the reading; what was read stays. */
  stopReading(request: Nothing, signal: AbortSignal): Promise<void>;
  /** Reads again what failed or was stopped. */
  retry(request: Nothing, signal: AbortSignal): Promise<void>;
  /** Has the user choose another source or another image for this panel. */
  chooseSource(request: Nothing, signal: AbortSignal): Promise<void>;
}

/** What the host tells the page, unasked. The page answers with nothing; none of these waits for it. */
export interface ExplorerPage {
  /** What `start` answers, sent ahead to the page of a panel that is new and has nothing saved: it need not ask and wait. */
  welcome(start: Start): Promise<void>;
  /** The image is open (again): replaces all that `start` said of it. */
  opened(image: OpenedImage): Promise<void>;
  progress(progress: Progress): Promise<void>;
  /** Layers of which more is known: replaces those with the same index. */
  layersChanged(change: { readonly layers: readonly LayerRow[]; readonly totals: ImageTotals }): Promise<void>;
  /** More layers were read: tables, treemap and waste are to be asked for again; `show` keeps what was open. */
  contentChanged(change: Nothing): Promise<void>;
  /** Something failed as a whole. */
  failed(failure: Failure): Promise<void>;
  /** The cursor stands on the instruction of a layer in the Dockerfile. */
  selectLayer(selection: { readonly layer: number }): Promise<void>;
  /** A comparison is there, or has changed its sides, or (absent) is gone; the session to be kept knows of it. */
  compared(change: { readonly session: Session; readonly comparison?: Comparison }): Promise<void>;
}

/** `files`: the image. `compare`: the two images, merged. */
export type Table = 'files' | 'compare';

/** No argument: messages are objects, so that fields can be added. */
export type Nothing = Readonly<Record<string, never>>;

/** A part of a list. More than {@link limits} allows is cut; what is beyond the end is left out. */
export interface Window {
  readonly from: number;
  readonly count: number;
}

/** A path by its number. Fails with `stale` where nodes have been numbered anew since `tree`. */
export interface NodeOf {
  readonly table: Table;
  readonly tree: number;
  readonly node: number;
}

/** Which image's file in a comparison; the second without it. */
export interface FileSide {
  readonly side?: 'first' | 'second';
}

/**
 * - `stale`: the tree was made anew; `show` again.
 * - `unready`: nothing is there yet (the image is not open, there is no comparison).
 * - `invalid`: the call makes no sense; a mistake of the page.
 * - `cancelled`: by the caller's signal, or because the panel was closed.
 * - `failed`: anything else; the message is a sentence for people.
 */
export type ErrorCode = 'stale' | 'unready' | 'invalid' | 'cancelled' | 'failed';

/** How much a message may hold at most. With the longest texts a message stays below {@link limits.messageBytes} as JSON. */
export const limits = {
  rows: 128,
  layers: 128,
  findings: 128,
  treemapCells: 1200,
  /** UTF-16 units of a name, a path, an instruction's beginning in a list. */
  text: 512,
  /** UTF-16 units of a problem or an advice in a list. */
  sentence: 256,
  /** UTF-16 units of one whole text that was asked for by itself. */
  longText: 100_000,
  openPaths: 200,
  messageBytes: 1_000_000,
} as const;

/** How a panel finds its image again after a reload. */
export type ImagePlace =
  | {
      readonly kind: 'reference';
      readonly reference: string;
      /** `os/arch`; absent for the usual one. */
      readonly platform?: string;
      /** Where it is to be looked for; first the engine, then the registry without it. */
      readonly source?: 'engine' | 'registry';
    }
  | {
      readonly kind: 'archive' | 'layout';
      /** URI of the file or folder. */
      readonly uri: string;
      /** Which image of several. */
      readonly reference?: string;
      readonly platform?: string;
    };

/** What of a panel outlives hiding and reload. Made by the page; `place` and the others that it does not know as it got them. */
export interface SavedState {
  readonly version: 1;
  readonly session: Session;
  readonly tab?: 'files' | 'treemap' | 'waste' | 'compare';
  readonly selectedLayer?: number;
  readonly baseFolded?: boolean;
  readonly files?: SavedTable;
  readonly compare?: SavedTable;
  /** Path of the directory that the treemap is zoomed to. */
  readonly treemapPath?: string;
  /** CSS pixels that the user gave columns, by their ids. */
  readonly columnWidths?: Readonly<Partial<Record<'files' | 'compare' | 'waste', Readonly<Record<string, number>>>>>;
  /** CSS pixels that the user gave the layers' pane: its width beside what they hold, its height above it in a narrow page. */
  readonly layersPane?: { readonly width?: number; readonly height?: number };
}

/** The host's part of what is saved: the page keeps it as it is, always the latest that it got. */
export interface Session {
  readonly place: ImagePlace;
  readonly comparedWith?: ImagePlace;
  /** URI of the Dockerfile that the panel belongs to. */
  readonly dockerfile?: string;
}

export interface SavedTable extends TableQuery {
  /** Paths of open directories. */
  readonly open: readonly string[];
  /** Path of the selected row. */
  readonly selected?: string;
}

export interface Start {
  readonly strings: PageStrings;
  /** BCP 47, for numbers and dates. */
  readonly locale: string;
  readonly session: Session;
  /** Absent while the image is being opened. */
  readonly image?: OpenedImage;
  readonly progress: Progress;
  readonly failure?: Failure;
  readonly comparison?: Comparison;
  /** What was saved, where the host took it over (open directories are open again). */
  readonly saved?: SavedState;
}

export interface OpenedImage {
  readonly session: Session;
  /** What the image is called, for the heading. */
  readonly title: string;
  readonly reference?: string;
  readonly source: ImageSourceKind;
  readonly platform: string;
  readonly imageId: string;
  readonly layerCount: number;
  /** How many layers from the bottom are the base's; its name where one is known. */
  readonly baseLayers: number;
  readonly baseReference?: string;
  /** True where a Dockerfile is known, so that lines can be gone to. */
  readonly hasDockerfile: boolean;
  /** The first {@link limits.layers} layers. */
  readonly layers: readonly LayerRow[];
  readonly totals: ImageTotals;
  readonly problems: readonly ProblemRow[];
  /** How many there are. */
  readonly problemCount: number;
}

/** Sums over the layers that are known so far. Absent is unknown, not 0. */
export interface ImageTotals {
  readonly onDiskBytes?: number;
  readonly downloadBytes?: number;
  /** What is known once all layers have been read. */
  readonly finalBytes?: number;
  readonly wastedBytes?: number;
  readonly removableBytes?: number;
  readonly entries?: number;
  /** 0 to 1. */
  readonly efficiency?: number;
  /** As dive has it. */
  readonly dive?: { readonly efficiency: number; readonly wastedBytes: number };
  /** The greatest `onDiskBytes` of a layer, the scale of the bars. */
  readonly largestLayerBytes: number;
}

export interface LayerRow {
  readonly index: number;
  /** `RUN`, `COPY`, …; absent where the history does not tell. */
  readonly keyword?: string;
  /** The arguments, or whatever the history says; at most {@link limits.text} units, on one line. */
  readonly text: string;
  /** True where `instruction` has more. */
  readonly isCut: boolean;
  /** How sure it is that this instruction made the layer; `squashed`: several did. */
  readonly certainty: 'exact' | 'inferred' | 'squashed' | 'unknown';
  readonly fromBase: boolean;
  readonly diffId?: string;
  /** Bytes of the uncompressed layer. */
  readonly onDiskBytes?: number;
  readonly downloadBytes?: number;
  /** These three once it was read. */
  readonly fileBytes?: number;
  readonly wastedBytes?: number;
  readonly entries?: number;
  /** One-based line in the Dockerfile. */
  readonly line?: number;
  readonly state: 'waiting' | 'reading' | 'read' | 'failed';
  /** Why it failed, or what is wrong with it. */
  readonly problem?: string;
}

export interface LayerWindow {
  readonly from: number;
  readonly layers: readonly LayerRow[];
}

export interface ProblemRow {
  readonly layer?: number;
  readonly message: string;
}

export interface Progress {
  /**
   * `open`: the image is looked for. `prepare`: the engine gathers, or a compressed archive is read. `read`: layers are read.
   * `done`, `stopped` (by the user) and `failed` are the ends.
   */
  readonly phase: 'open' | 'prepare' | 'read' | 'done' | 'stopped' | 'failed';
  readonly bytes: number;
  readonly totalBytes?: number;
  readonly layersRead: number;
  readonly layerCount: number;
}

export interface Failure {
  /** The step that failed. */
  readonly step: 'open' | 'read' | 'compare';
  /** A sentence for people. */
  readonly message: string;
  /** What can be done, the likeliest first. */
  readonly offers: readonly ('retry' | 'choose-source')[];
}

export interface FindingWindow<F> {
  readonly from: number;
  /** How many there are. */
  readonly total: number;
  readonly findings: readonly F[];
}

export interface WasteFinding {
  readonly cause: WasteCause;
  /** At most {@link limits.text} units. */
  readonly path: string;
  readonly bytes: number;
  /** The layer that ships the bytes, and the one that wastes them. */
  readonly layer: number;
  readonly byLayer: number;
  /** One-based line of the instruction that wastes them. */
  readonly line?: number;
}

export interface RemovableFinding {
  /** Kebab-case. */
  readonly kind: string;
  readonly title: string;
  readonly path: string;
  readonly bytes: number;
  readonly entries: number;
  readonly layer: number;
  readonly line?: number;
  readonly fromBase: boolean;
  readonly safety: Safety;
  readonly why: string;
  readonly advice: string;
}

/** `shippedBytes` = `finalBytes` + `wastedBytes`. What is removable is part of `finalBytes`. */
export interface WasteTotals {
  readonly shippedBytes: number;
  readonly finalBytes: number;
  readonly wastedBytes: number;
  readonly removableBytes: number;
  readonly efficiency: number;
  /** Absent until all layers have been read. */
  readonly dive?: { readonly efficiency: number; readonly wastedBytes: number };
  /** False while layers are still to be read, or could not be. */
  readonly complete: boolean;
  /** Of the wasted bytes by cause, the largest first; they add up to `wastedBytes`. */
  readonly causes: readonly { readonly cause: WasteCause; readonly bytes: number; readonly findings: number }[];
}

/** Two images beside each other; "added" is what only the second has. */
export interface Comparison {
  readonly first: ComparedImage;
  readonly second: ComparedImage;
  /** Paths and bytes by what became of them. Directories are not counted. */
  readonly totals: readonly {
    readonly change: Change;
    readonly paths: number;
    /** In the first image (none for `added`), and in the second (none for `removed`). */
    readonly firstBytes: number;
    readonly secondBytes: number;
  }[];
  readonly sharedLayers: number;
  readonly sharedBytes: number;
  readonly layerCount: number;
}

export interface ComparedImage {
  readonly title: string;
  readonly platform: string;
  readonly source: ImageSourceKind;
  readonly layerCount: number;
  readonly onDiskBytes?: number;
  readonly downloadBytes?: number;
  readonly finalBytes: number;
}

/** A layer of either image, shared ones once; from base to top, those of the first before those of the second. */
export interface ComparedLayer {
  readonly side: 'both' | 'first' | 'second';
  readonly first?: number;
  readonly second?: number;
  readonly keyword?: string;
  readonly text: string;
  readonly onDiskBytes?: number;
}

export interface ComparedLayerWindow {
  readonly from: number;
  readonly total: number;
  readonly layers: readonly ComparedLayer[];
}

export type { Change, Filter, Row, RowWindow, Scope, Sort, TableQuery, TableSummary, Treemap };
