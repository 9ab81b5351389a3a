import type { Hit, Rule } from './rule.ts';
import { folderOf } from './scene/folder.ts';
import { splitArguments } from './scene/program.ts';

/** Folders that are full in nearly every base. */
const full =
  /^\/(?:|bin|etc|lib|lib64|opt\/(?:conda|java|venv)|root|sbin|usr|usr\/(?:bin|lib|local|sbin|share)|usr\/local\/(?:bin|lib|share|bundle)|usr\/share\/nginx|var|var\/(?:lib|www\/html))$/;

export const baseTreeRewritten: Rule = {
  id: 'base-tree-rewritten',
  title: '`chown` or `chmod` of folders of the base',
  why: 'A layer holds whole files. `chown -R` or `chmod -R` on a folder that the base fills, `/usr/local` for instance, writes all that is in it a second time. Change only the folders that the program writes into, or install as the user who needs to write. What is right depends on the program, so the edit is left to you.',

  detect: (scene) =>
    scene.runs.flatMap((run) =>
      run.programs.flatMap((program): Hit[] => {
        const { name, args } = program;
        if ((name !== 'chown' && name !== 'chmod' && name !== 'chgrp') || scene.base.kind === 'scratch') return [];
        const { options, operands } = splitArguments(args);
        if (!options.some(({ value }) => /^(?:-[a-zA-Z]*R[a-zA-Z]*|--recursive)$/.test(value ?? ''))) return [];
        const folder = folderOf(scene, run, program);
        const paths = operands
          .slice(1)
          .flatMap(({ value }) =>
            value === undefined ? [] : (scene.absolute(value.replace(/\/\*$/, ''), folder) ?? []),
          )
          .filter((path) => full.test(path) && !run.isMounted(path));
        if (paths.length === 0) return [];
        return [
          {
            instruction: run.instruction,
            span: program.command.span,
            message: `This writes all files that the base has in ${paths.join(' and ')} a second time. Name only what must change.`,
            saves: scene.evidence.bytesAt(run.instruction, paths),
          },
        ];
      }),
    ),
};
