import { SourceError } from '../error.ts';
import type { Answer } from './transport.ts';

/**
 * A whole body of at most `limit` bytes. More is refused as soon as it is announced or has come: a registry may not
 * make us hold what it likes. Throws a `SourceError` (`invalid`) then.
 */
export async function readWhole(answer: Answer, limit: number, what: string): Promise<Uint8Array> {
  const announced = Number(answer.headers['content-length'] ?? 0);
  if (announced > limit) {
    answer.close();
    throw tooLong(answer, limit, what);
  }
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of answer.body) {
    length += chunk.length;
    if (length > limit) throw tooLong(answer, limit, what);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/**
 * Reads what is left of an answer that nobody wants, so that its connection can be used again; a long one is cut off.
 * Whatever happens on the way is of no interest.
 */
export async function discard(answer: Answer): Promise<void> {
  if (Number(answer.headers['content-length'] ?? 0) > discardLimit) {
    answer.close();
    return;
  }
  let length = 0;
  try {
    for await (const chunk of answer.body) {
      length += chunk.length;
      if (length > discardLimit) return;
    }
  } catch {
    // The status, which is all that mattered, is known already; a cancel is seen by the next call that looks.
    answer.close();
  }
}

const discardLimit = 65_536;

function tooLong(answer: Answer, limit: number, what: string): SourceError {
  return new SourceError('invalid', `${answer.url.host} sends ${what} of more than ${limit} bytes.`);
}
