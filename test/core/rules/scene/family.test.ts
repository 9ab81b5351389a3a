import { describe, expect, it } from 'vitest';
import { parseDockerfile } from '../../../../src/core/dockerfile/parse.ts';
import { findFindings } from '../../../../src/core/rules/findings.ts';
import { noEvidence } from '../../../../src/core/rules/scene/evidence.ts';
import type { Run } from '../../../../src/core/rules/scene/run.ts';
import { type Scene, Scenes } from '../../../../src/core/rules/scene/scene.ts';
import { usual } from '../../../helpers/rules.ts';

function scenesOf(text: string): readonly Scene[] {
  return new Scenes(parseDockerfile(text), { ...usual, evidence: noEvidence }).all;
}

const names = (scenes: Iterable<Scene>): string[] => Array.from(scenes, ({ stage }) => stage.name ?? '');

const tree = scenesOf(
  `FROM a AS root
RUN one
FROM root AS left
RUN two
FROM root AS right
FROM b AS alone
RUN three
FROM left AS leaf
RUN four
FROM later AS lost
FROM leaf AS later
`,
);
const [root, , right, alone, leaf, lost] = tree as [Scene, Scene, Scene, Scene, Scene, Scene];

describe('stages built on stages', () => {
  it('know those below, down to the image', () => {
    expect(names(leaf.lineage)).toEqual(['leaf', 'left', 'root']);
    // An image's name, as long as no stage before has it.
    expect(names(lost.lineage)).toEqual(['lost']);
  });

  it('know those above', () => {
    expect(names(root.above)).toEqual(['left', 'right', 'leaf', 'later']);
    expect(names(alone.above)).toEqual([]);
  });

  it('know the runs before, the nearest first', () => {
    const seen = Array.from(leaf.runsBefore(leaf.runs[0]!.instruction), ({ programs }) => programs[0]!.name);
    expect(seen).toEqual(['two', 'one']);
  });

  const runs = (name: string) => (run: Run) => run.programs.some((program) => program.name === name);
  it.each([
    ['one', root, false, false],
    ['two', root, true, false],
    ['four', root, true, false],
    ['three', root, false, false],
    ['one', leaf, false, true],
    ['two', right, false, false],
    ['one', right, false, true],
  ] as const)('%s of %# is after, before', (name, scene, after, before) => {
    const at = scene.runs[0]?.instruction ?? scene.stage.from;
    expect([scene.someRunAfter(at, runs(name)), scene.someRunBefore(at, runs(name))]).toEqual([after, before]);
  });

  it('within a stage only what is really after or before counts', () => {
    const [stage] = scenesOf('FROM a\nRUN x\nRUN y\n') as [Scene];
    const x = runs('x');
    const [first, second] = stage.runs.map(({ instruction }) => instruction);
    expect([stage.someRunAfter(first!, x), stage.someRunBefore(first!, x)]).toEqual([false, false]);
    expect([stage.someRunAfter(second!, x), stage.someRunBefore(second!, x)]).toEqual([false, true]);
  });
});

describe('a chain of a thousand stages', () => {
  const chain = scenesOf(
    ['FROM a AS s0', ...Array.from({ length: 1000 }, (_, i) => `RUN x${i}\nFROM s${i} AS s${i + 1}`)].join('\n'),
  );

  it('asks each RUN once', () => {
    let asked = 0;
    const question = (): boolean => (asked++, false);
    for (const scene of chain) scene.someRunAfter(scene.stage.from, question);
    for (const scene of chain) scene.someRunBefore(scene.stage.from, question);
    expect(asked).toBe(1000);
  });

  it('reads the image at the bottom once', () => {
    expect(new Set(chain.toReversed().map(({ base }) => base)).size).toBe(1);
  });

  it('has findings in each', () => {
    const lines = Array.from({ length: 1000 }, (_, i) => `RUN apt-get update && npm ci\nFROM s${i} AS s${i + 1}`);
    const found = findFindings(parseDockerfile(['FROM debian:12 AS s0', ...lines].join('\n')), usual);
    expect(found.filter(({ rule }) => rule === 'apt-lists-left')).toHaveLength(1000);
  });
});
