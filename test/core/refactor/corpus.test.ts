import { describe, expect, test } from 'vitest';
import type { Dockerfile, Stage } from '../../../src/core/dockerfile/model.ts';
import { parseDockerfile } from '../../../src/core/dockerfile/parse.ts';
import { applyEdits } from '../../../src/core/text.ts';
import { textOf } from '../../helpers/dockerfiles.ts';
import {
  assumed,
  convertedEntry,
  convertEntry,
  corpusEntries,
  type CorpusEntry,
  expectedGist,
  gist,
  isChanged,
} from '../../helpers/refactorCorpus.ts';
import { readExpected } from '../../helpers/refactorExpected.ts';
import { backtickEscape, commented, tabbed, withoutBlanks } from '../../helpers/dockerfileVariants.ts';

const entries = corpusEntries();
const changed = entries.filter(isChanged);

async function converted(entry: CorpusEntry, dockerfile = entry.dockerfile): Promise<string> {
  return (await convertedEntry(entry, dockerfile)).dockerfile;
}

function startOf({ text }: Dockerfile, { instructions }: Stage): readonly string[] {
  return instructions
    .filter(({ keyword }) => keyword === 'ENTRYPOINT' || keyword === 'CMD')
    .map(({ span }) => textOf(text, span));
}

describe('what becomes of an entry', () => {
  test.each(entries)('$id', async (entry) => {
    const answers = entry.expected.outcome === 'asked' ? {} : assumed(entry);
    const result = await convertEntry(entry, { answers });
    const why = result.kind === 'refusal' ? result.message : undefined;
    expect(gist(result), why).toBe(expectedGist(entry));
  });
});

describe('the result', () => {
  test.each(changed)('$id', async (entry) => {
    const { expected } = entry;
    const result = await convertEntry(entry, { answers: assumed(entry) });
    if (result.kind !== 'proposal') throw new Error(`${entry.id} is not converted: ${gist(result)}`);
    const before = parseDockerfile(entry.dockerfile);
    const after = parseDockerfile(applyEdits(entry.dockerfile, result.edits));

    expect(after.problems.map(({ code }) => code)).toEqual(before.problems.map(({ code }) => code));
    expect(after.stages.length).toBeGreaterThan(before.stages.length);
    expect(after.stages.at(-1)!.dependsOn.length, 'the last stage uses another one').toBeGreaterThan(0);
    if (expected.runBase !== undefined) {
      expect(result.runBase).toBe(expected.runBase);
      expect(textOf(after.text, after.stages.at(-1)!.baseSpan)).toBe(expected.runBase);
    }
    const offered = result.options.map(({ key }) => key);
    expect(expected.offers.filter((key) => !offered.includes(key))).toEqual([]);

    // Who builds the stage by its name starts what it started before.
    const named = after.stages.find(({ name }) => name !== undefined && name === expected.target);
    if (expected.target !== undefined)
      expect(named && startOf(after, named)).toEqual(startOf(before, before.stages.at(-1)!));

    const heredocs = before.instructions.flatMap(({ heredocs: found }) => found);
    for (const { bodySpan } of heredocs) expect(after.text).toContain(textOf(before.text, bodySpan));

    const again = await convertEntry(entry, { dockerfile: after.text, answers: assumed(entry) });
    expect(['refused no-benefit', 'refused already-multi-stage']).toContain(gist(again));
  });
});

describe('what is left as it was written', () => {
  test.each(changed)('$id', async (entry) => {
    const plain = await converted(entry);

    const windows = await converted(entry, entry.dockerfile.replaceAll('\n', '\r\n'));
    expect(windows.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    expect(windows.replaceAll('\r\n', '\n')).toBe(plain);

    expect(withoutBlanks(await converted(entry, tabbed(entry.dockerfile)))).toBe(withoutBlanks(plain));

    const syntax = '# syntax=docker/dockerfile:1\n';
    if (!plain.startsWith('# syntax')) expect(await converted(entry, syntax + entry.dockerfile)).toBe(syntax + plain);

    const comments = commented(entry.dockerfile);
    const result = await converted(entry, comments.text);
    for (const comment of comments.added) expect(result.split('\n')).toContain(comment);

    const escaped = backtickEscape(entry.dockerfile);
    if (escaped !== undefined) expect(await converted(entry, escaped)).toBe(backtickEscape(plain));
  });
});

describe('the corpus', () => {
  test.each([
    ['{ "about": "x", "outcome": "refused" }', 'x/y/expected.json: code'],
    ['{ "about": "x", "outcome": "refused", "code": "no-benefit", "build": true }', 'x/y/expected.json: build'],
    ['{ "about": "x", "outcome": "asked", "asks": ["port"], "build": true }', 'x/y/expected.json: assume'],
    ['{ "about": "x", "outcome": "converted", "build": false }', 'says why'],
    ['{ "about": "x", "outcome": "converted", "build": true, "why": "slow" }', 'says why'],
    ['{ "about": "x", "outcome": "converted", "build": true, "run": { "http": { "port": 80 } } }', 'run.http'],
  ])('accepts no %s', (json, message) => {
    expect(() => readExpected(json, 'x/y')).toThrow(message);
  });

  test('has an entry for everything that must be refused or asked about', () => {
    const covered = new Set(entries.flatMap(({ expected }) => expected.covers));
    // The twelfth is known only where the image is built.
    const refusals = Array.from({ length: 11 }, (_, at) => `refuse ${at + 1}`);
    const questions = 'abcdefghijk'.split('').map((letter) => `ask ${letter}`);
    expect([...refusals, ...questions].filter((rule) => !covered.has(rule))).toEqual([]);
  });

  // The bases of the others take minutes to make: `npm run corpus` builds them all.
  test.each(['c', 'generic', 'go', 'java', 'node', 'python'])(
    'has an entry for %s that every test run builds',
    (name) => {
      expect(changed.some(({ ecosystem, expected }) => ecosystem === name && expected.build && expected.fast)).toBe(
        true,
      );
    },
  );
});
