import type { Dockerfile, Stage } from '../dockerfile/model.ts';
import { createDockerignore } from './dockerignore.ts';
import type { Refactor } from './inOrder.ts';
import { makeItSmall } from './makeSmall.ts';
import { swapToBase, swapToMinimalBase } from './minimalBase/swap.ts';
import { convertToMultistage } from './multistage/convert.ts';
import type { RefactorOptions } from './options.ts';
import type { Project } from './project.ts';
import { type Refactoring, refusal } from './refactoring.ts';

/** The refactorings that are offered, in the order in which several of them are made. */
export const refactorKinds = ['multi-stage', 'minimal-base', 'dockerignore', 'small'] as const;
export type RefactorKind = (typeof refactorKinds)[number];

export const refactors: Readonly<Record<RefactorKind, Refactor>> = {
  'multi-stage': convertToMultistage,
  'minimal-base': onStage((dockerfile, stage, project, options) =>
    swapToMinimalBase(dockerfile, stage, project, options),
  ),
  dockerignore: createDockerignore,
  small: (dockerfile, project, options) => {
    const { parse } = options;
    return makeItSmall(dockerfile, project, options, parse === undefined ? {} : { parse });
  },
};

/** The base of the stage in question becomes the one that is named. */
export function swapTo(reference: string): Refactor {
  return onStage((dockerfile, stage, project, options) => swapToBase(dockerfile, stage, reference, project, options));
}

function onStage(
  refactor: (dockerfile: Dockerfile, stage: Stage, project: Project, options: RefactorOptions) => Refactoring,
): Refactor {
  return (dockerfile, project, options) => {
    const { stages } = dockerfile;
    const stage = options.stage === undefined ? stages.find(({ isFinal }) => isFinal) : stages[options.stage];
    if (stage === undefined) return refusal('no-stage', 'The file has no stage that is built.');
    return refactor(dockerfile, stage, project, options);
  };
}
