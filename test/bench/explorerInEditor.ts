/**
 * The explorer in the real VS Code on an archive of a million entries: from the click to the first layers on the screen, beside
 * an empty panel, which is what VS Code takes for itself; what the page's questions take there and back through VS Code, what a message holds, and the frames while scrolling.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Frame } from 'playwright-core';
import { launchBrowser } from '../e2e/browser.ts';
import { startCodeServer } from '../e2e/codeServer.ts';
import { EditorPage } from '../e2e/editorPage.ts';
import { ExplorerInEditor } from '../e2e/explorerInEditor.ts';
import { writeLargeArchive } from '../helpers/largeArchive.ts';
import { buildVsix, packVsix } from '../tools/vsix.ts';

/** Layers as a real image of that size has them; contents are short, because only headers are read. */
const shape = { entries: 1_000_000, layers: 20, bytes: 1_200_000_000, whiteouts: 20_000 };
const opens = 5;
const patience = 120_000;

/** What is asked of the page's frame, in milliseconds, and bytes of JSON. */
interface Call {
  readonly method: string;
  readonly ms: number;
  readonly bytes: number;
}

/**
 * Runs in every frame before its scripts: notes when the last click was, when layers with their sizes were first painted,
 * and every call of the page with its answer. Clocks of all frames of a browser count from the same time.
 *
 * What a frame listens to is gone once VS Code has written the page into it, so that all begins when the page asks for VS
 * Code's interface.
 */
const probe = `(() => {
  const now = () => performance.timeOrigin + performance.now();
  addEventListener('pointerup', () => (window.clickedAt = now()), true);
  const look = () => {
    const size = document.querySelector('.layer .layer-size, .base .layer-size');
    // What a frame's callback sees is on the screen when the next one is called.
    if (size?.textContent) requestAnimationFrame(() => (window.paintedAt = now()));
    else requestAnimationFrame(look);
  };
  window.calls = [];
  const asked = new Map();
  const hear = ({ data }) => {
    const call = data?.type === 'reply' ? asked.get(data.id) : undefined;
    const bytes = data?.type ? new Blob([JSON.stringify(data)]).size : 0;
    if (call) window.calls.push({ method: call.method, ms: now() - call.at, bytes });
    else if (data?.type === 'call') window.calls.push({ method: 'told ' + data.method, ms: 0, bytes });
  };
  let real;
  Object.defineProperty(window, 'acquireVsCodeApi', {
    configurable: true,
    set: (given) => (real = given),
    get: () => real && (() => {
      requestAnimationFrame(look);
      addEventListener('message', hear);
      const api = real();
      return { ...api, postMessage: (message) => {
        if (message.type === 'call') asked.set(message.id, { method: message.method, at: now() });
        api.postMessage(message);
      } };
    }),
  });
})()`;

/** Scrolls the files by a wheel's step in each of 180 frames, then by a thumb's in 60, and answers with the frames' lengths. */
const scroll = `new Promise((resolve) => {
  const grid = document.querySelector('.table-view .grid');
  const gaps = [];
  let left = 240;
  let last = performance.now();
  const frame = () => {
    const now = performance.now();
    gaps.push(now - last);
    last = now;
    grid.scrollTop += left > 60 ? 120 : 30000;
    if (--left > 0) requestAnimationFrame(frame);
    else resolve(gaps);
  };
  requestAnimationFrame(frame);
})`;

export async function benchInEditor(
  print: (name: string, wanted: number | undefined, ms: readonly number[]) => void,
): Promise<void> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'plimsoll-bench-'));
  await using stack = new AsyncDisposableStack();
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const vsix = process.env.PLIMSOLL_VSIX ?? path.join(folder, 'plimsoll.vsix');
  if (process.env.PLIMSOLL_VSIX === undefined) buildVsix(vsix);
  const workspace = path.join(folder, 'workspace');
  await mkdir(workspace);
  await writeFile(path.join(workspace, 'Dockerfile'), 'FROM scratch\n');
  writeLargeArchive(path.join(workspace, 'large.tar'), shape);

  const empty = path.join(folder, 'empty.vsix');
  packVsix(path.join(import.meta.dirname, '../fixtures/emptyPanel'), empty);

  const settings = { 'plimsoll.offline': true };
  const server = stack.use(await startCodeServer({ vsix, others: [empty], trusted: true, settings }));
  const browser = await launchBrowser();
  stack.defer(() => browser.close());
  const openWindow = async (): Promise<EditorPage> => {
    const window = await EditorPage.open(browser, server, workspace, 'Dockerfile', probe);
    await window.page.locator('.codelens-decoration', { hasText: 'scratch' }).waitFor({ timeout: patience });
    return window;
  };
  // Each in a window of its own: what VS Code does for the first page of a window, and of itself, it does once.
  for (const first of ['since VS Code started', 'in a window']) {
    await using window = await openWindow();
    const paints = await paintsAfter('Open an Empty Panel', window);
    print(`click to an empty panel, first ${first}`, undefined, paints.slice(0, 1));
    print('click to an empty panel, again', undefined, paints.slice(1));
  }
  const editor = stack.use(await openWindow());
  const explorer = new ExplorerInEditor(editor);
  const paints = await paintsAfter('Explore Image Layers', editor);
  print('click to first layers painted, first in a window', 300, paints.slice(0, 1));
  print('click to first layers painted, again', 300, paints.slice(1));

  const frame = await explorer.frame();
  await explorer.page.locator('.progress').waitFor({ state: 'hidden', timeout: patience });
  await rest(frame);
  await drive(editor, explorer, frame, print);
}

