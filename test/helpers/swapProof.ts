import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseDockerfile } from '../../src/core/dockerfile/parse.ts';
import type { BaseNeeds } from '../../src/core/program/needs.ts';
import type { Answers, Proposal, Refactoring } from '../../src/core/refactor/refactoring.ts';
import { refactors, type RefactorKind } from '../../src/core/refactor/refactors.ts';
import { applyEdits } from '../../src/core/text.ts';
import { indexInProcess } from '../../src/sources/image/inProcess.ts';
import { openProject, refactorWith } from '../../src/sources/project/projectFiles.ts';
import { examineImage } from '../../src/sources/prove/examineImage.ts';
import { buildFolder, differences } from './corpusProof.ts';
import { docker, imageBytes } from './dockerClient.ts';
import { engineFor, type TestEngine } from './engine.ts';
import { type ConfigDifference, configDifferences } from './imageConfig.ts';
import { askFolder, gist } from './refactorCorpus.ts';
import type { StandIns } from './standIns/standIns.ts';
import { temporaryFolder } from './temporaryFolder.ts';

/** A small project, what is done to it, and what must come of it. */
export interface Swap {
  /** The title of its test, and its images' name: kebab-case. */
  readonly of: string;
  readonly kind: RefactorKind;
  readonly dockerfile: string;
  readonly files: Readonly<Record<string, string>>;
  readonly answers?: Answers;
  /** The refactoring is told what the start command of the first image uses. */
  readonly withEvidence?: true;
  /** Exactly what both images print. */
  readonly prints: string;
  /** The index of the stage whose base is swapped; the final one where it is absent. */
  readonly stage?: number;
  /** The base of that stage afterwards. */
  readonly base: string;
}

export interface SwapProof {
  readonly proposal: Proposal;
  /** The Dockerfile that came of it. */
  readonly after: string;
  readonly beforeBytes: number;
  readonly afterBytes: number;
  /** What the builder was sent, in bytes; absent with BuildKit, which does not say it so that it could be compared. */
  readonly sent?: { readonly before: number; readonly after: number };
  /** Whatever the second image has otherwise in its configuration, and no note tells. */
  readonly untold: readonly ConfigDifference[];
  /** How the second image does not do what the first one did. */
  readonly faults: readonly string[];
  /** What the same refactoring answers for its own result. */
  readonly again: string;
  /** The files below a folder that the first image has and the second has not, or the other way around. */
  readonly gone: readonly string[];
  readonly come: readonly string[];
}

const runCheck = { args: [], env: {}, exit: 0, http: [] };

/**
 * Builds a project before and after a refactoring in a real engine, starts both and compares. Throws where the refactoring is refused, or an image cannot be built or started.
 *
 * @param below an absolute path in both images whose files are compared; nothing is where it is absent.
 */
export async function proveSwap(
  engine: TestEngine,
  standIns: StandIns,
  swap: Swap,
  { below, buildKit = true }: { readonly below?: string; readonly buildKit?: boolean } = {},
): Promise<SwapProof> {
  const [before, after] = [`plimsoll-swap/${swap.of}:before`, `plimsoll-swap/${swap.of}:after`];
  await using folder = await temporaryFolder();
  await writeFiles(folder.path, { ...swap.files, Dockerfile: swap.dockerfile });
  const build = (tag: string, dockerfile: string): Promise<string> =>
    buildFolder(engine, standIns, folder.path, tag, { dockerfile, files: {} }, buildKit);
  try {
    const saidBefore = await build(before, swap.dockerfile);
    const proposal = await refactored(swap, folder.path, swap.dockerfile, await needsOf(engine, swap, before));
    if (proposal.kind !== 'proposal') throw new Error(`${swap.of}: ${gist(proposal)}: ${JSON.stringify(proposal)}`);
    const dockerfile = applyEdits(swap.dockerfile, proposal.edits);
    await writeFiles(folder.path, { ...filesOf(proposal), Dockerfile: dockerfile });
    const saidAfter = await build(after, dockerfile);
    const again = await refactored(swap, folder.path, dockerfile, await needsOf(engine, swap, after));

    const notes = proposal.notes.map(({ text }) => text);
    const isTold = ({ name, is }: ConfigDifference): boolean =>
      notes.some(
        (note) =>
          new RegExp(String.raw`(?<![\w$])${name}(?!\w)`).test(note) ||
          (typeof is === 'string' && note.includes(` ${is} `)),
      );
    const [old, now] =
      below === undefined
        ? [[], []]
        : [await filesBelow(engine, before, below), await filesBelow(engine, after, below)];
    return {
      proposal,
      after: dockerfile,
      beforeBytes: await imageBytes(engine, before),
      afterBytes: await imageBytes(engine, after),
      ...(buildKit ? {} : { sent: { before: sent(saidBefore), after: sent(saidAfter) } }),
      untold: (await configDifferences(engine, before, after)).filter((difference) => !isTold(difference)),
      faults: await differences(engine, before, after, { ...runCheck, stdout: swap.prints }),
      again: gist(again),
      gone: old.filter((file) => !now.includes(file)),
      come: now.filter((file) => !old.includes(file)),
    };
  } finally {
    for (const tag of [before, after])
      if ((await docker(engine, ['image', 'ls', '--quiet', tag])) !== '')
        await docker(engine, ['image', 'rm', '--force', tag]);
  }
}

async function writeFiles(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
  }
}

function filesOf({ files }: Proposal): Readonly<Record<string, string>> {
  return Object.fromEntries(files.map((file) => [file.path, file.text]));
}

async function refactored(
  { kind, answers = {}, stage }: Swap,
  folder: string,
  dockerfile: string,
  needs: BaseNeeds | undefined,
): Promise<Refactoring> {
  const { signal } = new AbortController();
  const place = { dockerfile: path.join(folder, 'Dockerfile'), context: folder, root: folder };
  const files = await openProject(place, askFolder(folder), signal);
  const asked = { platform: 'linux/amd64', today: '2026-11-21', answers, needs: () => needs } as const;
  const options = { ...asked, ...(stage === undefined ? {} : { stage }) };
  return refactorWith(files, (project) => refactors[kind](parseDockerfile(dockerfile), project, options), signal);
}

/** What an image's start command uses, as `plimsoll prove` and the editor find it out. */
async function needsOf(server: TestEngine, { withEvidence }: Swap, tag: string): Promise<BaseNeeds | undefined> {
  if (withEvidence !== true) return undefined;
  using engine = engineFor(server);
  const id = (await docker(server, ['image', 'inspect', '--format', '{{.Id}}', tag])).trim();
  const { start } = await examineImage(engine, id, {
    indexing: indexInProcess(),
    signal: new AbortController().signal,
  });
  return start.needs;
}

/** The bytes that a builder that is not BuildKit says it is sent. */
function sent(said: string): number {
  const [, number, unit] = /^Sending build context to Docker daemon\s+([\d.]+)\s?([kMG]?B)/.exec(said) ?? [];
  if (number === undefined) throw new Error(`The builder does not say what it is sent: ${said.slice(0, 200)}`);
  return Number(number) * { B: 1, kB: 1e3, MB: 1e6, GB: 1e9 }[unit as 'B'];
}

async function filesBelow(engine: TestEngine, image: string, folder: string): Promise<readonly string[]> {
  const args = ['run', '--rm', '--network=none', '--entrypoint=find', image, folder, '-type', 'f'];
  return (await docker(engine, args)).trim().split('\n').sort();
}
