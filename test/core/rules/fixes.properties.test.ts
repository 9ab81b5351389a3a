import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Dockerfile } from '../../../src/core/dockerfile/model.ts';
import { parseDockerfile } from '../../../src/core/dockerfile/parse.ts';
import { shellCommands } from '../../../src/core/dockerfile/shell.ts';
import { findFindings } from '../../../src/core/rules/findings.ts';
import { fixAll } from '../../../src/core/rules/fixAll.ts';
import { applyEdits, type Span, type TextEdit } from '../../../src/core/text.ts';
import { sampleDockerfiles } from '../../helpers/dockerfiles.ts';
import { smellyLines } from '../../helpers/smellyLines.ts';
import { usual } from '../../helpers/rules.ts';

const find = (dockerfile: Dockerfile) => findFindings(dockerfile, { ...usual, silentBelow: 0 });

/** What the shell would not take, in all scripts of a file. */
function shellProblems(dockerfile: Dockerfile): number {
  return dockerfile.instructions.reduce(
    (sum, instruction) => sum + shellCommands(dockerfile, instruction.trigger ?? instruction).problems.length,
    0,
  );
}

/** The texts of the instructions that no edit touches. */
function untouched({ text, instructions }: Dockerfile, edits: readonly TextEdit[]): string[] {
  return instructions
    .filter(({ span }) => !edits.some((edit) => edit.start <= span.end && edit.end >= span.start))
    .map(({ span }) => text.slice(span.start, span.end));
}

function expectSound(text: string): void {
  const before = parseDockerfile(text);
  for (const { rule, fix } of find(before)) {
    if (!fix) continue;
    const fixedText = applyEdits(text, fix.edits);
    const after = parseDockerfile(fixedText);
    const told = `${rule}:\n${text}\n---\n${fixedText}`;
    expect(after.problems.length, told).toBeLessThanOrEqual(before.problems.length);
    expect(shellProblems(after), told).toBeLessThanOrEqual(shellProblems(before));
    // What is not edited stays as it is, in the same order.
    const rest = after.instructions.map(({ span }) => fixedText.slice(span.start, span.end));
    let at = 0;
    for (const kept of untouched(before, fix.edits)) {
      at = rest.indexOf(kept, at) + 1;
      expect(at, told).toBeGreaterThan(0);
    }
    // One instruction more where a file for dpkg is written.
    const added = rule === 'documentation-kept' ? 1 : 0;
    expect(after.instructions.length, told).toBeLessThanOrEqual(before.instructions.length + added);
    expect(settings(after), told).toEqual(settings(before));
    expect(heredocs(after), told).toBe(heredocs(before));
    expectCommandsKept(before, after, fix.edits, told);
    expect(lineBreaks(fixedText), told).toEqual(lineBreaks(text).length === 0 ? ['\n'] : lineBreaks(text));
  }
}

/** What no size smell is about: everything but what makes files, and the names of bases. */
function settings({ text, instructions }: Dockerfile): string[] {
  return instructions
    .filter(({ keyword }) => !/^(?:RUN|COPY|ADD|FROM)$/.test(keyword))
    .map(({ span }) => text.slice(span.start, span.end));
}

function heredocs({ instructions }: Dockerfile): number {
  return instructions.reduce((sum, { heredocs: own }) => sum + own.length, 0);
}

/** The commands of all scripts, in order, each as its words. */
function commandsOf(dockerfile: Dockerfile): { readonly span: Span; readonly words: readonly string[] }[] {
  return dockerfile.instructions.flatMap((instruction) =>
    shellCommands(dockerfile, instruction.trigger ?? instruction).commands.map(({ span, words }) => ({
      span,
      words: words.map(({ text }) => text),
    })),
  );
}

/**
 * Every command of which no edit takes something away still runs, after the same ones as before, with all its words in
 * their order: nothing has slipped into a comment, a quotation or a heredoc, and nothing has been swallowed.
 */
