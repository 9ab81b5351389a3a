import path from 'node:path';
import type { Platform } from '../core/base/baseSize.ts';
import type { Dockerfile } from '../core/dockerfile/model.ts';
import { evidenceFrom } from '../core/estimate/evidence.ts';
import { type BuiltImage, leastScore, measuredLayers } from '../core/estimate/measuredLayers.ts';
import type { Weight } from '../core/estimate/weight.ts';
import { weigh } from '../core/estimate/weights.ts';
import type { Finding } from '../core/finding.ts';
import { matchScore } from '../core/image/dockerfileMatch.ts';
import { findFindings } from '../core/rules/findings.ts';
import { AptGraphs } from '../sources/apt/aptGraphs.ts';
import { findIgnoreFile } from '../sources/context/ignoreFile.ts';
import { OpenContext } from '../sources/context/openContext.ts';
import type { Engine } from '../sources/engine/engine.ts';
import { imagesByHistory } from '../sources/engine/localImages.ts';
import { isSourceError } from '../sources/error.ts';
import { contentLength } from '../sources/estimate/contentLength.ts';
import { WeightAnswers } from '../sources/estimate/weightAnswers.ts';

export interface WeighedFile {
  readonly weights: ReadonlyMap<number, Weight>;
  readonly findings: readonly Finding[];
}

export interface WeighOptions {
  readonly platform: Platform;
  /** `YYYY-MM-DD` */
  readonly today: string;
  /** Absent where no engine may be asked. */
  readonly engine?: Engine;
  /** False: no URL is asked for its length. */
  readonly online: boolean;
  readonly signal: AbortSignal;
}

/** What answers come by may raise another question; more rounds than these no file needs. */
const mostRounds = 5;

/** Weighs files, with what the engine, the build contexts and the package graphs know; contexts are walked once. */
export class Weigher {
  readonly #options: WeighOptions;
  readonly #graphs: AptGraphs;
  readonly #contexts = new Map<string, OpenContext>();
  #images: Promise<readonly BuiltImage[]> | undefined;

  /** @param media the folder of what ships with Plimsoll. */
  constructor(media: string, options: WeighOptions) {
    this.#options = options;
    this.#graphs = new AptGraphs(path.join(media, 'apt'));
  }

  /**
   * Throws only the signal's reason.
   *
   * @param file the Dockerfile, absolute
   * @param context the build context, absolute
   */
  async weigh(dockerfile: Dockerfile, file: string, context: string): Promise<WeighedFile> {
    const { platform, today, online, signal } = this.#options;
    const ignore = await findIgnoreFile(file, context);
    const answers = new WeightAnswers({
      graphs: this.#graphs,
      context: (question) => Promise.resolve(this.#open(context).answer(question, ignore?.text ?? '')),
      ...(online ? { download: contentLength } : {}),
    });
    const layers = await this.#layersOf(dockerfile);
    for (let round = 1; ; round++) {
      const weights = weigh(dockerfile, platform, { ...answers.known, measured: ({ index }) => layers.get(index) });
      const evidence = evidenceFrom(weights, { ...answers.known, hasIgnoreFile: ignore !== undefined });
      const findings = findFindings(dockerfile, { platform, today, evidence });
      if (round === mostRounds || !(await answers.fetch(signal))) return { weights: weights.weights, findings };
    }
  }

  async #layersOf(dockerfile: Dockerfile): Promise<ReturnType<typeof measuredLayers>> {
    this.#images ??= this.#builtImages();
    let best: { readonly image: BuiltImage; readonly score: number } | undefined;
    for (const image of await this.#images) {
      const score = matchScore(image.info, dockerfile);
      // Of equals the newest, which is the first.
      if (score >= leastScore && score > (best?.score ?? 0)) best = { image, score };
    }
    return best === undefined ? new Map() : measuredLayers(dockerfile, best.image);
  }

  async #builtImages(): Promise<readonly BuiltImage[]> {
    const { engine, signal } = this.#options;
    if (engine === undefined) return [];
    try {
      const images = await imagesByHistory(engine, () => 1, signal);
      return images.map(({ names, imageId, info }) => ({ name: names[0] ?? imageId, info }));
    } catch (error) {
      // No engine is a normal state: then nothing was measured.
      if (isSourceError(error)) return [];
      throw error;
    }
  }

  #open(folder: string): OpenContext {
    let context = this.#contexts.get(folder);
    if (context === undefined) {
      context = new OpenContext(folder);
      Array.from(context.walk());
      this.#contexts.set(folder, context);
    }
    return context;
  }
}
