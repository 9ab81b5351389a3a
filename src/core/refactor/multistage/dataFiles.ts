import { baseName } from '../../program/fileSystem.ts';
import { isWithin, place } from '../../rules/scene/places.ts';
import type { Start } from './start.ts';
import { sharedFolders } from './systemFolders.ts';
import type { PlannedCopy } from './ecosystem.ts';
import type { Subject } from './subject.ts';

export interface DataQuestion {
  readonly start: Start;
  /** Files that are compiled or only describe the build; by their paths in the context. */
  readonly isSource: RegExp;
  /** What to look into for names of files; by their paths in the context. */
  readonly isProgram: RegExp;
}

/** What no program opens unless it names it: papers, tests, what belongs to other tools. */
const neverOpened =
  /(?:^|\/)(?:\.git|\.github|\.gitlab|\.circleci|\.vscode|\.idea|\.devcontainer|tests?|__tests__|spec|testdata|examples?|docs?)(?:\/|$)|(?:^|\/)(?:Dockerfile[^/]*|[^/]*\.Dockerfile|Containerfile|\.dockerignore|\.git[^/]*|\.editorconfig|(?:docker-)?compose[^/]*\.ya?ml|README[^/]*|LICEN[CS]E[^/]*|CHANGELOG[^/]*|CONTRIBUTING[^/]*|NOTICE|AUTHORS|[^/]*\.md|Makefile|GNUmakefile|Jenkinsfile|\.travis\.yml|renovate\.json|\.pre-commit-config\.yaml)$/i;

/** More text than a person would have written: then nobody looks, and all data go along. */
const mostPrograms = 2000;

/**
 * The files of the context that a compiled program may open when it runs: templates, static files, configuration. What is not a
 * source goes along if a string of the sources, an argument of the start command or a variable names it, or one of its
 * folders; where the sources cannot all be looked into, all of it does.
 */
export function dataFiles(subject: Subject, { start, isSource, isProgram }: DataQuestion): readonly PlannedCopy[] {
  const { project, context } = subject;
  // Where sources are put is where the build works; what is put elsewhere is there for the system or the program.
  const roots = sourceFolders(subject, isSource);
  const isApart = (path: string): boolean =>
    path.lastIndexOf('/') > 0 &&
    ![...roots, subject.workingDir].some((root) => root.length > 1 && isWithin(path, root));
  const mixed = foldersOf(project.files.filter((file) => isSource.test(file)));
  const entries = new Map<string, Entry>();
  for (const { instruction, source, target } of context.mapped) {
    for (const file of project.below(source)) {
      if (isSource.test(file)) continue;
      const pathOf = (contextPath: string): string => {
        const rest = source === '' ? `/${contextPath}` : contextPath.slice(source.length);
        return `${target === '/' && rest !== '' ? '' : target}${rest}`;
      };
      const contextPath = entryOf(file, source, (folder) => mixed.has(folder) || sharedFolders.has(pathOf(folder)));
      const path = pathOf(contextPath);
      const isAside = neverOpened.test(file) && entries.get(path)?.isAside !== false;
      entries.set(path, { contextPath, isFolder: contextPath !== file, isAside, from: instruction.index });
    }
  }
  if (entries.size === 0) return [];
  const named = namesIn(subject, start, isProgram);
  const found: PlannedCopy[] = [];
  for (const [path, { contextPath, isFolder, isAside, from }] of entries) {
    if (start.scripts.some((script) => script.path === path)) continue;
    // What a later command removes is not in the image now.
    if (subject.scene.runs.some((run) => run.instruction.index > from && run.empties(place(path)))) continue;
    const reason = isApart(path)
      ? 'what the file puts outside of the folders that it builds in'
      : named === undefined
        ? isAside
          ? undefined
          : 'files that the program may open'
        : named(path, contextPath, isFolder, isAside ? [] : project.below(contextPath));
    if (reason !== undefined) found.push({ path, isFolder, reason });
  }
  return found;
}

