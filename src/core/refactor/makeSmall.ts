import type { Dockerfile, Stage } from '../dockerfile/model.ts';
import { parseDockerfile } from '../dockerfile/parse.ts';
import { parseDockerignore } from '../dockerfile/ignore.ts';
import { findFindings } from '../rules/findings.ts';
import { fixAll, isForAll } from '../rules/fixAll.ts';
import type { SizeSum } from '../size.ts';
import { applyEdits } from '../text.ts';
import { createDockerignore } from './dockerignore.ts';
import { changedPart, type Refactor } from './inOrder.ts';
import { swapToMinimalBase } from './minimalBase/swap.ts';
import { textRefusal } from './minimalBase/subject.ts';
import { convertToMultistage } from './multistage/convert.ts';
import type { RefactorOptions } from './options.ts';
import { LoadedProject, type Project } from './project.ts';
import {
  type FileText,
  type Note,
  type Proposal,
  type Question,
  type Refactoring,
  type Refusal,
  refusal,
} from './refactoring.ts';

export interface MakeSmallOptions {
  /** How the file is read again after each step: with the options that it was parsed with. */
  readonly parse?: (text: string) => Dockerfile;
}

/**
 * Everything that makes an image smaller, as one change: first what is not sent at all (`.dockerignore`), then stages, then the
 * base of the last one, then the smells in what is left. Stages come before the base, because a stage that is going to build
 * needs the tools of the fuller base and its size does not matter any more; smells come last, because nobody need clean up in a
 * stage that is thrown away. What cannot be done is left out, and the reason told; a step that must ask asks first.
 */
export function makeItSmall(
  original: Dockerfile,
  project: Project,
  options: RefactorOptions,
  { parse = (text) => parseDockerfile(text, { platform: options.platform }) }: MakeSmallOptions = {},
): Refactoring {
  const unfit = textRefusal(original);
  if (unfit) return unfit;
  let state: State = { dockerfile: original, project, options, done: [], refusals: [] };
  for (const step of steps) {
    const answer = step.refactor(state.dockerfile, state.project, state.options);
    if (answer.kind === 'inquiry') return answer;
    if (answer.kind === 'refusal')
      state = { ...state, refusals: [...state.refusals, { of: step.name, reason: answer }] };
    else state = after(state, answer, parse);
  }
  return result(original, state);
}

const steps: readonly { readonly name: string; readonly refactor: Refactor }[] = [
  { name: '.dockerignore', refactor: createDockerignore },
  { name: 'Stages', refactor: convertToMultistage },
  { name: 'Base', refactor: swapFinal },
  { name: 'Smells', refactor: fixSmells },
];

interface State {
  readonly dockerfile: Dockerfile;
  readonly project: Project;
  readonly options: RefactorOptions;
  readonly done: readonly Proposal[];
  readonly refusals: readonly { readonly of: string; readonly reason: Refusal }[];
}

function after(
  { dockerfile, project, options, done, refusals }: State,
  answer: Proposal,
  parse: (text: string) => Dockerfile,
): State {
  const { platform, today, answers, finalSize } = options;
  const known = answer.after ?? finalSize;
  const [ignoreFile] = answer.files;
  return {
    dockerfile: parse(applyEdits(dockerfile.text, answer.edits)),
    project: ignoreFile === undefined ? project : ignoring(project, ignoreFile),
    // The instructions that were weighed, and the image that was read, are those of the file as it was.
    options:
      answer.edits.length === 0 ? { ...options, finalSize: known } : { platform, today, answers, finalSize: known },
    done: [...done, answer],
    refusals,
  };
}

function swapFinal(dockerfile: Dockerfile, project: Project, options: RefactorOptions): Refactoring {
  let stage: Stage | undefined = dockerfile.stages.find(({ isFinal }) => isFinal);
  // The base in question is that of the stage at the bottom; one on itself, or on a later one, is an error of the file.
  while (stage?.base.kind === 'stage' && stage.base.stage < stage.index) stage = dockerfile.stages[stage.base.stage];
  return stage === undefined
    ? refusal('no-stage', 'The file has no stage that is built.')
    : swapToMinimalBase(dockerfile, stage, project, options);
}

