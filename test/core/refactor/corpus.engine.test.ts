import { beforeAll, describe, expect, test } from 'vitest';
import { prove } from '../../helpers/corpusProof.ts';
import type { TestEngine } from '../../helpers/engine.ts';
import { corpusEntries, isChanged } from '../../helpers/refactorCorpus.ts';
import { suiteEngine } from '../../helpers/suiteEngine.ts';
import { StandIns } from '../../helpers/standIns/standIns.ts';

const fast = corpusEntries()
  .filter(isChanged)
  .filter(({ expected }) => expected.build && expected.fast);

describe('a conversion leaves an image that does the same and is smaller', () => {
  let engine: TestEngine;
  let standIns: StandIns;

  beforeAll(async () => {
    engine = await suiteEngine();
    standIns = new StandIns(engine);
    // Side by side, as they mostly wait for packages. One that cannot be made fails the tests that need it.
    await Promise.allSettled(fast.map(({ dockerfile }) => standIns.provideFor(dockerfile)));
  });

  // Making a base the first time takes longer than building on it.
  test.each(fast)('$id', { timeout: 600_000 }, async (entry) => {
    expect((await prove(engine, standIns, entry)).faults).toEqual([]);
  });

  test.each(fast.filter(({ expected }) => expected.legacy))(
    '$id without BuildKit',
    { timeout: 600_000 },
    async (entry) => {
      expect((await prove(engine, standIns, entry, { buildKit: false })).faults).toEqual([]);
    },
  );
});