/** A file or folder of the context that is at a path of the container. */
interface Entry {
  readonly contextPath: string;
  readonly isFolder: boolean;
  /** Goes along only where it is named. */
  readonly isAside: boolean;
  /** The index of the instruction that puts it there. */
  readonly from: number;
}

/** The folders of the container that sources are copied into; empty for the root folder. */
export function sourceFolders({ context, project }: Subject, isSource: RegExp): readonly string[] {
  return context.mapped
    .filter(({ source }) => project.below(source).some((file) => isSource.test(file)))
    .map(({ isFile, target }) => (isFile ? target.slice(0, target.lastIndexOf('/')) : target));
}

/** All folders that some of the files are below. */
function foldersOf(files: readonly string[]): ReadonlySet<string> {
  const folders = new Set<string>(['']);
  for (const file of files) {
    for (let end = file.lastIndexOf('/'); end > 0; end = file.lastIndexOf('/', end - 1))
      folders.add(file.slice(0, end));
  }
  return folders;
}

/** The largest folder around a file, at or below what is copied, that may go along as a whole; else the file. */
function entryOf(file: string, source: string, isSplit: (folder: string) => boolean): string {
  if (source !== '' && file !== source && !isSplit(source)) return source;
  for (let end = file.indexOf('/', source.length + 1); end > 0; end = file.indexOf('/', end + 1)) {
    const folder = file.slice(0, end);
    if (folder.length > source.length && !isSplit(folder)) return folder;
  }
  return file;
}

type NameTest = (path: string, contextPath: string, isFolder: boolean, files: readonly string[]) => string | undefined;

/** Tests whether anything names a file; undefined where not everything could be looked into. */
function namesIn(subject: Subject, start: Start, isProgram: RegExp): NameTest | undefined {
  const { project } = subject;
  const programs = project.files.filter(
    (file) => isProgram.test(file) && !/(?:^|\/)(?:vendor|node_modules)\//.test(file),
  );
  if (!project.complete || programs.length > mostPrograms) return undefined;
  const strings: string[] = [];
  let isWhole = true;
  for (const file of programs) {
    const text = project.text(file);
    if (text === undefined) isWhole = false;
    else for (const [literal] of text.matchAll(literals)) strings.push(literal.slice(1, -1));
  }
  if (!isWhole) return undefined;
  for (const { args } of start.programs) strings.push(...args);
  for (const instruction of subject.stage.instructions) {
    if (instruction.keyword === 'ENV' || instruction.keyword === 'VOLUME')
      strings.push(subject.argumentsOf(instruction));
  }
  for (const { workingDir } of project.consumers) if (workingDir !== undefined) strings.push(workingDir);
  for (const script of start.scripts) strings.push(project.text(script.contextPath) ?? '');
  const all = strings.join('\n');
  return (path, contextPath, isFolder, files) => {
    const name = baseName(contextPath);
    // Readers of settings add the ending themselves.
    const stem = isFolder ? undefined : /^(.+)\.(?:toml|ya?ml|json5?|ini|conf|properties|hcl)$/.exec(name)?.[1];
    if (mentions(all, name) || mentions(all, path) || (stem !== undefined && mentions(all, stem)))
      return isFolder ? `the folder that the program names` : `the file that the program names`;
    // `*.tmpl` names files by their ending, and a folder that is listed names none of them.
    const endings = new Set(files.map((file) => /\.[^./]+$/.exec(file)?.[0]).filter((ending) => ending !== undefined));
    const byEnding = [...endings].find((ending) => all.includes(`*${ending}`));
    return byEnding === undefined ? undefined : `files that the program finds by \`*${byEnding}\``;
  };
}

const literals = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`[^`]*`/g;

/** A name between what may stand around a part of a path. */
function mentions(text: string, name: string): boolean {
  const stem = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?:^|[\\s/\\\\=:;,"'{(@])${stem}(?:$|[\\s/\\\\:;,?"'})*])`, 'm').test(text);
}
