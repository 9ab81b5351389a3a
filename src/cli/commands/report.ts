import path from 'node:path';
import { stageAlternatives } from '../../core/base/stageAlternatives.ts';
import { formatReference } from '../../core/base/reference.ts';
import { type ImageReference, stageReference } from '../../core/base/stageReference.ts';
import type { Platform } from '../../core/base/baseSize.ts';
import type { Dockerfile, Stage } from '../../core/dockerfile/model.ts';
import { parseDockerfile } from '../../core/dockerfile/parse.ts';
import { fileReport, type KnownBase } from '../../core/fileReport.ts';
import type { FileReport, Report } from '../../core/report.ts';
import type { BaseSizeChain, BaseState } from '../../sources/chain.ts';
import { SourceError } from '../../sources/error.ts';
import { readDockerfiles } from '../dockerfiles.ts';
import { githubAnnotations } from '../print/github.ts';
import { sarifLog } from '../print/sarif.ts';
import { reportMarkdown, reportText } from '../print/report.ts';
import { Progress } from '../progress.ts';
import type { CommonOptions } from '../options.ts';
import { openServices } from '../services.ts';
import { Status, UsageError } from '../status.ts';
import { type Host, paintFor } from '../terminal.ts';
import { Weigher } from '../weights.ts';

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
  using services = openServices(options, host);
  const platform = options.platform ?? (await services.defaultPlatform(signal));
  const parsed = files.map(({ name, file, text }) => ({
    name,
    file,
    dockerfile: parseDockerfile(text, {
      buildArgs: options.buildArg,
      platform,
      ...(options.target === undefined ? {} : { target: options.target }),
    }),
  }));
  // In a folder some files may have the stage and others not; where none has it, its name is wrong.
  if (parsed.every(({ dockerfile }) => dockerfile.problems.some(({ code }) => code === 'unknown-target'))) {
    throw new UsageError(`There is no stage ${options.target ?? ''} in ${paths.join(', ')}.`);
  }
  const images = parsed.flatMap(({ dockerfile }) => imagesOf(dockerfile, platform));
  const states = await askAll(images, services.chain, new Progress(terminal, options.quiet === true), signal);
  if (options.source !== undefined) failWhereSilent(states, options.source);
  const today = new Date().toISOString().slice(0, 10);
  const reports: FileReport[] = [];
  const { engine } = services.imageSources;
  const weigher = new Weigher(host.media, {
    platform,
    today,
    online: options.offline !== true,
    signal,
    ...(engine === undefined ? {} : { engine }),
  });
  for (const { name, file, dockerfile } of parsed) {
    const context = options.context ?? path.dirname(name);
    const { weights, findings } = await weigher.weigh(dockerfile, file, path.resolve(terminal.cwd, context));
    reports.push(
      fileReport({
        path: name,
        context,
        dockerfile,
        platform,
        base: (image, stage) => knownBase(image, stage, states.get(keyOf(image))!, today),
        weights,
        findings,
      }),
    );
  }
  const result: Report = { schema: 1, files: byReclaimable(reports) };
  if (options.json) terminal.out(`${JSON.stringify(result, undefined, 2)}\n`);
  else if (options.sarif) terminal.out(`${JSON.stringify(sarifLog(result), undefined, 2)}\n`);
  else if (options.github) terminal.out(githubAnnotations(result));
  else if (options.markdown) terminal.out(reportMarkdown(result));
  else terminal.out(reportText(result, paintFor(options.color, terminal)));
  return Status.done;
}

/** The file with the most to gain first; files with nothing known to gain stay in the order of their paths. */
function byReclaimable(files: readonly FileReport[]): readonly FileReport[] {
  return files.toSorted((a, b) => (b.reclaimableBytes ?? 0) - (a.reclaimableBytes ?? 0));
}

function imagesOf(dockerfile: Dockerfile, platform: Platform): ImageReference[] {
  return dockerfile.stages
    .map((stage) => stageReference(dockerfile, stage, platform))
    .filter((base) => base.kind === 'image');
}

/** How many bases are asked for side by side: a folder may name hundreds, of a few registries. */
const atOnce = 8;

/** Asks for every base of all files once. */
async function askAll(
  images: readonly ImageReference[],
  chain: BaseSizeChain,
  progress: Progress,
  signal: AbortSignal,
): Promise<Map<string, BaseState>> {
  using line = progress;
  const wanted = new Map(images.map((image) => [keyOf(image), image]));
  const states = new Map<string, BaseState>();
  const queue = [...wanted];
  const ask = async (): Promise<void> => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const [key, { reference, platform }] = next;
      states.set(key, await chain.answer(reference, platform, signal));
      line.show(`${states.size} of ${wanted.size} bases`);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, ask));
  return states;
}

function keyOf({ reference, platform }: ImageReference): string {
  return `${formatReference(reference)} ${platform}`;
}

function knownBase(image: ImageReference, stage: Stage, { sizes, reasons }: BaseState, today: string): KnownBase {
  // What a registry or an engine says of this image tells more than that the catalogue does not have it.
  const telling =
    reasons.find(({ none }) => none.code !== 'unavailable' && none.code !== 'absent') ??
    reasons.find(({ source }) => source === 'registry') ??
    reasons.at(-1);
  return {
    ...(sizes === undefined ? {} : { sizes }),
    ...(telling === undefined ? {} : { reason: telling.none.message }),
    alternatives: stageAlternatives(stage, image, sizes, today),
  };
}

/** Where the user asked one source only and it could not be reached, the report would be silence made to look like an answer. */
function failWhereSilent(states: ReadonlyMap<string, BaseState>, source: string): void {
  const all = [...states.values()];
  const failure = all
    .flatMap(({ reasons }) => reasons)
    .find(({ source: kind, none }) => kind === source && ['unavailable', 'network', 'timeout'].includes(none.code));
  if (failure !== undefined && all.every(({ sizes }) => sizes === undefined)) {
    throw new SourceError('unavailable', failure.none.message);
  }
}
