import { describe, expect, it, vi } from 'vitest';
import type { Proposal } from '../../../src/core/refactor/refactoring.ts';
import { rationalePage, type RationaleLinks } from '../../../src/editor/refactoring/rationalePage.ts';

vi.mock('vscode', () => ({
  l10n: {
    t: (message: string, ...values: unknown[]) =>
      message.replace(/\{(\d+)\}/g, (_, index: string) => String(values[Number(index)])),
  },
}));

const links: RationaleLinks = {
  apply: 'command:apply?["x"]',
  discard: 'command:discard',
  line: (line) => `command:line?${line}`,
  file: (path) => `command:file?${path}`,
};

const plain: Proposal = {
  kind: 'proposal',
  title: 'Convert to multi-stage',
  edits: [],
  files: [],
  notes: [],
  options: [],
};

const page = (proposal: Partial<Proposal>, more: Partial<RationaleLinks> = {}): string =>
  rationalePage({ ...plain, ...proposal }, { ...links, ...more }, 'en');

describe('the page of a change', () => {
  it('has no script, and may load nothing', () => {
    const html = page({});
    expect(html).toContain("default-src 'none'");
    expect(html).not.toMatch(/<script|<img|src=|onclick/);
  });

  it.each<[string, Partial<Proposal>, RegExp]>([
    ['sizes', { before: size(1e9), after: size(1e7) }, /The final image: ≈ 1 GB → ≈ 10 MB, 990 MB less\./],
    ['a size that grows', { before: size(1e7), after: size(2e7) }, /The final image: ≈ 10 MB → ≈ 20 MB\./],
    ['the run base', { runBase: 'busybox' }, /It then runs on busybox\./],
    [
      'a note with its line',
      { notes: [{ kind: 'moved', text: 'It goes.', line: 7 }] },
      /What goes where.*It goes\. <a href="command:line\?7">line 7<\/a>/s,
    ],
    ['code', { notes: [{ kind: 'test', text: 'Run `a`.' }] }, /What to test.*Run <code>a<\/code>\./s],
    [
      'a file',
      { files: [{ path: '.dockerignore', text: 'x' }] },
      /Other files.*<a href="command:file\?\.dockerignore">/s,
    ],
    [
      'a decision by the name of its answer',
      {
        options: [
          { key: 'k', prompt: 'Shell?', detail: 'For you.', default: 'n', choices: [{ value: 'n', label: 'None' }] },
        ],
      },
      /decided otherwise.*Shell\? <strong>None<\/strong>.*For you\./s,
    ],
  ])('shows %s', (_title, proposal, expected) => expect(page(proposal)).toMatch(expected));

  it('leaves out what there is nothing of', () => {
    expect(page({})).not.toMatch(/<section>|class="size"|Change Answers|Prove It/);
    expect(page({}, { answers: 'command:a', prove: 'command:p' })).toMatch(/Change Answers.*Prove It/s);
  });

  it('what a Dockerfile says stays text', () => {
    const evil = `<img src=x onerror="alert(1)">'\`<b>\``;
    const html = page({
      title: evil,
      runBase: evil,
      notes: [{ kind: 'moved', text: evil }],
      files: [{ path: evil, text: '' }],
      options: [{ key: 'k', prompt: evil, detail: evil, default: evil }],
    });
    expect(html).not.toMatch(/<img|<b>|onerror="/);
  });
});

function size(bytes: number) {
  return { bytes, basis: 'estimated', complete: true } as const;
}
