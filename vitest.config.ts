import { defineConfig } from 'vitest/config';

/**
 * One project per suite, so that `npm test` can name what ran and what was skipped. Unit tests need nothing but Node;
 * the others talk to real servers that `test/tools/machine.ts` installs and each suite's global set-up starts.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/{core,sources,editor,cli,protocol,webview,house}/**/*.test.ts'],
          exclude: ['test/**/*.{registry,engine}.test.ts'],
          // What takes two seconds takes ten where others use the machine, too.
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'registry',
          include: ['test/**/*.registry.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'engine',
          include: ['test/{cli,sources}/**/*.engine.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 600_000,
          fileParallelism: false,
        },
      },
      // What builds on Debian, in one engine: the second part of the engine suite. Not beside the first, whose engines must
      // answer within Plimsoll's two seconds.
      {
        test: {
          name: 'builds',
          include: ['test/core/**/*.engine.test.ts'],
          globalSetup: ['test/helpers/suiteEngine.setup.ts'],
          testTimeout: 300_000,
          // Bases are made in hooks; where others use the machine, too, two minutes become ten.
          hookTimeout: 1_800_000,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'editor',
          include: ['test/e2e/**/*.e2e.test.ts'],
          globalSetup: 'test/e2e/globalSetup.ts',
          testTimeout: 120_000,
          hookTimeout: 600_000,
          // Each file has a VS Code and a browser of its own, which wait for one another half of the time.
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
          // A second, which is usual, is little for a window on a busy machine.
          expect: { poll: { timeout: 20_000 } },
        },
      },
    ],
  },
});
