import {
  Diagnostic,
  DiagnosticSeverity,
  Disposable,
  languages,
  Range,
  TabInputText,
  TabInputTextDiff,
  type TextDocument,
  window,
  workspace,
} from 'vscode';
import type { Finding, Severity } from '../../core/finding.ts';
import type { Guard } from '../guard.ts';
import { isDockerfile } from '../selector.ts';
import type { DocumentFindings } from '../weighing/documentFindings.ts';
import type { DocumentWeights } from '../weighing/documentWeights.ts';
import { findingMessage } from '../weighing/wording.ts';
import { DocumentPauses } from './documentPauses.ts';

/** What stands behind a finding in the list of problems. */
export const findingSource = 'plimsoll';

/** Findings follow what is typed after a pause, so that half a word is not called a smell. Milliseconds. */
const typingPause = 250;

const severities: Readonly<Record<Severity, DiagnosticSeverity>> = {
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

/** Size smells under the text and in the list of problems, each with its bytes, the most costly first. */
export function registerDiagnostics(findings: DocumentFindings, weights: DocumentWeights, guard: Guard): Disposable {
  const collection = languages.createDiagnosticCollection(findingSource);

  const show = (document: TextDocument): void => {
    guard.run('findings', () => {
      if (document.isClosed || !isDockerfile(document)) return;
      if (!hasTab(document)) {
        // Opened by an extension to be looked at: the user did not ask about it.
        collection.delete(document.uri);
        return;
      }
      collection.set(
        document.uri,
        findings.of(document).map((finding) => diagnosticOf(document, finding)),
      );
    });
  };
  const showAll = (): void => workspace.textDocuments.forEach(show);
  const pauses = new DocumentPauses(typingPause, show);

  showAll();
  return Disposable.from(
    collection,
    weights.onDidChange(showAll),
    window.tabGroups.onDidChangeTabs(showAll),
    workspace.onDidChangeTextDocument(({ document }) => {
      if (isDockerfile(document)) pauses.typed(document);
    }),
    workspace.onDidCloseTextDocument((document) => {
      pauses.forget(document);
      collection.delete(document.uri);
    }),
    pauses,
  );
}

/** A document without one was opened by an extension to be looked at: the user did not ask about it. */
export function hasTab({ uri }: TextDocument): boolean {
  return window.tabGroups.all.some(({ tabs }) =>
    tabs.some(({ input }) => {
      const shown =
        input instanceof TabInputText ? [input.uri] : input instanceof TabInputTextDiff ? [input.original] : [];
      return shown.some((other) => other.toString() === uri.toString());
    }),
  );
}

function diagnosticOf(document: TextDocument, finding: Finding): Diagnostic {
  const { start, end } = finding.span;
  const range = new Range(document.positionAt(start), document.positionAt(end));
  const diagnostic = new Diagnostic(range, findingMessage(finding), severities[finding.severity]);
  diagnostic.source = findingSource;
  diagnostic.code = finding.rule;
  return diagnostic;
}
