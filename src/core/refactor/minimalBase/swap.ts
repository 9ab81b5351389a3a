import { lookUpSizes } from '../../base/catalogue.ts';
import { lifeStatus } from '../../base/endOfLife.ts';
import type { Dockerfile, Stage } from '../../dockerfile/model.ts';
import { parseDockerfile } from '../../dockerfile/parse.ts';
import { formatBytes, type Size, type SizeSum } from '../../size.ts';
import { applyEdits } from '../../text.ts';
import type { RefactorOptions } from '../options.ts';
import { possibleNotes } from '../possibleConsumers.ts';
import type { Project } from '../project.ts';
import { type Note, type Proposal, type Question, type Refactoring, refusal } from '../refactoring.ts';
import type { BaseCheck, BaseSwap } from './baseSwap.ts';
import { readTarget } from './candidates.ts';
import { smallest, swapsOf, swapTo } from './minimalBases.ts';
import { isRefusal, readSubject, type SwapSubject, type Target } from './subject.ts';
import { startFolderNotes } from './startFolders.ts';
import { readUses } from './uses.ts';

/** Takes a base of the user's choice for the present one of a stage, or says what stands in the way. */
export function swapToBase(
  dockerfile: Dockerfile,
  stage: Stage,
  written: string,
  project: Project,
  options: RefactorOptions,
): Refactoring {
  const subject = readSubject(dockerfile, stage, project, options);
  if (isRefusal(subject)) return subject;
  const { line } = stage.from;
  const target = readTarget(subject, written);
  if (target === undefined) return refusal('unknown-base', `Nothing is known of ${written}.`, { line });
  const swap = swapTo(subject, target, readUses(subject));
  const blocking = swap.checks.find(({ outcome }) => outcome === 'failed');
  if (blocking) return refused(blocking);
  if (swap.edits.length === 0) return refusal('no-benefit', `The stage is built on ${written} already.`, { line });
  return proposal(subject, swap, []);
}

/** Takes the smallest base on which everything is proved to work as before. */
export function swapToMinimalBase(
  dockerfile: Dockerfile,
  stage: Stage,
  project: Project,
  options: RefactorOptions,
): Refactoring {
  const subject = readSubject(dockerfile, stage, project, options);
  if (isRefusal(subject)) return subject;
  const { base } = subject;
  const { line } = stage.from;
  const other = changesImage(subject) ? undefined : stagesOn(subject, base.text)[0];
  if (other) {
    const message = `${other.name ?? `Stage ${other.index}`} is built on ${base.text} too, so that is fetched all the same.`;
    return refusal('no-benefit', message, { line: other.from.line, unblock: 'Swap the base of that stage first.' });
  }
  const worthwhile = swapsOf(subject).filter((swap) => pays(subject, swap));
  const safe = worthwhile.filter(({ isSafe }) => isSafe);
  const keepsShell = options.answers[shellQuestion.key] === 'yes' && subject.facts.shell !== false;
  const allowed = safe.filter((swap) => !keepsShell || targetOf(subject, swap).hasShell);
  const own = allowed.filter((swap) => !changesLibc(subject, swap));
  const best = smallest(options.answers[libcQuestion.key] === 'musl' ? allowed : own);
  if (best) {
    const asksShell = safe.some((swap) => !targetOf(subject, swap).hasShell) && subject.facts.shell !== false;
    const asksLibc = allowed.length > own.length;
    return proposal(subject, best, [...(asksShell ? [shellQuestion] : []), ...(asksLibc ? [libcQuestion] : [])]);
  }
  const musl = smallest(allowed);
  if (musl) {
    return refusal('no-benefit', `Only ${musl.written} is smaller, and it has another C library.`, {
      line,
      unblock: 'Answer the question libc with musl to take it.',
    });
  }
  return nothingBetter(subject, worthwhile);
}

