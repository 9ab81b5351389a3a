import { CodeAction, CodeActionKind, type CodeActionProvider, type Disposable, languages, Range } from 'vscode';
import { offerCommands } from '../refactoring/commandIds.ts';
import type { DocumentRefactorings } from '../refactoring/documentRefactorings.ts';
import { offerTitle } from '../refactoring/wording.ts';
import type { DockerfileDocuments } from '../documents.ts';
import type { Guard } from '../guard.ts';
import { previewScheme } from '../preview.ts';
import { dockerfiles } from '../selector.ts';

/** In the light bulb of the final stage the refactorings that apply; each opens a comparison first. */
export function registerRefactoringActions(
  refactorings: DocumentRefactorings,
  documents: DockerfileDocuments,
  guard: Guard,
): Disposable {
  const provider: CodeActionProvider = {
    provideCodeActions: (document, range) =>
      guard.run('refactoring actions', () => {
        if (document.uri.scheme === previewScheme) return [];
        const final = documents.get(document).stages.find(({ isFinal }) => isFinal);
        if (final === undefined) return [];
        const end = (final.instructions.at(-1) ?? final.from).span.end;
        const stage = new Range(document.positionAt(final.from.span.start), document.positionAt(end));
        if (stage.intersection(range) === undefined) return [];
        return refactorings.offers(document).map((offer) => {
          const title = `${offerTitle(offer).replace(/ …$/, '')} …`;
          const action = new CodeAction(title, CodeActionKind.RefactorRewrite);
          action.command = { command: offerCommands[offer.kind], title, arguments: [document.uri.toString()] };
          return action;
        });
      }),
  };
  const kinds = { providedCodeActionKinds: [CodeActionKind.RefactorRewrite] };
  return languages.registerCodeActionsProvider(dockerfiles, provider, kinds);
}
