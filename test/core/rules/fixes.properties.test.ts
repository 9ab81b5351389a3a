import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Dockerfile } from '../../../src/core/dockerfile/model.ts';
import { parseDockerfile } from '../../../src/core/dockerfile/parse.ts';
import { shellCommands } from '../../../src/core/dockerfile/shell.ts';
import { findFindings } from '../../../src/core/rules/findings.ts';
import { fixAll } from '../../../src/core/rules/fixAll.ts';
import { applyEdits, type TextEdit } from '../../../src/core/text.ts';
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
    expect(after.instructions.length, told).toBeLessThanOrEqual(before.instructions.length);
    expect(lineBreaks(fixedText), told).toEqual(lineBreaks(text).length === 0 ? ['\n'] : lineBreaks(text));
  }
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

/** Dockerfiles put together from lines of real-looking ones. */
const assembled = fc
  .tuple(
    fc.constantFrom('debian:bookworm-slim', 'node:24', 'python:3.13 AS build', 'alpine:3.23', 'acme/base'),
    fc.array(fc.constantFrom(...fragments), { minLength: 1, maxLength: 12 }),
    fc.constantFrom('\n', '\r\n'),
  )
  .map(([base, lines, lineBreak]) => [`FROM ${base}`, ...lines, ''].join('\n').replace(/\r?\n/g, lineBreak));

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
      { numRuns: 1000 },
    );
  });

  it('leave mutated Dockerfiles sound', () => {
    fc.assert(fc.property(mutated, expectSound), { numRuns: 2000 });
  });
});
