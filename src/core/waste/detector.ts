import type { ImageConfig } from '../image/image.ts';
import type { StringTable } from '../image/layerIndex.ts';
import type { StartCommand } from './startCommand.ts';

/**
 * What detectors need of an image's stacked final file system. A node is a number below `count`; node 0 is the root. Only
 * what is in the final file system can be reached. Text is made only for what is asked: images have a million nodes.
 */
export interface FinalTree {
  readonly count: number;
  /** What is in a directory, in the same order whenever the same image is read; empty for anything else. */
  children(node: number): Uint32Array;
  /** The parent of any node but the root. */
  parent(node: number): number;
  /** Index into `names`. */
  name(node: number): number;
  readonly names: StringTable;
  nameText(node: number): string;
  /** Absolute. */
  path(node: number): string;
  /** The node of an absolute path; -1 where there is none. Symbolic links are not followed. */
  find(path: string): number;
  /** The node of a relative path below a node; -1 where there is none. */
  below(node: number, path: string): number;
  isDirectory(node: number): boolean;
  isFile(node: number): boolean;
  /** Content length of a regular file, whichever of its names the node is; 0 for everything else. */
  size(node: number): number;
  /** The layer that ships the node's content. */
  layer(node: number): number;
  /** The file that the node is a name of: equal for two hard links of one file. -1 where a file has one name only. */
  linkGroup(node: number): number;
  /** How many names a file with several of them has in the final file system. */
  linkCount(group: number): number;
}

/** `safe`: nothing that the image starts can need it. `check`: it may be needed; `why` says by what. */
export type Safety = 'safe' | 'check';

/** A kind of files that are in the final file system and should not be. One file per detector, named after its id. */
export interface Detector {
  /** Kebab-case; the `kind` of the rows that programs read. */
  readonly id: string;
  /** A noun phrase: `Package lists of apt`. */
  readonly title: string;
  /** Why it should not be there, and what makes it safe to remove: one sentence, or two. */
  readonly why: string;
  /** The names by which the one walk over the tree collects nodes for this detector. */
  readonly looksFor?: Interests;
  /** True where a finding matters although it has no bytes. */
  readonly evenEmpty?: boolean;
  detect(scene: Scene): void;
}

export interface Interests {
  /** Whole names: `.git`. */
  readonly names?: readonly string[];
  /** Endings from their last dot: `.pyc`. */
  readonly endings?: readonly string[];
  readonly beginnings?: readonly string[];
}

/** What a detector sees, and where it says what it found. */
export interface Scene {
  readonly tree: FinalTree;
  readonly config: ImageConfig;
  readonly start: StartCommand;
  /** The nodes with a name that the detector looks for, in the order of the walk. */
  named(name: string): readonly number[];
  ending(ending: string): readonly number[];
  beginning(beginning: string): readonly number[];
  /** A digest of a regular file's content, where the caller of the detectors has one. */
  contentHash(node: number): string | undefined;
  /** False where it has none at all: then nobody need look for candidates. */
  readonly canHash: boolean;
  /** True where an earlier detector, or this one, has the node already. */
  isClaimed(node: number): boolean;
  /** Claims nodes with all that is below them, except what is claimed already and what `finding.keep` holds back. */
  claim(nodes: number | readonly number[], finding: Finding): void;
}

export interface Finding {
  /** Where people look for it; the path of the first node if absent. */
  readonly path?: string;
  readonly safety: Safety;
  /** What to do in the Dockerfile: one sentence. */
  readonly advice: string;
  /** In place of the detector's own reason. */
  readonly why?: string;
  /** Names of files that stay although they are below a claimed node. */
  readonly keep?: RegExp;
}
