import { expand } from '../../dockerfile/expand.ts';
import { type BaseFacts, baseFacts } from '../../base/facts.ts';
import type { Platform } from '../../base/baseSize.ts';
import { type StageReference, stageReference } from '../../base/stageReference.ts';
import { defaultShell } from '../../dockerfile/interpreter.ts';
import type { Dockerfile, Instruction, Stage } from '../../dockerfile/model.ts';
import type { Evidence } from './evidence.ts';
import { Answers } from './answers.ts';
import { Family } from './family.ts';
import { Run } from './run.ts';

/** What is the same for all stages of a file. */
export interface SceneOptions {
  /** For stages without `--platform`. */
  readonly platform: Platform;
  /** `YYYY-MM-DD`. */
  readonly today: string;
  readonly evidence: Evidence;
}

/** Reads a file for the rules: every script once, whichever rules ask. */
export class Scenes {
  readonly dockerfile: Dockerfile;
  readonly options: SceneOptions;
  readonly all: readonly Scene[];
  /** Stages whose layers are in the final image, and those of which all files are copied there. */
  readonly shipped: ReadonlySet<number>;
  readonly family: Family;
  readonly #runs = new Map<Instruction, Run>();

  constructor(dockerfile: Dockerfile, options: SceneOptions) {
    this.dockerfile = dockerfile;
    this.options = options;
    this.shipped = shippedStages(dockerfile);
    this.all = dockerfile.stages.map((stage) => new Scene(this, stage));
    this.family = new Family(this.all, dockerfile.stages);
  }

  run(instruction: Instruction): Run {
    let run = this.#runs.get(instruction);
    if (!run) this.#runs.set(instruction, (run = new Run(this.dockerfile, instruction)));
    return run;
  }
}

export type RunQuestion = (run: Run) => boolean;

/** One stage as the rules see it. */
export class Scene {
  readonly dockerfile: Dockerfile;
  readonly stage: Stage;
  readonly evidence: Evidence;
  readonly platform: Platform;
  readonly today: string;
  /** Its layers are in the final image. */
  readonly ships: boolean;
  readonly #scenes: Scenes;
  readonly #answers = new Answers<Scene>();
  /** Of the stage’s `RUN`s of which a question holds, the first and the last: positions of their instructions. */
  readonly #extremes = new Map<RunQuestion, readonly [first: number, last: number]>();

  constructor(scenes: Scenes, stage: Stage) {
    this.#scenes = scenes;
    this.dockerfile = scenes.dockerfile;
    this.stage = stage;
    ({ evidence: this.evidence, platform: this.platform, today: this.today } = scenes.options);
    this.ships = scenes.shipped.has(stage.index);
  }

  /** The answer to a question about this stage, worked out when it is first asked. */
  once<T>(question: (scene: Scene) => T): T {
    return this.#answers.of(question, this);
  }

  /** What the file has for a `RUN` of any stage. */
  run(instruction: Instruction): Run {
    return this.#scenes.run(instruction);
  }

  /** The `RUN`s of the stage in order. */
  get runs(): readonly Run[] {
    return this.once(runsOf);
  }

  /** The stage that this one is built on, if it is one of the file's. */
  get below(): Scene | undefined {
    return this.#scenes.family.below(this);
  }

  /** This stage and those below it, down to the one on an image. */
  get lineage(): readonly Scene[] {
    return [...this.downwards()];
  }

  /** The same, one after the other as they are asked for. */
  *downwards(): Generator<Scene> {
    yield this;
    for (let { below } = this; below; { below } = below) yield below;
  }

  /** The stages that are built on this one, directly or not. */
  get above(): readonly Scene[] {
    return this.#scenes.family.above(this);
  }

  /** True if a question holds for this stage or one built on it. `key` is what the question is known by. */
  holdsFromHere(key: unknown, holds: (scene: Scene) => boolean): boolean {
    return holds(this) || this.#scenes.family.anyAbove(this, key, holds);
  }

  /**
   * True if a question holds for a `RUN` after an instruction: in this stage, or in one built on it. It is worked out once
   * per `RUN`, so it must be the same function each time.
   */
  someRunAfter({ index }: Instruction, question: RunQuestion): boolean {
    return (
      this.#extremesOf(question)[1] > index ||
      this.#scenes.family.anyAbove(this, question, ({ runs }) => runs.some((run) => run.once(question)))
    );
  }

  /** The same for the `RUN`s before an instruction: in this stage, or in one below. */
  someRunBefore({ index }: Instruction, question: RunQuestion): boolean {
    return (
      this.#extremesOf(question)[0] < index ||
      this.#scenes.family.anyBelow(this, question, ({ runs }) => runs.some((run) => run.once(question)))
    );
  }

  /** The `RUN`s before an instruction, the nearest first: those of this stage, then those of the stages below. */
  *runsBefore({ index }: Instruction): Generator<Run> {
    for (const { runs } of this.downwards()) {
      for (let at = runs.length - 1; at >= 0; at--) if (runs[at]!.instruction.index < index) yield runs[at]!;
    }
  }

