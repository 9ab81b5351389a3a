import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { launchBrowser } from './browser.ts';
import { type CodeServer, type CodeServerOptions, startCodeServer } from './codeServer.ts';
import { EditorPage } from './editorPage.ts';
import { buildVsix } from '../tools/vsix.ts';

export interface Suite {
  /** The VS Code of this file's tests; there once they run. */
  readonly server: CodeServer;
  open(folder: string, file: string): Promise<EditorPage>;
}

/**
 * Builds the extension (or takes the package that `PLIMSOLL_VSIX` names) and starts a VS Code and a browser for all tests
 * of a file; ends them after the last.
 */
export function setUpSuite(options: () => Promise<Omit<CodeServerOptions, 'vsix'>>): Suite {
  const stack = new AsyncDisposableStack();
  let server: CodeServer | undefined;
  let browser: Browser | undefined;

  beforeAll(async () => {
    const vsix = process.env.PLIMSOLL_VSIX ?? (await freshVsix(stack));
    server = stack.use(await startCodeServer({ vsix, ...(await options()) }));
    const launched = await launchBrowser();
    stack.defer(() => launched.close());
    browser = launched;
  });
  afterAll(() => stack.disposeAsync());

  return {
    get server() {
      return server!;
    },
    open: (folder, file) => EditorPage.open(browser!, server!, folder, file),
  };
}

async function freshVsix(stack: AsyncDisposableStack): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'plimsoll-vsix-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const vsix = path.join(folder, 'plimsoll.vsix');
  buildVsix(vsix);
  return vsix;
}
