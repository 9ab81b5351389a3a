import type { Program } from './program.ts';
import type { Run } from './run.ts';
import type { Scene } from './scene.ts';

/** The folder that a program runs in: `cd` before it in the script counts; undefined where nobody knows. */
export function folderOf(scene: Scene, run: Run, program: Program): string | undefined {
  let folder = scene.folderAt(run.instruction);
  for (const before of run.programs.slice(0, run.programs.indexOf(program))) {
    if (before.name !== 'cd' && before.name !== 'pushd') continue;
    const path = before.args[0]?.value;
    folder = path === undefined || before.command.conditional ? undefined : scene.absolute(path, folder);
  }
  return folder;
}
