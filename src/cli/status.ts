/** Exit statuses, as programs depend on them. */
export const Status = {
  done: 0,
  /** A budget exceeded, or a refactor refused. */
  refused: 1,
  /** Wrong usage, or input that cannot be read. */
  usage: 2,
  /** A source (engine, registry) could not be reached. */
  unreachable: 3,
  interrupted: 130,
} as const;
export type Status = (typeof Status)[keyof typeof Status];

/** Wrong usage or unreadable input: one sentence that says what, where and what to do. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
