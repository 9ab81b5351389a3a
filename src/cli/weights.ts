import path from 'node:path';
import type { Platform } from '../core/base/baseSize.ts';
import type { Dockerfile, Stage } from '../core/dockerfile/model.ts';
import { parseDockerfile } from '../core/dockerfile/parse.ts';
import { evidenceFrom } from '../core/estimate/evidence.ts';
import { type BuiltImage, measuredLayers } from '../core/estimate/measuredLayers.ts';
import type { Weight } from '../core/estimate/weight.ts';
import { weigh } from '../core/estimate/weights.ts';
import type { Finding } from '../core/finding.ts';
import { present } from '../core/present.ts';
import { findFindings } from '../core/rules/findings.ts';
import { AptGraphs } from '../sources/apt/aptGraphs.ts';
import { findIgnoreFile } from '../sources/context/ignoreFile.ts';
import { OpenContext } from '../sources/context/openContext.ts';
import type { Engine } from '../sources/engine/engine.ts';
import type { ScoredImage } from '../sources/engine/localImages.ts';
import { findBuiltImages, newestImages, stageText } from '../sources/estimate/builtImages.ts';
import { contentLength } from '../sources/estimate/contentLength.ts';
import { WeightAnswers, type WeightPorts } from '../sources/estimate/weightAnswers.ts';

export interface WeighedFile {
  /** The image that was built from the file, perhaps from an earlier text of it. */
  readonly image?: BuiltImage;
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
  /** Who knows the files of images, and the packages of lock files; absent where nobody may be asked. */
  readonly ports?: Pick<WeightPorts, 'image' | 'locked'>;
  readonly signal: AbortSignal;
}

/** What answers come by may raise another question; more rounds than these no file needs. */
const mostRounds = 5;

/** Weighs files, with what the engine, the build contexts and the package graphs know; contexts are walked once. */
export class Weigher {
  readonly #options: WeighOptions;
  readonly #graphs: AptGraphs;
  readonly #contexts = new Map<string, OpenContext>();
  #images: Promise<readonly ScoredImage[]> | undefined;

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
    const { platform, today, online, ports, signal } = this.#options;
    const ignore = await findIgnoreFile(file, context);
    const answers = new WeightAnswers({
      graphs: this.#graphs,
      context: (question) => Promise.resolve(this.#open(context).answer(question, ignore?.text ?? '')),
      ...(online ? { download: contentLength } : {}),
      ...ports,
    });
    const images = findBuiltImages(await this.#newest(), dockerfile, {
      names: [],
      forStage: (target) => parseDockerfile(dockerfile.text, { platform, target }),
    });
    const layers = images.final === undefined ? undefined : measuredLayers(dockerfile, images.final);
    const measured = ({ index }: { readonly index: number }) => layers?.get(index);
    const stageImage = (stage: Stage) => images.stages.get(stageText(dockerfile, stage));
    for (let round = 1; ; round++) {
      const weights = weigh(dockerfile, platform, { ...answers.known, measured, stageImage });
      const evidence = evidenceFrom(weights, { ...answers.known, hasIgnoreFile: ignore !== undefined });
      const findings = findFindings(dockerfile, { platform, today, evidence });
      if (round === mostRounds || !(await answers.fetch(signal))) {
        return { ...present({ image: images.final }), weights: weights.weights, findings };
      }
    }
  }

  /** Listed once for all files. */
  #newest(): Promise<readonly ScoredImage[]> {
    const { engine, signal } = this.#options;
    return (this.#images ??= newestImages(engine, signal));
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
