import {
  Diagnostic,
  DiagnosticSeverity,
  DiagnosticTag,
  Disposable,
  languages,
  Range,
  type TextDocument,
  Uri,
  workspace,
} from 'vscode';
import { parseDockerignore } from '../../core/dockerfile/ignore.ts';
import type { Guard } from '../guard.ts';
import type { Span } from '../../core/text.ts';
import type { ContextFolders } from '../weighing/contextFolders.ts';
import { uselessExceptionMessage, uselessPatternMessage } from '../weighing/wording.ts';
import { findingSource, hasTab } from './diagnostics.ts';
import { isIgnoreFile } from './ignoreHover.ts';

/** Patterns are counted after a pause in typing. Milliseconds. */
const typingPause = 400;

interface Shown {
  readonly hold: Disposable;
  pause: NodeJS.Timeout | undefined;
  running: AbortController | undefined;
}

/** In an ignore file: patterns that builders refuse, and those that keep nothing out of the context as it is now. */
export function registerIgnoreDiagnostics(folders: ContextFolders, guard: Guard): Disposable {
  const collection = languages.createDiagnosticCollection(`${findingSource}-ignore`);
  const shown = new Map<TextDocument, Shown>();

  const show = async (document: TextDocument, state: Shown): Promise<void> => {
    state.running?.abort();
    const running = (state.running = new AbortController());
    await guard.runAsync(
      'ignore findings',
      async () => collection.set(document.uri, await findingsOf(document, folders, running.signal)),
      running.signal,
    );
  };
  const showSoon = (document: TextDocument, pause: number): void => {
    if (!isIgnoreFile(document) || workspace.getWorkspaceFolder(document.uri) === undefined) return;
    if (document.isClosed || !hasTab(document)) return;
    const state = shown.get(document) ?? {
      hold: folders.hold(folderOf(document)),
      pause: undefined,
      running: undefined,
    };
    shown.set(document, state);
    clearTimeout(state.pause);
    state.pause = setTimeout(() => void show(document, state), pause);
  };
  const forget = (document: TextDocument): void => {
    const state = shown.get(document);
    clearTimeout(state?.pause);
    state?.running?.abort();
    state?.hold.dispose();
    shown.delete(document);
    collection.delete(document.uri);
  };
  const showAll = (): void => workspace.textDocuments.forEach((document) => showSoon(document, 0));

  showAll();
  return Disposable.from(
    collection,
    workspace.onDidOpenTextDocument((document) => showSoon(document, typingPause)),
    workspace.onDidChangeTextDocument(({ document }) => showSoon(document, typingPause)),
    folders.onDidChange(showAll),
    workspace.onDidCloseTextDocument(forget),
    new Disposable(() => [...shown.keys()].forEach(forget)),
  );
}

function folderOf({ uri }: TextDocument): string {
  return Uri.joinPath(uri, '..').fsPath;
}

/** Throws the signal's reason, or a `SourceError`. */
async function findingsOf(document: TextDocument, folders: ContextFolders, signal: AbortSignal): Promise<Diagnostic[]> {
  const text = document.getText();
  const { patterns, problems } = parseDockerignore(text);
  const at = ({ start, end }: Span): Range => new Range(document.positionAt(start), document.positionAt(end));
  const refused = problems.map(({ message, span, code }) => {
    return made(new Diagnostic(at(span), message, DiagnosticSeverity.Warning), code);
  });
  const answer = await folders.ask(folderOf(document), text, { kind: 'exclusions' }, signal);
  // Of a context that was not seen whole nobody knows what a pattern would have met.
  if (answer.kind !== 'exclusions' || !answer.complete) return refused;
  const useless = patterns.flatMap(({ span, negated }, rank) => {
    if (answer.patterns[rank]?.files !== 0) return [];
    const message = negated ? uselessExceptionMessage() : uselessPatternMessage();
    const diagnostic = new Diagnostic(at(span), message, DiagnosticSeverity.Hint);
    diagnostic.tags = [DiagnosticTag.Unnecessary];
    return [made(diagnostic, 'pattern-without-effect')];
  });
  return [...refused, ...useless];
}

function made(diagnostic: Diagnostic, code: string): Diagnostic {
  diagnostic.source = findingSource;
  diagnostic.code = code;
  return diagnostic;
}
