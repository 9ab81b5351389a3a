import { mountInstead } from './edit/mount.ts';
import type { Hit, Rule } from './rule.ts';
import { needsBuildKit } from './scene/buildKit.ts';
import { copiesBefore, type CopyTarget } from './scene/files.ts';
import { isWithin } from './scene/places.ts';
import type { Program } from './scene/program.ts';
import type { Run } from './scene/run.ts';
import type { Scene } from './scene/scene.ts';

interface WheelsHit extends Hit {
  readonly run: Run;
  readonly copy: CopyTarget;
}

export const wheelsKept: Rule<WheelsHit> = {
  id: 'wheels-kept',
  title: 'Wheels copied to install from',
  why: 'Wheels that a stage builds and the next one copies to install from stay in their own layer, beside what is installed: removing them later only hides them. `RUN --mount=type=bind,from=build` shows them to the one command that needs them, and no layer has them. The mount needs BuildKit, so where nothing else in the file does, the fix asks.',

  detect: (scene) =>
    scene.runs.flatMap((run) =>
      run.programs.flatMap((program): WheelsHit[] => {
        const folders = wheelFolders(program, scene, run).filter((folder) => !run.isMounted(folder));
        if (folders.length === 0) return [];
        const hold = ({ destination }: CopyTarget): boolean =>
          destination !== '/' && folders.some((folder) => isWithin(folder, destination));
        return copiesBefore(scene, run.instruction, `holding ${folders.join('\0')}`, hold).map((copy) => ({
          ...{ instruction: run.instruction, run, copy, span: program.command.span },
          message: `The wheels stay in the layer of line ${copy.instruction.line} beside what is installed from them. Mount them instead.`,
          saves: scene.evidence.weight(copy.instruction),
        }));
      }),
    ),

  fix({ run, copy }, scene) {
    const target = copy.isFolder && copy.sources.length > 1 ? undefined : copy.destination;
    const edits =
      target === undefined ? undefined : mountInstead(scene.dockerfile, run, copy, { target, isFor: isPip });
    const confidence = needsBuildKit(scene) ? 'likely' : 'ask';
    return edits && { title: 'Mount the wheels in the RUN that installs them', confidence, edits };
  },
};

function isPip({ name }: Program): boolean {
  return name === 'pip' || name === 'uv';
}

/** The folders of wheels that a program installs from, absolute. */
function wheelFolders(program: Program, scene: Scene, run: Run): readonly string[] {
  if (!isPip(program) || !program.args.some(({ value }) => value === 'install')) return [];
  const folder = scene.folderAt(run.instruction);
  return program.args.flatMap(({ value, text }, at) => {
    const written = value ?? text;
    const named =
      /^--find-links=(.+)$/.exec(written)?.[1] ??
      (/^(?:-f|--find-links)$/.test(program.args[at - 1]?.value ?? '') ? written : undefined);
    const path =
      named ??
      (/\/(?:\*(?:\.whl)?)$/.test(written) || written.endsWith('.whl') ? written.replace(/\/[^/]*$/, '') : undefined);
    if (path === undefined || /^https?:|[$*?]/.test(path)) return [];
    return scene.absolute(path, folder) ?? [];
  });
}
