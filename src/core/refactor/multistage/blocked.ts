import { type Refusal, refusal } from '../refactoring.ts';

/** Thrown where a conversion finds that it must not be made; caught by `convert.ts`, so that it never leaves this folder. */
export class Blocked extends Error {
  readonly refusal: Refusal;

  constructor(reason: Refusal) {
    super(reason.message);
    this.refusal = reason;
  }
}

/** Gives up: the file is left alone for a reason that its author can read. */
export function block(
  code: string,
  message: string,
  where: { readonly line?: number | undefined; readonly unblock?: string } = {},
): never {
  throw new Blocked(refusal(code, message, where));
}
