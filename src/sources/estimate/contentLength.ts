/** A server that takes longer tells nothing that anybody waits for. Milliseconds. */
const patience = 10_000;

/**
 * How long the answer to an address would be, without fetching it. Undefined where the server does not say, cannot be
 * reached or wants a login; throws only the signal's reason.
 */
export async function contentLength(url: string, signal: AbortSignal): Promise<number | undefined> {
  try {
    const both = AbortSignal.any([signal, AbortSignal.timeout(patience)]);
    // Compressed on the way, the length would be another one.
    const headers = { 'accept-encoding': 'identity' };
    const answer = await fetch(url, { method: 'HEAD', headers, signal: both });
    const length = answer.headers.get('content-length');
    return answer.ok && length !== null && /^\d+$/.test(length) ? Number(length) : undefined;
  } catch {
    signal.throwIfAborted();
    return undefined; // Not there, not reached, not in time: then its length is not known.
  }
}
