import type { BaseConfig } from '../../base/imageConfig.ts';
import { baseConfig } from '../../base/imageConfig.ts';
import type { BaseFacts } from '../../base/facts.ts';
import { imageName } from '../../base/family.ts';
import { dockerHub } from '../../base/reference.ts';
import { type Distribution, possibleDebians, readDistribution } from '../../base/release.ts';
import { readTag, type Tag } from '../../base/tag.ts';
import type { ImageReference } from '../../base/stageReference.ts';
import type { Dockerfile, Instruction, Scope, Stage } from '../../dockerfile/model.ts';
import { emptyScope } from '../../dockerfile/scope.ts';
import { defaultPath } from '../../program/searchPath.ts';
import { Answers } from '../../rules/scene/answers.ts';
import { noEvidence } from '../../rules/scene/evidence.ts';
import { type Scene, Scenes } from '../../rules/scene/scene.ts';
import type { RefactorOptions } from '../options.ts';
import type { Project } from '../project.ts';
import type { Note, Question } from '../refactoring.ts';
import { block } from './blocked.ts';
import { ContextMap } from './contextMap.ts';

/** The stage that is to be split, with all that is known of it, and what was asked and said on the way. */
export class Subject {
  readonly dockerfile: Dockerfile;
  readonly project: Project;
  readonly options: RefactorOptions;
  readonly stage: Stage;
  readonly scene: Scene;
  /** The image at the bottom of the stage. */
  readonly base: ImageReference;
  /** As the catalogue names it: `golang`, `gcr.io/distroless/cc-debian12`. */
  readonly image: string;
  readonly tag: Tag;
  readonly facts: BaseFacts | undefined;
  readonly config: BaseConfig | undefined;
  readonly context: ContextMap;
  readonly notes: Note[] = [];
  /** Questions that were answered by their default, and could be answered otherwise. */
  readonly optional: Question[] = [];
  /** Questions without an answer. */
  readonly open: Question[] = [];
  readonly #answers = new Answers<Subject>();

  constructor(dockerfile: Dockerfile, project: Project, options: RefactorOptions) {
    this.dockerfile = dockerfile;
    this.project = project;
    this.options = options;
    const scenes = new Scenes(dockerfile, { platform: options.platform, today: options.today, evidence: noEvidence });
    const scene = scenes.all.find(({ stage }) => stage.isFinal);
    if (scene === undefined) block('no-stage', 'The file has no stage.');
    this.scene = scene;
    this.stage = scene.stage;
    const { base } = scene;
    if (base.kind !== 'image') {
      const message = {
        scratch: 'The image is built on nothing already.',
        stage: 'The final stage is built on another stage of the file.',
        missing: 'FROM names no image.',
        unresolved: 'The base is named by a variable without a value.',
        invalid: 'The base is no image reference.',
      }[base.kind];
      const unblock =
        base.kind === 'unresolved' ? { unblock: 'Give the ARG a default, or pass it with --build-arg.' } : {};
      block(base.kind === 'scratch' ? 'no-benefit' : `base-${base.kind}`, message, {
        line: this.stage.from.line,
        ...unblock,
      });
    }
    this.base = base;
    this.image = imageName(base.reference);
    this.tag = readTag(base.reference.tag ?? '');
    this.facts = scene.facts;
    this.config = baseConfig(base.reference);
    this.context = new ContextMap(scene, project, (instruction) => this.folderAt(instruction), this.config?.env ?? {});
  }

  /**
   * The distribution that the stage is built on, with its release. Where nobody knows which release a tag of the Docker library
   * means, somebody has to say: the tag will name it afterwards.
   */
  get distribution(): Distribution | undefined {
    const found = this.facts?.distribution;
    const isOfficial = this.base.reference.domain === dockerHub && this.base.reference.path.startsWith('library/');
    if (
      found?.name !== 'debian' ||
      found.release !== undefined ||
      !isOfficial ||
      this.base.reference.digest !== undefined
    )
      return found;
    const choices = possibleDebians(this.facts?.ends[0]?.date);
    if (choices.length === 0) return found;
    const codename = this.require({
      key: 'release',
      prompt: `Which Debian release is ${this.base.text} made from?`,
      choices: choices.map((value) => ({
        value,
        label: `Debian ${readDistribution(value)?.release ?? ''} (${value})`,
      })),
      default: choices[0]!,
      detail: 'Both stages are pinned to it: what is built for one release may not run on an older one.',
    });
    return readDistribution(codename);
  }

