import { Diagnostic, DiagnosticSeverity, Disposable, languages, Range, type TextDocument, workspace } from 'vscode';
import { sourcesOf } from '../../core/estimate/copyWords.ts';
import type { Instruction } from '../../core/dockerfile/model.ts';
import type { Guard } from '../guard.ts';
import { isDockerfile } from '../selector.ts';
import type { DocumentWeights, WeighedDocument } from '../weighing/documentWeights.ts';
import { hiddenSourceMessage } from '../weighing/wording.ts';
import { findingSource, hasTab } from './diagnostics.ts';

/** In a Dockerfile: sources of `COPY` and `ADD` that are there, and that the ignore file keeps from the builder. */
export function registerContextDiagnostics(weights: DocumentWeights, guard: Guard): Disposable {
  const collection = languages.createDiagnosticCollection(`${findingSource}-context`);
  const show = (document: TextDocument): void => {
    guard.run('context findings', () => {
      if (!isDockerfile(document) || document.isClosed) return;
      const weighed = hasTab(document) ? weights.of(document) : undefined;
      collection.set(document.uri, weighed === undefined ? [] : hiddenSources(document, weighed, weights));
    });
  };
  const showAll = (): void => workspace.textDocuments.forEach(show);
  showAll();
  return Disposable.from(
    collection,
    weights.onDidChange(showAll),
    workspace.onDidCloseTextDocument(({ uri }) => collection.delete(uri)),
  );
}

function hiddenSources(document: TextDocument, weighed: WeighedDocument, weights: DocumentWeights): Diagnostic[] {
  const ignoreFile = weights.contextOf(document)?.ignoreFile;
  if (ignoreFile === undefined) return [];
  return weighed.dockerfile.instructions
    .filter(({ keyword }) => keyword === 'COPY' || keyword === 'ADD')
    .flatMap((instruction) =>
      (weighed.copied(instruction)?.hidden ?? []).map((source) => {
        const range = rangeOf(document, weighed, instruction, source);
        const message = hiddenSourceMessage(source, ignoreFile.name);
        const diagnostic = new Diagnostic(range, message, DiagnosticSeverity.Warning);
        diagnostic.source = findingSource;
        diagnostic.code = 'source-ignored';
        return diagnostic;
      }),
    );
}

function rangeOf(
  document: TextDocument,
  { dockerfile }: WeighedDocument,
  instruction: Instruction,
  source: string,
): Range {
  const at = sourcesOf(dockerfile, instruction).findIndex(({ value }) => value === source);
  const { start, end } = instruction.words[at]?.span ?? instruction.keywordSpan;
  return new Range(document.positionAt(start), document.positionAt(end));
}
