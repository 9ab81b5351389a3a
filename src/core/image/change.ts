/**
 * What became of a path: in a layer, beside the layers below it; in a comparison, from the first image to the second.
 * `same` is also what has no change of its own (a directory that only holds changed things). `metadata`: the content is
 * the same as far as can be told, and owner, mode, extended attributes or a link are not. `time`: only the time differs.
 */
export const changes = ['same', 'added', 'changed', 'metadata', 'time', 'removed'] as const;
export type Change = (typeof changes)[number];

/** The numbers under which changes stand in columns: their places in {@link changes}. */
export const ChangeCode = { same: 0, added: 1, changed: 2, metadata: 3, time: 4, removed: 5 } as const satisfies Record<
  Change,
  number
>;
