import { present } from '../../core/present.ts';
import type { FileReport, Report } from '../../core/report.ts';
import { readDockerfiles } from '../dockerfiles.ts';
import type { CommonOptions } from '../options.ts';
import { githubAnnotations } from '../print/github.ts';
import { findingsSarif } from '../print/sarif.ts';
import { reportMarkdown, reportText } from '../print/report.ts';
import { reportsOn } from '../reports.ts';
import { Status } from '../status.ts';
import { type Host, paintFor } from '../terminal.ts';

export interface ReportOptions extends CommonOptions {
  readonly target?: string;
  readonly buildArg: Readonly<Record<string, string>>;
  readonly context?: string;
  readonly sarif?: boolean;
  readonly github?: boolean;
}

/** `plimsoll report PATH…`. Throws a `UsageError` where a path cannot be read, a `SourceError` where a source asked for alone fails. */
export async function report(paths: readonly string[], options: ReportOptions, host: Host): Promise<Status> {
  const { terminal, signal } = host;
  const files = await readDockerfiles(paths, terminal.cwd, signal);
  const { target, context, buildArg: buildArgs } = options;
  const requests = files.map((file) => ({ ...file, buildArgs, ...present({ target, context }) }));
  const result: Report = { schema: 1, files: byReclaimable(await reportsOn(requests, options, host)) };
  if (options.json) terminal.out(`${JSON.stringify(result, undefined, 2)}\n`);
  else if (options.sarif) terminal.out(`${JSON.stringify(findingsSarif(result), undefined, 2)}\n`);
  else if (options.github) terminal.out(githubAnnotations(result));
  else if (options.markdown) terminal.out(reportMarkdown(result));
  else terminal.out(reportText(result, paintFor(options.color, terminal)));
  return Status.done;
}

/** The file with the most to gain first; files with nothing known to gain stay in the order of their paths. */
function byReclaimable(files: readonly FileReport[]): readonly FileReport[] {
  return files.toSorted((a, b) => (b.reclaimableBytes ?? 0) - (a.reclaimableBytes ?? 0));
}
