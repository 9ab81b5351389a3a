import { SourceError } from '../error.ts';
import { mayBePlain } from './endpoint.ts';
import { discard } from './readAnswer.ts';
import type { Answer, Exchange, Transport } from './transport.ts';

const redirecting: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
const maxRedirects = 5;

/**
 * One exchange with the redirects that it leads to (blobs are often kept elsewhere). `Authorization` stays behind when a
 * redirect leaves the origin and is not taken up again on the way back; a redirect never leads from https to http, nor to
 * plain http where that is not allowed. Throws a `SourceError` (`invalid`) for such a redirect and for too many.
 */
export async function follow(
  transport: Transport,
  exchange: Exchange,
  insecure: readonly string[],
): Promise<{ readonly answer: Answer; readonly leftOrigin: boolean }> {
  let current = exchange;
  let leftOrigin = false;
  for (let hop = 0; hop <= maxRedirects; hop++) {
    const answer = await transport.exchange(current);
    if (!redirecting.has(answer.status) || current.method === 'POST') return { answer, leftOrigin };
    const url = targetOf(answer, insecure);
    await discard(answer);
    current = { ...current, url };
    if (url.origin !== exchange.url.origin) {
      leftOrigin = true;
      const headers = Object.entries(current.headers).filter(([name]) => name !== 'authorization');
      current = { ...current, headers: Object.fromEntries(headers) };
    }
  }
  throw new SourceError('invalid', `${exchange.url.host} redirects in a circle, or more than ${maxRedirects} times.`);
}

function targetOf(answer: Answer, insecure: readonly string[]): URL {
  const { url, headers } = answer;
  const location = headers.location ?? '';
  // The location itself is not named in any message: storage services sign in its query.
  const target = URL.canParse(location, url.href) && location !== '' ? new URL(location, url) : undefined;
  const isAllowed =
    target?.protocol === 'https:' ||
    (target?.protocol === 'http:' && url.protocol === 'http:' && mayBePlain(target, insecure));
  if (!target || !isAllowed) {
    answer.close();
    throw new SourceError('invalid', `${url.host} redirects to where Plimsoll does not follow.`);
  }
  target.username = '';
  target.password = '';
  return target;
}
