import { startsWith, verbOf } from './cacheLeft.ts';
import type { Hit, Rule } from './rule.ts';
import { aptCall } from './scene/apt.ts';
import { type Program, splitArguments } from './scene/program.ts';
import type { Run } from './scene/run.ts';

interface ToolsHit extends Hit {
  readonly run: Run;
}

/** Packages that build programs and run none, by the names of Debian, Alpine and Red Hat. */
export const buildPackages =
  /^(?:build-essential|build-base|alpine-sdk|base-devel|gcc(?:-\d+|-c\+\+)?|g\+\+(?:-\d+)?|clang(?:-\d+)?|make|cmake|ninja-build|autoconf|automake|libtool|bison|flex|dpkg-dev|linux-headers|musl-dev|libc-dev|libc6-dev|cargo|rustc|golang(?:-go)?|maven|gradle|.+-dev|.+-devel|.+-headers)$/;

export const buildToolsLeft: Rule<ToolsHit> = {
  id: 'build-tools-left',
  title: 'Build tools and headers that stay',
  why: 'A compiler and headers are needed to build a program, not to run it; together they take hundreds of megabytes. Build in a stage of its own and copy what was built, or remove the packages in the `RUN` that installs them (`apk add --virtual .build` … `apk del .build`). Nothing is reported for a stage whose start command compiles.',

  detect(scene) {
    // In a stage that only builds they are in their place.
    if (!scene.ships || startsWith(scene, /\b(?:gcc|g\+\+|make|cmake|cargo|go|mvnw?|gradlew?|clang|rustc)\b(?!\.)/))
      return [];
    return scene.runs.flatMap((run) =>
      run.programs.flatMap((program): ToolsHit[] => {
        const found = installed(program).filter((name) => buildPackages.test(name));
        if (found.length === 0 || run.after(program).some((later) => isRemoval(later, program))) return [];
        const { instruction } = run;
        const saves =
          program.name === 'apk'
            ? undefined
            : scene.evidence.packages({ instruction, manager: 'apt', packages: found, what: 'installed' });
        const named =
          found.length > 3 ? `${found.slice(0, 3).join(', ')} and ${found.length - 3} more` : found.join(', ');
        const message = `${named}: needed to build, not to run. Build in a stage of its own, or remove them in this RUN.`;
        return [{ instruction, run, span: program.command.span, message, saves }];
      }),
    );
  },
};

const adding = new Set(['add', 'install']);

function installed(program: Program): readonly string[] {
  const call = aptCall(program);
  const operands = call
    ? call.verb === 'install'
      ? call.operands
      : []
    : /^(?:apk|dnf|yum|microdnf|zypper)$/.test(program.name) && verbOf(program, adding, /^-[tXp]$/)
      ? splitArguments(program.args, /^(?:-t|--virtual|-X|--repository|-p|--root)$/).operands.slice(1)
      : [];
  return operands.flatMap(({ value }) => (value === undefined ? [] : [value.replace(/[=~<>:@].*$/, '')]));
}

function isRemoval({ name, args }: Program, { name: installer }: Program): boolean {
  const isSame = name === installer || (name.startsWith('apt') && installer.startsWith('apt'));
  return isSame && args.some(({ value }) => /^(?:del|remove|purge|autoremove|erase)$/.test(value ?? ''));
}
