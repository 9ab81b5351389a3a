import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { TextDocument } from 'vscode';
import { parseDockerfile } from '../../../src/core/dockerfile/parse.ts';
import { type BuiltEvidence, offerEvidence } from '../../../src/core/refactor/builtEvidence.ts';
import type { Refactor } from '../../../src/core/refactor/inOrder.ts';
import { LoadedProject } from '../../../src/core/refactor/project.ts';
import { type Proposal, type Refactoring, refusal } from '../../../src/core/refactor/refactoring.ts';
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

/** The image of a document: looking into it takes as long as a test says. */
interface Looking {
  ask: (signal: AbortSignal) => Promise<boolean>;
  known: BuiltEvidence | undefined;
}

/** A document whose multi-stage conversion is `refactor`; everything else is refused, but for what a test says of bases. */
function setUp(refactor: Refactor = propose, image?: Looking, swapBase: Refactor = () => refusal('no', 'No.')) {
  const counts = { refactored: 0, opened: 0, fired: 0, faults: 0, asked: 0 };
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
    evidence: {
      of: () => image && offerEvidence(image.known, 'app:1', true),
      ask: (_, __, signal) => {
        counts.asked++;
        return image!.ask(signal);
      },
    },
    refactors: {
      ...others,
      'minimal-base': swapBase,
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

  it('a smaller base for each other stage on an image, which is no reason to make all of it small', async () => {
    const swap: Refactor = (dockerfile, project, options) =>
      options.stage === undefined
        ? refusal('no', 'No.')
        : { ...(propose(dockerfile, project, options) as Proposal), title: `Stage ${options.stage}` };
    const { refactorings, document, offers, settle, type } = setUp(() => refusal('no', 'No.'), undefined, swap);
    type('FROM a AS x\nFROM x AS y\nFROM b AS z\nFROM c\n');
    offers();
    await settle(20);
    expect(offers()).toEqual(['Stage 0', 'Stage 2']);
    expect(refactorings.offers(document).map(({ kind, stage }) => [kind, stage])).toEqual([
      ['minimal-base', 0],
      ['minimal-base', 2],
    ]);
    expect(await refactorings.refactor(document, { kind: 'minimal-base', stage: 2 }, {})).toMatchObject({
      title: 'Stage 2',
    });
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
    expect(await refactorings.refactor(document, { kind: 'multi-stage' }, {})).toBeUndefined();
  });
});

it('a wish is granted at once, with the answers given and the document as it is now', async () => {
  const seen: unknown[] = [];
  const { refactorings, document, type } = setUp((dockerfile, project, options) => {
    seen.push(options.answers);
    return propose(dockerfile, project, options);
  });
  type('FROM z\n');
  expect(await refactorings.refactor(document, { kind: 'multi-stage' }, { shell: 'no' })).toMatchObject({
    title: 'Change FROM z',
  });
  expect(seen).toEqual([{ shell: 'no' }]);
});

describe('what the built image tells', () => {
  const evidence = { bytesAt: () => 12_000_000 } as unknown as BuiltEvidence;
  /** Its title is what the image tells of one path. */
  const measuring: Refactor = (dockerfile, project, options) => ({
    ...(propose(dockerfile, project, options) as Proposal),
    title: `${options.bytesAt?.('/app') ?? 'unknown'}`,
  });
  /** An image that is looked into for so many milliseconds. */
  function taking(ms: number): Looking {
    const image: Looking = {
      known: undefined,
      ask: async () => {
        await new Promise((resolve) => setTimeout(resolve, ms));
        image.known = evidence;
        return true;
      },
    };
    return image;
  }

  it('no lens waits for it: it is offered without, then with it', async () => {
    const { offers, settle, counts } = setUp(measuring, taking(10_000));
    offers();
    await settle(10);
    expect(offers()).toEqual(['unknown', 'small']);
    await settle(9000);
    expect(offers()).toEqual(['unknown', 'small']);
    await settle(2000);
    expect(counts.fired).toBe(2);
    offers();
    await settle(500);
    expect(offers()).toEqual(['12000000', 'small']);
    expect(counts).toMatchObject({ asked: 1, refactored: 2 });
  });

  it('nobody looks where nothing depends on it', async () => {
    const { offers, settle, counts } = setUp(propose, taking(10));
    offers();
    await settle(1000);
    expect(counts).toMatchObject({ asked: 0, refactored: 1 });
  });

  it('one look serves everybody who waits', async () => {
    const { offers, settle, refactorings, document, counts } = setUp(measuring, taking(1000));
    offers();
    await settle(10);
    const clicks = [0, 1].map(() => refactorings.refactor(document, { kind: 'multi-stage' }, {}));
    await settle(1000);
    expect(await Promise.all(clicks)).toMatchObject([{ title: '12000000' }, { title: '12000000' }]);
    expect(counts.asked).toBe(1);
  });

  it('a click waits three seconds, not longer', async () => {
    const { settle, refactorings, document } = setUp(measuring, taking(60_000));
    let refactoring: Refactoring | undefined;
    void refactorings.refactor(document, { kind: 'multi-stage' }, {}).then((made) => (refactoring = made));
    await settle(2990);
    expect(refactoring).toBeUndefined();
    await settle(20);
    expect(refactoring).toMatchObject({ title: 'unknown' });
  });

  it.each<[string, Looking['ask']]>([
    ['knows nothing', () => Promise.resolve(false)],
    ['breaks down', () => Promise.reject(new Error('a fault'))],
  ])('an engine that %s takes no refactoring with it, and is not asked again and again', async (_, ask) => {
    const { offers, settle, refactorings, document, counts } = setUp(measuring, { known: undefined, ask });
    offers();
    await settle(10);
    expect(offers()).toEqual(['unknown', 'small']);
    await settle(5000);
    expect(counts).toMatchObject({ asked: 1, fired: 1, refactored: 1 });
    expect(await refactorings.refactor(document, { kind: 'multi-stage' }, {})).toMatchObject({ title: 'unknown' });
  });

  it('who closes the document ends the look', async () => {
    let reason: unknown;
    const ask: Looking['ask'] = (signal) =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => {
          reason = signal.reason;
          reject(signal.reason as Error);
        });
      });
    const { offers, settle, refactorings, document, counts } = setUp(measuring, { known: undefined, ask });
    offers();
    await settle(10);
    refactorings.forget(document);
    await settle(10);
    expect(reason).toBeDefined();
    expect(counts).toMatchObject({ faults: 0, fired: 1 });
  });
});
