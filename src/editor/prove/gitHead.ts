import { extensions, type Uri } from 'vscode';

/** What of the API of VS Code's own git extension is used: https://github.com/microsoft/vscode/blob/main/extensions/git/src/api/git.d.ts */
interface GitExtension {
  getAPI(version: 1): { getRepository(uri: Uri): { show(ref: string, path: string): Promise<string> } | null };
}

/** A file as it was last committed; undefined where it never was, or there is no repository or no git. */
export async function committedText(uri: Uri): Promise<string | undefined> {
  const extension = extensions.getExtension<GitExtension>('vscode.git');
  if (extension === undefined) return undefined;
  try {
    const git = extension.isActive ? extension.exports : await extension.activate();
    return await git.getAPI(1).getRepository(uri)?.show('HEAD', uri.fsPath);
  } catch {
    return undefined; // It is new, or git is switched off: there are other things to compare with.
  }
}
