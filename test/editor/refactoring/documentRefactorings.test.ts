import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { TextDocument } from 'vscode';
import { parseDockerfile } from '../../../src/core/dockerfile/parse.ts';
import type { Refactor } from '../../../src/core/refactor/inOrder.ts';
import { LoadedProject } from '../../../src/core/refactor/project.ts';
import { refusal } from '../../../src/core/refactor/refactoring.ts';
import { refactorKinds } from '../../../src/core/refactor/refactors.ts';
import { DocumentRefactorings } from '../../../src/editor/refactoring/documentRefactorings.ts';
import { Guard } from '../../../src/editor/guard.ts';
import type { WeighedDocument } from '../../../src/editor/weighing/documentWeights.ts';
import { ProjectFiles } from '../../../src/sources/project/projectFiles.ts';

vi.mock('vscode', () => ({
  EventEmitter: class {
    readonly #listeners: (() => void)[] = [];
    readonly event = (listener: () => void) => {
      this.#listeners.push(listener);
      return { dispose: () => undefined };
    };
    fire(): void {
      for (const listener of this.#listeners) listener();
    }
    dispose(): void {
      this.#listeners.length = 0;
    }
  },
}));

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const propose: Refactor = ({ text }) => ({
  kind: 'proposal',
  title: `Change ${text.split('\n')[0]!}`,
  edits: [],
  files: [],
  notes: [],
  options: [],
});

/** A document whose multi-stage conversion is `refactor`; everything else is refused. */
function setUp(refactor: Refactor = propose) {
  const counts = { refactored: 0, opened: 0, fired: 0, faults: 0 };
  const document = { version: 1, text: 'FROM a\n' } as unknown as TextDocument & { version: number; text: string };
  let weighed: WeighedDocument | undefined;
  const weigh = (): void => {
    weighed = {
      dockerfile: parseDockerfile(document.text),
      weights: new Map(),
      sizes: [],
    } as unknown as WeighedDocument;
  };
  weigh();
  const refuse: Refactor = () => refusal('no', 'No.');
  const others = Object.fromEntries(refactorKinds.map((kind) => [kind, refuse])) as Record<
    (typeof refactorKinds)[number],
    Refactor
  >;
  const refactorings = new DocumentRefactorings({
    weights: { of: () => weighed },
    refactors: {
      ...others,
      'multi-stage': (...given) => {
        counts.refactored++;
        return refactor(...given);
      },
    },
    open: () => {
      counts.opened++;
      const texts = new Map<string, string | undefined>();
      return Promise.resolve(new ProjectFiles('', new LoadedProject([], texts), texts));
    },
    options: () => ({ platform: 'linux/amd64', today: '2026-11-21' }),
    guard: new Guard({ error: () => counts.faults++ }),
  });
  refactorings.onDidChange(() => counts.fired++);
  return {
    counts,
    refactorings,
    document,
    offers: () =>
      refactorings
        .offers(document)
        .map(({ kind, refactoring }) => (refactoring && 'title' in refactoring ? refactoring.title : kind)),
    type: (text: string) => {
      document.text = text;
      document.version++;
      weigh();
    },
    weigh,
    close: () => (weighed = undefined),
    settle: (ms: number) => vi.advanceTimersByTimeAsync(ms),
  };
}

describe('offers', () => {
  it('nothing at first, then what was worked out, told by an event', async () => {
    const { offers, settle, counts } = setUp();
    expect(offers()).toEqual([]);
    await settle(10);
    expect(counts.fired).toBe(1);
    expect(offers()).toEqual(['Change FROM a', 'small']);
  });

  it('asking refactors nothing and opens nothing', async () => {
    const { offers, settle, counts } = setUp();
    offers();
    expect(counts).toMatchObject({ refactored: 0, opened: 0 });
    await settle(10);
    for (let i = 0; i < 100; i++) offers();
    await settle(1000);
    expect(counts).toMatchObject({ refactored: 1, opened: 1 });
  });

  it('while somebody types, what was worked out last stands; it is worked out once, after a pause', async () => {
    const { offers, settle, type, counts } = setUp();
    offers();
    await settle(10);
    for (const text of ['FROM b\n', 'FROM bc\n', 'FROM bcd\n']) {
      type(text);
      expect(offers()).toEqual(['Change FROM a', 'small']);
      await settle(100);
    }
    expect(counts.refactored).toBe(1);
    await settle(400);
    expect(offers()).toEqual(['Change FROM bcd', 'small']);
    expect(counts).toMatchObject({ refactored: 2, opened: 1 });
  });

  it('a cursor that moves does not put it off', async () => {
    const { offers, settle, type } = setUp();
    offers();
    await settle(10);
    type('FROM b\n');
    for (let i = 0; i < 10; i++) {
      offers();
      await settle(50);
    }
    expect(offers()).toEqual(['Change FROM b', 'small']);
  });

  it('a file that takes long is worked out less often', async () => {
    const { offers, settle, type, counts } = setUp((...given) => {
      vi.advanceTimersByTime(100);
      return propose(...given);
    });
    offers();
    await settle(10);
    type('FROM b\n');
    offers();
    await settle(900);
    expect(counts.refactored).toBe(1);
    await settle(200);
    expect(counts.refactored).toBe(2);
  });

  it('better weights have it worked out anew, another project too', async () => {
    const { offers, settle, weigh, refactorings, counts } = setUp();
    offers();
    await settle(10);
    weigh();
    offers();
    await settle(500);
    expect(counts).toMatchObject({ refactored: 2, opened: 1 });
    refactorings.projectChanged(() => true);
    offers();
    await settle(500);
    expect(counts).toMatchObject({ refactored: 3, opened: 2 });
    refactorings.projectChanged(() => false);
    offers();
    await settle(500);
    expect(counts).toMatchObject({ refactored: 3, opened: 2 });
  });

  it('questions are offered, refusals are not', async () => {
    const asking = setUp(() => ({ kind: 'inquiry', questions: [] }));
    asking.offers();
    await asking.settle(10);
    expect(asking.offers()).toEqual(['multi-stage', 'small']);
    const refusing = setUp(() => refusal('no', 'No.'));
    refusing.offers();
    await refusing.settle(10);
    expect(refusing.offers()).toEqual([]);
  });

  it('a fault of one refactoring is logged, and ends nothing', async () => {
    let isFaulty = true;
    const { offers, settle, weigh, counts } = setUp((...given) => {
      if (isFaulty) throw new Error('a fault');
      return propose(...given);
    });
    offers();
    await settle(10);
    expect(counts.faults).toBe(1);
    isFaulty = false;
    weigh();
    offers();
    await settle(500);
    expect(offers()).toEqual(['Change FROM a', 'small']);
  });

  it('nothing for a document that is closed, nor for one that is no Dockerfile', async () => {
    const { offers, settle, document, refactorings, close, counts } = setUp();
    offers();
    refactorings.forget(document);
    await settle(1000);
    expect(counts).toMatchObject({ refactored: 0, fired: 0 });
    close();
    expect(offers()).toEqual([]);
    expect(await refactorings.refactor(document, 'multi-stage', {})).toBeUndefined();
  });
});

it('a wish is granted at once, with the answers given and the document as it is now', async () => {
  const seen: unknown[] = [];
  const { refactorings, document, type } = setUp((dockerfile, project, options) => {
    seen.push(options.answers);
    return propose(dockerfile, project, options);
  });
  type('FROM z\n');
  expect(await refactorings.refactor(document, 'multi-stage', { shell: 'no' })).toMatchObject({
    title: 'Change FROM z',
  });
  expect(seen).toEqual([{ shell: 'no' }]);
});
