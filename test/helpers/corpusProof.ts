import { chmod, cp, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { lostConfig } from './corpusConfig.ts';
import { askServer, runToEnd } from './corpusContainer.ts';
import { docker, imageBytes } from './dockerClient.ts';
import type { TestEngine } from './engine.ts';
import { type ChangedEntry, convertedEntry, expectation } from './refactorCorpus.ts';
import type { RunCheck } from './refactorExpected.ts';
import type { StandIns } from './standIns/standIns.ts';
import { temporaryFolder } from './temporaryFolder.ts';

/** Both images of an entry, built and tried. */
export interface Proof {
  readonly entry: ChangedEntry;
  readonly beforeBytes: number;
  readonly afterBytes: number;
  readonly seconds: number;
  /** What is not as it should be; empty where the new image does what the old one did, and is smaller. */
  readonly faults: readonly string[];
}

/** A build may fetch and compile a language's whole package tree. */
const buildPatience = 900_000;

/**
 * Builds an entry before and after its conversion in a real engine, starts both, and compares. Throws where one of them cannot
 * be built or started.
 */
export async function prove(
  engine: TestEngine,
  standIns: StandIns,
  entry: ChangedEntry,
  { buildKit = true }: { readonly buildKit?: boolean } = {},
): Promise<Proof> {
  const began = performance.now();
  const { expected } = entry;
  const converted = await convertedEntry(entry);
  const name = `plimsoll-corpus/${entry.id.toLowerCase()}`;
  const [before, after] = [`${name}:before`, `${name}:after`];
  try {
    await buildFolder(engine, standIns, entry.folder, before, { dockerfile: entry.dockerfile, files: {} }, buildKit);
    await buildFolder(engine, standIns, entry.folder, after, converted, buildKit);
    const [beforeBytes, afterBytes] = [await imageBytes(engine, before), await imageBytes(engine, after)];
    const faults = [
      ...(await differences(engine, before, after, expected.run)),
      ...(await lostConfig(engine, { dockerfile: entry.dockerfile, converted: converted.dockerfile, before, after })),
    ];
    if (afterBytes >= beforeBytes) faults.push(`it weighs ${afterBytes} bytes, and weighed ${beforeBytes}`);
    if (expected.mostBytes !== undefined && afterBytes > expected.mostBytes) {
      faults.push(`it weighs ${afterBytes} bytes, and may weigh ${expected.mostBytes}`);
    }
    return { entry, beforeBytes, afterBytes, faults, seconds: (performance.now() - began) / 1000 };
  } finally {
    for (const tag of [before, after]) {
      // Where the first build fails there is no second image.
      if ((await docker(engine, ['image', 'ls', '--quiet', tag])) !== '')
        await docker(engine, ['image', 'rm', '--force', tag]);
    }
  }
}

/**
 * Builds the files of a folder with another Dockerfile, and others put over them. What the builder says comes back. Throws with
 * its last words where it fails.
 */
export async function buildFolder(
  engine: TestEngine,
  standIns: StandIns,
  from: string,
  tag: string,
  { dockerfile, files }: { readonly dockerfile: string; readonly files: Readonly<Record<string, string>> },
  buildKit: boolean,
): Promise<string> {
  await standIns.provideFor(dockerfile);
  await using folder = await temporaryFolder();
  const context = path.join(folder.path, 'context');
  await cp(from, context, { recursive: true, filter: (file) => path.basename(file) !== expectation });
  await chmod(context, 0o755);
  for (const [name, text] of Object.entries({ ...files, Dockerfile: dockerfile })) {
    const file = path.join(context, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  const args = ['build', '--network=host', '--rm', '--force-rm', '--tag', tag, context];
  try {
    return await docker(
      engine,
      args,
      { DOCKER_BUILDKIT: buildKit ? '1' : '0', BUILDKIT_PROGRESS: 'plain' },
      buildPatience,
    );
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    const said = `${stdout}${stderr}`.trim().split('\n').slice(-25).join('\n');
    throw new Error(`${tag} cannot be built:\n${said}\n\n${dockerfile}`, { cause: error });
  }
}

/** How two images do not do the same, or not what they must. */
export async function differences(
  engine: TestEngine,
  before: string,
  after: string,
  check: RunCheck,
): Promise<readonly string[]> {
  const faults: string[] = [];
  const compare = (what: string, was: unknown, is: unknown): void => {
    if (was !== is) faults.push(`${what}: ${JSON.stringify(was)} before, ${JSON.stringify(is)} after`);
  };
  if (check.http.length > 0) {
    const [old, now] = [await askServer(engine, before, check), await askServer(engine, after, check)];
    for (const [at, question] of check.http.entries()) {
      const [was, is] = [old.answers[at]!, now.answers[at]!];
      compare(`status of ${question.path}`, was.status, is.status);
      compare(`answer to ${question.path}`, was.body, is.body);
      if (was.status !== question.status) faults.push(`${question.path} gives ${was.status} before`);
      if (!was.body.includes(question.contains))
        faults.push(`${question.path} does not hold ${question.contains} before: ${was.body}`);
    }
    compare('health check', old.health, now.health);
    if (old.health !== undefined && old.health !== 0) faults.push(`the health check gives ${old.health} before`);
    return faults;
  }
  const [old, now] = [await runToEnd(engine, before, check), await runToEnd(engine, after, check)];
  compare('exit status', old.exit, now.exit);
  compare('standard output', old.stdout, now.stdout);
  if (old.exit !== check.exit) faults.push(`exit status ${old.exit} before: ${old.stderr}`);
  if (now.exit !== old.exit) faults.push(now.stderr);
  if (check.stdout !== undefined && old.stdout !== check.stdout)
    faults.push(`prints ${JSON.stringify(old.stdout)} before`);
  return faults;
}
