import type { BaseFacts } from '../../base/facts.ts';
import { imageName } from '../../base/family.ts';
import { type BaseConfig, baseConfig } from '../../base/imageConfig.ts';
import type { BaseSizes } from '../../base/baseSize.ts';
import type { Reference } from '../../base/reference.ts';
import type { ImageReference } from '../../base/stageReference.ts';
import type { Dockerfile, Instruction, Stage } from '../../dockerfile/model.ts';
import type { BaseNeeds } from '../../program/needs.ts';
import { noEvidence } from '../../rules/scene/evidence.ts';
import type { Run } from '../../rules/scene/run.ts';
import { type Scene, Scenes } from '../../rules/scene/scene.ts';
import type { RefactorOptions } from '../options.ts';
import type { Consumer, Project } from '../project.ts';
import { Blocked } from '../multistage/blocked.ts';
import { checkText } from '../multistage/gates.ts';
import { type Refusal, refusal } from '../refactoring.ts';
import { type Taker, takersOf } from './takers.ts';

/** A stage whose base is to be replaced, with all that stands on that base. */
export interface SwapSubject {
  readonly dockerfile: Dockerfile;
  readonly project: Project;
  readonly options: RefactorOptions;
  /** What the start command of the built image uses, where an image of the file is at hand. It decides instead of rules. */
  readonly needs: () => BaseNeeds | undefined;
  readonly stage: Stage;
  readonly scene: Scene;
  readonly scenes: Scenes;
  readonly base: ImageReference;
  /** As the catalogue names it. */
  readonly image: string;
  readonly facts: BaseFacts;
  readonly config: BaseConfig | undefined;
  /** The stage and those that are built on it, in order. */
  readonly above: readonly Scene[];
  /** Of all of them. */
  readonly instructions: readonly Instruction[];
  readonly runs: readonly Run[];
  /** The base is that of the image in the end. */
  readonly ships: boolean;
  /** A container may be started of it: it ships, says what starts, or is built by its name. */
  readonly starts: boolean;
  /** Who takes something from the stage, or from those that are built on it. */
  readonly takers: readonly Taker[];
  /** Compose services and others that start it. */
  readonly consumers: readonly Consumer[];
  /** The stage whose start command counts: the final one, if that is built on this base, else the stage itself. */
  readonly top: Scene;
}

/** A base that is tried, with what is known of it. */
export interface Target {
  readonly written: string;
  readonly reference: Reference;
  readonly image: string;
  readonly facts: BaseFacts;
  readonly config: BaseConfig | undefined;
  readonly sizes?: BaseSizes;
  readonly hasShell: boolean;
}

/** Reads a stage; a refusal where nothing can be said of its base. */
export function readSubject(
  dockerfile: Dockerfile,
  stage: Stage,
  project: Project,
  options: RefactorOptions,
): SwapSubject | Refusal {
  const unfit = textRefusal(dockerfile);
  if (unfit) return unfit;
  const scenes = new Scenes(dockerfile, { platform: options.platform, today: options.today, evidence: noEvidence });
  const scene = scenes.all[stage.index]!;
  const { line } = stage.from;
  const reference = stage.base.kind === 'stage' ? undefined : scene.base;
  if (stage.base.kind === 'stage' || reference === undefined) {
    return refusal('base-stage', 'The stage is built on another stage of the file.', {
      line,
      unblock: 'Swap the base of that stage instead.',
    });
  }
  if (scene.isWindows) return refusal('windows', 'Containers of Windows are left alone.', { line });
  if (reference.kind === 'unresolved') {
    return refusal('base-unresolved', 'The base is named by a variable without a value.', {
      line,
      unblock: 'Give the ARG a default, or pass it with --build-arg.',
    });
  }
  if (reference.kind !== 'image') {
    const isScratch = reference.kind === 'scratch';
    return isScratch
      ? refusal('already-minimal', 'The image is built on nothing already.', { line })
      : refusal('base-invalid', 'The base is no image reference.', { line });
  }
  const { facts } = scene;
  if (facts === undefined) {
    return refusal('unknown-base', `Nothing is known of ${reference.text}.`, {
      line,
      unblock: 'Name an image of Docker Hub, of Google’s distroless or of Microsoft’s .NET as the base.',
    });
  }
  const above = [scene, ...scene.above];
  const instructions = above.flatMap((each) => each.stage.instructions);
  const onBuild = instructions.find(({ keyword }) => keyword === 'ONBUILD');
  if (onBuild) {
    return refusal('onbuild', 'The image is a base for others: its ONBUILD is run where nobody looks.', {
      line: onBuild.line,
      unblock: 'Move what ONBUILD holds into the Dockerfiles that use it.',
    });
  }
  const takers = takersOf(scenes, above);
  const named = project.consumers.filter(({ target }) =>
    above.some(
      ({ stage: { name, index } }) => target !== undefined && [name, String(index)].includes(target.toLowerCase()),
    ),
  );
  const saysStart = instructions.some(({ keyword }) => keyword === 'CMD' || keyword === 'ENTRYPOINT');
  return {
    dockerfile,
    project,
    options,
    needs: () => (scene.ships ? options.needs?.() : undefined),
    stage,
    scene,
    scenes,
    base: reference,
    image: imageName(reference.reference),
    facts,
    config: baseConfig(reference.reference),
    above,
    instructions,
    runs: above.flatMap(({ runs }) => runs),
    ships: scene.ships,
    starts: scene.ships || saysStart || named.length > 0 || takers.length === 0,
    takers,
    consumers: scene.ships ? project.consumers : named,
    top: above.find((each) => each.stage.isFinal) ?? scene,
  };
}

/** What of the text keeps a file from being rewritten at all: faults, a template, a generator. */
export function textRefusal(dockerfile: Dockerfile): Refusal | undefined {
  try {
    checkText(dockerfile);
    return undefined;
  } catch (error) {
    if (error instanceof Blocked) return error.refusal;
    throw error;
  }
}

/** The last instruction of a kind that counts for what the image starts or says; a stage above has the last word. */
export function lastOf({ above }: SwapSubject, keyword: string): Instruction | undefined {
  return above.flatMap(({ stage }) => stage.instructions).findLast((instruction) => instruction.keyword === keyword);
}

/** What an instruction says behind its flags, variables put in; undefined where one has no value. */
export function argumentsOf({ scene }: SwapSubject, instruction: Instruction): string | undefined {
  return scene.expanded(instruction, scene.argumentsOf(instruction));
}

export function isRefusal(answer: SwapSubject | Refusal): answer is Refusal {
  return 'kind' in answer;
}
