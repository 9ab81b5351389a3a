import { expect, test } from 'vitest';
import type { BaseAnswer } from '../../src/core/base/baseSize.ts';
import { formatReference, parseReference, type Reference } from '../../src/core/base/reference.ts';
import { MirroredSource } from '../../src/sources/mirroredSource.ts';

const never = new AbortController().signal;
const sizes: BaseAnswer = { sizes: { platform: 'linux/amd64', download: { bytes: 1, basis: 'registry' } } };

function reference(text: string): Reference {
  const parsed = parseReference(text);
  if ('problem' in parsed) throw new Error(parsed.problem);
  return parsed.reference;
}

/** Asks through mirrors `a:1` and `b:2`, of which those named have the image; returns who was asked. */
async function ask(image: string, have: readonly string[]): Promise<{ asked: string[]; answer: BaseAnswer }> {
  const asked: string[] = [];
  const source = new MirroredSource(
    {
      kind: 'registry',
      lookUp: (found) => {
        asked.push(formatReference(found));
        const none: BaseAnswer = { none: { code: 'absent', message: `${found.domain} does not have it.` } };
        return Promise.resolve(have.includes(found.domain) ? sizes : none);
      },
    },
    ['a:1', 'b:2'],
  );
  const answer = await source.lookUp(reference(image), 'linux/amd64', never);
  return { asked, answer };
}

test.each([
  ['the first mirror has it', ['a:1', 'b:2', 'docker.io'], ['a:1/library/golang:1.26']],
  ['the second mirror has it', ['b:2'], ['a:1/library/golang:1.26', 'b:2/library/golang:1.26']],
  [
    'only Docker Hub has it',
    ['docker.io'],
    ['a:1/library/golang:1.26', 'b:2/library/golang:1.26', 'docker.io/library/golang:1.26'],
  ],
])('%s', async (_title, have, expected) => {
  expect(await ask('golang:1.26', have)).toEqual({ asked: expected, answer: sizes });
});

test('where nobody has it, Docker Hub’s reason counts', async () => {
  expect((await ask('golang:1.26', [])).answer).toEqual({
    none: { code: 'absent', message: 'docker.io does not have it.' },
  });
});

test('another registry has no mirrors', async () => {
  expect((await ask('ghcr.io/acme/app:1', ['ghcr.io'])).asked).toEqual(['ghcr.io/acme/app:1']);
});
