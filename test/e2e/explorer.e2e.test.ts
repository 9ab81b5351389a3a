import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { FrameLocator, Locator } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { makeArchive, writeLayout } from '../helpers/archives.ts';
import { makeImage } from '../helpers/ociImage.ts';
import { tar } from '../helpers/tar.ts';
import type { EditorPage } from './editorPage.ts';
import { setUpSuite } from './suite.ts';
import { makeWorkspace, type Workspace } from './workspace.ts';

// The explorer in the real VS Code: every way in that needs no engine, and what leaves the page for the editor.

const dockerfile = 'FROM scratch\nCOPY etc /etc\nCOPY app /app\nRUN rm /app/cache.bin\n';
const history = [
  { created_by: 'COPY etc /etc # buildkit' },
  { created_by: 'COPY app /app # buildkit' },
  { created_by: 'RUN /bin/sh -c rm /app/cache.bin # buildkit' },
];
const app = makeImage({
  layers: [
    { files: { 'etc/motd': 'hello from layer one\n', 'etc/conf': 'a=1\n' } },
    { files: { 'app/cache.bin': new Uint8Array(300_000), 'app/main.js': 'console.log(1)\n', 'etc/conf': 'a=2\n' } },
    { tar: tar([{ name: 'app/.wh.cache.bin' }]) },
  ],
  config: { history },
});
const other = makeImage({ layers: [{ files: { 'etc/motd': 'hello from layer one\n', 'added.txt': 'new\n' } }] });

const suite = setUpSuite(() => Promise.resolve({ trusted: true, settings: { 'plimsoll.offline': true } }));
let workspace: Workspace;
let editor: EditorPage;

beforeAll(async () => {
  workspace = await makeWorkspace({ 'Dockerfile.app': dockerfile, 'broken.tar': 'this is no archive' });
  await writeFile(
    path.join(workspace.folder, 'app.tar'),
    makeArchive([{ image: app, names: ['app:1'] }], 'docker-oci'),
  );
  await writeFile(path.join(workspace.folder, 'other.tar'), makeArchive([{ image: other, names: ['other:1'] }], 'oci'));
  const both = [
    { image: app, names: ['app:1'] },
    { image: other, names: ['other:1'] },
  ];
  await writeFile(path.join(workspace.folder, 'both.tar.gz'), makeArchive(both, 'docker-oci', 'gzip'));
  await writeLayout(path.join(workspace.folder, 'layout'), [{ image: app, names: ['app:1'] }]);
  editor = await suite.open(workspace.folder, 'Dockerfile.app');
  await lensesAreThere();
});
afterAll(async () => {
  await editor[Symbol.asyncDispose]();
  await workspace[Symbol.asyncDispose]();
});
afterEach(async () => {
  await fromWorkbench();
  await editor.command('View: Close All Editors');
});

/** Gives the keyboard back to the window: a page in a panel keeps it, and the palette would close again. */
async function fromWorkbench(): Promise<void> {
  await editor.page
    .locator('.explorer-folders-view')
    .first()
    .click({ position: { x: 100, y: 400 } });
  await editor.page.waitForTimeout(200);
}

/** What is read of a Dockerfile stands above its first line: the extension is at work. */
function lensesAreThere(): Promise<void> {
  return editor.page.locator('.codelens-decoration', { hasText: 'scratch: 0 B' }).waitFor();
}

/** The page of the explorer that is in front. */
function page(): FrameLocator {
  return editor.page.locator('iframe.webview.ready').last().contentFrame().frameLocator('#active-frame');
}

/** An item of the explorer of files. */
function item(file: string): Locator {
  const name = new RegExp(`^${file.replaceAll('.', String.raw`\.`)}$`);
  return editor.page.locator('.explorer-folders-view .monaco-list-row', { hasText: name });
}

/** Opens a file of the explorer of files by its context menu. */
async function explore(file: string): Promise<FrameLocator> {
  await item(file).click({ button: 'right' });
  // A menu that has just appeared takes a click for the end of the one that opened it.
  await editor.page.waitForTimeout(500);
  await editor.page.locator('.context-view .action-label', { hasText: 'Explore Image Layers' }).click();
  return page();
}

function files(of: FrameLocator): Locator {
  return of.getByRole('treegrid', { name: 'Files' });
}

/** Waits until the rows of the table of files have these names. */
async function expectNames(of: FrameLocator, wanted: readonly string[]): Promise<void> {
  const names = (): Promise<string[]> => files(of).locator('.grid-body .name').allInnerTexts();
  await expect.poll(names, { timeout: 20_000 }).toEqual(wanted);
}

test.each(['app.tar', 'layout'])('%s, by the context menu of the explorer of files', async (file) => {
  const explorer = await explore(file);
  await expectNames(explorer, ['etc', 'app']);
  await explorer.getByText('etc /etc').first().waitFor();
  await editor.screenshot(`explorer-${file}`);
});

test('a file opens as a read-only document, as text or as the dump of a binary', async () => {
  const explorer = await explore('app.tar');
  await expectNames(explorer, ['etc', 'app']);
  await files(explorer).focus();
  await editor.page.keyboard.press('ArrowDown');
  await editor.page.keyboard.press('ArrowRight');
  await expectNames(explorer, ['etc', 'motd', 'conf', 'app']);
  await files(explorer).locator('.grid-body .name', { hasText: 'motd' }).dblclick();
  await editor.page.locator('.tab', { hasText: 'motd' }).waitFor();
  await editor.page.locator('.view-line', { hasText: 'hello from layer one' }).waitFor();
});

test('an archive with several images asks which one', async () => {
  await explore('both.tar.gz');
  await editor.menu().filter({ hasText: 'other:1' }).click();
  await expectNames(page(), ['etc', 'added.txt']);
});

test('what is no image says so', async () => {
  await explore('broken.tar');
  await editor.page.locator('.notification-list-item', { hasText: 'no image archive' }).waitFor();
});

test('a reference in the palette, where nobody may be asked: the panel says so and offers another source', async () => {
  await editor.command('Plimsoll: Explore an Image');
  const input = editor.page.locator('.quick-input-widget input');
  await input.fill('alpine:3.22');
  await editor.menu().filter({ hasText: 'Explore alpine:3.22' }).click();
  await page().getByText('neither engine nor registry').waitFor();
  await page().getByText('Choose another source').first().waitFor();
  await editor.screenshot('explorer-nobody-asked');
});

test('from a layer to its line, and from the line to the layer', async () => {
  await editor.openFile('Dockerfile.app');
  await lensesAreThere();
  const explorer = await explore('app.tar');
  await expectNames(explorer, ['etc', 'app']);
  await explorer.locator('.layer', { hasText: 'app /app' }).click();
  await explorer.getByText('Go to line').first().click();
  await editor.page.locator('.statusbar-item', { hasText: 'Ln 3, Col 1' }).waitFor();
  await editor.page.keyboard.press('ArrowUp');
  await explorer.locator('.layer.selected', { hasText: 'etc /etc' }).waitFor();
});

test('after a reload the panel is there again', async () => {
  const explorer = await explore('app.tar');
  await expectNames(explorer, ['etc', 'app']);
  // The browser's VS Code writes down what a page keeps every few seconds.
  await editor.page.waitForTimeout(6000);
  // By the folder's address: one that names a file opens that instead of what was open.
  await editor.page.goto(suite.server.url(workspace.folder));
  await editor.page.locator('.tab', { hasText: 'Layers: app:1' }).waitFor({ timeout: 60_000 });
  await expectNames(page(), ['etc', 'app']);
});
