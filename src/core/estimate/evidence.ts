import type { Evidence, ContextFiles, PackageQuestion } from '../rules/scene/evidence.ts';
import type { Size } from '../size.ts';
import { aptWeight } from './apt/aptWeight.ts';
import type { ContextAnswer, ContextQuestion } from './context/contextQuestion.ts';
import type { Installation, Weights } from './weights.ts';

export interface EvidenceSources {
  readonly context: (question: ContextQuestion) => ContextAnswer | undefined;
  /** Absent where it is not known whether there is an ignore file. */
  readonly hasIgnoreFile?: boolean;
}

/** What the rules may know of a file from its weights and its build context. */
export function evidenceFrom({ weights, installations }: Weights, sources: EvidenceSources): Evidence {
  return {
    weight: ({ index }) => weights.get(index)?.size,
    bytesAt: ({ index }, paths) => {
      const lists = weights.get(index)?.parts.find(({ kind }) => kind === 'lists');
      return lists !== undefined && paths.includes(lists.name) ? estimated(lists.bytes) : undefined;
    },
    packages: (question) => {
      const installation = installations.get(question.instruction.index);
      return installation && packagesWeight(installation, question);
    },
    context: sources.hasIgnoreFile === undefined ? undefined : contextFiles(sources, sources.hasIgnoreFile),
  };
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
