import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { parseDockerfile } from '../../../src/core/dockerfile/parse.ts';
import type { Dockerfile } from '../../../src/core/dockerfile/model.ts';
import { findFindings } from '../../../src/core/rules/findings.ts';
import { fixAll } from '../../../src/core/rules/fixAll.ts';
import { ruleOf } from '../../../src/core/rules/rules.ts';
import { type Evidence, noEvidence, type PackageQuestion } from '../../../src/core/rules/scene/evidence.ts';
import { docker, imageBytes, startImage } from '../dockerClient.ts';
import { removeImage, type TestEngine } from '../engine.ts';
import { usual } from '../rules.ts';

/** A Dockerfile that one rule mends, built before and after. */
export interface BuiltFix {
  readonly rule: string;
  readonly dockerfile: string;
  /** What the start command prints, before and after. */
  readonly prints: RegExp;
  /** The least that is saved, in bytes. */
  readonly atLeast: number;
  /** What an instruction adds, for the rules that ask. */
  readonly weights?: Readonly<Record<string, number>>;
  /** What the package graph would say, for the rules that ask. */
  readonly packages?: Readonly<Partial<Record<PackageQuestion['what'], number>>>;
  readonly buildKit?: boolean;
  /** Nothing is predicted, or it is a figure of the catalogue for another image. */
  readonly unpredicted?: boolean;
}

/** Builds in a folder’s `context`, with the network of this machine. */
export async function buildIn(
  server: TestEngine,
  folder: string,
  tag: string,
  dockerfile: string,
  buildKit = false,
): Promise<void> {
  const file = path.join(folder, `Dockerfile.${tag.replace(/\W/g, '-')}`);
  writeFileSync(file, dockerfile);
  await docker(
    server,
    ['build', '--network=host', '--pull=false', '-q', '-t', tag, '-f', file, path.join(folder, 'context')],
    { DOCKER_BUILDKIT: buildKit ? '1' : '0' },
  );
}

/**
 * Builds the file, fixes it and builds it again: both start and print the same, the second is smaller by what was
 * predicted, within a fifth. What a rule asks of the built layers is answered by what the first image has.
 */
export async function checkFix(server: TestEngine, folder: string, fix: BuiltFix): Promise<void> {
  const { rule, dockerfile, prints, atLeast, weights = {}, packages = {}, buildKit = false, unpredicted = false } = fix;
  await buildIn(server, folder, 'before:1', dockerfile, buildKit);
  const model = parseDockerfile(dockerfile);
  const wanted = new Set<string>();
  const known = new Map<string, number>();
  const evidence: Evidence = {
    ...noEvidence,
    weight: ({ keyword }) => (keyword in weights ? { bytes: weights[keyword]!, basis: 'measured' } : undefined),
    packages: ({ what }) => {
      const bytes = packages[what];
      return bytes === undefined ? undefined : { bytes, basis: 'estimated' };
    },
    bytesAt: (_instruction, paths) => {
      wanted.add(paths.join(' '));
      const bytes = known.get(paths.join(' '));
      return bytes === undefined ? undefined : { bytes, basis: 'measured' };
    },
  };
  const find = (file: Dockerfile) => findFindings(file, { ...usual, evidence, rules: [ruleOf(rule)!], silentBelow: 0 });
  const fixed = fixAll(model, { find, accepts: () => true }).text;
  expect(fixed).not.toBe(dockerfile);
  for (const paths of wanted) known.set(paths, await bytesOf(server, paths));
  const predicted = find(model).reduce((sum, { saves }) => sum + (saves?.bytes ?? 0), 0);

  await buildIn(server, folder, 'after:1', fixed, buildKit);
  expect(await startImage(server, 'before:1')).toMatch(prints);
  expect(await startImage(server, 'after:1')).toMatch(prints);
  const saved = (await imageBytes(server, 'before:1')) - (await imageBytes(server, 'after:1'));
  for (const tag of ['before:1', 'after:1']) await removeImage(server, tag);
  console.log(`${rule}: saved ${saved} bytes, predicted ${predicted}`);
  expect(saved).toBeGreaterThanOrEqual(atLeast);
  if (unpredicted) return;
  expect(predicted).toBeGreaterThan(0);
  expect(Math.abs(saved - predicted)).toBeLessThanOrEqual(predicted / 5);
}

/** The bytes of the files at paths of the first image, each file once however many names it has. */
async function bytesOf(server: TestEngine, paths: string): Promise<number> {
  const script = `find ${paths} -type f -printf '%i %s\\n' 2>/dev/null || true`;
  const lines = await docker(server, ['run', '--rm', '--entrypoint', 'sh', '-u', '0', 'before:1', '-c', script]);
  const sizes = new Map(lines.split('\n').map((line) => line.split(' ') as [string, string]));
  return [...sizes.values()].reduce((sum, size) => sum + (Number(size) || 0), 0);
}