  #extremesOf(question: RunQuestion): readonly [first: number, last: number] {
    let known = this.#extremes.get(question);
    if (!known) {
      const found = this.runs.filter((run) => run.once(question)).map(({ instruction }) => instruction.index);
      this.#extremes.set(question, (known = [found[0] ?? Infinity, found.at(-1) ?? -Infinity]));
    }
    return known;
  }

  /** The image at the bottom, as `FROM` of the lowest stage names it. */
  get base(): StageReference {
    return this.once(baseOf);
  }

  /** What the catalogue knows of the image at the bottom. */
  get facts(): BaseFacts | undefined {
    return this.once(factsOf);
  }

  /** Containers of Windows are left alone. */
  get isWindows(): boolean {
    const platform = this.stage.platform ?? this.platform;
    return defaultShell(platform, this.base.kind === 'image' ? this.base.text : '')[0] === 'cmd';
  }

  /** Who runs an instruction: a `USER` before it, else what the base says; undefined where nobody knows. */
  userAt(instruction: Instruction): string | undefined {
    for (const { stage } of this.downwards()) {
      const last = stage.instructions.findLast(({ keyword, index }) => keyword === 'USER' && index < instruction.index);
      if (last) return this.expanded(last, this.argumentsOf(last));
    }
    return this.facts?.defaultUser;
  }

  /** The folder that an instruction runs in; undefined where nobody knows. */
  folderAt(instruction: Instruction): string | undefined {
    const changes = this.once(foldersOf);
    return changes.findLast(({ index }) => index < instruction.index)?.folder;
  }

  /** A path seen from a folder, without `.` and `..`; undefined where it is relative to a folder that nobody knows. */
  absolute(path: string, folder: string | undefined): string | undefined {
    if (!path.startsWith('/') && folder === undefined) return undefined;
    const parts: string[] = [];
    for (const part of (path.startsWith('/') ? path : `${folder!}/${path}`).split('/')) {
      if (part === '..') parts.pop();
      else if (part !== '' && part !== '.') parts.push(part);
    }
    return `/${parts.join('/')}`;
  }

  /** The words of an instruction behind its flags, as written. */
  argumentsOf({ argsSpan }: Instruction): string {
    return this.dockerfile.text.slice(argsSpan.start, argsSpan.end);
  }

  /** A text of an instruction with the variables of its place; undefined where one has no value. */
  expanded(instruction: Instruction, text: string): string | undefined {
    const { value, missing, error } = expand(text, instruction.scope, this.dockerfile.escape);
    return missing.length > 0 || error !== undefined ? undefined : value;
  }
}

function runsOf(scene: Scene): readonly Run[] {
  return scene.stage.instructions
    .filter(({ keyword }) => keyword === 'RUN')
    .map((instruction) => scene.run(instruction));
}

function baseOf({ below, dockerfile, stage, platform }: Scene): StageReference {
  return below?.base ?? stageReference(dockerfile, stage, platform);
}

function factsOf({ base }: Scene): BaseFacts | undefined {
  return base.kind === 'image' ? baseFacts(base.reference) : undefined;
}

/** From which instruction on the stage is in which folder. */
function foldersOf(scene: Scene): readonly { readonly index: number; readonly folder: string | undefined }[] {
  const { below, stage } = scene;
  const start = below ? below.once(foldersOf).at(-1)!.folder : scene.base.kind === 'scratch' ? '/' : undefined;
  const changes = [{ index: -1, folder: start }];
  for (const other of stage.instructions) {
    if (other.keyword !== 'WORKDIR') continue;
    const path = scene.expanded(other, scene.argumentsOf(other));
    const folder = path === undefined ? undefined : scene.absolute(path, changes.at(-1)!.folder);
    changes.push({ index: other.index, folder });
  }
  return changes;
}

function shippedStages({ stages }: Dockerfile): ReadonlySet<number> {
  const shipped = new Set<number>();
  const open = stages.filter(({ isFinal }) => isFinal).map(({ index }) => index);
  for (let index = open.pop(); index !== undefined; index = open.pop()) {
    if (shipped.has(index)) continue;
    shipped.add(index);
    const { base, instructions, dependsOn } = stages[index]!;
    if (base.kind === 'stage') open.push(base.stage);
    for (const { keyword, flags, words } of instructions) {
      const from = keyword === 'COPY' ? flags.find(({ name }) => name === 'from')?.value?.toLowerCase() : undefined;
      if (from === undefined || !words.slice(0, -1).some(({ text }) => /^"?\/\.?"?$/.test(text))) continue;
      const copied = dependsOn.find((other) => stages[other]!.name === from || String(other) === from);
      if (copied !== undefined) open.push(copied);
    }
  }
  return shipped;
}
