import { isSourceError, SourceError } from '../error.ts';
import type { Repository } from './authorizer.ts';
import type { RegistryClient } from './client.ts';
import { Verifier } from './content.ts';
import { pause } from './pause.ts';
import type { Answer } from './transport.ts';

/** Failures in a row, without a byte in between, after which a blob is given up. */
const maxFailures = 4;
/** Before the second try, in milliseconds; each further wait is twice as long. */
const defaultWaitMs = 300;

/**
 * Streams a blob of `size` bytes. A connection that drops is taken up again where it ended (by a range; a registry that
 * knows no ranges sends the beginning again, which is passed over). The bytes are checked against the digest as they go: a consumer must
 * hold them for unverified until the end, where `wrong-digest` is thrown for a blob that is not the one asked for.
 * Throws a `SourceError` else, or the signal's reason. Not reading on holds the server back; leaving the loop ends it.
 */
export async function* openBlob(
  client: RegistryClient,
  repository: Repository,
  blob: { readonly digest: string; readonly size: number },
  signal: AbortSignal,
  firstWaitMs = defaultWaitMs,
): AsyncGenerator<Uint8Array, void, undefined> {
  const what = `A layer of ${repository.domain}/${repository.path}`;
  const verifier = new Verifier(blob.digest);
  let received = 0;
  let failures = 0;
  while (received < blob.size) {
    try {
      for await (const chunk of readFrom(client, repository, blob, received, signal)) {
        received += chunk.length;
        failures = 0;
        if (received > blob.size) throw new SourceError('wrong-digest', `${what} is longer than its manifest says.`);
        verifier.update(chunk);
        yield chunk;
      }
      if (received < blob.size) throw new SourceError('truncated', `${what} ends too early.`);
    } catch (error) {
      if (!isSourceError(error) || !['network', 'truncated', 'timeout'].includes(error.code)) throw error;
      failures++;
      if (failures === maxFailures) throw error;
      await pause(firstWaitMs * 2 ** (failures - 1), signal);
    }
  }
  verifier.verify(what);
}

async function* readFrom(
  client: RegistryClient,
  repository: Repository,
  blob: { readonly digest: string },
  start: number,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  const answer = await client.send({
    repository,
    method: 'GET',
    resource: `blobs/${blob.digest}`,
    headers: start === 0 ? {} : { range: `bytes=${start}-` },
    streamed: true,
    signal,
  });
  try {
    let passOver = start - startOf(answer);
    if (passOver < 0) throw new SourceError('invalid', `${repository.domain} sends another part than was asked for.`);
    for await (const chunk of answer.body) {
      const rest = chunk.subarray(Math.min(passOver, chunk.length));
      passOver -= chunk.length - rest.length;
      if (rest.length > 0) yield rest;
    }
  } finally {
    answer.close();
  }
}

/** The place in the blob at which an answer begins. */
function startOf({ status, headers }: Answer): number {
  return status === 206 ? Number(/^bytes (\d+)-/.exec(headers['content-range'] ?? '')?.[1] ?? 0) : 0;
}
