import { EntryKind } from '../image/layerIndex.ts';
import { rowKinds } from './rows.ts';

/** For each kind of entry the index of its kind of row in `rowKinds`. */
export const kindCodes: readonly number[] = (() => {
  const codes: number[] = [];
  const code = (name: (typeof rowKinds)[number]): number => rowKinds.indexOf(name);
  codes[EntryKind.file] = codes[EntryKind.hardlink] = codes[EntryKind.metadata] = code('file');
  codes[EntryKind.directory] = code('directory');
  codes[EntryKind.symlink] = code('symlink');
  codes[EntryKind.characterDevice] = codes[EntryKind.blockDevice] = code('device');
  codes[EntryKind.fifo] = code('fifo');
  return codes;
})();
