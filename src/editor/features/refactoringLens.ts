import { CodeLens, type CodeLensProvider, type Disposable, languages, Range } from 'vscode';
import { offerCommands } from '../refactoring/commandIds.ts';
import type { DocumentRefactorings } from '../refactoring/documentRefactorings.ts';
import { offerTitle, offerTooltip } from '../refactoring/wording.ts';
import type { DockerfileDocuments } from '../documents.ts';
import type { Guard } from '../guard.ts';
import { previewScheme } from '../preview.ts';
import { dockerfiles } from '../selector.ts';

/** What is worth a lens of its own; the rest is in the light bulb. */
const shown = new Set(['multi-stage', 'minimal-base']);

/** Above the final stage the refactorings that would make its image smaller, with what it would weigh then. */
export function registerRefactoringLens(
  refactorings: DocumentRefactorings,
  documents: DockerfileDocuments,
  guard: Guard,
): Disposable {
  const provider: CodeLensProvider = {
    onDidChangeCodeLenses: refactorings.onDidChange,
    provideCodeLenses: (document) =>
      guard.run('refactoring lens', () => {
        if (document.uri.scheme === previewScheme) return [];
        const offers = refactorings
          .offers(document)
          .filter(({ kind, stage }) => shown.has(kind) && stage === undefined);
        const final = documents.get(document).stages.find(({ isFinal }) => isFinal);
        if (final === undefined) return [];
        const { start, end } = final.from.keywordSpan;
        const range = new Range(document.positionAt(start), document.positionAt(end));
        return offers.map(
          (offer) =>
            new CodeLens(range, {
              title: offerTitle(offer),
              tooltip: offerTooltip(offer),
              command: offerCommands[offer.kind],
              arguments: [document.uri.toString()],
            }),
        );
      }),
  };
  return languages.registerCodeLensProvider(dockerfiles, provider);
}
