import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Refactor } from '../../core/refactor/inOrder.ts';
import type { Answers } from '../../core/refactor/refactoring.ts';
import { refactors, swapTo } from '../../core/refactor/refactors.ts';
import { openBuiltImages } from '../builtImages.ts';
import { readDockerfiles } from '../dockerfiles.ts';
import { diffText, refactoringReport } from '../print/refactoringReport.ts';
import { refactoringText } from '../print/refactoring.ts';
import { changesOf, type RefactoredFile, Refactorer } from '../refactorings.ts';
import { openServices } from '../services.ts';
import { Status } from '../status.ts';
import { type Host, paintFor } from '../terminal.ts';
import { openWeighing } from '../weighing.ts';
import { fixByRules, type FixOptions, parseOptions, wantedFindings, write } from './fix.ts';

/** What of `plimsoll fix` asks for more than the edits of rules. */
export interface RefactorFlags {
  readonly multiStage?: boolean;
  /** The reference that the final stage is to start from. */
  readonly base?: string;
  readonly minimalBase?: boolean;
  readonly dockerignore?: boolean;
  readonly small?: boolean;
  readonly assume: Answers;
}

/**
 * `plimsoll fix` with a refactoring: unified diffs of all files that change on standard output, or with `--write` the
 * changes; the rationale on standard error. A file is refactored as a whole or left alone: where one of several refactorings
 * is refused or has to ask, none is made, and the status says so. Throws as `fix` does.
 */
export async function refactor(
  paths: readonly string[],
  options: FixOptions & RefactorFlags,
  host: Host,
): Promise<Status> {
  const { terminal, signal } = host;
  const isRuleAsked = options.all === true || options.rule.length > 0;
  const wanted = isRuleAsked ? wantedFindings(options) : undefined;
  const chosen = chosenRefactors(options);
  const files = await readDockerfiles(paths, terminal.cwd, signal);
  using services = openServices(options, host);
  const parse = await parseOptions(options, services, signal);
  using weighing = openWeighing(services, options, host, parse.platform);
  const { weigher, engine, today } = weighing;
  const refactorer = new Refactorer({
    ...{ parse, today, answers: options.assume, weigher, cwd: terminal.cwd, signal },
    ...(engine === undefined ? {} : { lookInto: openBuiltImages(engine, options, host) }),
  });
  const results: RefactoredFile[] = [];
  for (const file of files) {
    const context = path.resolve(terminal.cwd, options.context ?? path.dirname(file.file));
    const fixed = wanted && (await fixByRules(file, context, { wanted, parse, weigher }));
    const refactored = await refactorer.refactor(fixed?.text ?? file.text, file, context, chosen);
    results.push({ file, refactored, fixes: fixed?.applied.length ?? 0 });
  }
  if (options.write === true) for (const result of results) await writeAll(result);
  if (options.json) terminal.out(`${JSON.stringify(refactoringReport(results), undefined, 2)}\n`);
  else if (options.write !== true) for (const result of results) terminal.out(diffText(result));
  const paint = paintFor(options.color, terminal);
  for (const { file, refactored, fixes } of results) {
    const { refactoring } = refactored;
    // Why something is not done is no mere remark.
    if (refactoring.kind === 'proposal' && (options.quiet === true || options.json === true)) continue;
    terminal.err(refactoringText(file.name, refactoring, paint));
    if (refactoring.kind === 'proposal' && fixes > 0) {
      terminal.err(`${file.name}: ${fixes === 1 ? '1 size smell' : `${fixes} size smells`} mended too.\n`);
    }
  }
  const isDone = results.every(({ refactored }) => refactored.refactoring.kind === 'proposal');
  return isDone ? Status.done : Status.refused;
}

/** In the order in which they build on each other: stages, then their base, then what is sent to the builder. */
function chosenRefactors(flags: RefactorFlags): readonly [Refactor, ...Refactor[]] {
  const [first, ...others] = [
    ...(flags.small === true ? [refactors.small] : []),
    ...(flags.multiStage === true ? [refactors['multi-stage']] : []),
    ...(flags.minimalBase === true ? [refactors['minimal-base']] : []),
    ...(flags.base === undefined ? [] : [swapTo(flags.base)]),
    ...(flags.dockerignore === true ? [refactors.dockerignore] : []),
  ];
  return [first!, ...others];
}

/** The other files first: an ignore file that is there too early harms less than one that is missing. */
async function writeAll(result: RefactoredFile): Promise<void> {
  const [dockerfile, ...others] = changesOf(result);
  for (const { file, before, after } of others) {
    if (before !== after) await writeFile(file, after, before === undefined ? { flag: 'wx' } : {});
  }
  await write(result.file, { text: dockerfile.after });
}
