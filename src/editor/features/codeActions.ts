import {
  CodeAction,
  CodeActionKind,
  type CodeActionProvider,
  commands,
  Disposable,
  languages,
  Range,
  type TextDocument,
  Uri,
  window,
  workspace,
  WorkspaceEdit,
} from 'vscode';
import type { Finding } from '../../core/finding.ts';
import { baseName } from '../../core/program/fileSystem.ts';
import { isForAll } from '../../core/rules/fixAll.ts';
import type { TextEdit } from '../../core/text.ts';
import type { Guard } from '../guard.ts';
import type { Previews } from '../preview.ts';
import { dockerfiles, isDockerfile } from '../selector.ts';
import type { DocumentFindings } from '../weighing/documentFindings.ts';
import { fixAllPreviewTitle, fixAllTitle, fixTitle, ignoreTitle, nothingToFix } from '../weighing/wording.ts';
import { findingSource } from './diagnostics.ts';

const fixAllCommand = 'plimsoll.fixAll';
const previewFixCommand = 'plimsoll.previewFix';

/** Quick fixes of size smells; those that somebody has to think about, and all at once, as a comparison first. */
export function registerCodeActions(findings: DocumentFindings, previews: Previews, guard: Guard): Disposable {
  const provider: CodeActionProvider = {
    provideCodeActions: (document, range) =>
      guard.run('quick fixes', () => {
        const all = findings.of(document);
        const here = all.filter(({ span }) => {
          const own = new Range(document.positionAt(span.start), document.positionAt(span.end));
          return own.intersection(range) !== undefined;
        });
        if (here.length === 0) return [];
        const count = all.filter(isForAll).length;
        return [
          ...here.flatMap((finding) => fixActions(document, finding)),
          ...(count > 0 ? [fixAllAction(document, count)] : []),
          ...here.map((finding) => ignoreAction(document, finding)),
        ];
      }),
  };
  const kinds = { providedCodeActionKinds: [CodeActionKind.QuickFix] };
  return Disposable.from(
    languages.registerCodeActionsProvider(dockerfiles, provider, kinds),
    commands.registerCommand(fixAllCommand, (argument: unknown) =>
      guard.runAsync('fix all', () => previewAll(argument, findings, previews)),
    ),
    commands.registerCommand(previewFixCommand, (uri: unknown, rule: unknown, start: unknown) =>
      guard.runAsync('preview fix', async () => {
        const document = await documentOf(uri);
        const found =
          document && findings.of(document).find((other) => other.rule === rule && other.span.start === start);
        if (document === undefined || found?.fix === undefined) return;
        await previews.show(document, found.fix.edits, fixTitle(found.fix.title, found.saves));
      }),
    ),
  );
}

function fixActions(document: TextDocument, { fix, saves, rule, span }: Finding): CodeAction[] {
  if (fix === undefined) return [];
  const action = new CodeAction(fixTitle(fix.title, saves), CodeActionKind.QuickFix);
  if (fix.confidence === 'ask') {
    const target = [document.uri.toString(), rule, span.start];
    action.title += ' …';
    action.command = { command: previewFixCommand, title: action.title, arguments: target };
  } else {
    action.edit = workspaceEdit(document, fix.edits);
    action.isPreferred = fix.confidence === 'safe';
  }
  return [withDiagnostic(action, document, rule, span.start)];
}

function fixAllAction(document: TextDocument, count: number): CodeAction {
  const action = new CodeAction(fixAllTitle(count), CodeActionKind.QuickFix);
  action.command = { command: fixAllCommand, title: action.title, arguments: [document.uri.toString()] };
  return action;
}

/** A comment above the instruction, as far in as that is. */
function ignoreAction(document: TextDocument, { rule, span }: Finding): CodeAction {
  const action = new CodeAction(ignoreTitle(rule), CodeActionKind.QuickFix);
  const line = document.lineAt(document.positionAt(span.start).line);
  const indent = line.text.slice(0, line.firstNonWhitespaceCharacterIndex);
  const start = document.offsetAt(line.range.start);
  const newline = document.getText().includes('\r\n') ? '\r\n' : '\n';
  const newText = `${indent}# plimsoll-ignore ${rule}${newline}`;
  action.edit = workspaceEdit(document, [{ start, end: start, newText }]);
  return withDiagnostic(action, document, rule, span.start);
}

/** Names the problem that an action mends, so that it is offered there. */
function withDiagnostic(action: CodeAction, document: TextDocument, rule: string, start: number): CodeAction {
  const position = document.positionAt(start);
  action.diagnostics = languages
    .getDiagnostics(document.uri)
    .filter(({ source, code, range }) => source === findingSource && code === rule && range.start.isEqual(position));
  return action;
}

function workspaceEdit(document: TextDocument, edits: readonly TextEdit[]): WorkspaceEdit {
  const edit = new WorkspaceEdit();
  for (const { start, end, newText } of edits) {
    edit.replace(document.uri, new Range(document.positionAt(start), document.positionAt(end)), newText);
  }
  return edit;
}

async function previewAll(argument: unknown, findings: DocumentFindings, previews: Previews): Promise<void> {
  const document = await documentOf(argument);
  const fixed = document && findings.fixAll(document);
  if (document === undefined || fixed === undefined) return;
  const before = document.getText();
  if (fixed.text === before) {
    await window.showInformationMessage(nothingToFix());
    return;
  }
  const name = baseName(document.uri.path);
  await previews.show(document, [changedPart(before, fixed.text)], fixAllPreviewTitle(name));
}

/** The one edit that makes a text of another: what is the same at both ends stays. */
function changedPart(before: string, after: string): TextEdit {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start++;
  let same = 0;
  while (same < shorter - start && before.at(-1 - same) === after.at(-1 - same)) same++;
  return { start, end: before.length - same, newText: after.slice(start, after.length - same) };
}

/** The document that a command is about: the one it was given, else the one in front. */
async function documentOf(argument: unknown): Promise<TextDocument | undefined> {
  const document =
    typeof argument === 'string'
      ? await workspace.openTextDocument(Uri.parse(argument))
      : window.activeTextEditor?.document;
  return document !== undefined && isDockerfile(document) ? document : undefined;
}
