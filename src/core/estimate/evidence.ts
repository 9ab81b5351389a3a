import type { Evidence, ContextFiles, PackageQuestion } from '../rules/scene/evidence.ts';
import type { Size } from '../size.ts';
import { aptWeight } from './apt/aptWeight.ts';
import { absolutePath, added, type FileSources, filesOf } from './placedFiles.ts';
import type { Installation, Weights } from './weights.ts';

export interface EvidenceSources extends FileSources {
  /** Absent where it is not known whether there is an ignore file. */
  readonly hasIgnoreFile?: boolean;
}

/** What the rules may know of a file from its weights, its build context and the image that was built from it. */
export function evidenceFrom(known: Weights, sources: EvidenceSources): Evidence {
  const { weights, installations } = known;
  return {
    weight: ({ index }) => weights.get(index)?.size,
    bytesAt: ({ index }, paths) =>
      measuredAt(known, index, paths, sources) ?? estimatedAt(known, index, paths, sources),
    packages: (question) => {
      const installation = installations.get(question.instruction.index);
      return installation && packagesWeight(installation, question);
    },
    context: sources.hasIgnoreFile === undefined ? undefined : contextFiles(sources, sources.hasIgnoreFile),
  };
}

/** What the layer that was built ships at these places. */
function measuredAt(
  known: Weights,
  instruction: number,
  paths: readonly string[],
  { image }: FileSources,
): Size | undefined {
  const layer = known.measured.get(instruction);
  if (layer === undefined) return undefined;
  const sources = paths.flatMap(everyHome);
  const answer = image({ image: layer.imageId, layer: layer.layer, sources, excludes: [] });
  return answer?.kind === 'files' ? measured(answer.bytes) : undefined;
}

/** Files that are sought in homes may be in root's or in anybody else's. */
function everyHome(path: string): string[] {
  return /^~(?=\/|$)/.test(path) ? [path.replace('~', '/root'), path.replace('~', '/home/*')] : [path];
}

/** What the instruction will put there, as far as that is known: package lists, copied files, downloads. */
function estimatedAt(
  known: Weights,
  instruction: number,
  paths: readonly string[],
  sources: FileSources,
): Size | undefined {
  const lists = known.lists.get(instruction);
  if (lists !== undefined && paths.includes(lists.name)) return estimated(lists.bytes);
  const placed = known.placed.get(instruction) ?? [];
  const found = added(paths.flatMap((path) => placed.map((files) => filesOf(files, absolutePath(path), [], sources))));
  return found.kind === 'found' && found.complete ? estimated(found.bytes) : undefined;
}

function packagesWeight(installation: Installation, { packages, what }: PackageQuestion): Size | undefined {
  const { apt, before, asked, recommends, isSlim } = installation;
  const bytesOf = (names: readonly string[], withRecommends: boolean): number =>
    aptWeight(apt.install(names, { recommends: withRecommends, installed: before }), apt.release, isSlim).bytes;
  switch (what) {
    case 'recommends':
      return estimated(bytesOf(asked, true) - bytesOf(asked, false));
    case 'archives': {
      const { packages: found } = apt.install(asked, { recommends, installed: before });
      return estimated(found.reduce((sum, { downloadBytes }) => sum + downloadBytes, 0));
    }
    case 'installed': {
      const others = asked.filter((name) => !packages.includes(name));
      return others.length === asked.length
        ? undefined
        : estimated(bytesOf(asked, recommends) - bytesOf(others, recommends));
    }
    case 'documentation': {
      const found = apt.install(asked, { recommends, installed: before });
      // A slim base leaves it out of what is installed on it, too.
      return isSlim
        ? undefined
        : estimated(aptWeight(found, apt.release, false).bytes - aptWeight(found, apt.release, true).bytes);
    }
  }
}

function contextFiles({ context }: EvidenceSources, hasIgnoreFile: boolean): ContextFiles {
  const look = (path: string) => {
    // What is sought is one path, not a pattern.
    const source = path === '' ? '.' : path.replace(/[\\*?[]/g, '\\$&');
    const answer = context({ kind: 'copy', sources: [source], excludes: [], unpacks: false });
    return answer?.kind === 'copy' ? answer : undefined;
  };
  return {
    hasIgnoreFile,
    has: (path) => {
      const answer = look(path);
      if (answer === undefined) return undefined;
      return answer.missing.length === 0 || (answer.walked ? false : undefined);
    },
    bytesAt: (path) => {
      const answer = look(path);
      return answer === undefined || answer.missing.length > 0 ? undefined : measured(answer.bytes);
    },
  };
}

function estimated(bytes: number): Size {
  return { bytes, basis: 'estimated' };
}

/** Files of the context are counted, not guessed. */
function measured(bytes: number): Size {
  return { bytes, basis: 'measured' };
}
