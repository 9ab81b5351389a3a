import { expect, it, vi } from 'vitest';
import type { Proposal } from '../../../src/core/refactor/refactoring.ts';
import { offerTitle, sizeSentence } from '../../../src/editor/refactoring/wording.ts';

vi.mock('vscode', () => ({
  l10n: {
    t: (message: string, ...values: unknown[]) =>
      message.replace(/\{(\d+)\}/g, (_, index: string) => String(values[Number(index)])),
  },
}));

const proposal: Proposal = { kind: 'proposal', title: 'Use b', edits: [], files: [], notes: [], options: [] };
const size = (bytes: number) => ({ bytes, basis: 'measured', complete: true }) as const;

it('an image that gets smaller is told with both sizes', () => {
  const refactoring = { ...proposal, before: size(1_000_000_000), after: size(90_000_000) };
  expect(offerTitle({ kind: 'minimal-base', refactoring })).toBe('Swap in a minimal base: 1 GB → 90 MB');
});

it('of a stage that only builds, what is spared is told, and no smaller image', () => {
  const refactoring = { ...proposal, spares: { download: 328_000_000, onDisk: 911_000_000 } };
  expect(offerTitle({ kind: 'minimal-base', stage: 0, refactoring })).toBe(
    'Swap in a minimal base for this stage: 328 MB less to download',
  );
  expect(sizeSentence(refactoring)).toBe('The final image stays as it is: its build has less to fetch.');
});

it('of a stage that the final one is built on, the image is meant', () => {
  const refactoring = { ...proposal, runBase: 'b', before: size(1_000_000_000), after: size(90_000_000) };
  expect(offerTitle({ kind: 'minimal-base', stage: 0, refactoring })).toBe(
    'Swap in a minimal base for this stage: 1 GB → 90 MB',
  );
});