/** Why there is no other base: what stands in the way of the one that came nearest. */
function nothingBetter(subject: SwapSubject, swaps: readonly BaseSwap[]): Refactoring {
  const { base, stage } = subject;
  const [nearest] = swaps.filter(({ isSafe }) => !isSafe).toSorted((a, b) => obstacles(a) - obstacles(b));
  if (nearest === undefined) {
    const ended = subject.facts.ends.find((end) => lifeStatus(end, subject.options.today) === 'past');
    if (ended) {
      return refusal(
        'end-of-life',
        `${ended.product} ${ended.cycle} has had no fixes since ${ended.date!}, and no image of it is proposed.`,
        {
          line: stage.from.line,
          unblock: 'Move to a version that is looked after.',
        },
      );
    }
    return refusal('no-benefit', `Nothing that is known to be smaller does what ${base.text} does.`, {
      line: stage.from.line,
    });
  }
  const of = (outcome: BaseCheck['outcome']): BaseCheck | undefined =>
    nearest.checks.find((check) => check.outcome === outcome);
  // That nothing can be run there says more than what follows from it.
  const blocking =
    nearest.checks.find(({ code, outcome }) => code === 'shell' && outcome === 'failed') ??
    of('failed') ??
    of('unproven')!;
  const isReduced =
    /(?:^|[-/])(?:slim|alpine|distroless|chiseled|jre|minimal)/.test(base.text) || subject.image === 'alpine';
  return isReduced
    ? refused(
        { ...blocking, code: 'no-benefit' },
        `${base.text} is a small base already, and ${nearest.written} does not fit: `,
      )
    : refused(blocking, `${nearest.written} would be smaller, and does not fit: `);
}

const shellQuestion: Question = {
  key: 'keep-shell',
  prompt: 'Must there be a shell in the image?',
  choices: [
    { value: 'no', label: 'No, nothing in the image needs one' },
    { value: 'yes', label: 'Yes, to look around in a running container' },
  ],
  default: 'no',
  detail: 'Without a shell the image is smaller, and nobody can open one in a container.',
};

const libcQuestion: Question = {
  key: 'libc',
  prompt: 'May the C library be another one?',
  choices: [
    { value: 'keep', label: 'Keep the present one' },
    { value: 'musl', label: 'Take musl, with Alpine' },
  ],
  default: 'keep',
  detail: 'Alpine is smaller; its musl resolves names, sizes stacks and formats by locale in other ways than glibc.',
};

function changesLibc(subject: SwapSubject, swap: BaseSwap): boolean {
  return targetOf(subject, swap).facts.libc === 'musl' && subject.facts.libc !== 'musl';
}

function targetOf(subject: SwapSubject, { written }: BaseSwap): Target {
  return readTarget(subject, written)!;
}

/** Failures weigh more than doubts. */
function obstacles({ checks }: BaseSwap): number {
  const count = (outcome: BaseCheck['outcome']): number => checks.filter((check) => check.outcome === outcome).length;
  return count('failed') * 100 + count('unproven');
}

/** Nobody changes a file for less than 10 % and 20 MB; of unknown sizes the leaner variant is the smaller one. */
function pays({ base }: SwapSubject, { saving }: BaseSwap): boolean {
  if (saving === undefined) return true;
  const present = lookUpSizes(base.reference, base.platform);
  const whole = (present?.onDisk ?? present?.download)?.bytes;
  return saving >= 20_000_000 || (whole !== undefined && saving >= whole / 10);
}

function refused(
  { code, message, line, unblock }: Omit<BaseCheck, 'code' | 'outcome'> & { readonly code: string },
  before = '',
): Refactoring {
  return refusal(code, before + message, { line, ...(unblock === undefined ? {} : { unblock }) });
}