/** Chooses from the archive's menu, again and again: from each click to what it paints. Milliseconds. */
async function paintsAfter(title: string, editor: EditorPage): Promise<number[]> {
  const explorer = new ExplorerInEditor(editor);
  const paints: number[] = [];
  for (let run = 0; run < opens; run++) {
    if (run > 0) await explorer.command('View: Close All Editors');
    await explorer.menuOf(explorer.item('large.tar'), title);
    const frame = await explorer.frame();
    // The page's policy forbids what Playwright waits with.
    while (!(await frame.evaluate<boolean>('window.paintedAt !== undefined'))) await frame.waitForTimeout(100);
    paints.push(
      (await frame.evaluate<number>('window.paintedAt')) - (await editor.page.evaluate<number>('window.clickedAt')),
    );
  }
  return paints;
}

async function drive(
  editor: EditorPage,
  explorer: ExplorerInEditor,
  frame: Frame,
  print: (name: string, wanted: number | undefined, ms: readonly number[]) => void,
): Promise<void> {
  const { page } = editor;
  const since = async (work: () => Promise<unknown>): Promise<Call[]> => {
    await frame.evaluate('void (window.calls.length = 0)');
    await work();
    await rest(frame);
    return frame.evaluate<Call[]>('window.calls');
  };
  const all: Call[] = [];
  const took = (calls: readonly Call[], method: string): number[] => {
    all.push(...calls);
    return calls.filter((call) => call.method === method).map(({ ms }) => ms);
  };
  const opened = await since(() => explorer.page.getByRole('button', { name: 'Open all directories' }).click());
  print('open all directories', undefined, took(opened, 'expand'));
  await explorer.files.focus();
  const windows = await since(async () => {
    for (let at = 0; at < 20; at++) {
      await page.keyboard.press(at % 4 === 3 ? 'Home' : 'PageDown');
      await page.waitForTimeout(50);
    }
    await page.keyboard.press('End');
  });
  print('window of rows, there and back', 10, took(windows, 'rows'));
  for (const column of ['Name', 'Size', 'Share', 'Wasted', 'Change', 'Owner', 'Mode', 'Modified']) {
    const button = explorer.files.getByRole('button', { name: column });
    if (!(await button.isVisible())) continue;
    print(`sort by ${column}`, 500, took(await since(() => button.click()), 'show'));
  }
  await explorer.files.focus();
  await page.keyboard.press('Control+f');
  const typed = await since(() => page.keyboard.type('package12/part3', { delay: 120 }));
  print('keystroke in the filter', 100, took(typed, 'show'));
  const cleared = await since(() => page.keyboard.press('Escape'));
  print('no filter', 100, took(cleared, 'show'));
  const gaps: number[] = [];
  const scrolled = await since(async () => gaps.push(...(await frame.evaluate<number[]>(scroll))));
  print('frame while scrolling', 32, gaps);
  console.log(`  ${gaps.filter((gap) => gap > 32).length} of ${gaps.length} frames over 32 ms`);
  print('window of rows while scrolling', 10, took(scrolled, 'rows'));
  const sizes = all.map(({ bytes }) => bytes);
  console.log(
    `  ${all.length} messages, the largest ${Math.max(...sizes)} B, ${sizes.reduce((sum, size) => sum + size, 0)} B in all`,
  );
}

/** Waits until the page has asked for nothing for a while. */
async function rest(frame: Frame): Promise<void> {
  let before = -1;
  for (;;) {
    const count = await frame.evaluate<number>('window.calls.length');
    if (count === before) return;
    before = count;
    await frame.waitForTimeout(600);
  }
}
