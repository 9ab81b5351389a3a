import { expand } from '../../dockerfile/expand.ts';
import type { Instruction, Scope } from '../../dockerfile/model.ts';
import { matcherOf } from '../../estimate/context/copySources.ts';
import { baseName } from '../../program/fileSystem.ts';
import { isWithin } from '../../rules/scene/places.ts';
import type { Scene } from '../../rules/scene/scene.ts';
import type { Project } from '../project.ts';

/** One file or folder of the build context and where `COPY` or `ADD` puts it. */
export interface MappedPath {
  readonly instruction: Instruction;
  /** Relative to the context; empty for all of it. */
  readonly source: string;
  /** Absolute, in the container. */
  readonly target: string;
  /** One file, not a folder. */
  readonly isFile: boolean;
}

/** Where the files of the build context are in a stage, and which file of the context a path of the stage is. */
export class ContextMap {
  readonly mapped: readonly MappedPath[];

  /**
   * @param folderAt the folder that an instruction is in.
   * @param inherited the variables of the base.
   */
  constructor(
    scene: Scene,
    project: Project,
    folderAt: (instruction: Instruction) => string,
    inherited: Readonly<Record<string, string>> = {},
  ) {
    const map = (instruction: Instruction) => mapCopy(scene, project, instruction, folderAt(instruction), inherited);
    this.mapped = scene.lineage.toReversed().flatMap(({ stage }) => stage.instructions.flatMap(map));
  }

  /** The file or folder of the context that is at a path of the container; the last `COPY` wins. */
  contextPath(containerPath: string): string | undefined {
    const found = this.mapped.findLast(({ target }) => isWithin(containerPath, target));
    if (found === undefined) return undefined;
    const rest = containerPath.slice(found.target === '/' ? 1 : found.target.length + 1);
    return joined(found.source, rest);
  }

  /** Where a file of the context is in the container: at no place, at one, or at several. */
  containerPaths(contextPath: string): readonly string[] {
    return this.mapped
      .filter(({ source }) => source === '' || isWithin(contextPath, source))
      .map(({ source, target }) => {
        const rest = source === '' ? contextPath : contextPath.slice(source.length + 1);
        return join(target, rest);
      });
  }
}

/** The map of a stage whose base is in a folder: what no `WORKDIR` says is relative to that. */
export function contextIn(scene: Scene, project: Project, home = '/'): ContextMap {
  return new ContextMap(scene, project, (instruction) => scene.folderAt(instruction) ?? home);
}

/** The variables that an instruction sees, with those that only the base sets. */
export function withInherited(scope: Scope, inherited: Readonly<Record<string, string>>): Scope {
  const own = (name: string): string | undefined => (Object.hasOwn(inherited, name) ? inherited[name] : undefined);
  return {
    get: (name) => (scope.has(name) ? scope.get(name) : own(name)),
    has: (name) => scope.has(name) || own(name) !== undefined,
  };
}

function mapCopy(
  scene: Scene,
  project: Project,
  instruction: Instruction,
  from: string,
  inherited: Readonly<Record<string, string>>,
): MappedPath[] {
  const { keyword, flags, words, json, scope } = instruction;
  if ((keyword !== 'COPY' && keyword !== 'ADD') || flags.some(({ name }) => name === 'from')) return [];
  const values = (json ?? words.map(({ text }) => text)).map((word) => {
    const { value, missing, error } = expand(word, withInherited(scope, inherited), scene.dockerfile.escape);
    return missing.length > 0 || error !== undefined ? undefined : value;
  });
  const target = values.at(-1);
  const folder = target === undefined ? undefined : scene.absolute(target, from);
  if (target === undefined || folder === undefined) return [];
  const keepsParents = flags.some(({ name }) => name === 'parents');
  const sources = values
    .slice(0, -1)
    .filter((value) => value !== undefined && !value.startsWith('<<') && !/^[a-z+]+:\/\/|^git@/i.test(value))
    .flatMap((value) => matching(project, value!));
  const intoFolder = /(?:^|\/)\.{0,2}$/.test(target) || sources.length > 1;
  return sources.map((source): MappedPath => {
    // A folder's content is copied, not the folder; a file keeps its name where the target is a folder.
    const isFile = project.below(source)[0] === source;
    const name = baseName(source);
    const at = keepsParents ? join(folder, source) : isFile && intoFolder ? join(folder, name) : folder;
    return { instruction, source, target: at, isFile };
  });
}

/** What a source of `COPY` names: paths of the context. A source that is a glob matches files and folders. */
function matching(project: Project, source: string): readonly string[] {
  const clean = joined('', source);
  if (!/[*?[\\]/.test(clean)) return [clean];
  const parts = clean.split('/');
  const found = new Set<string>();
  const matchers = parts.map(matcherOf);
  for (const file of project.files) {
    const names = file.split('/');
    if (names.length < parts.length) continue;
    const fits = matchers.every((matches, index) =>
      typeof matches === 'string' ? matches === names[index] : matches?.(names[index]!) === true,
    );
    if (fits) found.add(names.slice(0, parts.length).join('/'));
  }
  return [...found];
}

function join(folder: string, rest: string): string {
  return rest === '' ? folder : `${folder === '/' ? '' : folder}/${rest}`;
}

/** Relative parts put together, `.` and `..` resolved; empty for the root itself. */
export function joined(folder: string, rest: string): string {
  const parts: string[] = [];
  for (const part of `${folder}/${rest}`.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.join('/');
}
