import { readDistroless } from '../../base/distroless.ts';
import { defaultPathsOf } from '../../program/searchPath.ts';
import { isBuiltin } from '../../program/shellBuiltins.ts';
import { isPosixShell } from '../../dockerfile/interpreter.ts';
import { baseName } from '../../program/fileSystem.ts';
import { copiesOf } from '../../rules/scene/files.ts';
import { isWithin } from '../../rules/scene/places.ts';
import type { Note } from '../refactoring.ts';
import { gnuOption, isBroughtBy } from '../systemPrograms.ts';
import type { StartedProgram } from '../whatStarts.ts';
import { failed, passed, unproven, type Verdict } from './baseSwap.ts';
import { isInAlpine, isInSlim, lostTools } from './basePrograms.ts';
import { installedPackages } from './runs.ts';
import type { SwapSubject, Target } from './subject.ts';
import { isJre } from './runOnly.ts';
import type { Uses } from './uses.ts';

/** Whether the other base has the shells and programs that the image and those who use it start. */
export function programVerdicts(subject: SwapSubject, target: Target, uses: Uses): readonly Verdict[] {
  if (!subject.starts) return [];
  const packages = installedPackages(subject);
  return [...shellVerdicts(subject, target, uses, packages), ...startedVerdicts(subject, target, uses, packages)];
}

function shellVerdicts(
  subject: SwapSubject,
  target: Target,
  { shellUsers }: Uses,
  packages: readonly string[],
): readonly Verdict[] {
  const verdicts: Verdict[] = [];
  for (const { why, line, shell, plain } of shellUsers) {
    const where = line === undefined ? {} : { line };
    if (!target.hasShell) {
      if (plain !== undefined) continue;
      verdicts.push(
        failed('shell', `${target.written} has no shell, and ${why}.`, {
          ...where,
          unblock: 'Start the program itself, with its arguments in a list.',
        }),
      );
    } else if (shell !== 'sh' && !isBroughtBy(shell, packages)) {
      const has = shell === 'ash' || shell === 'dash' ? undefined : target.config?.programs[shell];
      if (has === true || subject.facts.distribution?.name === target.facts.distribution?.name) continue;
      verdicts.push(
        (has === false ? failed : unproven)(
          'shell',
          `${why}, and ${target.written} has ${has === false ? 'no' : 'perhaps no'} ${shell}.`,
          {
            ...where,
            unblock: `Install ${shell}, or write it for sh.`,
          },
        ),
      );
    }
  }
  return verdicts.length > 0
    ? verdicts
    : [passed('shell', target.hasShell ? 'Every shell that is used is there.' : 'Nothing is for a shell.')];
}

function startedVerdicts(
  subject: SwapSubject,
  target: Target,
  { programs }: Uses,
  packages: readonly string[],
): readonly Verdict[] {
  const verdicts: Verdict[] = [];
  for (const program of programs.filter((program) => !isShellTold(program))) {
    const has = isThere(subject, target, program, packages);
    if (has === true) continue;
    const { name, by, line, isHealth } = program;
    const code = isHealth === true ? 'health-check' : 'commands';
    verdicts.push(
      (has === false ? failed : unproven)(
        code,
        has === false
          ? `${by} calls ${name}, which ${target.written} does not have.`
          : `${by} calls ${name}, and whether ${target.written} has it is not known.`,
        {
          ...(line === undefined ? {} : { line }),
          unblock: target.hasShell
            ? `Install what brings ${baseName(name)} in the stage.`
            : `Do without ${baseName(name)}.`,
        },
      ),
    );
  }
  return verdicts.length > 0
    ? verdicts
    : [
        passed('health-check', 'What health checks and start scripts call is there.', {
          notes: unseenStarts(subject, target),
        }),
      ];
}

/** A shell that is told what to run: whoever needs that is known already. */
function isShellTold({ name, args }: StartedProgram): boolean {
  return isPosixShell(baseName(name)) && args.some((word) => !word.startsWith('-'));
}

