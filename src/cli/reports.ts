import path from 'node:path';
import type { Platform } from '../core/base/baseSize.ts';
import { stageAlternatives } from '../core/base/stageAlternatives.ts';
import { formatReference } from '../core/base/reference.ts';
import { type ImageReference, stageReference } from '../core/base/stageReference.ts';
import type { Dockerfile, Stage } from '../core/dockerfile/model.ts';
import { parseDockerfile } from '../core/dockerfile/parse.ts';
import { fileReport, type KnownBase } from '../core/fileReport.ts';
import { present } from '../core/present.ts';
import type { FileReport } from '../core/report.ts';
import type { BaseSizeChain, BaseState } from '../sources/chain.ts';
import { SourceError } from '../sources/error.ts';
import type { DockerfileText } from './dockerfiles.ts';
import type { CommonOptions } from './options.ts';
import { Progress } from './progress.ts';
import { openServices } from './services.ts';
import { UsageError } from './status.ts';
import type { Host } from './terminal.ts';
import { openWeighing } from './weighing.ts';

/** A Dockerfile to report on, and how it is built. */
export interface ReportRequest extends DockerfileText {
  readonly target?: string;
  readonly buildArgs: Readonly<Record<string, string>>;
  /** The build context, as it is printed; the Dockerfile’s folder if absent. */
  readonly context?: string;
}

/**
 * Reports on Dockerfiles, in their order. Throws a `UsageError` where none has the stage that is wanted, a `SourceError`
 * where a source that is asked alone fails, or the signal’s reason.
 */
export async function reportsOn(
  requests: readonly ReportRequest[],
  options: CommonOptions,
  host: Host,
): Promise<FileReport[]> {
  const { terminal, signal } = host;
  using services = openServices(options, host);
  const platform = options.platform ?? (await services.defaultPlatform(signal));
  const parsed = requests.map((request) => ({
    ...request,
    dockerfile: parseDockerfile(request.text, {
      ...{ buildArgs: request.buildArgs, platform },
      ...present({ target: request.target }),
    }),
  }));
  // In a folder some files may have the stage and others not; where none has it, its name is wrong.
  if (parsed.length > 0 && parsed.every(({ dockerfile }) => lacksTarget(dockerfile))) {
    throw new UsageError(
      `There is no stage ${parsed[0]!.target ?? ''} in ${parsed.map(({ name }) => name).join(', ')}.`,
    );
  }
  const images = parsed.flatMap(({ dockerfile }) => imagesOf(dockerfile, platform));
  const states = await askAll(images, services.chain, new Progress(terminal, options.quiet === true), signal);
  if (options.source !== undefined) failWhereSilent(states, options.source);
  const reports: FileReport[] = [];
  using weighing = openWeighing(services, options, host, platform);
  const { weigher, today } = weighing;
  for (const { name, file, dockerfile, context: given } of parsed) {
    const context = given ?? path.dirname(name);
    const { weights, findings } = await weigher.weigh(dockerfile, file, path.resolve(terminal.cwd, context));
    reports.push(
      fileReport({
        ...{ path: name, context, dockerfile, platform, weights, findings },
        base: (image, stage) => knownBase(image, stage, states.get(keyOf(image))!, today),
      }),
    );
  }
  return reports;
}

function lacksTarget({ problems }: Dockerfile): boolean {
  return problems.some(({ code }) => code === 'unknown-target');
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
