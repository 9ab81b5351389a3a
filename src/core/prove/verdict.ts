import type { ConfigDifference } from '../config/configDiff.ts';
import { newProblems, type ProvedImage, type RunOutcome, type Verdict } from './report.ts';

export interface Judgement {
  readonly verdict: Verdict;
  readonly reasons: readonly string[];
  readonly remarks: readonly string[];
}

/** Judges two images that were built. What was wrong with the old one too is a remark. */
export function judge(before: ProvedImage, after: ProvedImage, config: readonly ConfigDifference[]): Judgement {
  const broken: string[] = [];
  const differs: string[] = [];
  const remarks: string[] = [];
  const fresh = newProblems(before.start, after.start);
  for (const problem of fresh) (problem.severity === 'breaks' ? broken : differs).push(problem.message);
  for (const problem of after.start.problems) {
    if (!fresh.includes(problem)) remarks.push(`As before: ${problem.message}`);
  }
  for (const [what, was, is] of [
    ['The container', before.run, after.run],
    ['The command', before.command, after.command],
  ] as const) {
    if (was === undefined || is === undefined) continue;
    const found = compareRuns(what, was, is);
    if (found.kind === 'same') remarks.push(found.message);
    else (found.kind === 'broken' ? broken : differs).push(found.message);
  }
  for (const { severity, message } of config) (severity === 'harmless' ? remarks : differs).push(message);
  return {
    verdict: broken.length > 0 ? 'broken' : differs.length > 0 ? 'differs' : 'works',
    reasons: [...broken, ...differs],
    remarks,
  };
}

/** What the difference between two runs means, in a sentence. */
export function compareRuns(
  what: string,
  before: RunOutcome,
  after: RunOutcome,
): { readonly kind: 'same' | 'differs' | 'broken'; readonly message: string } {
  if (after.kind === 'not-started') {
    if (before.kind === 'not-started') return { kind: 'same', message: `${what} started in neither image.` };
    return { kind: 'broken', message: after.message };
  }
  if (before.kind === 'not-started') return { kind: 'differs', message: `${what} starts, and did not before.` };
  if (before.kind !== after.kind || before.exitCode !== after.exitCode) {
    const isWorse =
      after.kind === 'ended' && after.exitCode !== 0 && (before.kind === 'stopped' || before.exitCode === 0);
    const last = after.output.trimEnd().split('\n').at(-1)!;
    const said = isWorse && last !== '' ? `, saying ${shown(last)}` : '';
    return {
      kind: isWorse ? 'broken' : 'differs',
      message: `${what} ${ending(after)}${said}; before, it ${ending(before)}.`,
    };
  }
  const [was, is] = compared(before, after);
  if (was === is) return { kind: 'same', message: `${what} ${ending(after)} in both images, with the same output.` };
  if (withoutNumbers(was) === withoutNumbers(is)) {
    return { kind: 'same', message: `${what} ${ending(after)} in both images, with the same output but for numbers.` };
  }
  const line = firstDifference(was, is);
  return { kind: 'differs', message: `${what} writes something else${line === '' ? '' : `, first ${line}`}.` };
}

function ending({ kind, exitCode }: Extract<RunOutcome, { kind: 'ended' | 'stopped' }>): string {
  return kind === 'stopped' ? 'runs until it is stopped' : `ends with status ${exitCode ?? 'unknown'}`;
}

/** Of what was stopped, or cut, only as many whole lines as both have come to write. */
function compared(
  before: Extract<RunOutcome, { kind: 'ended' | 'stopped' }>,
  after: Extract<RunOutcome, { kind: 'ended' | 'stopped' }>,
): [string, string] {
  if (before.kind === 'ended' && !before.isCut && !after.isCut) return [before.output, after.output];
  const [was, is] = [before.output.split('\n').slice(0, -1), after.output.split('\n').slice(0, -1)];
  const count = Math.min(was.length, is.length);
  return [was.slice(0, count).join('\n'), is.slice(0, count).join('\n')];
}

/** Times, process ids, ports and ids of containers differ from run to run. */
function withoutNumbers(text: string): string {
  return text.replace(/\b[0-9a-f]{12,64}\b/g, '#').replace(/\d+/g, '#');
}

function firstDifference(was: string, is: string): string {
  const [before, after] = [was.split('\n'), is.split('\n')];
  const at = after.findIndex((line, index) => withoutNumbers(line) !== withoutNumbers(before[index] ?? ''));
  const line = at < 0 ? undefined : after[at];
  return line === undefined ? '' : `${shown(line)} instead of ${shown(before[at] ?? '')}`;
}

function shown(line: string): string {
  return JSON.stringify(line.length > 100 ? `${line.slice(0, 97)}…` : line);
}
