import { present } from '../../core/present.ts';
import type { Refactoring } from '../../core/refactor/refactoring.ts';
import { changesOf, type RefactoredFile } from '../refactorings.ts';
import { unifiedDiff } from './unifiedDiff.ts';

/** All files that change, as `patch -p1` takes it; empty where none does. */
export function diffText(result: RefactoredFile): string {
  return changesOf(result)
    .map(({ name, before, after }) => unifiedDiff(name, before, after))
    .join('');
}

/** `plimsoll fix --json` with a refactoring: everything that is known of it. */
export function refactoringReport(results: readonly RefactoredFile[]): object {
  return {
    schema: 1,
    files: results.map((result) => ({
      path: result.file.name,
      changed: changesOf(result).some(({ before, after }) => before !== after),
      fixes: result.fixes,
      ...fieldsOf(result.refactored.refactoring),
      changes: changesOf(result)
        .filter(({ before, after }) => before !== after)
        .map(({ name, before, after }) => ({ path: name, created: before === undefined, text: after })),
      diff: diffText(result),
    })),
  };
}

function fieldsOf(refactoring: Refactoring): object {
  switch (refactoring.kind) {
    case 'proposal': {
      const { title, runBase, before, after, spares, notes, options } = refactoring;
      return { outcome: 'proposal', title, ...present({ runBase, before, after, spares }), notes, options };
    }
    case 'inquiry':
      return { outcome: 'inquiry', questions: refactoring.questions };
    case 'refusal': {
      const { code, message, line, unblock } = refactoring;
      return { outcome: 'refusal', code, message, ...present({ line, unblock }) };
    }
  }
}
