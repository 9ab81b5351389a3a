import {
  type Disposable,
  Hover,
  type HoverProvider,
  languages,
  MarkdownString,
  Range,
  type TextDocument,
  Uri,
} from 'vscode';
import { commandIds, type StageTarget } from '../commands/target.ts';
import type { Guard } from '../guard.ts';
import { describeBase } from '../hoverText.ts';
import { dockerfiles } from '../selector.ts';
import type { StageBase, StageBases } from '../stageBases.ts';

/** On the base of a `FROM`: its sizes, what is in it, and what would be smaller. */
export function registerHover(bases: StageBases, guard: Guard): Disposable {
  const provider: HoverProvider = {
    provideHover: (document, position) =>
      guard.run('hover', () => {
        bases.ask(document);
        const offset = document.offsetAt(position);
        const found = bases
          .of(document)
          .find(({ stage }) => stage.baseSpan.start <= offset && offset <= stage.baseSpan.end);
        return found && hoverOf(document, found);
      }),
  };
  return languages.registerHoverProvider(dockerfiles, provider);
}

function hoverOf(document: TextDocument, { stage, view }: StageBase): Hover {
  const text = describeBase(stage, view, (reference) => {
    const target: StageTarget = { uri: document.uri.toString(), stage: stage.index, reference };
    return Uri.from({
      scheme: 'command',
      path: commandIds.chooseAlternative,
      query: JSON.stringify([target]),
    }).toString();
  });
  const markdown = new MarkdownString(text, true);
  // Links run this one command and no other, whatever the text says.
  markdown.isTrusted = { enabledCommands: [commandIds.chooseAlternative] };
  const { start, end } = stage.baseSpan;
  return new Hover(markdown, new Range(document.positionAt(start), document.positionAt(end)));
}
