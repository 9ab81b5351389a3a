import type { Rule } from './rule.ts';
import { copiesOf } from './scene/files.ts';

export const wholeRootCopied: Rule = {
  id: 'whole-root-copied',
  title: 'A whole file system copied from a stage',
  why: '`COPY --from=… / /` ships all that the other stage has: its base, its package lists, its build tools. It also puts all of it into one layer that no other image shares. Copy what the program needs; where the point is to be rid of what earlier layers hide, build on the stage with `FROM` and keep them clean.',
  hadolint: ['DL3067'],

  detect: (scene) =>
    copiesOf(scene).flatMap(({ instruction, from, sources, destination }) => {
      if (from === undefined || destination !== '/' || !sources.some((source) => /^\/\.?$/.test(source))) return [];
      // On `scratch` it is the way to squash an image, and the author means it.
      if (scene.stage.base.kind === 'scratch') return [];
      const saves = scene.evidence.weight(instruction);
      return [
        {
          instruction,
          span: instruction.span,
          message: `This copies the whole file system of ${from}. Copy only what the program needs.`,
          saves,
        },
      ];
    }),
};
