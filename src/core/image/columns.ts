type Column = Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer> | Uint32Array<ArrayBuffer> | Float64Array<ArrayBuffer>;

/** A column's first `count` elements: itself, where it has no more. */
export function cut<T extends Column>(column: T, count: number): T {
  return column.length === count ? column : (column.slice(0, count) as T);
}

/** A copy of a column with room for `needed` elements and more: twice the room while it is small, half as much again later. */
export function grown<T extends Column>(column: T, needed: number): T {
  const ample = Math.ceil(column.length * (column.length < 100_000 ? 2 : 1.5));
  const larger = new (column.constructor as new (length: number) => T)(Math.max(needed, ample));
  larger.set(column);
  return larger;
}
