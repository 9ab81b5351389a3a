import type { BaseNeeds } from '../program/needs.ts';
import type { RefactorOptions } from './options.ts';

/** What an image tells that was built from a Dockerfile. */
export interface BuiltEvidence {
  /** Of the command that it starts. */
  readonly needs: BaseNeeds;
  /** Bytes of files at or below an absolute path of its final file system; undefined where nothing is. */
  readonly bytesAt: (path: string) => number | undefined;
}

/** Evidence as a refactoring is given it, which tells afterwards whether it was asked for. */
export interface OfferedEvidence extends Required<Pick<RefactorOptions, 'needs' | 'bytesAt'>> {
  /** Something was asked that only an image can tell, and nothing is known of the image yet. */
  readonly isWanted: boolean;
}

/**
 * Gives a refactoring what is known of an image, and notes what it asks. To look into an image takes seconds, so it is only
 * done where it decides.
 *
 * @param known undefined until somebody has looked.
 * @param image its name, for whoever reads why.
 * @param isOfThisText whether the image was built from the very text. What one of an earlier text starts says nothing of this one;
 *   how large its files are is still a good estimate.
 */
export function offerEvidence(known: BuiltEvidence | undefined, image: string, isOfThisText: boolean): OfferedEvidence {
  let isWanted = false;
  const evidence = (): BuiltEvidence | undefined => {
    isWanted ||= known === undefined;
    return known;
  };
  return {
    needs: () => {
      const needs = isOfThisText ? evidence()?.needs : undefined;
      const where = `What starts was looked at in ${image}, which was built from this file.`;
      return needs && { ...needs, evidence: [where, ...needs.evidence] };
    },
    bytesAt: (path) => evidence()?.bytesAt(path),
    get isWanted() {
      return isWanted;
    },
  };
}
