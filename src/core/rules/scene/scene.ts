import { expand } from '../../dockerfile/expand.ts';
import { type BaseFacts, baseFacts } from '../../base/facts.ts';
import type { Platform } from '../../base/baseSize.ts';
import { type StageReference, stageReference } from '../../base/stageReference.ts';
import { defaultShell } from '../../dockerfile/interpreter.ts';
import type { Dockerfile, Instruction, Stage } from '../../dockerfile/model.ts';
import type { Evidence } from './evidence.ts';
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
  readonly #runs = new Map<Instruction, Run>();

  constructor(dockerfile: Dockerfile, options: SceneOptions) {
    this.dockerfile = dockerfile;
    this.options = options;
    this.shipped = shippedStages(dockerfile);
    this.all = dockerfile.stages.map((stage) => new Scene(this, stage));
  }

  run(instruction: Instruction): Run {
    let run = this.#runs.get(instruction);
    if (!run) this.#runs.set(instruction, (run = new Run(this.dockerfile, instruction)));
    return run;
  }
}

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
  #runs: readonly Run[] | undefined;
  #base: StageReference | undefined;
  #facts: { readonly value: BaseFacts | undefined } | undefined;

  constructor(scenes: Scenes, stage: Stage) {
    this.#scenes = scenes;
    this.dockerfile = scenes.dockerfile;
    this.stage = stage;
    ({ evidence: this.evidence, platform: this.platform, today: this.today } = scenes.options);
    this.ships = scenes.shipped.has(stage.index);
  }

  /** The `RUN`s of the stage in order. */
  get runs(): readonly Run[] {
    return (this.#runs ??= this.stage.instructions
      .filter(({ keyword }) => keyword === 'RUN')
      .map((instruction) => this.#scenes.run(instruction)));
  }

  /** The stage that this one is built on, if it is one of the file's. */
  get below(): Scene | undefined {
    const { base } = this.stage;
    // A stage that is built on a later one, or on itself, is an error of the file.
    return base.kind === 'stage' && base.stage < this.stage.index ? this.#scenes.all[base.stage] : undefined;
  }

  /** This stage and those below it, down to the one on an image. */
  get lineage(): readonly Scene[] {
    return [this, ...(this.below?.lineage ?? [])];
  }

  /** The stages that are built on this one, directly or not. */
  get above(): readonly Scene[] {
    return this.#scenes.all.filter((other) => other !== this && other.lineage.includes(this));
  }

  /** What comes after an instruction: in this stage, then in those built on it. */
  instructionsAfter(instruction: Instruction): readonly Instruction[] {
    return [
      ...this.stage.instructions.filter(({ index }) => index > instruction.index),
      ...this.above.flatMap(({ stage }) => stage.instructions),
    ];
  }

  runsAfter(instruction: Instruction): readonly Run[] {
    return this.instructionsAfter(instruction)
      .filter(({ keyword }) => keyword === 'RUN')
      .map((later) => this.#scenes.run(later));
  }

  /** What comes before an instruction: in this stage, after the stages below. */
  runsBefore(instruction: Instruction): readonly Run[] {
    return [
      ...this.lineage
        .slice(1)
        .reverse()
        .flatMap(({ runs }) => runs),
      ...this.runs.filter((run) => run.instruction.index < instruction.index),
    ];
  }

  /** The image at the bottom, as `FROM` of the lowest stage names it. */
  get base(): StageReference {
    const bottom = this.lineage.at(-1)!;
    return (this.#base ??= stageReference(this.dockerfile, bottom.stage, this.platform));
  }

  /** What the catalogue knows of the image at the bottom. */
  get facts(): BaseFacts | undefined {
    this.#facts ??= { value: this.base.kind === 'image' ? baseFacts(this.base.reference) : undefined };
    return this.#facts.value;
  }

  /** Containers of Windows are left alone. */
  get isWindows(): boolean {
    const platform = this.stage.platform ?? this.platform;
    return defaultShell(platform, this.base.kind === 'image' ? this.base.text : '')[0] === 'cmd';
  }

  /** Who runs an instruction: a `USER` before it, else what the base says; undefined where nobody knows. */
  userAt(instruction: Instruction): string | undefined {
    const users = this.lineage.flatMap(({ stage }) =>
      stage.instructions.filter(({ keyword, index }) => keyword === 'USER' && index < instruction.index).reverse(),
    );
    const [last] = users;
    if (last === undefined) return this.facts?.defaultUser;
    return this.expanded(last, this.dockerfile.text.slice(last.argsSpan.start, last.argsSpan.end));
  }

  /** The folder that an instruction runs in; undefined where nobody knows. */
  folderAt(instruction: Instruction): string | undefined {
    let folder: string | undefined = this.base.kind === 'scratch' ? '/' : undefined;
    for (const { stage } of [...this.lineage].reverse()) {
      for (const other of stage.instructions) {
        if (other.index >= instruction.index) break;
        if (other.keyword !== 'WORKDIR') continue;
        const path = this.expanded(other, this.dockerfile.text.slice(other.argsSpan.start, other.argsSpan.end));
        folder = path === undefined ? undefined : this.absolute(path, folder);
      }
    }
    return folder;
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

  /** A text of an instruction with the variables of its place; undefined where one has no value. */
  expanded(instruction: Instruction, text: string): string | undefined {
    const { value, missing, error } = expand(text, instruction.scope, this.dockerfile.escape);
    return missing.length > 0 || error !== undefined ? undefined : value;
  }
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
