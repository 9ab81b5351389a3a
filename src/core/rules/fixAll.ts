import { parseDockerfile } from '../dockerfile/parse.ts';
import type { Dockerfile, ParseOptions } from '../dockerfile/model.ts';
import type { Finding } from '../finding.ts';
import { applyEdits, type TextEdit } from '../text.ts';

export interface FixAllOptions {
  /** How the file is read again after each round. */
  readonly parse?: ParseOptions;
  /** What is found in a file: `findFindings` with its options. */
  readonly find: (dockerfile: Dockerfile) => readonly Finding[];
  /** Which findings are meant. */
  readonly accepts: (finding: Finding) => boolean;
}

export interface FixedFile {
  readonly text: string;
  /** What was mended, in the order in which it was. */
  readonly applied: readonly Finding[];
}

/** What “fix all” means: what reaches the final image, and nobody need be asked about. */
export function isForAll({ reachesFinal, fix }: Finding): boolean {
  return reachesFinal && fix !== undefined && fix.confidence !== 'ask';
}

/** A file has few findings that wait for others; so many rounds mean that two rules undo each other. */
export const mostRounds = 50;

/** Applies the fixes of all accepted findings, round by round until none is left. */
export function fixAll(dockerfile: Dockerfile, { parse = {}, find, accepts }: FixAllOptions): FixedFile {
  const applied: Finding[] = [];
  let current = dockerfile;
  for (let round = 0; round < mostRounds; round++) {
    const fixed = fixRound(current, find(current).filter(accepts), parse);
    if (fixed.applied.length === 0) break;
    applied.push(...fixed.applied);
    current = parseDockerfile(fixed.text, parse);
  }
  return { text: current.text, applied };
}

/**
 * Applies those fixes that do not touch each other; the others are found again in what comes out. Fixes that would leave
 * more problems in the file than there were are left out.
 */
export function fixRound(dockerfile: Dockerfile, findings: readonly Finding[], parse: ParseOptions): FixedFile {
  const { text, problems } = dockerfile;
  const edits: TextEdit[] = [];
  const applied: Finding[] = [];
  for (const finding of findings) {
    if (!finding.fix) continue;
    const { edits: own } = finding.fix;
    // Two edits at one place may both be right and wrong together: the second waits for the next round.
    if (own.some((edit) => edits.some((other) => touches(edit, other)))) continue;
    const alone = parseDockerfile(applyEdits(text, own), parse);
    if (alone.text === text || alone.problems.length > problems.length) continue;
    edits.push(...own);
    applied.push(finding);
  }
  return { text: applyEdits(text, edits), applied };
}

function touches(a: TextEdit, b: TextEdit): boolean {
  return a.start <= b.end && b.start <= a.end;
}
