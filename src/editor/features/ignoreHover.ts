import {
  type CancellationToken,
  type Disposable,
  type DocumentSelector,
  Hover,
  type HoverProvider,
  languages,
  MarkdownString,
  Range,
  type TextDocument,
  Uri,
  workspace,
} from 'vscode';
import { parseDockerignore } from '../../core/dockerfile/ignore.ts';
import { formatBytes } from '../../core/size.ts';
import type { Guard } from '../guard.ts';
import { escapeMarkdown, markdownTable } from '../markdown.ts';
import type { ContextFolders } from '../weighing/contextFolders.ts';
import { exceptionSentence, exclusionSentence, partsHead } from '../weighing/wording.ts';

const ignoreFiles: DocumentSelector = { scheme: 'file', pattern: '**/{.dockerignore,*.dockerignore}' };

/** True for what {@link ignoreFiles} selects. */
export function isIgnoreFile({ uri }: TextDocument): boolean {
  return uri.scheme === 'file' && uri.path.endsWith('.dockerignore');
}

/** On a pattern of an ignore file: what it keeps out of the build context, as the file stands in the editor. */
export function registerIgnoreHover(folders: ContextFolders, guard: Guard): Disposable {
  const provider: HoverProvider = {
    provideHover: (document, position, token) => {
      const signal = signalOf(token);
      return guard.runAsync(
        'ignore hover',
        () => hoverAt(document, document.offsetAt(position), folders, signal),
        signal,
      );
    },
  };
  return languages.registerHoverProvider(ignoreFiles, provider);
}

async function hoverAt(
  document: TextDocument,
  offset: number,
  folders: ContextFolders,
  signal: AbortSignal,
): Promise<Hover | undefined> {
  const text = document.getText();
  const { patterns, problems } = parseDockerignore(text);
  const hoverOf = (markdown: string, { start, end }: { start: number; end: number }): Hover =>
    new Hover(new MarkdownString(markdown), new Range(document.positionAt(start), document.positionAt(end)));
  const problem = problems.find(({ span }) => span.start <= offset && offset <= span.end);
  if (problem !== undefined) return hoverOf(escapeMarkdown(problem.message), problem.span);
  const rank = patterns.findIndex(({ span }) => span.start <= offset && offset <= span.end);
  const pattern = patterns[rank];
  if (pattern === undefined) return undefined;
  // A file outside the workspace may lie in a folder that nobody means to have walked.
  if (workspace.getWorkspaceFolder(document.uri) === undefined) return undefined;
  const answer = await folders.ask(Uri.joinPath(document.uri, '..').fsPath, text, { kind: 'exclusions' }, signal);
  const exclusion = answer.kind === 'exclusions' ? answer.patterns[rank] : undefined;
  if (exclusion === undefined) return undefined;
  const { bytes, files, largest } = exclusion;
  const sentence = pattern.negated ? exceptionSentence(bytes, files) : exclusionSentence(bytes, files);
  const rows = largest.map(({ path: at, bytes: own, isFolder }) => [
    escapeMarkdown(isFolder ? `${at}/` : at),
    escapeMarkdown(formatBytes(own)),
  ]);
  const table = rows.length === 0 ? [] : [markdownTable(partsHead(), ['left', 'right'], rows)];
  return hoverOf([escapeMarkdown(sentence), ...table].join('\n\n'), pattern.span);
}

function signalOf(token: CancellationToken): AbortSignal {
  const controller = new AbortController();
  token.onCancellationRequested(() => controller.abort());
  return controller.signal;
}
