import type { Dockerfile, Stage } from '../../core/dockerfile/model.ts';
import { type BuiltImage, leastScore } from '../../core/estimate/measuredLayers.ts';
import { matchDockerfile, matchScore } from '../../core/image/dockerfileMatch.ts';
import type { Engine } from '../engine/engine.ts';
import { imagesByHistory, type ScoredImage } from '../engine/localImages.ts';
import { isSourceError } from '../error.ts';

/** The engine's images that were built from a file. */
export interface BuiltImages {
  /** What the whole file makes. */
  readonly final?: BuiltImage;
  /** The ids of images that hold exactly what a stage makes, by {@link stageText}. */
  readonly stages: ReadonlyMap<string, string>;
}

export const noBuiltImages: BuiltImages = { stages: new Map() };

export interface BuiltImageOptions {
  /** The image that the user linked to the file. */
  readonly linked?: ScoredImage;
  /** Names that other files give to what this one makes: they break ties. */
  readonly names: readonly string[];
  /** The file as it is read for one stage, by its index. */
  readonly forStage: (target: string) => Dockerfile;
}

/** What a name from a Compose file is worth beside a fit by history, which is 1 at most. */
const worthOfName = 0.2;

/** The engine's newest images; none without an engine that answers. Throws only the signal's reason. */
export async function newestImages(engine: Engine | undefined, signal: AbortSignal): Promise<readonly ScoredImage[]> {
  if (engine === undefined) return [];
  try {
    return await imagesByHistory(engine, () => 1, signal);
  } catch (error) {
    // No engine is a normal state: then nothing was measured.
    if (isSourceError(error)) return [];
    throw error;
  }
}

/** Finds among images those that were built from a file. */
export function findBuiltImages(
  images: readonly ScoredImage[],
  dockerfile: Dockerfile,
  { linked, names, forStage }: BuiltImageOptions,
): BuiltImages {
  const stages = new Map(
    usedStages(dockerfile).flatMap((stage) => {
      const found = imageOfStage(images, forStage(String(stage.index)));
      return found === undefined ? [] : [[stageText(dockerfile, stage), found.imageId] as const];
    }),
  );
  const final = linked ?? bestOf(images, dockerfile, names);
  if (final === undefined) return { stages };
  const name = final.names[0] ?? final.imageId.slice(0, 19);
  return { final: { name, info: final.info, ...(linked === undefined ? {} : { isLinked: true }) }, stages };
}

/** All that decides what a stage holds, but for the files that are copied into it. */
export function stageText(dockerfile: Dockerfile, stage: Stage): string {
  const { base, index } = stage;
  const below = base.kind === 'stage' && base.stage < index ? dockerfile.stages[base.stage] : undefined;
  const own = [stage.from, ...stage.instructions].map(({ span }) => dockerfile.text.slice(span.start, span.end));
  return [...(below === undefined ? [] : [stageText(dockerfile, below)]), ...own].join('\n');
}

/** Of equals the newest, which is the first. */
function bestOf(
  images: readonly ScoredImage[],
  dockerfile: Dockerfile,
  names: readonly string[],
): ScoredImage | undefined {
  let best: { readonly image: ScoredImage; readonly score: number } | undefined;
  for (const image of images) {
    const fit = matchScore(image.info, dockerfile);
    if (fit < leastScore) continue;
    const score = fit + (image.names.some((name) => names.includes(name)) ? worthOfName : 0);
    if (score > (best?.score ?? 0)) best = { image, score };
  }
  return best?.image;
}

/** Stages from which others copy. */
function usedStages({ stages }: Dockerfile): Stage[] {
  const used = new Set(
    stages.flatMap(({ dependsOn, base }) => dependsOn.filter((other) => base.kind !== 'stage' || base.stage !== other)),
  );
  return stages.filter(({ index, isFinal }) => used.has(index) && !isFinal);
}

/** One that was built from the stage as it stands now, and from nothing else. */
function imageOfStage(images: readonly ScoredImage[], stage: Dockerfile): ScoredImage | undefined {
  return images.find(({ info }) => {
    const { score, stale } = matchDockerfile(info, stage);
    return score === 1 && stale.length === 0;
  });
}
