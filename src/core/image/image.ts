import type { Platform } from '../base/baseSize.ts';
import type { LayerIndex } from './layerIndex.ts';

/** What is known of an image before one byte of a layer is read: its config and manifest, decoded and joined. */
export interface ImageInfo {
  /** As asked for, or the name that an archive gives. */
  readonly reference?: string;
  readonly platform: Platform;
  /** Digest of the config, `sha256:…`. */
  readonly imageId: string;
  /** From base to top. */
  readonly layers: readonly LayerInfo[];
  readonly history: readonly HistoryEntry[];
  readonly config: ImageConfig;
}

export interface LayerInfo {
  readonly index: number;
  /** Digest of the uncompressed tar; absent where the config lists fewer diff ids than the manifest layers. */
  readonly diffId?: string;
  /** Digest of the blob as it is stored or sent, where there is such a blob. */
  readonly digest?: string;
  readonly mediaType?: string;
  /** Bytes of the compressed blob, where the source has one. */
  readonly downloadBytes?: number;
  /** Bytes of the uncompressed tar, where the source says so before reading. */
  readonly onDiskBytes?: number;
}

export interface HistoryEntry {
  readonly created?: string;
  readonly createdBy?: string;
  readonly comment?: string;
  readonly author?: string;
  /** True for an instruction that made no layer (`ENV`, `CMD`, …). */
  readonly emptyLayer: boolean;
}

export interface ImageConfig {
  readonly user?: string;
  readonly env: readonly string[];
  readonly entrypoint?: readonly string[];
  readonly cmd?: readonly string[];
  readonly workingDir?: string;
  readonly exposedPorts: readonly string[];
  readonly volumes: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly stopSignal?: string;
  readonly healthcheck?: readonly string[];
  readonly shell?: readonly string[];
  readonly onBuild: readonly string[];
}

export type ImageSourceKind = 'engine' | 'registry' | 'archive' | 'layout';

/** What is wrong with an image or one of its layers; the healthy rest is still shown. */
export interface ImageProblem {
  /** Index of the layer; absent for the image as a whole. */
  readonly layer?: number;
  /**
   * Kebab-case: `corrupt-tar`, `corrupt-compression`, `truncated`, `unsafe-path`, `dangling-link`, `wrong-digest`,
   * `missing-layer`, `too-few-diff-ids`, `missing-config`, `unknown-compression`, `limit`, `unreadable` (the file system
   * says no), `worker-failed`; or the code of the `SourceError` that a layer met.
   */
  readonly code: string;
  /** One sentence: what, where. */
  readonly message: string;
}

export interface ReadProgress {
  /** `prepare` (the engine gathers), `read` (layers), `done`. */
  readonly phase: 'prepare' | 'read' | 'done';
  readonly layer?: number;
  readonly bytes: number;
  /** Absent where the total is not known. */
  readonly totalBytes?: number;
}

/**
 * An image that a source has opened: what is known at once, and its layers on demand. Every source (engine, registry,
 * archive, layout) implements it, and one contract suite tests them all.
 */
export interface OpenImage extends AsyncDisposable {
  readonly source: ImageSourceKind;
  readonly info: ImageInfo;
  /** Problems found while opening (a missing layer, too few diff ids). */
  readonly problems: readonly ImageProblem[];
  /**
   * Reads every layer once, in whatever order is quickest for the source, and hands each index over as soon as it is
   * complete. A layer that cannot be read gives a problem instead and costs that layer only. Throws the signal's reason
   * when cancelled, a `SourceError` when the source as a whole fails.
   */
  readLayers(on: LayerEvents, signal: AbortSignal): Promise<void>;
  /**
   * The bytes of one regular file, at most `limit` of them, by the entry's place in its layer.
   * Reads again what it must; throws a `SourceError` where it cannot.
   */
  readFile(layer: number, entry: number, limit: number, signal: AbortSignal): Promise<Uint8Array>;
}

export interface LayerEvents {
  layer(index: number, content: LayerIndex): void;
  problem(problem: ImageProblem): void;
  progress?(progress: ReadProgress): void;
}
