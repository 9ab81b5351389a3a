import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { isDeepStrictEqual } from 'node:util';
import type { Frame, FrameLocator, Locator } from 'playwright-core';
import type { EditorPage } from './editorPage.ts';

const require = createRequire(import.meta.url);
/** Milliseconds: what has not happened by then on a busy machine does not happen. */
const patience = 60_000;

/** The layer explorer in a window of VS Code, driven as a user drives it. */
export class ExplorerInEditor {
  readonly #editor: EditorPage;

  constructor(editor: EditorPage) {
    this.#editor = editor;
  }

  /** The page of the explorer that is in front. */
  get page(): FrameLocator {
    return this.#editor.page.locator('iframe.webview.ready').last().contentFrame().frameLocator('#active-frame');
  }

  /** The same, to run scripts in. */
  async frame(): Promise<Frame> {
    const body = await this.page.locator('.explorer').elementHandle({ timeout: patience });
    return (await body.ownerFrame())!;
  }

  /** Gives the keyboard back to the window: a page in a panel keeps it, and the palette would close again. */
  async leave(): Promise<void> {
    const { page } = this.#editor;
    await page
      .locator('.explorer-folders-view')
      .first()
      .click({ position: { x: 100, y: 400 } });
    const tag = (): Promise<string> => page.evaluate<string>('document.activeElement.tagName');
    await until(tag, (name) => name !== 'IFRAME');
  }

  /** Runs a command from the palette, wherever the keyboard is. */
  async command(title: string): Promise<void> {
    await this.leave();
    await this.#editor.command(title);
  }

  /** A row of the explorer of files. */
  item(file: string): Locator {
    const name = new RegExp(`^${file.replaceAll('.', String.raw`\.`)}$`);
    return this.#editor.page.locator('.explorer-folders-view .monaco-list-row', { hasText: name });
  }

  /** Opens the menu of a row, and chooses from it. */
  async menuOf(row: Locator, title: string): Promise<void> {
    const { page } = this.#editor;
    const entry = page.locator('.context-view .action-label', { hasText: title });
    const open = async (): Promise<boolean> => {
      await row.click({ button: 'right' });
      // A menu that has just appeared takes a click for the end of the one that opened it.
      await page.waitForTimeout(500);
      if (await entry.isVisible()) return true;
      // A window that has just been opened does not know all extensions yet.
      await page.keyboard.press('Escape');
      return false;
    };
    await until(open, (isOpen) => isOpen);
    await entry.click();
  }

  /** Explores a file by its context menu. */
  async explore(file: string): Promise<void> {
    await this.menuOf(this.item(file), 'Explore Image Layers');
  }

  get files(): Locator {
    return this.page.getByRole('treegrid', { name: 'Files' });
  }

  get compared(): Locator {
    return this.page.getByRole('treegrid', { name: 'Compare' });
  }

  async tab(title: string): Promise<void> {
    await this.page.getByRole('tab', { name: title }).click();
  }

  /** Waits until the rows of a table have these names. */
  async expectNames(table: Locator, wanted: readonly string[]): Promise<void> {
    // While VS Code makes a page, its frame is taken from under whoever looks into it.
    const names = (): Promise<readonly string[]> =>
      table
        .locator('.grid-body .name')
        .allInnerTexts()
        .catch((error: unknown) => [String(error)]);
    await until(names, (shown) => isDeepStrictEqual(shown, wanted));
  }

  async expectSelected(table: Locator, name: string): Promise<void> {
    await table.locator('.row.selected .name').filter({ hasText: name }).waitFor({ timeout: patience });
  }

  /** Waits for the tab of an editor. */
  async editorTab(title: string): Promise<void> {
    await this.#editor.page.locator('.tab', { hasText: title }).first().waitFor({ timeout: patience });
  }

  /** The text of a column of an editor that is open, with the spaces that one types. */
  async expectText(text: string, editor = '.monaco-editor'): Promise<void> {
    const lines = this.#editor.page.locator(`${editor} .view-line`);
    const all = async (): Promise<string> => (await lines.allInnerTexts()).join('\n').replaceAll('\u00a0', ' ');
    await until(all, (shown) => shown.includes(text));
  }

  /** Answers VS Code's own dialog for a place of a file, which the browser's VS Code has as a field, once it proposes one. */
  async answerDialog(proposed: string, path: string): Promise<void> {
    const field = this.#editor.page.locator('.quick-input-widget:not([style*="display: none"]) input[type="text"]');
    await field.waitFor({ timeout: patience });
    await until(
      () => field.inputValue(),
      (value) => value === proposed,
    );
    // The folder is being listed: Enter is taken when that has come to an end.
    const accept = async (): Promise<boolean> => {
      // An empty field is the next question's.
      const value = (await field.isVisible()) ? await field.inputValue() : '';
      if (value === '') return true;
      if (value !== path) await field.fill(path);
      await this.#editor.page.keyboard.press('Enter');
      return false;
    };
    await until(accept, (isTaken) => isTaken, 1000);
  }

  /** What axe finds in the explorer: rule, and where. */
  async accessibilityProblems(): Promise<string[]> {
    const frame = await this.frame();
    await frame.evaluate(await readFile(require.resolve('axe-core/axe.min.js'), 'utf8'));
    return frame.evaluate<
      string[]
    >(`axe.run(document, { resultTypes: ['violations'], preload: false }).then(({ violations }) =>
      violations.flatMap(({ id, nodes }) => nodes.map((node) => id + ': ' + node.target.join(' ') + ' ' + node.failureSummary)))`);
  }
}

/** Looks until it is right, and throws with what was seen last. Not vitest's own: benchmarks and pictures look, too. */
async function until<T>(look: () => Promise<T>, isRight: (seen: T) => boolean, pause = 50): Promise<void> {
  const deadline = performance.now() + patience;
  for (;;) {
    const seen = await look();
    if (isRight(seen)) return;
    if (performance.now() > deadline) throw new Error(`In vain was waited for another than ${JSON.stringify(seen)}.`);
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}
