import { verbOf } from './cacheLeft.ts';
import type { Rule } from './rule.ts';
import { hasArgument, type Program } from './scene/program.ts';

export const debugBuild: Rule = {
  id: 'debug-build',
  title: 'A debug build that ships',
  why: 'A build for debugging carries symbols and unoptimized code: it is often several times as large as a release build, and slower. `cargo build` and `dotnet build` make one unless told otherwise. The paths of the output change with the kind of build, so the edit is left to you.',
  concerns: 'files',

  detect(scene) {
    if (!scene.stage.reachesFinal) return [];
    return scene.runs.flatMap((run) =>
      run.programs.flatMap((program) => {
        const release = releaseOption(program);
        if (release === undefined) return [];
        const message = `This builds for debugging. ${release} makes the program smaller and faster; its folder changes.`;
        return [{ instruction: run.instruction, span: program.command.span, message }];
      }),
    );
  },
};

const cargo = new Set(['build', 'b', 'rustc']);
const dotnet = new Set(['build', 'publish']);

/** The option that would make a release of it; undefined where it is one, or nobody knows. */
function releaseOption(program: Program): string | undefined {
  switch (program.name) {
    case 'cargo':
      return verbOf(program, cargo) && !hasArgument(program, /^(?:--release|-r|--profile(?:=.*)?)$/)
        ? '--release'
        : undefined;
    case 'cmake':
      return hasArgument(program, /^-DCMAKE_BUILD_TYPE=Debug$/i) ? '-DCMAKE_BUILD_TYPE=Release' : undefined;
    case 'dotnet': {
      if (!verbOf(program, dotnet)) return undefined;
      const at = program.args.findIndex(({ value }) => value === '-c' || value === '--configuration');
      const named = at >= 0 ? program.args[at + 1]?.value : undefined;
      return named === 'Debug' ? '-c Release' : undefined;
    }
    case 'meson':
      return hasArgument(program, /^--buildtype=debug$/) ? '--buildtype=release' : undefined;
    default:
      return undefined;
  }
}
