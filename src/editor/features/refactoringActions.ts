import { CodeAction, CodeActionKind, type CodeActionProvider, type Disposable, languages, Range } from 'vscode';
import { offerCommands } from '../refactoring/commandIds.ts';
import type { DocumentRefactorings } from '../refactoring/documentRefactorings.ts';
import { offerTitle } from '../refactoring/wording.ts';
import type { DockerfileDocuments } from '../documents.ts';
import type { Guard } from '../guard.ts';
import { previewScheme } from '../preview.ts';
import { dockerfiles } from '../selector.ts';

/** In the light bulb of a stage the refactorings that apply to it, most to the final one; each opens a comparison first. */
export function registerRefactoringActions(
  refactorings: DocumentRefactorings,
  documents: DockerfileDocuments,
  guard: Guard,
): Disposable {
  const provider: CodeActionProvider = {
    provideCodeActions: (document, range) =>
      guard.run('refactoring actions', () => {
        if (document.uri.scheme === previewScheme) return [];
        const { stages } = documents.get(document);
        const here = stages.filter(({ from, instructions }) => {
          const end = (instructions.at(-1) ?? from).span.end;
          const stage = new Range(document.positionAt(from.span.start), document.positionAt(end));
          return stage.intersection(range) !== undefined;
        });
        return refactorings
          .offers(document)
          .filter((offer) =>
            here.some((stage) => (offer.stage === undefined ? stage.isFinal : offer.stage === stage.index)),
          )
          .map((offer) => {
            const title = `${offerTitle(offer).replace(/ …$/, '')} …`;
            const action = new CodeAction(title, CodeActionKind.RefactorRewrite);
            const given = [document.uri.toString(), ...(offer.stage === undefined ? [] : [offer.stage])];
            action.command = { command: offerCommands[offer.kind], title, arguments: given };
            return action;
          });
      }),
  };
  const kinds = { providedCodeActionKinds: [CodeActionKind.RefactorRewrite] };
  return languages.registerCodeActionsProvider(dockerfiles, provider, kinds);
}
