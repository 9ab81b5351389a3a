import { dockerHub, familiarName, type Reference } from '../../core/base/reference.ts';
import { SourceError } from '../error.ts';
import type { InspectAnswer } from './answers.ts';
import type { EngineConnection } from './connection.ts';

/**
 * The engine's image for a reference. Throws a `SourceError` (`absent` where the engine does not have it), or the
 * signal's reason.
 */
export async function findImage(
  connection: EngineConnection,
  reference: Reference,
  signal: AbortSignal,
): Promise<InspectAnswer> {
  for (const name of namesFor(reference, connection.about.product)) {
    const image = await unlessAbsent(connection.inspect(name, signal));
    if (image) return image;
  }
  if (reference.digest !== undefined) {
    const id = await idByDigest(connection, reference.digest, signal);
    const image = id === undefined ? undefined : await unlessAbsent(connection.inspect(id, signal));
    if (image) return image;
  }
  throw new SourceError('absent', `The local engine does not have ${familiarName(reference)}.`);
}

/** What the engine may know the image by. A digest says all: an engine looks at no tag beside it. */
function namesFor(reference: Reference, product: 'Docker' | 'Podman'): string[] {
  const suffix = reference.digest !== undefined ? `@${reference.digest}` : `:${reference.tag ?? 'latest'}`;
  const names = [`${reference.domain}/${reference.path}${suffix}`];
  // What `podman build --tag app` made is `localhost/app`, and that is what its `FROM app` finds.
  const short = /^library\/(.+)$/.exec(reference.path)?.[1];
  if (product === 'Podman' && reference.domain === dockerHub && short !== undefined) {
    names.push(`localhost/${short}${suffix}`);
  }
  return names;
}

/** The same digest under another name (a mirror's, say) is the same image. */
async function idByDigest(
  connection: EngineConnection,
  digest: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const images = await connection.images(signal);
  return images.find((image) => image.RepoDigests.some((name) => name.endsWith(`@${digest}`)))?.Id;
}

async function unlessAbsent<T>(promise: Promise<T>): Promise<T | undefined> {
  try {
    return await promise;
  } catch (error) {
    if (error instanceof SourceError && error.code === 'absent') return undefined;
    throw error;
  }
}
