import { type TextDocument, Uri, workspace } from 'vscode';
import { readBuildContext } from '../settings.ts';

/**
 * The folder that is sent to the builder for a Dockerfile: what the setting says, relative to the workspace folder, else the
 * Dockerfile's own. Undefined for what is no file of a workspace folder: nobody's whole home folder is walked because a
 * Dockerfile lies in it.
 */
export function buildContextOf({ uri }: TextDocument): string | undefined {
  const folder = workspace.getWorkspaceFolder(uri);
  if (folder === undefined || uri.scheme !== 'file' || folder.uri.scheme !== 'file') return undefined;
  const chosen = readBuildContext(uri);
  return chosen === '' ? Uri.joinPath(uri, '..').fsPath : Uri.joinPath(folder.uri, chosen).fsPath;
}
