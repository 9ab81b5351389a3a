/** How long a text that is typed in a list goes on, in milliseconds. */
export const typeAheadPause = 800;

/** A text that is being typed to find a row. */
export interface TypeAhead {
  readonly text: string;
  /** Milliseconds; when its last key was pressed. */
  readonly at: number;
}

/** True while another key goes on with the text. */
export function isTyping(typed: TypeAhead | undefined, now: number): boolean {
  return typed !== undefined && now - typed.at < typeAheadPause;
}

/**
 * The text with another key. The same letter again and again stays one letter: it goes from one row that begins with it
 * to the next, as in file managers.
 */
export function typeAhead(typed: TypeAhead | undefined, key: string, now: number): TypeAhead {
  if (!typed || !isTyping(typed, now)) return { text: key, at: now };
  return { text: typed.text === key ? key : typed.text + key, at: now };
}

/** From where to look on: a longer text may still fit the row that is selected, a new one looks for the next. */
export function searchFrom(typed: TypeAhead, selected: number, rowCount: number): number {
  if (selected < 0) return Math.max(0, rowCount - 1);
  return typed.text.length > 1 ? (selected + rowCount - 1) % Math.max(1, rowCount) : selected;
}
