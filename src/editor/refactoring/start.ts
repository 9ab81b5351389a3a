import { Disposable, type TextDocument, Uri, workspace } from 'vscode';
import { parseDockerfile } from '../../core/dockerfile/parse.ts';
import { consumerFileKind } from '../../core/refactor/consumers/consumerFile.ts';
import { LoadedProject } from '../../core/refactor/project.ts';
import { refactors } from '../../core/refactor/refactors.ts';
import { isSourceError } from '../../sources/error.ts';
import type { BuiltImageReader } from '../../sources/prove/builtImageReader.ts';
import { openProject, ProjectFiles } from '../../sources/project/projectFiles.ts';
import { today } from '../alternatives.ts';
import { registerRefactorCommands } from '../commands/refactor.ts';
import type { DockerfileDocuments } from '../documents.ts';
import { registerRefactoringActions } from '../features/refactoringActions.ts';
import { registerRefactoringLens } from '../features/refactoringLens.ts';
import { registerWhileEnabled } from '../features/toggle.ts';
import type { Guard } from '../guard.ts';
import type { Previews } from '../preview.ts';
import { readSettings } from '../settings.ts';
import type { SizeSources } from '../sizeSources.ts';
import { buildContextOf } from '../weighing/buildContextOf.ts';
import type { ContextFolders } from '../weighing/contextFolders.ts';
import type { DocumentWeights } from '../weighing/documentWeights.ts';
import { DocumentEvidence } from './documentEvidence.ts';
import { DocumentRefactorings } from './documentRefactorings.ts';
import { RefactoringSessions } from './refactoringSessions.ts';

export interface RefactoringServices {
  readonly documents: DockerfileDocuments;
  readonly weights: DocumentWeights;
  readonly folders: ContextFolders;
  readonly sources: Pick<SizeSources, 'platform' | 'images' | 'onDidChange'>;
  /** Looks into the images that were built from documents. */
  readonly reader: BuiltImageReader;
  readonly previews: Previews;
  readonly guard: Guard;
}

/** Builds what refactors Dockerfiles, and registers its lens, its light bulb and its commands. */
export function startRefactoring({
  documents,
  weights,
  folders,
  sources,
  reader,
  previews,
  guard,
}: RefactoringServices): Disposable {
  const evidence = new DocumentEvidence({ reader, engine: () => sources.images.engine });
  const refactorings = new DocumentRefactorings({
    weights,
    evidence,
    refactors,
    guard,
    open: (document, signal) => openProjectOf(document, folders, signal),
    options: ({ uri }) => {
      const settings = readSettings(uri, sources.platform);
      return {
        platform: settings.platform,
        today: today(),
        parse: (text) => parseDockerfile(text, settings),
      };
    },
  });
  const sessions = new RefactoringSessions(refactorings, previews, contextOf);
  return Disposable.from(
    refactorings,
    sessions,
    registerWhileEnabled('codeLens', () => registerRefactoringLens(refactorings, documents, guard)),
    registerRefactoringActions(refactorings, documents, guard),
    registerRefactorCommands(sessions, guard),
    watchProjects(refactorings, folders),
    sources.onDidChange(() => evidence.retry()),
    workspace.onDidCloseTextDocument((document) => refactorings.forget(document)),
  );
}

/** Tells of files of build contexts that change, and of those anywhere that use images. */
function watchProjects(refactorings: DocumentRefactorings, folders: ContextFolders): Disposable {
  const watcher = workspace.createFileSystemWatcher('**/*');
  const note = ({ path }: Uri): void => {
    if (consumerFileKind(path) !== undefined) refactorings.projectChanged(() => true);
  };
  return Disposable.from(
    watcher,
    watcher.onDidCreate(note),
    watcher.onDidChange(note),
    watcher.onDidDelete(note),
    folders.onDidChange((folder) => refactorings.projectChanged((document) => buildContextOf(document) === folder)),
  );
}

async function openProjectOf(
  document: TextDocument,
  folders: ContextFolders,
  signal: AbortSignal,
): Promise<ProjectFiles> {
  const context = buildContextOf(document);
  const root = workspace.getWorkspaceFolder(document.uri)?.uri.fsPath;
  if (context === undefined || root === undefined) return unknownProject();
  try {
    const place = { dockerfile: document.uri.fsPath, context, root };
    return await openProject(
      place,
      (ignoreText, question, until) => folders.ask(context, ignoreText, question, until),
      signal,
    );
  } catch (error) {
    // A context that cannot be walked is one of which nothing is known.
    if (isSourceError(error)) return unknownProject();
    throw error;
  }
}

/** Of a file outside of every workspace folder, or a virtual one: any file may be there. */
function unknownProject(): ProjectFiles {
  const texts = new Map<string, string | undefined>();
  return new ProjectFiles('', new LoadedProject([], texts, { complete: false }), texts);
}

function contextOf(document: TextDocument): Uri {
  const context = buildContextOf(document);
  return context === undefined ? Uri.joinPath(document.uri, '..') : Uri.file(context);
}
