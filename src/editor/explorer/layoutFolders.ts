import { commands, Disposable, Uri, workspace } from 'vscode';
import type { Guard } from '../guard.ts';

/** The file that an OCI layout folder has: https://github.com/opencontainers/image-spec/blob/main/image-layout.md */
const marker = '**/oci-layout';
/** As many as a menu can be kept for. */
const most = 200;

/** Keeps the list of folders for which the explorer of files offers to explore the image: menus cannot look into folders. */
export function watchLayoutFolders(guard: Guard): Disposable {
  const folders = new Set<string>();
  const tell = (): void => {
    const known = Object.fromEntries([...folders].map((folder) => [folder, true]));
    void commands.executeCommand('setContext', 'plimsoll.layoutFolders', known);
  };
  const folderOf = (file: Uri): string => Uri.joinPath(file, '..').fsPath;
  const watcher = workspace.createFileSystemWatcher(marker, false, true, false);
  void guard.runAsync('layout folders', async () => {
    for (const file of await workspace.findFiles(marker, undefined, most)) folders.add(folderOf(file));
    if (folders.size > 0) tell();
  });
  return Disposable.from(
    watcher,
    watcher.onDidCreate((file) => {
      folders.add(folderOf(file));
      tell();
    }),
    watcher.onDidDelete((file) => {
      if (folders.delete(folderOf(file))) tell();
    }),
  );
}
