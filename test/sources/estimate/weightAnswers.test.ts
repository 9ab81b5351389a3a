import path from 'node:path';
import { expect, test } from 'vitest';
import type { ContextAnswer, ContextQuestion } from '../../../src/core/estimate/context/contextQuestion.ts';
import { AptGraphs } from '../../../src/sources/apt/aptGraphs.ts';
import { SourceError } from '../../../src/sources/error.ts';
import { WeightAnswers, type WeightPorts } from '../../../src/sources/estimate/weightAnswers.ts';

const graphs = new AptGraphs(path.join(import.meta.dirname, '..', '..', '..', 'media', 'apt'));
const question: ContextQuestion = { kind: 'copy', sources: ['.'], excludes: [], unpacks: false };
const { signal } = new AbortController();

function setUp(ports: Partial<WeightPorts> = {}) {
  const asked: string[] = [];
  let bytes = 1;
  const answers = new WeightAnswers({
    graphs,
    context: (given) => {
      asked.push(given.kind);
      return Promise.resolve<ContextAnswer>({
        kind: 'copy',
        bytes: bytes++,
        files: 1,
        largest: [],
        missing: [],
        hidden: [],
        walked: true,
        complete: true,
      });
    },
    download: (url) => {
      asked.push(url);
      return Promise.resolve(url.length);
    },
    ...ports,
  });
  const weigh = () => {
    const answer = answers.known.context(question);
    return answer?.kind === 'copy' ? answer.bytes : undefined;
  };
  return { answers, asked, weigh };
}

test('what is asked is fetched once, however often', async () => {
  const { answers, asked, weigh } = setUp();
  expect(answers.hasWanted).toBe(false);
  expect([weigh(), weigh(), answers.known.download('u'), answers.known.apt('trixie')]).toEqual(
    Array(4).fill(undefined),
  );
  expect(answers.hasWanted).toBe(true);
  expect(await answers.fetch(signal)).toBe(true);
  expect([weigh(), answers.known.download('u'), answers.known.apt('trixie')?.release]).toEqual([1, 1, 'trixie']);
  expect(await answers.fetch(signal)).toBe(false);
  expect(asked).toEqual(['copy', 'u']);
});

test('after a change the old answer stands until the new one is there', async () => {
  const { answers, weigh } = setUp();
  weigh();
  await answers.fetch(signal);
  answers.contextChanged();
  expect(weigh()).toBe(1);
  await answers.fetch(signal);
  expect(weigh()).toBe(2);
  expect(answers.hasWanted).toBe(false);
});

test('a context that cannot be asked is not known, and not asked for ever', async () => {
  const { answers } = setUp({ context: () => Promise.reject(new SourceError('unavailable', 'gone')) });
  const questions: ContextQuestion[] = [question, { kind: 'exclusions' }, { kind: 'modules', project: '' }];
  for (const each of questions) answers.known.context(each);
  await answers.fetch(signal);
  expect(questions.map((each) => answers.known.context(each))).toMatchObject([
    { kind: 'copy', complete: false },
    { kind: 'exclusions', complete: false },
    { kind: 'modules' },
  ]);
  expect(answers.hasWanted).toBe(false);
});

test('where nobody may be asked for a URL, nobody is', () => {
  const answers = new WeightAnswers({ graphs, context: () => Promise.reject(new Error('never')) });
  expect(answers.known.download('u')).toBeUndefined();
  expect(answers.hasWanted).toBe(false);
});

test('cancelled', async () => {
  const { answers, weigh } = setUp();
  weigh();
  await expect(answers.fetch(AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
});
