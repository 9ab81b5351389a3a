import { SourceError } from '../error.ts';

/** An error of the file system, with its code (`ENOENT`, `EACCES`, `EIO`, …). */
export function isFileError(error: unknown): error is NodeJS.ErrnoException & { readonly code: string } {
  return error instanceof Error && 'syscall' in error && 'code' in error && typeof error.code === 'string';
}

/** What a source throws for an error of the file system; other errors come back as they are. */
export function asSourceError(error: unknown, path: string): unknown {
  if (!isFileError(error)) return error;
  switch (error.code) {
    case 'ENOENT':
      return new SourceError('absent', `${path} does not exist.`, { cause: error });
    case 'EACCES':
    case 'EPERM':
      return new SourceError('denied', `${path} may not be read by this user.`, { cause: error });
    default:
      return new SourceError('unavailable', `${path} cannot be read (${error.code}).`, { cause: error });
  }
}
