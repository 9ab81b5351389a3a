import { lookUpSizes } from '../../base/catalogue.ts';
import type { BaseSizes } from '../../base/baseSize.ts';
import { isSmaller, smallestFirst } from '../../base/compareSizes.ts';
import type { Dockerfile, Stage } from '../../dockerfile/model.ts';
import { lineBreakAt } from '../../rules/edit/lines.ts';
import type { TextEdit } from '../../text.ts';
import type { RefactorOptions } from '../options.ts';
import type { Project } from '../project.ts';
import type { Note } from '../refactoring.ts';
import { swapBase } from '../swapBase.ts';
import { type BaseCheck, type BaseSwap, type Verdict, worst } from './baseSwap.ts';
import { buildingVerdicts } from './building.ts';
import { targets } from './candidates.ts';
import { compatibilityVerdicts } from './compatibility.ts';
import { configChange } from './config.ts';
import { nativeVerdicts } from './nativeModules.ts';
import { programVerdicts } from './programs.ts';
import { linesOf } from './rewriteRun.ts';
import { runVerdicts } from './runs.ts';
import { startChange } from './start.ts';
import { isRefusal, readSubject, type SwapSubject, type Target } from './subject.ts';
import { systemVerdicts } from './system.ts';
import { userVerdicts } from './users.ts';
import { readUses, type Uses } from './uses.ts';

/**
 * Every smaller base for a stage, smallest first, with what was looked at and what came out. Empty where nothing is known of
 * the present base, or nothing is smaller. Texts that it lacks are in `project.wanted`.
 */
export function minimalBases(
  dockerfile: Dockerfile,
  stage: Stage,
  project: Project,
  options: RefactorOptions,
): readonly BaseSwap[] {
  const subject = readSubject(dockerfile, stage, project, options);
  return isRefusal(subject) ? [] : swapsOf(subject);
}

/** The same for a stage that was read already. */
export function swapsOf(subject: SwapSubject): readonly BaseSwap[] {
  const uses = readUses(subject);
  const present = lookUpSizes(subject.base.reference, subject.base.platform);
  return smallestFirst(
    targets(subject, uses)
      .filter((target) => isSmaller(target.sizes, present) !== false)
      .map((target) => swapTo(subject, target, uses)),
  );
}

/** Takes one base for the present one. */
export function swapTo(subject: SwapSubject, target: Target, uses: Uses): BaseSwap {
  const config = configChange(subject, target);
  const start = startChange(subject, target, uses);
  const verdicts = [
    ...compatibilityVerdicts(subject, target, uses),
    ...runVerdicts(subject, target),
    ...buildingVerdicts(subject, target),
    ...programVerdicts(subject, target, uses),
    ...start.verdicts,
    ...userVerdicts(subject, target),
    ...config.verdicts,
    ...nativeVerdicts(subject, target),
    ...systemVerdicts(subject, target),
  ];
  const outcome = worst(verdicts);
  const saving = savingOf(target.sizes, lookUpSizes(subject.base.reference, subject.base.platform));
  return {
    written: target.written,
    reference: target.reference,
    ...(target.sizes === undefined ? {} : { sizes: target.sizes }),
    ...(saving === undefined ? {} : { saving }),
    changes: [...notesOf(verdicts), ...assumed(verdicts)],
    checks: verdicts.map(checkOf),
    isSafe: outcome === 'passed',
    edits: outcome === 'failed' ? [] : editsOf(subject, target, verdicts, [...config.lines, ...start.lines]),
  };
}

function checkOf({ code, outcome, message, line, unblock }: Verdict): BaseCheck {
  return {
    code,
    outcome,
    message,
    ...(line === undefined ? {} : { line }),
    ...(unblock === undefined ? {} : { unblock }),
  };
}

function notesOf(verdicts: readonly Verdict[]): readonly Note[] {
  return verdicts.flatMap(({ notes = [] }) => notes);
}

function assumed(verdicts: readonly Verdict[]): readonly Note[] {
  return verdicts
    .filter(({ outcome }) => outcome === 'unproven')
    .map(({ message, line }) => ({ kind: 'assumed', text: message, ...(line === undefined ? {} : { line }) }));
}

function editsOf(
  { dockerfile, stage }: SwapSubject,
  target: Target,
  verdicts: readonly Verdict[],
  lines: readonly string[],
): readonly TextEdit[] {
  const from = swapBase(dockerfile.text, stage, target.written);
  const edits = verdicts.flatMap((verdict) => verdict.edits ?? []);
  return [...(from === undefined ? [] : [from]), ...edits, ...behindFrom(dockerfile, stage, lines)];
}

/** Instructions right behind `FROM`, so that all below them hold as they did on the present base. */
function behindFrom(dockerfile: Dockerfile, stage: Stage, lines: readonly string[]): readonly TextEdit[] {
  if (lines.length === 0) return [];
  const { end } = linesOf(dockerfile, stage.from.span);
  const lineBreak = lineBreakAt(dockerfile.text, stage.from.span.start);
  const isOpen = !/[\r\n]$/.test(dockerfile.text.slice(0, end));
  const newText = isOpen
    ? lines.map((line) => lineBreak + line).join('')
    : lines.map((line) => line + lineBreak).join('');
  return [{ start: end, end, newText }];
}

function savingOf(a: BaseSizes | undefined, b: BaseSizes | undefined): number | undefined {
  if (a?.onDisk && b?.onDisk) return b.onDisk.bytes - a.onDisk.bytes;
  return a?.download && b?.download ? b.download.bytes - a.download.bytes : undefined;
}

/** The one that no other is smaller than, two at a time: of some only the download is known. */
export function smallest(swaps: readonly BaseSwap[]): BaseSwap | undefined {
  let best = swaps[0];
  for (const swap of [...swaps, ...swaps]) if (best && isSmaller(swap.sizes, best.sizes) === true) best = swap;
  return best;
}
