import type { CopyAnswer } from './context/contextContent.ts';
import type { ContextAnswer, ContextQuestion } from './context/contextQuestion.ts';
import { joinPath } from './context/contextTree.ts';
import { matcherOf } from './context/copySources.ts';
import type { ImageAnswer, ImageQuestion } from './imageFiles.ts';
import type { WeightPart } from './weight.ts';

/** Where copied files come from. */
export type Origin =
  | { readonly kind: 'context' }
  | { readonly kind: 'image'; readonly image: string }
  | { readonly kind: 'stage'; readonly files: StageFiles };

/** Something that an instruction put into a stage. Paths are absolute, without a slash at the end; `''` is the root. */
export type PlacedFiles =
  | {
      readonly kind: 'copied';
      readonly origin: Origin;
      /** As the origin knows it, variables put in; may be a pattern. */
      readonly source: string;
      readonly target: string;
      readonly excludes: readonly string[];
      readonly unpacks: boolean;
    }
  /** A file or a folder of known bytes: a download, a heredoc, installed packages. */
  | {
      readonly kind: 'sized';
      readonly target: string;
      readonly bytes: number;
      readonly complete: boolean;
      readonly parts: readonly WeightPart[];
    };

/** The file system of a stage, as far as it is known. */
export interface StageFiles {
  /** The image that it starts from, or that holds all of it; absent for `scratch` and where nobody knows. */
  readonly image?: string;
  /** In the order of the instructions, without those that a later one writes again. */
  readonly placed: readonly PlacedFiles[];
  /** Commands ran of which nobody knows what they write, or something was copied nobody knows where to. */
  readonly hasUnknown: boolean;
}

export interface FileSources {
  /** What is known of the build context at this moment. */
  readonly context: (question: ContextQuestion) => ContextAnswer | undefined;
  /** What is known of an image's files; undefined while it is awaited. */
  readonly image: (question: ImageQuestion) => ImageAnswer | undefined;
}

/** What stands at a path. `awaited`: an answer is on its way. */
export type FoundFiles =
  | { readonly kind: 'awaited' }
  | { readonly kind: 'nothing' }
  | {
      readonly kind: 'found';
      readonly bytes: number;
      readonly parts: readonly WeightPart[];
      /** False: it is at least that much. */
      readonly complete: boolean;
    };

/** More than a weight names. */
const mostParts = 20;

const nothing: FoundFiles = { kind: 'nothing' };

/** What a stage has at a path (a pattern may stand in its last part), as `COPY --from` takes it. */
export function filesOfStage(
  stage: StageFiles,
  path: string,
  excludes: readonly string[],
  known: FileSources,
): FoundFiles {
  const { image, placed, hasUnknown } = stage;
  const found = placed.map((files) => filesOf(files, path, excludes, known));
  const isCovered = placed.some((files, at) => found[at]!.kind === 'found' && isWithin(path, files.target));
  // What a copy has put at a path or above it, the base hardly has; anywhere else it may have something.
  if (image !== undefined && !isCovered) found.push(filesOfImage(image, path, excludes, known));
  const sum = added(found);
  return sum.kind === 'found' && hasUnknown ? { ...sum, complete: false } : sum;
}

/** What one instruction has put at a path or below it. */
export function filesOf(files: PlacedFiles, path: string, excludes: readonly string[], known: FileSources): FoundFiles {
  if (files.kind === 'sized') {
    if (isWithin(files.target, path)) {
      const { bytes, parts, complete } = files;
      return { kind: 'found', bytes, parts, complete };
    }
    // A part of a folder of which only the whole is known.
    return isWithin(path, files.target) ? { kind: 'found', bytes: 0, parts: [], complete: false } : nothing;
  }
  const { source, target } = files;
  if (isWithin(target, path)) return asked(files, source, excludes, known);
  if (!isWithin(path, target)) return nothing;
  const rest = path.slice(target.length + 1);
  // The source is a folder, whose content stands there; or a file of that name, which was put into the folder.
  const inside = asked(files, joinPath(source.replace(/^\.?\/+|^\.$|\/+$/g, ''), rest), excludes, known);
  const slash = source.replace(/\/+$/, '').lastIndexOf('/');
  if (inside.kind !== 'nothing' || rest.includes('/') || !matchesName(source.slice(slash + 1), rest)) return inside;
  return asked(files, source.slice(0, slash + 1) + rest, excludes, known);
}

