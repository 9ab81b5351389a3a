/**
 * Why one layer, and only that layer, cannot be read. Becomes an `ImageProblem`, so `code` is one of its codes:
 * `corrupt-tar`, `corrupt-compression`, `truncated`, `wrong-digest`, `missing-layer`, `unknown-compression`, `limit`,
 * `unreadable` (the file system says no), `worker-failed`.
 */
export class LayerError extends Error {
  override readonly name = 'LayerError';
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
