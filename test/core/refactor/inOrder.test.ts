import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDockerfile } from '../../../src/core/dockerfile/parse.ts';
import { changedPart, inOrder, type Refactor } from '../../../src/core/refactor/inOrder.ts';
import { LoadedProject } from '../../../src/core/refactor/project.ts';
import { type Proposal, refusal } from '../../../src/core/refactor/refactoring.ts';
import { applyEdits } from '../../../src/core/text.ts';

const project = new LoadedProject([], new Map());
const options = { platform: 'linux/amd64', today: '2026-11-21', answers: {} };

/** Puts a line at the end; says what the text was. */
function append(line: string, more: Partial<Proposal> = {}): Refactor {
  return ({ text }) => ({
    kind: 'proposal',
    title: `Append ${line}`,
    edits: [{ start: text.length, end: text.length, newText: `${line}\n` }],
    files: [],
    notes: [{ kind: 'moved', text: `after ${text.length}`, line: 1 }],
    options: [],
    ...more,
  });
}

const before = 'FROM debian\n';
const run = (...refactors: [Refactor, ...Refactor[]]) =>
  inOrder(refactors, (text) => parseDockerfile(text))(parseDockerfile(before), project, options);

describe('several refactorings', () => {
  it('each works on what the one before it made', () => {
    const answer = run(append('RUN a'), append('RUN b')) as Proposal;
    expect(applyEdits(before, answer.edits)).toBe(`${before}RUN a\nRUN b\n`);
    expect(answer.title).toBe('Append RUN a, append RUN b');
    // The line of the second is one of a text that nobody has seen.
    expect(answer.notes).toEqual([
      { kind: 'moved', text: 'after 12', line: 1 },
      { kind: 'moved', text: 'after 18' },
    ]);
  });

  it('sizes are those of the first before, and of the last after', () => {
    const size = (bytes: number) => ({ bytes, basis: 'estimated', complete: true }) as const;
    const answer = run(append('RUN a', { before: size(9), after: size(5) }), append('RUN b', { after: size(2) }));
    expect(answer).toMatchObject({ before: size(9), after: size(2) });
  });

  it('what a file was, and what was weighed of it, is not told the second', () => {
    const seen: unknown[] = [];
    const look: Refactor = (_dockerfile, _project, given) => {
      seen.push(given.finalSize?.bytes, given.weight);
      return refusal('no-benefit', 'Nothing.');
    };
    const after = { bytes: 5, basis: 'estimated', complete: true } as const;
    const weighed = { ...options, weight: () => undefined, finalSize: { ...after, bytes: 9 } };
    const refactor = inOrder([append('RUN a', { after }), look], (text) => parseDockerfile(text));
    expect(refactor(parseDockerfile(before), project, weighed).kind).toBe('proposal');
    expect(seen).toEqual([5, undefined]);
  });

  it('a file that two make is made by the second', () => {
    const file = (text: string) => ({ files: [{ path: '.dockerignore', text }] });
    expect(run(append('RUN a', file('a')), append('RUN b', file('b')))).toMatchObject(file('b'));
  });

  it('nothing to gain is no refusal where another gains', () => {
    const nothing: Refactor = () => refusal('no-benefit', 'Nothing to gain.');
    expect(run(append('RUN a'), nothing)).toMatchObject({ kind: 'proposal', title: 'Append RUN a' });
    expect(run(nothing, append('RUN a'))).toMatchObject({ kind: 'proposal', title: 'Append RUN a' });
    expect(run(nothing, nothing)).toMatchObject({ kind: 'refusal', code: 'no-benefit' });
  });

  it.each([refusal('unknown-command', 'No.', { line: 7 }), { kind: 'inquiry', questions: [] } as const])(
    'the first that does not propose decides: %j',
    (answer) => {
      expect(run(append('RUN a'), () => answer, append('RUN b'))).toBe(answer);
    },
  );

  it('one alone answers as it does', () => {
    const answer = append('RUN a')(parseDockerfile(before), project, options);
    expect(run(append('RUN a'))).toEqual(answer);
  });
});

describe('the changed part', () => {
  it('makes one text of the other, whatever they are', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '\r\n', '\n'), maxLength: 12 });
    fc.assert(
      fc.property(text, text, (a, b) => {
        const edit = changedPart(a, b);
        expect(applyEdits(a, [edit])).toBe(b);
        for (const at of [edit.start, edit.end]) expect(a.slice(at - 1, at + 1)).not.toBe('\r\n');
      }),
    );
  });

  it('leaves alone what is the same', () => {
    expect(changedPart('one\ntwo\nthree', 'one\n2\nthree')).toEqual({ start: 4, end: 7, newText: '2' });
  });
});
