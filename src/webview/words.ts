import type { RowKind } from '../core/explorer/rows.ts';
import type { ImageSourceKind } from '../core/image/image.ts';
import type { WasteCause } from '../core/image/stackedTree.ts';
import type { Change } from '../protocol/explorer.ts';
import type { PageStrings } from '../protocol/strings.ts';

type Word = keyof PageStrings;

/** The words for what the protocol has names for. Each table lacks no name, or it does not compile. */
export const changeWords: Readonly<Record<Change, Word>> = {
  same: 'changeSame',
  added: 'changeAdded',
  changed: 'changeChanged',
  metadata: 'changeMetadata',
  time: 'changeTime',
  removed: 'changeRemoved',
};

export const kindWords: Readonly<Record<RowKind, Word>> = {
  file: 'kindFile',
  directory: 'kindDirectory',
  symlink: 'kindSymlink',
  device: 'kindDevice',
  fifo: 'kindFifo',
};

/** What a later layer did to a path; `{0}` is that layer. */
export const fateWords: Readonly<Record<WasteCause, Word>> = {
  overwritten: 'fateOverwritten',
  deleted: 'fateDeleted',
  'metadata-only': 'fateMetadataOnly',
  opaque: 'fateOpaque',
  replaced: 'fateReplaced',
};

export const causeWords: Readonly<Record<WasteCause, Word>> = {
  overwritten: 'causeOverwritten',
  deleted: 'causeDeleted',
  'metadata-only': 'causeMetadataOnly',
  opaque: 'causeOpaque',
  replaced: 'causeReplaced',
};

export const causeAdvice: Readonly<Record<WasteCause, Word>> = {
  overwritten: 'adviceOverwritten',
  deleted: 'adviceDeleted',
  'metadata-only': 'adviceMetadataOnly',
  opaque: 'adviceOpaque',
  replaced: 'adviceReplaced',
};

export const sourceWords: Readonly<Record<ImageSourceKind, Word>> = {
  engine: 'sourceEngine',
  registry: 'sourceRegistry',
  archive: 'sourceArchive',
  layout: 'sourceLayout',
};
