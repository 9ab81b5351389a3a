import path from 'node:path';
import { checkLimits } from '../../core/budget/budget.ts';
import { type CheckedSubject, checkReport, type CheckReport } from '../../core/budget/checkReport.ts';
import { dockerfileFigures, type Figures, imageFigures } from '../../core/budget/figures.ts';
import { imageReport } from '../../core/image/imageReport.ts';
import { present } from '../../core/present.ts';
import { findBudgets } from '../budgetFile.ts';
import { type Subject, subjectsOf } from '../budgetSubjects.ts';
import { readDockerfile } from '../dockerfiles.ts';
import { Images } from '../images.ts';
import type { CommonOptions } from '../options.ts';
import { checkAnnotations, checkMarkdown, checkSarif, checkText } from '../print/check.ts';
import { readImage } from '../readImage.ts';
import { type ReportRequest, reportsOn } from '../reports.ts';
import { Status } from '../status.ts';
import { type Host, paintFor, type Terminal } from '../terminal.ts';

export interface CheckOptions extends CommonOptions {
  readonly config?: string;
  readonly strict?: boolean;
  readonly sarif?: boolean;
  readonly github?: boolean;
}

/**
 * `plimsoll check [PATH…]`: budgets held against Dockerfiles and images; `refused` where one is exceeded. Throws a
 * `UsageError` where the budgets cannot be read or are for nothing, a `SourceError` where an image cannot be opened.
 */
export async function check(paths: readonly string[], options: CheckOptions, host: Host): Promise<Status> {
  const { terminal } = host;
  const budgets = await findBudgets(terminal.cwd, options.config);
  const subjects = await subjectsOf(budgets, paths, terminal.cwd);
  const checked = [
    ...(await checkDockerfiles(subjects.filter(isDockerfile), budgets.folder, options, host)),
    ...(await checkImages(subjects.filter(isImage), options, host)),
  ];
  const result = checkReport(budgets.name, checked, options.strict === true);
  terminal.out(printed(result, options, terminal));
  return result.passed ? Status.done : Status.refused;
}

type DockerfileSubject = Extract<Subject, { file: string }>;
type ImageSubject = Exclude<Subject, DockerfileSubject>;

function isDockerfile(subject: Subject): subject is DockerfileSubject {
  return 'file' in subject;
}

function isImage(subject: Subject): subject is ImageSubject {
  return !isDockerfile(subject);
}

async function checkDockerfiles(
  subjects: readonly DockerfileSubject[],
  folder: string,
  options: CheckOptions,
  host: Host,
): Promise<CheckedSubject[]> {
  const { terminal, signal } = host;
  const requests: ReportRequest[] = [];
  for (const { budget, file } of subjects) {
    const name = path.relative(terminal.cwd, file);
    const context =
      budget.context === undefined ? undefined : path.relative(terminal.cwd, path.join(folder, budget.context));
    const text = await readDockerfile(name, file, signal);
    requests.push({
      name,
      file,
      text,
      buildArgs: budget.buildArgs ?? {},
      ...present({ target: budget.target, context }),
    });
  }
  const reports = await reportsOn(requests, options, host);
  return reports.map((report, index) => ({
    kind: 'dockerfile',
    name: report.path,
    ...present({ line: report.stages.find(({ isFinal }) => isFinal)?.line }),
    checks: checkLimits(subjects[index]!.budget.limits, dockerfileFigures(report)),
  }));
}

async function checkImages(
  subjects: readonly ImageSubject[],
  options: CheckOptions,
  host: Host,
): Promise<CheckedSubject[]> {
  await using images = new Images(options, host);
  const known = new Map<string, Figures>();
  const checked: CheckedSubject[] = [];
  for (const { budget, source, name } of subjects) {
    let figures = known.get(source);
    if (!figures) {
      figures = imageFigures(imageReport({ ...(await readImage(source, images, options, host)), top: 1 }));
      known.set(source, figures);
    }
    checked.push({ kind: 'image', name, checks: checkLimits(budget.limits, figures) });
  }
  return checked;
}

function printed(report: CheckReport, options: CheckOptions, terminal: Terminal): string {
  if (options.json) return `${JSON.stringify(report, undefined, 2)}\n`;
  if (options.sarif) return `${JSON.stringify(checkSarif(report), undefined, 2)}\n`;
  if (options.github) return checkAnnotations(report);
  if (options.markdown) return checkMarkdown(report);
  return checkText(report, paintFor(options.color, terminal));
}
