import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { build } from 'esbuild';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { pageOptions } from '../../esbuild.page.config.ts';
import type { ExplorerHost, ExplorerPage } from '../../src/protocol/explorer.ts';
import { pageMethods } from '../../src/protocol/methods.ts';
import { pageDocument } from '../../src/protocol/pageDocument.ts';
import { openRpc } from '../../src/protocol/rpc.ts';
import { type ThemeName, themes } from './editorThemes.ts';
import type { TestHost } from './explorerHost.ts';

const root = path.resolve(import.meta.dirname, '../..');
const origin = 'http://explorer.test';
const parts = {
  script: `${origin}/page.js`,
  style: `${origin}/media/explorer/explorer.css`,
  styleSource: `${origin}/media/`,
  nonce: 'n0nce',
  language: 'en',
};
const require = createRequire(import.meta.url);

/** The page's script as it ships: minified, one file. */
export async function buildPage(): Promise<string> {
  const entryPoints = [path.join(root, 'src/webview/main.ts')];
  const { outputFiles } = await build({ ...pageOptions(true), entryPoints, write: false });
  return outputFiles[0]!.text;
}

/** What VS Code puts into a page before its scripts run. A text, because the tests are compiled without the DOM's types. */
function surroundings(theme: ThemeName): string {
  const { classes, kind, colors } = themes[theme];
  return `
    window.acquireVsCodeApi = () => ({
      postMessage: (message) => void window.toHost(JSON.stringify(message)),
      getState: () => JSON.parse(sessionStorage.getItem('state') ?? 'null') ?? undefined,
      setState: (state) => {
        window.savedAt = performance.now();
        sessionStorage.setItem('state', JSON.stringify(state));
      },
    });
    window.savedAt = performance.now();
    window.violations = [];
    document.addEventListener('securitypolicyviolation', (event) => {
      window.violations.push(event.violatedDirective + ' ' + event.blockedURI + ' ' + event.sample);
    });
    addEventListener('DOMContentLoaded', () => {
      for (const [name, value] of Object.entries(${JSON.stringify(colors)})) {
        document.documentElement.style.setProperty('--vscode-' + name, value);
      }
      document.body.className = ${JSON.stringify(classes)};
      document.body.dataset.vscodeThemeKind = ${JSON.stringify(kind)};
    }, { once: true });`;
}

export interface OpenOptions {
  readonly theme?: ThemeName;
  readonly width?: number;
  readonly height?: number;
}

/** The explorer's page in a real browser, with a host in this process at its other end. */
export class ExplorerWindow implements AsyncDisposable {
  readonly page: Page;
  /** UTF-16 lengths of the messages that the host has sent, as JSON. */
  readonly messageLengths: number[] = [];
  /** What the page wrote to the console, and errors that nobody caught. */
  readonly complaints: string[] = [];
  readonly #context: BrowserContext;
  readonly #rpc: Disposable;

  private constructor(
    context: BrowserContext,
    page: Page,
    host: TestHost,
    hear: (listener: (text: string) => void) => void,
  ) {
    this.page = page;
    this.#context = context;
    const port = {
      post: (message: unknown): void => {
        const text = JSON.stringify(message);
        this.messageLengths.push(text.length);
        page.evaluate(`window.postMessage(${text}, '*')`).catch((error: unknown) => {
          this.complaints.push(String(error));
        });
      },
      onMessage: (listener: (message: unknown) => void): Disposable => {
        hear((text) => listener(JSON.parse(text)));
        return { [Symbol.dispose]: () => hear(() => undefined) };
      },
    };
    const rpc = openRpc<ExplorerHost, ExplorerPage>(port, pageMethods, { local: host.api });
    host.page = rpc.remote;
    this.#rpc = rpc;
    page.on('pageerror', (error) => this.complaints.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error') this.complaints.push(message.text());
    });
  }

  static async open(
    browser: Browser,
    script: string,
    host: TestHost,
    options: OpenOptions = {},
  ): Promise<ExplorerWindow> {
    const { theme = 'dark', width = 1280, height = 800 } = options;
    const context = await browser.newContext({ viewport: { width, height }, reducedMotion: 'reduce' });
    const page = await context.newPage();
    let listener: (text: string) => void = () => undefined;
    await page.exposeFunction('toHost', (text: string) => listener(text));
    await page.addInitScript(surroundings(theme));
    await page.route(`${origin}/**`, async (route) => {
      const { pathname } = new URL(route.request().url());
      if (pathname === '/') return route.fulfill({ contentType: 'text/html', body: pageDocument(parts) });
      if (pathname === '/page.js') return route.fulfill({ contentType: 'text/javascript', body: script });
      if (!pathname.startsWith('/media/explorer/')) return route.abort();
      return route.fulfill({ contentType: 'text/css', body: await readFile(path.join(root, pathname), 'utf8') });
    });
    const opened = new ExplorerWindow(context, page, host, (next) => {
      listener = next;
    });
    await page.goto(`${origin}/`);
    await opened.#started();
    return opened;
  }

  /** As when VS Code shows a page again that it had thrown away. */
  async reload(): Promise<void> {
    await this.page.reload();
    await this.#started();
  }

  /** Waits until the page has handed over what it keeps: for longer than it rests before, nothing has been handed over. */
  async saved(): Promise<void> {
    await this.page.evaluate('void (window.savedAt = performance.now())');
    const isSaved = 'performance.now() - window.savedAt > 600 && sessionStorage.getItem("state") !== null';
    while (!(await this.page.evaluate<boolean>(isSaved))) await this.page.waitForTimeout(100);
  }

  async #started(): Promise<void> {
    try {
      await this.page.locator('.explorer').waitFor({ timeout: 10_000 });
    } catch (error) {
      const said = [...this.complaints, await this.page.locator('body').innerText()].join('\n');
      throw new Error(`The page did not start: ${said}`, { cause: error });
    }
  }

  async tab(title: string): Promise<void> {
    await this.page.getByRole('tab', { name: title }).click();
  }

  /** What the security policy kept from happening. */
  violations(): Promise<string[]> {
    return this.page.evaluate<string[]>('window.violations');
  }

  /** What axe finds: rule, and where. Of all its rules, only those of colors depend on the theme. */
  async accessibilityProblems(rules: 'all' | 'of colors' = 'all'): Promise<string[]> {
    if (!(await this.page.evaluate<boolean>('"axe" in window')))
      await this.page.evaluate(await readFile(require.resolve('axe-core/axe.min.js'), 'utf8'));
    // By their names: their tag would also run what is left out by default, contrasts that VS Code's own themes do not have.
    const runOnly = rules === 'all' ? '' : ", runOnly: ['color-contrast', 'link-in-text-block']";
    return this.page.evaluate<
      string[]
    >(`axe.run(document, { resultTypes: ['violations'], preload: false${runOnly} }).then(({ violations }) =>
      violations.flatMap(({ id, nodes }) => nodes.map((node) => id + ': ' + node.target.join(' ') + ' ' + node.failureSummary)))`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#rpc[Symbol.dispose]();
    await this.#context.close();
  }
}
