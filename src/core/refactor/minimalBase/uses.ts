import type { Instruction } from '../../dockerfile/model.ts';
import { emptyScope } from '../../dockerfile/scope.ts';
import { defaultPathsOf, defaultSearchPath } from '../../program/searchPath.ts';
import { isBuiltin } from '../../program/shellBuiltins.ts';
import { copiesOf } from '../../rules/scene/files.ts';
import { contextIn } from '../multistage/contextMap.ts';
import { isBroughtBy, isInSystem, packageOf } from '../systemPrograms.ts';
import { readWhatStarts, unwrapped, type WhatStarts } from '../whatStarts.ts';
import { copiedFromContext, copiedLinkage } from './linkage.ts';
import { installedPackages } from './runs.ts';
import { lastOf, type SwapSubject } from './subject.ts';

/** What is started in a container of the image: by the image itself, and by those who use it. */
export interface Uses extends Omit<WhatStarts, 'problems' | 'scripts'> {
  readonly entrypoint?: Instruction;
  readonly cmd?: Instruction;
  readonly healthcheck?: Instruction;
  /** The folder that the container starts in. */
  readonly workingDir: string;
}

/** Reads what is started. Texts of scripts that are not loaded are asked for by reading them. */
export function readUses(subject: SwapSubject): Uses {
  const { top, project, config, dockerfile } = subject;
  const entrypoint = lastOf(subject, 'ENTRYPOINT');
  const lastCmd = lastOf(subject, 'CMD');
  // An ENTRYPOINT empties the CMD of the stages below its own; within a stage their order does not matter.
  const cmd = entrypoint && lastCmd && lastCmd.stage < entrypoint.stage ? undefined : lastCmd;
  const healthcheck = lastOf(subject, 'HEALTHCHECK');
  const last = top.stage.instructions.at(-1);
  const scope = last?.scope ?? emptyScope;
  const workingDir = (last && folderAfter(subject, last)) ?? config?.workingDir ?? '/';
  const { argv, programs, shellUsers } = readWhatStarts({
    dockerfile,
    project,
    context: contextIn(top, project, config?.workingDir),
    entrypoint,
    cmd,
    healthcheck,
    config,
    workingDir,
    searchPath: (scope.get('PATH') ?? config?.env.PATH)?.split(':') ?? defaultSearchPath,
    scope,
    consumers: subject.consumers,
    absolute: (path, folder) => top.absolute(path, folder)!,
    handsOn: (entrypoint, given) =>
      !isBuilt(subject, unwrapped(entrypoint)[0] ?? '') || namesProgram(subject, given[0]!),
  });
  return {
    ...(entrypoint === undefined ? {} : { entrypoint }),
    ...(cmd === undefined ? {} : { cmd }),
    ...(healthcheck === undefined ? {} : { healthcheck }),
    workingDir,
    argv,
    programs,
    shellUsers,
  };
}

/** A file that another stage compiles, and no script: what it is given it takes for itself. */
function isBuilt(subject: SwapSubject, name: string): boolean {
  const lines = new Set(copiedLinkage(subject).flatMap(({ kind, line }) => (kind === 'static' ? [line] : [])));
  const paths = defaultPathsOf(name);
  const isCopied = (path: string): boolean =>
    subject.above.some((scene) =>
      copiesOf(scene).some(({ instruction, places }) => lines.has(instruction.line) && places.includes(path)),
    );
  return (
    !name.endsWith('.sh') && paths.some((path) => isCopied(path) && copiedFromContext(subject, path) === undefined)
  );
}

/** Whether an argument could be meant for a program that the present base has, or that the stage installs. */
function namesProgram(subject: SwapSubject, word: string): boolean {
  const { facts, config } = subject;
  return (
    word.includes('/') ||
    isBuiltin(word) ||
    isInSystem(facts.distribution?.name ?? 'debian', word) ||
    packageOf('debian', word) !== undefined ||
    config?.programs[word] === true ||
    isBroughtBy(word, installedPackages(subject))
  );
}

function folderAfter({ top, config }: SwapSubject, last: Instruction): string | undefined {
  const before = top.folderAt(last) ?? config?.workingDir ?? '/';
  if (last.keyword !== 'WORKDIR') return before;
  const path = top.expanded(last, top.argumentsOf(last));
  return path === undefined ? undefined : top.absolute(path, before);
}
