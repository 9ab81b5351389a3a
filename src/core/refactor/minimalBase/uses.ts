import type { Instruction } from '../../dockerfile/model.ts';
import { ContextMap } from '../multistage/contextMap.ts';
import { defaultSearchPath, readWhatStarts, type WhatStarts } from '../whatStarts.ts';
import { lastOf, type SwapSubject } from './subject.ts';

/** What is started in a container of the image: by the image itself, and by those who use it. */
export interface Uses extends Omit<WhatStarts, 'problems' | 'scripts'> {
  readonly entrypoint?: Instruction;
  readonly cmd?: Instruction;
  readonly healthcheck?: Instruction;
}

/** Reads what is started. Texts of scripts that are not loaded are asked for by reading them. */
export function readUses(subject: SwapSubject): Uses {
  const { top, project, config, dockerfile } = subject;
  const entrypoint = lastOf(subject, 'ENTRYPOINT');
  const lastCmd = lastOf(subject, 'CMD');
  // An ENTRYPOINT empties the CMD of the stages below its own; within a stage their order does not matter.
  const cmd = entrypoint && lastCmd && lastCmd.stage < entrypoint.stage ? undefined : lastCmd;
  const healthcheck = lastOf(subject, 'HEALTHCHECK');
  const folderAt = (instruction: Instruction): string => top.folderAt(instruction) ?? config?.workingDir ?? '/';
  const last = top.stage.instructions.at(-1);
  const scope = last?.scope ?? { get: () => undefined, has: () => false };
  const { argv, programs, shellUsers } = readWhatStarts({
    dockerfile,
    project,
    context: new ContextMap(top, project, folderAt),
    entrypoint,
    cmd,
    healthcheck,
    config,
    workingDir: (last && folderAfter(subject, last)) ?? config?.workingDir ?? '/',
    searchPath: (scope.get('PATH') ?? config?.env.PATH)?.split(':') ?? defaultSearchPath,
    scope,
    consumers: subject.ships ? project.consumers : [],
    absolute: (path, folder) => top.absolute(path, folder)!,
    handsOn: () => true,
  });
  return {
    ...(entrypoint === undefined ? {} : { entrypoint }),
    ...(cmd === undefined ? {} : { cmd }),
    ...(healthcheck === undefined ? {} : { healthcheck }),
    argv,
    programs,
    shellUsers,
  };
}

function folderAfter({ top, config }: SwapSubject, last: Instruction): string | undefined {
  const before = top.folderAt(last) ?? config?.workingDir ?? '/';
  if (last.keyword !== 'WORKDIR') return before;
  const path = top.expanded(last, top.dockerfile.text.slice(last.argsSpan.start, last.argsSpan.end));
  return path === undefined ? undefined : top.absolute(path, before);
}
