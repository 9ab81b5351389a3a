import type { NoSize, NoSizeCode } from '../core/base/baseSize.ts';

/**
 * What went wrong in a source. The codes of {@link NoSizeCode}, and what only a reader of layers meets:
 * - `wrong-digest`: the bytes are not those that the digest names.
 * - `truncated`: the bytes ended too early, and asking again did not help.
 * - `unsupported`: a valid thing of a kind that Plimsoll does not read.
 */
export type SourceErrorCode = NoSizeCode | 'wrong-digest' | 'truncated' | 'unsupported';

const mark: unique symbol = Symbol.for('plimsoll.SourceError');

/**
 * The one error that sources throw. Its message is one sentence for people, without secrets and without the query of
 * any URL (redirects carry signatures there). Cancelling is not an error: then the signal's own reason is thrown.
 */
export class SourceError extends Error {
  readonly code: SourceErrorCode;
  readonly [mark] = true;

  constructor(code: SourceErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'SourceError';
    this.code = code;
  }

  /** By the mark: each bundle that is loaded later has a class of its own, and its errors are source errors all the same. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return this === SourceError ? isSourceError(value) : Function.prototype[Symbol.hasInstance].call(this, value);
  }
}

/** True for an error of a source, whichever bundle it comes from. */
export function isSourceError(error: unknown): error is SourceError {
  return error instanceof Error && mark in error;
}

const sizeCodes: Readonly<Record<SourceErrorCode, NoSizeCode>> = {
  absent: 'absent',
  unavailable: 'unavailable',
  platform: 'platform',
  denied: 'denied',
  limited: 'limited',
  timeout: 'timeout',
  invalid: 'invalid',
  network: 'network',
  'wrong-digest': 'invalid',
  truncated: 'network',
  unsupported: 'invalid',
};

/** The answer of a size source for an error that it met. Rethrows what is no `SourceError`: that is a bug or a cancel. */
export function noSizeFor(error: unknown): NoSize {
  if (!isSourceError(error)) throw error;
  return { code: sizeCodes[error.code], message: error.message };
}