function expectCommandsKept(before: Dockerfile, after: Dockerfile, edits: readonly TextEdit[], told: string): void {
  const left = commandsOf(after);
  let at = 0;
  for (const { span, words } of commandsOf(before)) {
    if (edits.some(({ start, end }) => start < end && start < span.end && end > span.start)) continue;
    const found = left.findIndex((other, index) => index >= at && isWithin(words, other.words));
    expect(found, `${words.join(' ')} is gone by ${told}`).toBeGreaterThanOrEqual(0);
    at = found + 1;
  }
}

function isWithin(few: readonly string[], many: readonly string[]): boolean {
  let at = 0;
  for (const word of many) if (word === few[at]) at++;
  return at === few.length;
}

/** The kinds of line breaks in a text. */
function lineBreaks(text: string): string[] {
  return [...new Set(text.match(/\r\n|\r|\n/g))].sort();
}

function expectStable(text: string): void {
  const once = fixAll(parseDockerfile(text), { find, accepts: () => true }).text;
  const twice = fixAll(parseDockerfile(once), { find, accepts: () => true });
  expect(twice.text).toBe(once);
}

const fragments = [...smellyLines, ...[...sampleDockerfiles.values()].flatMap((text) => text.split(/\r?\n/))];

/** Ways to write the same file, which a fix has to go along with. */
const manners = fc.record({
  lineBreak: fc.constantFrom('\n', '\r\n'),
  tabs: fc.boolean(),
  backtick: fc.boolean(),
  comments: fc.boolean(),
  trailing: fc.constantFrom('', '', ' ', '\t'),
});

/** Dockerfiles put together from lines of real-looking ones. */
const assembled = fc
  .tuple(
    fc.constantFrom('debian:bookworm-slim', 'debian:11', 'node:24', 'python:3.13 AS build', 'alpine:3.23', 'acme/base'),
    fc.array(fc.constantFrom(...fragments), { minLength: 1, maxLength: 12 }),
    manners,
  )
  .map(([base, lines, { lineBreak, tabs, backtick, comments, trailing }]) => {
    let text = [`FROM ${base}`, ...lines, ''].join('\n');
    // Heredocs have their own lines, in which none of this may be changed.
    if (!text.includes('<<')) {
      if (comments) text = text.replace(/\\\n/g, '\\\n  # a comment in between\n');
      if (tabs) text = text.replace(/^ +/gm, '\t');
      text = text.replace(/\\\n/g, `\\${trailing}\n`);
      if (backtick) text = `# escape=\`\n${text.replace(/\\([ \t]*)\n/g, '`$1\n')}`;
    }
    return text.replace(/\r?\n/g, lineBreak);
  });

/** The same with characters taken out, put in or doubled. */
const mutated = fc
  .tuple(
    assembled,
    fc.array(
      fc.record({
        at: fc.double({ min: 0, max: 1, noNaN: true }),
        drop: fc.nat({ max: 3 }),
        insert: fc.constantFrom(
          '',
          ' ',
          '\\',
          ';',
          '&&',
          '||',
          '|',
          '"',
          "'",
          '#',
          '(',
          ')',
          '{',
          '}',
          '$',
          '<<EOF',
          '\t',
          '&',
          '[',
          '!',
        ),
      }),
      { maxLength: 6 },
    ),
  )
  .map(([text, changes]) =>
    changes.reduce((current, { at, drop, insert }) => {
      const place = Math.floor(at * current.length);
      // Half of a line break would make a third kind of them.
      const dropped = current.slice(place, place + drop);
      const start = current[place] === '\n' && current[place - 1] === '\r' ? place - 1 : place;
      return /[\r\n]/.test(dropped) ? current : current.slice(0, start) + insert + current.slice(start + drop);
    }, text),
  );

// Thousands of files take a second, or ten on a busy machine.
describe('fixes', { timeout: 60_000 }, () => {
  it.each([...sampleDockerfiles])('leave %s sound and stable', (_name, text) => {
    expectSound(text);
    expectStable(text);
  });

  it('leave assembled Dockerfiles sound and stable', () => {
    fc.assert(
      fc.property(assembled, (text) => {
        expectSound(text);
        expectStable(text);
      }),
      { numRuns: 1500 },
    );
  });

  it('leave mutated Dockerfiles sound', () => {
    fc.assert(fc.property(mutated, expectSound), { numRuns: 3000 });
  });
});
