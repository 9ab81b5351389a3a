import { SourceError } from '../error.ts';
import { isFileError } from './fileError.ts';

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

/** The problem that an error is, where it is one of a layer's bytes; undefined for what is none, which is a mistake of ours. */
export function layerProblem(error: unknown): { readonly code: string; readonly message: string } | undefined {
  if (error instanceof LayerError || error instanceof SourceError) return { code: error.code, message: error.message };
  if (isFileError(error)) return { code: 'unreadable', message: `A file cannot be read (${error.code}).` };
  return undefined;
}
