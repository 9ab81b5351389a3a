import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, inject } from 'vitest';
import { launchBrowser } from './browser.ts';
import { type CodeServer, type CodeServerOptions, startCodeServer } from './codeServer.ts';
import { EditorPage } from './editorPage.ts';

export interface Suite {
  /** The VS Code of this file's tests; there once they run. */
  readonly server: CodeServer;
  open(folder: string, file: string): Promise<EditorPage>;
}

/** Starts a VS Code with the extension, and a browser, for all tests of a file; ends them after the last. */
export function setUpSuite(options: () => Promise<Omit<CodeServerOptions, 'vsix'>>): Suite {
  const stack = new AsyncDisposableStack();
  let server: CodeServer | undefined;
  let browser: Browser | undefined;

  beforeAll(async () => {
    server = stack.use(await startCodeServer({ vsix: inject('vsix'), ...(await options()) }));
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
