import { verbOf } from './cacheLeft.ts';
import type { Rule } from './rule.ts';
import { aptCall } from './scene/apt.ts';
import { type Program, splitArguments } from './scene/program.ts';

export const packagesUpgraded: Rule = {
  id: 'packages-upgraded',
  title: 'Packages of the base upgraded in a layer of their own',
  why: 'An upgrade writes every package that it renews a second time: the old files stay in the layers of the base. A newer tag of the base has the same packages once. Where the base is rebuilt too seldom, upgrade the packages that must be newer by name.',

  detect: (scene) =>
    scene.runs.flatMap((run) =>
      run.programs.filter(upgradesAll).map((program) => ({
        instruction: run.instruction,
        span: program.command.span,
        message: 'This writes packages of the base a second time. A newer tag of the base has them once.',
      })),
    ),
};

const apk = new Set(['upgrade']);
const rpm = new Set(['upgrade', 'update', 'distro-sync']);
const zypper = new Set(['update', 'up', 'dup', 'dist-upgrade', 'patch']);

/** True for an upgrade of everything: no package is named. */
function upgradesAll(program: Program): boolean {
  const { name, args } = program;
  const verb = aptCall(program)?.verb;
  if (verb !== undefined) return /^(?:upgrade|dist-upgrade|full-upgrade|safe-upgrade)$/.test(verb);
  const verbs =
    name === 'apk' ? apk : name === 'zypper' ? zypper : /^(?:dnf|yum|microdnf|tdnf)$/.test(name) ? rpm : undefined;
  if (verbs === undefined || verbOf(program, verbs) === undefined) return false;
  return splitArguments(args, /^(?:--enablerepo|--disablerepo|--setopt|-x|--exclude)$/).operands.length === 1;
}
