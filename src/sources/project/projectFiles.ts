import path from 'node:path';
import type { ContextAnswer, ContextQuestion } from '../../core/estimate/context/contextQuestion.ts';
import { LoadedProject, type Project } from '../../core/refactor/project.ts';
import type { FileText, Refactoring } from '../../core/refactor/refactoring.ts';
import { findIgnoreFile } from '../context/ignoreFile.ts';
import { SourceError } from '../error.ts';
import { mapLimited } from '../registry/mapLimited.ts';
import { findConsumers, type ProjectPlace } from './findConsumers.ts';
import { readText } from './readText.ts';

export interface ProjectLimits {
  /** How many files are known by name; of a larger context the project says that it is not complete. */
  readonly files: number;
  /** How many texts are read, and how many UTF-16 units they may have together. What is beyond counts as no text. */
  readonly texts: number;
  readonly textLength: number;
}

export const defaultLimits: ProjectLimits = { files: 50_000, texts: 2000, textLength: 32_000_000 };

/** Asks the build context under an ignore file's text. */
export type AskContext = (ignoreText: string, question: ContextQuestion, signal: AbortSignal) => Promise<ContextAnswer>;

/** How many files are read side by side. */
const atOnce = 8;

/** A project whose texts are on disk until somebody asks for them. */
export class ProjectFiles {
  readonly #context: string;
  readonly #texts: Map<string, string | undefined>;
  readonly #limits: ProjectLimits;
  readonly #loaded: LoadedProject;
  #read = 0;
  #textLength = 0;

  constructor(
    context: string,
    loaded: LoadedProject,
    texts: Map<string, string | undefined>,
    limits: ProjectLimits = defaultLimits,
  ) {
    this.#context = context;
    this.#loaded = loaded;
    this.#texts = texts;
    this.#limits = limits;
  }

  /** Answers at once; what it lacks is brought by {@link load}. */
  get project(): Project {
    return this.#loaded;
  }

  /** True if a text was asked for that `load` would bring. */
  get hasWanted(): boolean {
    return this.#loaded.wanted.size > 0;
  }

  /**
   * Brings the texts that were asked for, nearest first. A search through all sources takes no more than half of what may
   * still be read, so that the one file that turns up at its end can be read, too. Throws only the signal's reason.
   */
  async load(signal: AbortSignal): Promise<void> {
    const wanted = [...this.#loaded.wanted].sort((a, b) => depthOf(a) - depthOf(b));
    this.#loaded.wanted.clear();
    const last = this.#read + Math.ceil((this.#limits.texts - this.#read) / 2);
    await mapLimited(wanted, atOnce, signal, async (name) => {
      const isRoom = this.#read < last && this.#textLength < this.#limits.textLength;
      if (isRoom) this.#read++;
      const text = isRoom ? await readText(path.join(this.#context, ...name.split('/')), this.#context) : undefined;
      this.#textLength += text?.length ?? 0;
      this.#texts.set(name, text);
    });
  }
}

/**
 * Opens the project of a Dockerfile: walks its context, looks for those who use its image, and reads no text of the context
 * yet. Throws a `SourceError` where the context cannot be walked, or the signal's reason.
 */
export async function openProject(
  place: ProjectPlace,
  ask: AskContext,
  signal: AbortSignal,
  limits: ProjectLimits = defaultLimits,
): Promise<ProjectFiles> {
  const { dockerfile, context } = place;
  const found = await findIgnoreFile(dockerfile, context);
  const answer = await ask(found?.text ?? '', { kind: 'files', most: limits.files }, signal);
  if (answer.kind !== 'files') throw new SourceError('invalid', 'The build context answered another question.');
  const { consumers, possible, buildKit } = await findConsumers(place, answer.consumers, signal);
  const ignoreFile: FileText | undefined = found && {
    path: found.name === '.dockerignore' ? found.name : besideDockerfile(found.name, place),
    text: found.text,
  };
  const texts = new Map<string, string | undefined>();
  const options = { complete: answer.complete, consumers, possible, buildKit, ...(ignoreFile ? { ignoreFile } : {}) };
  return new ProjectFiles(context, new LoadedProject(answer.files, texts, options), texts, limits);
}

function depthOf(path: string): number {
  return path.split('/').length;
}

function besideDockerfile(name: string, { dockerfile, context }: ProjectPlace): string {
  return path.relative(context, path.join(path.dirname(dockerfile), name)).replaceAll(path.sep, '/');
}

/** Asks for a refactoring until it lacks no text any more. Throws only the signal's reason. */
export async function refactorWith(
  files: ProjectFiles,
  refactor: (project: Project) => Refactoring,
  signal: AbortSignal,
): Promise<Refactoring> {
  for (;;) {
    const answer = refactor(files.project);
    if (!files.hasWanted) return answer;
    // Each round reads a file that was not read before, and there are only so many.
    await files.load(signal);
  }
}
