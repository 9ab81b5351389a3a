import { isPosixShell } from '../../dockerfile/interpreter.ts';
import { entryFile } from '../../program/commandLine.ts';
import { isOnlyBuiltin } from '../../program/shellBuiltins.ts';
import { baseName } from '../../program/fileSystem.ts';
import { type Program, wordTexts } from '../../rules/scene/program.ts';
import type { Run } from '../../rules/scene/run.ts';
import type { Scene } from '../../rules/scene/scene.ts';
import type { ContextMap } from '../multistage/contextMap.ts';
import { readPackage, resolveScript } from '../multistage/nodePackage.ts';
import type { Project } from '../project.ts';
import { isInSlim } from './basePrograms.ts';
import type { Target } from './subject.ts';

/** What starts other programs, in the languages of scripts. */
const starting =
  /\bchild_process\b|\bexeca\b|\bzx\b|\bshelljs\b|\bsubprocess\b|\bos\.(?:system|popen|exec|spawn)|\bDeno\.Command\b|\bBun\.(?:spawn|\$)|\bsystem\s*\(|\bOpen3\b|\bqx\b|%x/;
/** Programs that build by a file of the project's, which may call anything. */
const builders = /^(?:make|gmake|cmake|ninja|meson|bazel|mvn|gradle|sbt|rake|invoke|nox|tox|just|task)$/;
const managers = /^(?:npm|yarn|pnpm|bun)$/;

/** A `RUN` with the stage that it is in, and where the build context is there. */
interface PlacedRun {
  readonly scene: Scene;
  readonly run: Run;
  readonly context: ContextMap;
}

/** A script of the project that a `RUN` starts and that may call a program which only the fuller base has: a clause. */
export function callingScript(project: Project, target: Target, placed: PlacedRun): string | undefined {
  for (const program of placed.run.programs) {
    const { name, nameWord } = program;
    const called = nameWord.value ?? nameWord.text;
    if (managers.test(name)) {
      const found = packageScript(project, target, placed, program);
      if (found !== undefined) return found;
    } else if (builders.test(name) || isPosixShell(name) || isOwnPath(called) || name === '.' || name === 'source') {
      if (!(isPosixShell(name) && program.args.some(({ value }) => value === '-c')))
        return `${called} runs what the project says`;
    } else {
      const file = entryFile([name, ...wordTexts(program.args)]);
      const texts = file?.candidates.map((path) => textOf(project, placed, path)) ?? [];
      const text = texts.find((one) => one !== undefined);
      if (file !== undefined && (text === undefined || starting.test(text))) return `${called} runs ${file.name}`;
    }
  }
  return undefined;
}

/** A path, and not that of a program of the system, nor of a virtual environment's own. */
function isOwnPath(called: string): boolean {
  return called.includes('/') && !/^\/(?:usr\/(?:local\/)?)?s?bin\/[^/]+$|\/bin\/(?:pip|python)[\d.]*$/.test(called);
}

/** Scripts of package.json: those that are named, and those that an installation runs. */
function packageScript(
  project: Project,
  target: Target,
  placed: PlacedRun,
  { name, args }: Program,
): string | undefined {
  const words = wordTexts(args).filter((word) => !word.startsWith('-'));
  const verb = words[0] ?? 'install';
  const installs = /^(?:ci|i|install|add|clean-install)$/.test(verb);
  const scripts = installs
    ? ['preinstall', 'install', 'postinstall', 'prepare']
    : [/^run(?:-script)?$/.test(verb) ? words[1] : verb];
  const manifest = readPackage({ project }, folderOf(placed) ?? '');
  const ignoresScripts = args.some(({ text }) => text === '--ignore-scripts');
  for (const script of installs && ignoresScripts ? [] : scripts) {
    if (script === undefined || (installs && !Object.hasOwn(manifest.scripts, script))) continue;
    for (const {
      words: [first = ''],
    } of resolveScript(manifest, script)) {
      const program = baseName(first);
      const isOpen = first.includes('/') || isPosixShell(program) || builders.test(program) || /[$`(]/.test(first);
      if (isOpen || (!isOnlyBuiltin(program) && !isInSlim(program, target.config)))
        return `${name} ${verb} runs ${first}`;
    }
  }
  return undefined;
}

/** The folder of the build context that a `RUN` is in; undefined where it is none. */
function folderOf({ scene, run, context }: PlacedRun): string | undefined {
  const folder = scene.folderAt(run.instruction);
  return folder === undefined ? undefined : context.contextPath(folder);
}

function textOf(project: Project, { scene, run, context }: PlacedRun, path: string): string | undefined {
  const at = context.contextPath(scene.absolute(path, scene.folderAt(run.instruction) ?? '/')!);
  return at === undefined ? undefined : project.text(at);
}
