import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { OpenContext } from '../../src/sources/context/openContext.ts';
import { type AskContext } from '../../src/sources/project/projectFiles.ts';
import { temporaryFolder, type TemporaryFolder } from './temporaryFolder.ts';

/** A temporary folder with these files, by their paths with slashes. */
export async function projectFolder(files: Readonly<Record<string, string | Buffer>>): Promise<TemporaryFolder> {
  const folder = await temporaryFolder();
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(folder.path, ...name.split('/'));
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, content);
  }
  return folder;
}

/** Asks a context that is walked now, in this process. */
export function walkedContext(context: string): AskContext {
  const opened = new OpenContext(context);
  Array.from(opened.walk());
  return (ignoreText, question) => Promise.resolve(opened.answer(question, ignoreText));
}
