import { Verifier } from '../registry/content.ts';

/** Passes `chunks` on. After the last one, throws a `SourceError` `wrong-digest` if they are not what `digest` names. */
export async function* verified(chunks: AsyncIterable<Uint8Array>, digest: string): AsyncGenerator<Uint8Array> {
  const verifier = new Verifier(digest);
  for await (const chunk of chunks) {
    verifier.update(chunk);
    yield chunk;
  }
  verifier.verify(digest);
}
