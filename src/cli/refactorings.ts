import { lstat, stat } from 'node:fs/promises';
import path from 'node:path';
import { lookUp } from '../core/base/catalogue.ts';
import { stageReference } from '../core/base/stageReference.ts';
import type { Dockerfile, ParseOptions } from '../core/dockerfile/model.ts';
import { parseDockerfile } from '../core/dockerfile/parse.ts';
import { isBuiltFrom } from '../core/estimate/builtFrom.ts';
import type { BuiltImage } from '../core/estimate/measuredLayers.ts';
import { stageSizes } from '../core/estimate/stageSize.ts';
import type { Weight } from '../core/estimate/weight.ts';
import { type BuiltEvidence, type OfferedEvidence, offerEvidence } from '../core/refactor/builtEvidence.ts';
import { inOrder, type Refactor } from '../core/refactor/inOrder.ts';
import type { RefactorOptions } from '../core/refactor/options.ts';
import type { Answers, FileText, Refactoring } from '../core/refactor/refactoring.ts';
import type { Size, SizeSum } from '../core/size.ts';
import { applyEdits } from '../core/text.ts';
import { OpenContext } from '../sources/context/openContext.ts';
import { repositoryOf } from '../sources/project/findConsumers.ts';
import { openProject, refactorWith } from '../sources/project/projectFiles.ts';
import { readText } from '../sources/project/readText.ts';
import type { DockerfileText } from './dockerfiles.ts';
import { UsageError } from './status.ts';
import type { Weigher } from './weights.ts';

/** A file that a refactoring changes or makes. */
export interface FileChange {
  /** As it is printed: relative to the working folder. */
  readonly name: string;
  /** Absolute. */
  readonly file: string;
  /** Absent for a file that is made. */
  readonly before?: string;
  readonly after: string;
}

export interface Refactored {
  readonly refactoring: Refactoring;
  /** The other files; empty unless it is a proposal. */
  readonly others: readonly FileChange[];
  /** The Dockerfile's text; as it was unless it is a proposal. */
  readonly text: string;
}

/** What became of one Dockerfile. */
export interface RefactoredFile {
  readonly file: DockerfileText;
  readonly refactored: Refactored;
  /** How many findings of rules were mended before. */
  readonly fixes: number;
}

/** The Dockerfile, then the others; each as it was where the refactoring is no proposal. */
export function changesOf({ file, refactored }: RefactoredFile): readonly [FileChange, ...FileChange[]] {
  const { refactoring, text, others } = refactored;
  const after = refactoring.kind === 'proposal' ? text : file.text;
  return [{ name: file.name, file: file.file, before: file.text, after }, ...others];
}

export interface RefactorerOptions {
  readonly parse: ParseOptions & { readonly platform: string };
  readonly today: string;
  readonly answers: Answers;
  readonly weigher: Weigher;
  /** What an image tells that was built from a file; absent where no engine may be asked. Throws only the signal's reason. */
  readonly lookInto?: (image: BuiltImage) => Promise<BuiltEvidence | undefined>;
  readonly cwd: string;
  readonly signal: AbortSignal;
}

/** Makes refactorings of Dockerfiles on disk. Sizes of bases are the catalogue's. */
export class Refactorer {
  readonly #options: RefactorerOptions;

  constructor(options: RefactorerOptions) {
    this.#options = options;
  }

