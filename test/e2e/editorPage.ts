import { mkdir } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import type { CodeServer } from './codeServer.ts';

/** Where pictures of the editor go, for people to look at: `PLIMSOLL_SCREENSHOTS`, else a folder that CI may keep. */
export const screenshots = process.env.PLIMSOLL_SCREENSHOTS ?? path.join(os.tmpdir(), 'plimsoll-screenshots');

/** Runs in the page. A text, because the tests are compiled without the DOM's types. */
const lensesInPage = `[...document.querySelectorAll('.codelens-decoration')].map((element) => ({
  top: element.getBoundingClientRect().top,
  text: element.textContent,
}))`;

/** One VS Code window with a Dockerfile open, driven as a user drives it: by what can be seen and pressed. */
export class EditorPage implements AsyncDisposable {
  readonly page: Page;

  private constructor(page: Page) {
    this.page = page;
  }

  /** Opens a window with a folder and a file in it, and waits until its text is there. `script` runs first in every frame. */
  static async open(
    browser: Browser,
    server: CodeServer,
    folder: string,
    file: string,
    script?: string,
  ): Promise<EditorPage> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    if (script !== undefined) await context.addInitScript(script);
    const page = await context.newPage();
    // What has not happened by then on a busy machine does not happen.
    page.setDefaultTimeout(60_000);
    await page.goto(server.url(folder, path.join(folder, file)));
    await page.locator('.monaco-editor .view-lines').first().waitFor({ timeout: 60_000 });
    return new EditorPage(page);
  }

  /** The titles of the lenses from top to bottom. */
  async lenses(): Promise<string[]> {
    const found = await this.page.evaluate<{ top: number; text: string }[]>(lensesInPage);
    return found
      .filter(({ text }) => text !== '')
      .sort((a, b) => a.top - b.top)
      .flatMap(({ text }) => text.replaceAll('\u00a0', ' ').split(' | '));
  }

  /** The same without those that weigh the image or the build context, and those that offer a refactoring. */
  async baseLenses(): Promise<string[]> {
    const others =
      /^the image: | in (?:\d+ files|one file)|^(?:Convert to multi-stage|Swap in a minimal base|Complete \.dockerignore|Make it small)/;
    return (await this.lenses()).filter((title) => !others.test(title));
  }

  /** Opens `folder/name` of the workspace in the same window, in the place of what is open. */
  async openFile(file: string): Promise<void> {
    await this.command('View: Close All Editors');
    await this.page.locator('.tabs-container .tab').first().waitFor({ state: 'detached' });
    await this.page.keyboard.press('Control+P');
    await this.page.locator('.quick-input-widget input').fill(file);
    const row = this.menu()
      .filter({ hasText: path.basename(file) })
      .filter({ hasText: path.dirname(file) });
    await row.first().click();
    await this.page.locator('.monaco-editor .view-lines').first().waitFor();
  }

  /** Waits until the lenses of bases are those wanted, in order; throws with what they were last. */
  async expectLenses(wanted: readonly (string | RegExp)[], timeout = 20_000): Promise<void> {
    const deadline = Date.now() + timeout;
    let titles: string[] = [];
    do {
      titles = await this.baseLenses();
      if (titles.length === wanted.length && titles.every((title, index) => matches(title, wanted[index]!))) return;
      await this.page.waitForTimeout(50);
    } while (Date.now() < deadline);
    throw new Error(`wanted the lenses ${wanted.map(String).join('\n')}\nbut they stayed ${titles.join('\n')}`);
  }

  lens(text: string | RegExp): Locator {
    return this.page.locator('.codelens-decoration a').filter({ hasText: text });
  }

  /** Puts the cursor at a one-based line and column. */
  async goTo(line: number, column: number): Promise<void> {
    await this.page.keyboard.press('Control+1');
    await this.page.keyboard.press('Control+G');
    await this.page.locator('.quick-input-widget input').fill(`:${line}:${column}`);
    await this.page.keyboard.press('Enter');
    await this.page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
  }

  /**
   * The hover at a place, once it says what is wanted. Its keys ask for it, and no palette, with which one that is there
   * at once would go away again; the pointer rests where no hover grows under it, which VS Code takes for a leaving; and
   * it is asked for again where a lens that came later has closed it.
   */
  async hoverAt(line: number, column: number, wanted: string | RegExp = /\S/): Promise<Locator> {
    await this.page.mouse.move(0, 0);
    await this.goTo(line, column);
    // With all that it shows: problems stand above what a hover of ours says.
    const hover = this.page
      .locator('.monaco-hover:not(.hidden)')
      .filter({ has: this.page.locator('.hover-contents') })
      .filter({ hasText: wanted })
      .first();
    const deadline = Date.now() + 30_000;
    for (;;) {
      await this.page.keyboard.press('Control+K');
      await this.page.keyboard.press('Control+I');
      try {
        await hover.waitFor({ timeout: 5000 });
        return hover;
      } catch (error) {
        if (Date.now() > deadline) throw error;
      }
      await this.page.keyboard.press('Escape');
    }
  }

  /** Runs a command from the palette, which is opened again where it took back what was typed before it was ready. */
  async command(title: string): Promise<void> {
    const input = this.page.locator('.quick-input-widget input');
    const row = this.page.locator('.quick-input-list .monaco-list-row').filter({ hasText: title }).first();
    const deadline = Date.now() + 60_000;
    for (;;) {
      await this.page.keyboard.press('F1');
      await input.waitFor();
      await input.fill(`>${title}`);
      try {
        await row.waitFor({ timeout: 10_000 });
        break;
      } catch (error) {
        if (Date.now() > deadline) throw error;
      }
      await this.page.keyboard.press('Escape');
    }
    await this.page.keyboard.press('Enter');
  }

  /** The rows of the menu that is open. */
  menu(): Locator {
    return this.page.locator('.quick-input-widget:not([style*="display: none"]) .quick-input-list .monaco-list-row');
  }

  /** A property of the first element that matches, as the browser computed it. */
  style(selector: string, property: string): Promise<string> {
    const [element, name] = [JSON.stringify(selector), JSON.stringify(property)];
    return this.page.evaluate<string>(`getComputedStyle(document.querySelector(${element})).getPropertyValue(${name})`);
  }

  async type(text: string): Promise<void> {
    await this.page.keyboard.type(text);
  }

  async save(): Promise<void> {
    await this.page.keyboard.press('Control+S');
  }

  /** Takes a picture for people to look at. */
  async screenshot(name: string): Promise<void> {
    await mkdir(screenshots, { recursive: true });
    await this.page.screenshot({ path: path.join(screenshots, `${name}.png`) });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.page.context().close();
  }
}

function matches(title: string, wanted: string | RegExp): boolean {
  return typeof wanted === 'string' ? title === wanted : wanted.test(title);
}