/** The fixes that nobody need be asked about. A fuller base is the business of the step before. */
function fixSmells(dockerfile: Dockerfile, _: Project, { platform, today, finalSize }: RefactorOptions): Refactoring {
  const { text, applied } = fixAll(dockerfile, {
    parse: { platform },
    find: (current) => findFindings(current, { platform, today }),
    accepts: (finding) => isForAll(finding) && finding.rule !== 'slim-base-fits',
  });
  if (applied.length === 0) return refusal('no-benefit', 'Nothing in the file makes the image larger than it need be.');
  const saved = applied.reduce((sum, { saves }) => sum + (saves?.bytes ?? 0), 0);
  const smaller: SizeSum | undefined =
    finalSize && saved > 0
      ? { ...finalSize, bytes: Math.max(0, finalSize.bytes - saved), basis: 'estimated' }
      : undefined;
  return {
    kind: 'proposal',
    title: 'Fix what makes the image larger',
    edits: [changedPart(dockerfile.text, text)],
    files: [],
    ...(finalSize === undefined ? {} : { before: finalSize }),
    ...(smaller === undefined ? {} : { after: smaller }),
    notes: applied.map(({ message, instruction }): Note => ({
      kind: 'changed',
      text: message,
      line: dockerfile.instructions[instruction]?.line ?? 1,
    })),
    options: [],
  };
}

function result(original: Dockerfile, { dockerfile, done, refusals }: State): Refactoring {
  const [first] = done;
  if (first === undefined) {
    return (refusals.find(({ reason }) => reason.code !== 'no-benefit') ?? refusals[0]!).reason;
  }
  const before = done.find((each) => each.before !== undefined)?.before;
  const smaller = done.findLast((each) => each.after !== undefined)?.after;
  const runBase = done.findLast((each) => each.runBase !== undefined)?.runBase;
  const isFirst = (proposal: Proposal): boolean => proposal === done.find(({ edits }) => edits.length > 0);
  return {
    kind: 'proposal',
    title: 'Make it small',
    edits: original.text === dockerfile.text ? [] : [changedPart(original.text, dockerfile.text)],
    files: done.flatMap(({ files }) => files),
    ...(runBase === undefined ? {} : { runBase }),
    ...(before === undefined ? {} : { before }),
    ...(smaller === undefined ? {} : { after: smaller }),
    notes: distinct([
      ...done.flatMap((proposal) =>
        // Lines of a later step are those of a text that nobody has seen.
        proposal.notes.map(({ kind, text, line }): Note => ({
          kind,
          text,
          ...(line === undefined || !(isFirst(proposal) || proposal.edits.length === 0) ? {} : { line }),
        })),
      ),
      ...refusals
        .filter(({ reason }) => reason.code !== 'no-benefit')
        .map(({ of, reason: { message, unblock } }): Note => ({
          kind: 'assumed',
          text: `${of}: left as it is. ${message}${unblock === undefined ? '' : ` ${unblock}`}`,
        })),
    ]),
    options: questions(done),
  };
}

function distinct(notes: readonly Note[]): readonly Note[] {
  return notes.filter(({ text }, at) => notes.findIndex((other) => other.text === text) === at);
}

function questions(done: readonly Proposal[]): readonly Question[] {
  return [...new Map(done.flatMap(({ options }) => options).map((question) => [question.key, question])).values()];
}

/** The same project under a new ignore file. Texts are still asked of the old one, which notes what it lacks. */
function ignoring(project: Project, ignoreFile: FileText): Project {
  const ignore = parseDockerignore(ignoreFile.text);
  const files = project.files.filter((file) => !ignore.ignores(file, false));
  const view = new LoadedProject(
    files.map((path) => ({ path, bytes: project.bytes(path) ?? 0 })),
    new Map(),
  );
  return {
    files: view.files,
    complete: project.complete,
    has: (path) => view.has(path),
    below: (path) => view.below(path),
    text: (path) => (view.has(path) ? project.text(path) : undefined),
    bytes: (path) => view.bytes(path),
    consumers: project.consumers,
    possible: project.possible,
    buildKit: project.buildKit,
    ignoreFile,
  };
}