/** Adds up what was found at several places: what is awaited in one of them is awaited in all. */
export function added(found: readonly FoundFiles[]): FoundFiles {
  if (found.some(({ kind }) => kind === 'awaited')) return { kind: 'awaited' };
  const there = found.filter((each) => each.kind === 'found');
  if (there.length === 0) return nothing;
  return {
    kind: 'found',
    bytes: there.reduce((sum, { bytes }) => sum + bytes, 0),
    // Only the heaviest are told, and a file of many copies must not make a list of thousands.
    parts: there
      .flatMap(({ parts }) => parts)
      .sort((a, b) => b.bytes - a.bytes)
      .slice(0, mostParts),
    complete: there.every(({ complete }) => complete),
  };
}

function asked(
  { origin, excludes: own, unpacks }: Extract<PlacedFiles, { kind: 'copied' }>,
  source: string,
  more: readonly string[],
  known: FileSources,
): FoundFiles {
  const excludes = [...own, ...more];
  switch (origin.kind) {
    case 'context': {
      const answer = known.context({ kind: 'copy', sources: [source === '' ? '.' : source], excludes, unpacks });
      if (answer === undefined) return { kind: 'awaited' };
      return answer.kind === 'copy' ? fromAnswer(answer) : nothing;
    }
    case 'image':
      return filesOfImage(origin.image, source, excludes, known);
    case 'stage':
      return filesOfStage(origin.files, absolutePath(source), excludes, known);
  }
}

/** What an image has at a path. Where nobody has read it, something nobody knows how large. */
export function filesOfImage(
  image: string,
  source: string,
  excludes: readonly string[],
  known: FileSources,
): FoundFiles {
  const answer = known.image({ image, sources: [source === '' ? '/' : source], excludes });
  if (answer === undefined) return { kind: 'awaited' };
  return answer.kind === 'files' ? fromAnswer(answer) : { kind: 'found', bytes: 0, parts: [], complete: false };
}

function fromAnswer(answer: CopyAnswer): FoundFiles {
  const { bytes, missing, complete } = answer;
  return missing.length > 0 ? nothing : { kind: 'found', bytes, parts: pathParts(answer), complete };
}

/** The largest paths of an answer. */
export function pathParts({ largest }: Pick<CopyAnswer, 'largest'>): WeightPart[] {
  return largest.map(({ path, bytes, isFolder }) => ({ kind: 'path', name: isFolder ? `${path}/` : path, bytes }));
}

/** Without those whose files a later one writes to the same places. */
export function lasting(placed: readonly PlacedFiles[]): readonly PlacedFiles[] {
  return placed.filter((files, at) => !placed.slice(at + 1).some((later) => covers(later, files)));
}

/** True if a later copy of the context writes the same files to the same places: `COPY package.json .`, then `COPY . .`. */
function covers(later: PlacedFiles, files: PlacedFiles): boolean {
  if (later.kind !== 'copied' || files.kind !== 'copied') return false;
  if (later.origin.kind !== 'context' || files.origin.kind !== 'context') return false;
  if (later.excludes.length > 0 || /[*?[]/.test(later.source)) return false;
  const [from, before] = [absolutePath(later.source), absolutePath(files.source)];
  // A folder's content stands right in the target, a file below its own folder's place.
  return [before, before.slice(0, before.lastIndexOf('/'))].some(
    (folder) => isWithin(folder, from) && later.target + folder.slice(from.length) === files.target,
  );
}

function matchesName(pattern: string, name: string): boolean {
  const matches = matcherOf(pattern);
  return typeof matches === 'function' ? matches(name) : matches === name;
}

/** True if `folder` is the path or a folder above it. Both as {@link absolutePath} writes them. */
function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

/** Without `.`, `..` and slashes at the end; `''` for the root. Relative to `folder`. */
export function absolutePath(path: string, folder = ''): string {
  const parts: string[] = [];
  for (const part of (path.startsWith('/') ? path : `${folder}/${path}`).split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.map((part) => `/${part}`).join('');
}