function proposal(subject: SwapSubject, swap: BaseSwap, questions: readonly Question[]): Refactoring {
  const { dockerfile, options, base } = subject;
  const after = applyEdits(dockerfile.text, swap.edits);
  // A rewrite that does not read as a Dockerfile is a fault of this program, and never one of the user's file.
  if (parseDockerfile(after, {}).problems.length > dockerfile.problems.length) {
    return refusal('unreadable-result', `With ${swap.written} the file could not be read any more.`, {
      line: subject.stage.from.line,
    });
  }
  const isOfImage = changesImage(subject);
  const before = isOfImage ? options.finalSize : undefined;
  const saved = swap.saving;
  const smaller: SizeSum | undefined =
    before === undefined || saved === undefined
      ? undefined
      : { ...before, bytes: Math.max(0, before.bytes - saved), basis: 'estimated' };
  const size = swap.sizes?.onDisk;
  const spares = isOfImage ? undefined : sparedBy(subject, swap);
  const notes: Note[] = [
    {
      kind: 'moved',
      text: isOfImage
        ? `${base.text} becomes ${swap.written}${size === undefined ? '' : `, ${formatBytes(size.bytes)} on disk`}${saved === undefined ? '' : `: ${formatBytes(saved)} less`}.`
        : `${base.text} becomes ${swap.written}. ${sparedText(spares)} The final image stays as it is.`,
      line: subject.stage.from.line,
    },
    ...swap.changes,
    ...swap.checks
      .filter(({ outcome }) => outcome === 'passed')
      .map(({ message, line }): Note => ({ kind: 'checked', text: message, ...(line === undefined ? {} : { line }) })),
    ...startFolderNotes(subject, swap),
    ...(isOfImage ? possibleNotes(subject.project) : []),
    {
      kind: 'test',
      text: isOfImage
        ? 'Build the image, start it, and look at its health check and its logs.'
        : 'Build the image, and every stage that somebody builds by its name.',
    },
  ];
  return {
    kind: 'proposal',
    title: isOfImage
      ? `Use ${swap.written} as the base`
      : `Use ${swap.written} as the base of ${subject.stage.name ?? `stage ${subject.stage.index}`}`,
    edits: swap.edits,
    files: [],
    ...(isOfImage ? { runBase: swap.written } : {}),
    ...(spares === undefined ? {} : { spares }),
    ...(before === undefined ? {} : { before }),
    ...(smaller === undefined ? {} : { after: smaller }),
    notes: distinct(notes),
    options: questions,
  };
}

/** Whether the swap is one of the image's base, and not of a stage on the way to it. */
function changesImage({ ships, takers, dockerfile }: SwapSubject): boolean {
  return ships && (takers.length === 0 || dockerfile.stages.at(-1)?.isFinal === true);
}

/** What the machine that builds has less to fetch and to keep, if it has the base for nothing else. */
function sparedBy(subject: SwapSubject, { sizes, written }: BaseSwap): Proposal['spares'] {
  const { base } = subject;
  const present = lookUpSizes(base.reference, base.platform);
  // What another stage is built on is there already.
  const isThere = stagesOn(subject, written).length > 0;
  const less = (now: Size | undefined, then: Size | undefined): number | undefined =>
    now === undefined || (then === undefined && !isThere) ? undefined : now.bytes - (isThere ? 0 : then!.bytes);
  const download = less(present?.download, sizes?.download);
  const onDisk = less(present?.onDisk, sizes?.onDisk);
  return { ...(download === undefined ? {} : { download }), ...(onDisk === undefined ? {} : { onDisk }) };
}

/** The stages of the file that are built on an image, those apart whose base is swapped. */
function stagesOn({ scenes, above }: SwapSubject, written: string): readonly Stage[] {
  return scenes.all
    .filter((scene) => !above.includes(scene) && scene.base.kind === 'image' && scene.base.text === written)
    .map(({ stage }) => stage);
}

function sparedText(spares: Proposal['spares']): string {
  const parts = [
    ...(spares?.download === undefined ? [] : [`${formatBytes(spares.download)} less to download`]),
    ...(spares?.onDisk === undefined ? [] : [`${formatBytes(spares.onDisk)} less on the disk of whoever builds`]),
  ];
  return parts.length === 0 ? 'It is a leaner variant of the same image.' : `That is ${parts.join(', and ')}.`;
}

function distinct(notes: readonly Note[]): readonly Note[] {
  return notes.filter(({ text }, at) => notes.findIndex((other) => other.text === text) === at);
}