/** What nobody sees in the files here: a program that starts others itself, of those that only the fuller image has. */
function unseenStarts(subject: SwapSubject, target: Target): readonly Note[] {
  const lost = lostTools(subject, target);
  return lost.length === 0
    ? []
    : [
        {
          kind: 'assumed',
          text: `The program itself starts none of the tools that ${subject.base.text} has and ${target.written} has not, such as ${lost.join(', ')} and compilers.`,
        },
      ];
}

/** Whether a program can be started on the other base; undefined where nobody knows. */
function isThere(
  subject: SwapSubject,
  target: Target,
  program: StartedProgram,
  packages: readonly string[],
): boolean | undefined {
  const name = baseName(program.name);
  // A script that nobody could read may need whatever the present system has.
  const isUnread = name.endsWith('.sh') && subject.project.text(program.contextPath ?? '') === undefined;
  const isSameSystem = subject.facts.distribution?.name === target.facts.distribution?.name && target.hasShell;
  // Which program a variable names when the container starts, nobody knows.
  if (name.includes('$')) return isSameSystem ? true : undefined;
  if (isOwn(subject, program.name)) return isUnread && !isSameSystem ? undefined : true;
  if (!target.hasShell) {
    const flavor = readDistroless(target.image)?.flavor ?? '';
    const interpreter = { nodejs: /^node(?:js)?$/, python3: /^python(?:3[\d.]*)?$/, java: /^java$/ }[flavor];
    // The start command itself is the business of `start.ts`, which also knows what npm starts.
    if (interpreter?.test(name) === true || (interpreter && program.by === 'CMD' && /^(?:npm|yarn|pnpm)$/.test(name)))
      return true;
    return target.config?.programs[name] ?? (target.image === subject.image || name === 'dotnet' ? true : false);
  }
  if (isBroughtBy(name, packages)) return true;
  if (isSameSystem) return runOnlyTool(target, program) ? false : isInSlim(name, target.config) || isBuiltin(name);
  if (gnuOption(name, program.args) !== undefined) return undefined;
  const known = isInAlpine(name, target.config);
  if (known !== undefined) return known;
  // What a package manager of a language installs is installed there too.
  return subject.config?.programs[name] !== true && installsPrograms(subject) ? true : undefined;
}

/** A file of the image's own, by its path or by where it is copied to. */
export function isOwn({ above }: SwapSubject, name: string): boolean {
  if (name.includes('/') && !/^\/(?:usr\/(?:local\/)?)?s?bin\/[^/]+$/.test(name)) return true;
  const paths = defaultPathsOf(name);
  return above.some((scene) =>
    copiesOf(scene).some(({ destination, places, isFolder }) =>
      // Of a folder that is copied nobody sees here what is in it: a path in it may well be.
      paths.some((path) => places.includes(path) || (isFolder && name.includes('/') && isWithin(path, destination))),
    ),
  );
}

const installers = /^(?:npm|yarn|pnpm|bun|pip|pip3|uv|poetry|pipenv|gem|bundle|composer|cargo|go|make|cmake|dotnet)$/;

function installsPrograms({ runs }: SwapSubject): boolean {
  return runs.some(({ programs }) => programs.some(({ name }) => installers.test(name)));
}

const jdkTools = /^(?:javac|jar|jlink|jshell|jstack|jmap|jcmd|jdb|javadoc|jdeps|jpackage)$/;

/** What only the fuller image of a platform has: the tools of a JDK, the SDK of .NET. */
function runOnlyTool(target: Target, { name, args }: StartedProgram): boolean {
  if (isJre(target))
    return jdkTools.test(baseName(name)) || (baseName(name) === 'java' && args.some((word) => word.endsWith('.java')));
  const isRuntime = /^mcr\.microsoft\.com\/dotnet\/(?:aspnet|runtime)/.test(target.image);
  return isRuntime && baseName(name) === 'dotnet' && !args.some((word) => word.endsWith('.dll'));
}
