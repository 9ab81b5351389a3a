import { CodeLens, type CodeLensProvider, type Disposable, languages, Range, type TextDocument } from 'vscode';
import type { Guard } from '../guard.ts';
import { dockerfiles } from '../selector.ts';
import type { StageBases } from '../stageBases.ts';
import { lensTitle, lensTooltip } from '../wording.ts';
import { commandIds, type StageTarget } from '../commands/target.ts';

/** Above each `FROM` what its base weighs: what is known now, replaced when a better answer comes. */
export function registerCodeLens(bases: StageBases, guard: Guard): Disposable {
  const provider: CodeLensProvider = {
    onDidChangeCodeLenses: bases.onDidChange,
    provideCodeLenses: (document) =>
      guard.run('code lens', () => {
        const lenses = baseLenses(document, bases);
        bases.ask(document);
        return lenses;
      }),
  };
  return languages.registerCodeLensProvider(dockerfiles, provider);
}

function baseLenses(document: TextDocument, bases: StageBases): CodeLens[] {
  return bases.of(document).map(({ stage, view }) => {
    const { start, end } = stage.from.keywordSpan;
    const range = new Range(document.positionAt(start), document.positionAt(end));
    const target: StageTarget = { uri: document.uri.toString(), stage: stage.index };
    return new CodeLens(range, {
      title: lensTitle(view),
      tooltip: lensTooltip(view),
      // Without a command a lens is text: for a stage or scratch there is nothing to choose.
      command: view.kind === 'image' ? commandIds.showBaseMenu : '',
      ...(view.kind === 'image' ? { arguments: [target] } : {}),
    });
  });
}
