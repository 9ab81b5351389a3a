import type { ImageConfig } from '../image/image.ts';
import { Claims } from './claims.ts';
import type { Detector, FinalTree, Safety, Scene } from './detector.ts';
import { detectors } from './detectors.ts';
import { indexNames } from './nameIndex.ts';
import { readStartCommand } from './startCommand.ts';

/** Files of one kind, at one place, shipped by one layer: what `plimsoll image --json` prints under `removable`. */
export interface RemovableRow {
  /** The id of the detector. */
  readonly kind: string;
  readonly title: string;
  readonly path: string;
  /** What the final file system loses with them. A file with several hard links counts once, and only if all its names go. */
  readonly bytes: number;
  /** Files, links and devices; directories do not count. */
  readonly entries: number;
  /** The layer that ships them. */
  readonly layer: number;
  readonly fromBase: boolean;
  readonly safety: Safety;
  readonly why: string;
  readonly advice: string;
}

export interface Removable {
  /** The largest first; rows do not overlap, and their bytes add up to no more than the final file system has. */
  readonly rows: readonly RemovableRow[];
  readonly bytes: number;
  /** For each node 0, or one more than the index of its row's detector in `detectors`. */
  readonly kindOf: Uint8Array;
}

export interface RemovableOptions {
  readonly config: ImageConfig;
  /** How many layers, from the bottom, are the base's. */
  readonly baseLayers: number;
  /**
   * A digest of a regular file's content, where one is at hand. It is asked only for `duplicateCandidates`; without it no
   * duplicates are reported.
   */
  readonly contentHash?: (node: number) => string | undefined;
  /** The detectors to run, in the order in which they claim. All by default. */
  readonly detectors?: readonly Detector[];
}

/** Runs the detectors over a final file system. One walk over the tree, and one over what is claimed. */
export function findRemovable(tree: FinalTree, options: RemovableOptions): Removable {
  const run = options.detectors ?? detectors;
  const index = indexNames(
    tree,
    run.flatMap((detector) => (detector.looksFor ? [detector.looksFor] : [])),
  );
  const claims = new Claims(tree);
  const scene: Omit<Scene, 'claim'> = {
    tree,
    config: options.config,
    start: readStartCommand(options.config),
    named: (name) => index.named(name),
    ending: (ending) => index.ending(ending),
    beginning: (beginning) => index.beginning(beginning),
    contentHash: (node) => options.contentHash?.(node),
    canHash: options.contentHash !== undefined,
    isClaimed: (node) => claims.isClaimed(node),
  };
  run.forEach((detector, number) => {
    detector.detect({ ...scene, claim: (nodes, finding) => claims.add(number, nodes, finding) });
  });
  const rows = claims.rows(run, options.baseLayers);
  return { rows, bytes: rows.reduce((sum, row) => sum + row.bytes, 0), kindOf: claims.kindOf };
}