  /** The folder that an instruction is in, the base image's own if no `WORKDIR` says it. */
  folderAt(instruction: Instruction): string {
    return (
      this.scene.folderAt(instruction) ??
      this.absolute(this.#lastRelativeFolder(instruction), this.config?.workingDir ?? '/')
    );
  }

  /** The folder that the container starts in. */
  get workingDir(): string {
    const last = this.stage.instructions.at(-1);
    return last === undefined ? (this.config?.workingDir ?? '/') : this.#folderAfter(last);
  }

  /** The variables at the end of the stage. */
  get scope(): Scope {
    return this.stage.instructions.at(-1)?.scope ?? emptyScope;
  }

  /** The answer to a question about this stage, worked out when it is first asked. */
  once<T>(question: (subject: Subject) => T): T {
    return this.#answers.of(question, this);
  }

  /** The folders that the container looks for programs in, as `PATH` names them. */
  get searchPath(): readonly string[] {
    return (this.scope.get('PATH') ?? this.config?.env.PATH ?? defaultPath).split(':');
  }

  /** A path of the container, as a process in a folder sees it. */
  absolute(path: string, folder: string): string {
    return this.scene.absolute(path, folder)!;
  }

  /** The file or folder of the context that is at a path of the container; undefined where the context has none. */
  fromContext(path: string): string | undefined {
    const found = this.context.contextPath(path);
    return found !== undefined && this.project.has(found) ? found : undefined;
  }

  /** The words of an instruction behind its flags, as written. */
  argumentsOf(instruction: Instruction): string {
    return this.scene.argumentsOf(instruction);
  }

  /** Whether the builder knows `RUN --mount`: BuildKit with a front end that is not one of its first. */
  get hasMounts(): boolean {
    const syntax = this.dockerfile.directives.find(({ name }) => name === 'syntax')?.value ?? '';
    return this.project.buildKit && !/dockerfile:1\.[01](?:\D|$)/.test(syntax);
  }

  note(kind: Note['kind'], text: string, line?: number): void {
    this.notes.push({ kind, text, ...(line === undefined ? {} : { line }) });
  }

  /** The answer to a question that somebody may answer; else its default. */
  ask(question: Question): string {
    const answer = this.#answered(question);
    if (answer === undefined && !this.optional.some(({ key }) => key === question.key)) this.optional.push(question);
    return answer ?? question.default;
  }

  /** The answer to a question that somebody must answer: without one there will be no conversion, and its default keeps us going. */
  require(question: Question): string {
    const answer = this.#answered(question);
    if (answer === undefined && !this.open.some(({ key }) => key === question.key)) this.open.push(question);
    return answer ?? question.default;
  }

  #answered({ key, choices }: Question): string | undefined {
    const answer = Object.hasOwn(this.options.answers, key) ? this.options.answers[key] : undefined;
    if (answer === undefined || choices === undefined || choices.some(({ value }) => value === answer)) return answer;
    const allowed = choices.map(({ value }) => value).join(', ');
    return block('bad-answer', `${answer} is no answer to ${key}: choose one of ${allowed}.`);
  }

  #folderAfter(instruction: Instruction): string {
    if (instruction.keyword !== 'WORKDIR') return this.folderAt(instruction);
    const path = this.scene.expanded(instruction, this.argumentsOf(instruction));
    if (path === undefined)
      block('unknown-folder', 'WORKDIR has a variable without a value.', { line: instruction.line });
    return this.absolute(path, this.folderAt(instruction));
  }

  /** The folders that relative `WORKDIR`s before an instruction add up to. */
  #lastRelativeFolder(instruction: Instruction): string {
    return this.scene.lineage
      .toReversed()
      .flatMap(({ stage }) => stage.instructions)
      .filter(({ keyword, index }) => keyword === 'WORKDIR' && index < instruction.index)
      .map((other) => this.scene.expanded(other, this.argumentsOf(other)) ?? '.')
      .join('/');
  }
}
