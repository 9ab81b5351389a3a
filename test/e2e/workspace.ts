import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

const samples = path.join(import.meta.dirname, '../fixtures/samples');

/** A folder with the samples and some files more, for one test to change as it likes. */
export interface Workspace extends AsyncDisposable {
  readonly folder: string;
  write(file: string, text: string): Promise<void>;
  read(file: string): Promise<string>;
  /** The settings of this folder, which VS Code takes over at once; no others remain. */
  writeSettings(settings: Readonly<Record<string, unknown>>): Promise<void>;
}

export async function makeWorkspace(files: Readonly<Record<string, string>> = {}): Promise<Workspace> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'plimsoll-workspace-'));
  await cp(samples, folder, { recursive: true });
  const write = async (file: string, text: string): Promise<void> => {
    await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
    await writeFile(path.join(folder, file), text);
  };
  for (const [file, text] of Object.entries(files)) await write(file, text);
  return {
    folder,
    write,
    writeSettings: (settings) => write('.vscode/settings.json', JSON.stringify(settings)),
    read: (file) => readFile(path.join(folder, file), 'utf8'),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }),
  };
}