  /**
   * Throws a `SourceError` where the context cannot be walked, a `UsageError` where a file that was to be replaced cannot be
   * read, or the signal's reason.
   *
   * @param text the Dockerfile's, which may be another than on disk
   * @param context absolute
   */
  async refactor(
    text: string,
    { file, text: written }: Pick<DockerfileText, 'file' | 'text'>,
    context: string,
    refactors: readonly [Refactor, ...Refactor[]],
  ): Promise<Refactored> {
    const { parse, signal, lookInto } = this.#options;
    const dockerfile = parseDockerfile(text, parse);
    const { weights, image } = await this.#options.weigher.weigh(dockerfile, file, context);
    const options = this.#refactorOptions(dockerfile, weights);
    const opened = new OpenContext(context);
    Array.from(opened.walk());
    const files = await openProject(
      { dockerfile: file, context, root: repositoryOf(file, context) },
      (ignoreText, question) => Promise.resolve(opened.answer(question, ignoreText)),
      signal,
    );
    const refactor = inOrder(refactors, (changed) => parseDockerfile(changed, parse));
    const refactorBy = (evidence: OfferedEvidence | undefined): Promise<Refactoring> => {
      const all = { ...options, ...(evidence && { needs: evidence.needs, bytesAt: evidence.bytesAt }) };
      return refactorWith(files, (project) => refactor(dockerfile, project, all), signal);
    };
    const isOfThisText =
      image !== undefined && text === written && isBuiltFrom(image.info, dockerfile, await writtenAt(file));
    const offered = image && lookInto && offerEvidence(undefined, image.name, isOfThisText);
    let refactoring = await refactorBy(offered);
    const found = image && offered?.isWanted === true ? await lookInto?.(image) : undefined;
    if (image && found) refactoring = await refactorBy(offerEvidence(found, image.name, isOfThisText));
    if (refactoring.kind !== 'proposal') return { refactoring, others: [], text };
    const others = await Promise.all(refactoring.files.map((made) => this.#change(context, made)));
    return { refactoring, others, text: applyEdits(text, refactoring.edits) };
  }

  #refactorOptions(dockerfile: Dockerfile, weights: ReadonlyMap<number, Weight>): RefactorOptions {
    const { parse, today, answers } = this.#options;
    return {
      platform: parse.platform,
      today,
      answers,
      parse: (changed) => parseDockerfile(changed, parse),
      finalSize: finalSize(dockerfile, weights, parse.platform),
      weight: ({ index }) => weights.get(index)?.size,
    };
  }

  async #change(context: string, { path: name, text }: FileText): Promise<FileChange> {
    const file = path.join(context, ...name.split('/'));
    const before = await readText(file, path.dirname(file));
    if (before === undefined && (await isThere(file))) {
      throw new UsageError(`${name} is to be replaced, but it cannot be read as text.`);
    }
    return {
      name: path.relative(this.#options.cwd, file),
      file,
      after: text,
      ...(before === undefined ? {} : { before }),
    };
  }
}

/** What the final image weighs, as far as the catalogue and the weights of its instructions know; undefined without its base. */
function finalSize(
  dockerfile: Dockerfile,
  weights: ReadonlyMap<number, Weight>,
  platform: string,
): SizeSum | undefined {
  const baseOnDisk = (stage: number): Size | undefined => {
    const base = stageReference(dockerfile, dockerfile.stages[stage]!, platform);
    const known = base.kind === 'image' ? lookUp(base.reference, base.platform) : undefined;
    return known !== undefined && 'sizes' in known ? known.sizes.onDisk : undefined;
  };
  const final = dockerfile.stages.find(({ isFinal }) => isFinal);
  let bottom = final;
  while (bottom?.base.kind === 'stage' && bottom.base.stage < bottom.index)
    bottom = dockerfile.stages[bottom.base.stage];
  const isKnown = bottom?.base.kind === 'scratch' || (bottom !== undefined && baseOnDisk(bottom.index) !== undefined);
  if (final === undefined || !isKnown) return undefined;
  return stageSizes(dockerfile, baseOnDisk, ({ index }) => weights.get(index)?.size)[final.index];
}

/** When a file was last changed, in milliseconds since 1970; one that is gone meanwhile is newer than any image. */
async function writtenAt(file: string): Promise<number> {
  return await stat(file).then(
    ({ mtimeMs }) => mtimeMs,
    () => Infinity,
  );
}

async function isThere(file: string): Promise<boolean> {
  return await lstat(file).then(
    () => true,
    () => false,
  );
}
