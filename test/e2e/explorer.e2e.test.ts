import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { makeArchive, writeLayout } from '../helpers/archives.ts';
import { makeImage } from '../helpers/ociImage.ts';
import { tar } from '../helpers/tar.ts';
import type { EditorPage } from './editorPage.ts';
import { ExplorerInEditor } from './explorerInEditor.ts';
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
const other = makeImage({
  layers: [{ files: { 'etc/motd': 'hello from the other\n', 'added.txt': 'new\n' } }],
});

const suite = setUpSuite(() => Promise.resolve({ trusted: true, settings: { 'plimsoll.offline': true } }));
let workspace: Workspace;
let editor: EditorPage;
let explorer: ExplorerInEditor;

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
  explorer = new ExplorerInEditor(editor);
  await lensesAreThere();
});
afterAll(async () => {
  await editor[Symbol.asyncDispose]();
  await workspace[Symbol.asyncDispose]();
});
afterEach(async () => {
  await editor.page.keyboard.press('Escape');
  await explorer.command('View: Close All Editors');
});

/** What is read of a Dockerfile stands above its first line: the extension is at work. */
function lensesAreThere(): Promise<void> {
  return editor.page.locator('.codelens-decoration', { hasText: 'scratch: 0 B' }).waitFor();
}

/** Explores the archive, and waits for its files. */
async function exploreApp(): Promise<void> {
  await explorer.explore('app.tar');
  await explorer.expectNames(explorer.files, ['etc', 'app']);
}

/** Chooses an archive where an image is to be chosen. */
async function chooseArchive(file: string): Promise<void> {
  await editor.menu().filter({ hasText: 'Choose an archive' }).click();
  await explorer.answerDialog(`${workspace.folder}/`, path.join(workspace.folder, file));
}

/** Selects what is at a path by the filter, from the keyboard's home in the table. */
async function selectFile(table: 'files' | 'compared', name: string): Promise<void> {
  await explorer[table].focus();
  await editor.page.keyboard.press('Control+f');
  await editor.page.keyboard.type(name);
  await explorer[table].locator('.grid-body .name', { hasText: name }).click();
  await explorer.expectSelected(explorer[table], name);
}

describe('the ways in', () => {
  test.each(['app.tar', 'layout'])('%s, by the context menu of the explorer of files', async (file) => {
    await explorer.explore(file);
    await explorer.expectNames(explorer.files, ['etc', 'app']);
    await explorer.page.getByText('etc /etc').first().waitFor();
    await editor.screenshot(`explorer-${file}`);
  });

  test('an archive that is chosen in the palette', async () => {
    await explorer.command('Plimsoll: Explore an Image');
    await chooseArchive('other.tar');
    await explorer.expectNames(explorer.files, ['etc', 'added.txt']);
  });

  test('an archive with several images asks which one', async () => {
    await explorer.explore('both.tar.gz');
    await editor.menu().filter({ hasText: 'other:1' }).click();
    await explorer.expectNames(explorer.files, ['etc', 'added.txt']);
  });

  test('what is no image says so', async () => {
    await explorer.explore('broken.tar');
    await editor.page.locator('.notification-list-item', { hasText: 'no image archive' }).waitFor();
  });

  test('a reference in the palette, where nobody may be asked: the panel says so and offers another source', async () => {
    await explorer.command('Plimsoll: Explore an Image');
    await editor.page.locator('.quick-input-widget input').fill('alpine:3.22');
    await editor.menu().filter({ hasText: 'Explore alpine:3.22' }).click();
    await explorer.page.getByText('neither engine nor registry').waitFor();
    await editor.screenshot('explorer-nobody-asked');
    await explorer.page.getByText('Choose another source').first().click();
    await chooseArchive('app.tar');
    await explorer.expectNames(explorer.files, ['etc', 'app']);
  });
});

describe('a file', () => {
  test('opens as a read-only document', async () => {
    await exploreApp();
    await selectFile('files', 'motd');
    await editor.page.keyboard.press('Enter');
    await explorer.editorTab('motd');
    await explorer.expectText('hello from layer one');
    await editor.page.locator('.monaco-editor .view-line').first().click();
    await editor.type('x');
    await editor.page.getByText('Cannot edit in read-only editor').first().waitFor();
  });

  test('that is binary opens as the head of its dump', async () => {
    await exploreApp();
    await explorer.page.locator('.layer', { hasText: 'app /app' }).click();
    await selectFile('files', 'cache.bin');
    await editor.page.keyboard.press('Enter');
    await explorer.editorTab('cache.bin.hex');
    await explorer.expectText('00000000  00 00');
  });

  test('is compared with what the layers below have', async () => {
    await exploreApp();
    await explorer.page.locator('.layer', { hasText: 'app /app' }).click();
    await selectFile('files', 'conf');
    await explorer.page.getByRole('button', { name: 'Compare with before' }).click();
    await explorer.editorTab('conf (layer 1 ↔ layer 2)');
    await explorer.expectText('a=1', '.monaco-diff-editor .original');
    await explorer.expectText('a=2', '.monaco-diff-editor .modified');
  });

  test('is saved under a name that the user may change', async () => {
    await exploreApp();
    await selectFile('files', 'main.js');
    await explorer.page.getByRole('button', { name: 'Save a copy' }).click();
    const target = path.join(workspace.folder, 'copy-of-main.js');
    await explorer.answerDialog(path.join(workspace.folder, 'main.js'), target);
    const copy = (): Promise<string> => readFile(target, 'utf8').catch(() => '');
    await expect.poll(copy, { timeout: 30_000 }).toBe('console.log(1)\n');
  });
});

test.each([
  ['Markdown', 'md', /^# .*app:1/],
  ['JSON', 'json', /^\{\s*"schema": ?1/],
  ['CSV', 'csv', /^section,kind,path,bytes/],
])('the report is exported as %s', async (format, ending, beginning) => {
  await exploreApp();
  await explorer.page.getByRole('button', { name: 'Export' }).click();
  await explorer.page.getByRole('menuitem', { name: format }).click();
  const target = path.join(workspace.folder, `report.${ending}`);
  await explorer.answerDialog(path.join(workspace.folder, `app-1.${ending}`), target);
  const report = (): Promise<string> => readFile(target, 'utf8').catch(() => '');
  await expect.poll(report, { timeout: 30_000 }).toMatch(beginning);
  expect(await report()).toContain('cache.bin');
});

describe('two images', () => {
  /** Both archives in one tree, and a file of both in VS Code's own comparison. */
  async function expectCompared(): Promise<void> {
    await explorer.expectNames(explorer.compared, ['app', 'etc', 'added.txt']);
    await explorer.page.getByText('0 of 4 layers are shared').waitFor();
  }

  test('are compared from the explorer, and a file of both is', async () => {
    await exploreApp();
    await explorer.page.getByRole('button', { name: 'Compare with another image' }).first().click();
    await chooseArchive('other.tar');
    await explorer.page.getByText('0 of 4 layers are shared').waitFor();
    await explorer.page.getByText('Layers of both images').click();
    await explorer.page.getByRole('row', { name: /only in the second/ }).waitFor();
    await selectFile('compared', 'motd');
    await editor.screenshot('explorer-compared');
    await explorer.page.locator('.compare-view').getByRole('button', { name: 'Compare with before' }).click();
    await explorer.editorTab('motd (app:1, layer 1 ↔ other:1, layer 1)');
    await explorer.expectText('hello from layer one', '.monaco-diff-editor .original');
    await explorer.expectText('hello from the other', '.monaco-diff-editor .modified');
  });

  test('that are chosen one after the other in the palette', async () => {
    await explorer.command('Plimsoll: Compare Two Images');
    for (const file of ['app.tar', 'other.tar']) {
      await chooseArchive(file);
    }
    await explorer.page.getByText('0 of 4 layers are shared').waitFor();
  });

  test('that are selected in the explorer of files', async () => {
    await explorer.item('app.tar').click();
    await explorer.item('other.tar').click({ modifiers: ['Control'] });
    await explorer.menuOf(explorer.item('other.tar'), 'Compare Image Layers');
    await explorer.page.getByText('0 of 4 layers are shared').waitFor();
    await expectCompared();
  });
});

test('from a layer to its line, and from the line to the layer', async () => {
  await editor.openFile('Dockerfile.app');
  await lensesAreThere();
  await exploreApp();
  await explorer.page.locator('.layer', { hasText: 'app /app' }).click();
  await explorer.page.getByText('Go to line').first().click();
  await editor.page.locator('.statusbar-item', { hasText: 'Ln 3, Col 1' }).waitFor();
  await editor.page.keyboard.press('ArrowUp');
  await explorer.page.locator('.layer.selected', { hasText: 'etc /etc' }).waitFor();
  await editor.page.keyboard.press('Control+End');
  await explorer.page.locator('.layer.selected', { hasText: 'rm /app/cache.bin' }).waitFor();
});

test('two panels on one image: each is its own, and what closes one leaves the other', async () => {
  const panels = (): Promise<number> => editor.page.locator('.tab', { hasText: 'Layers: app:1' }).count();
  await exploreApp();
  await explorer.leave();
  await explorer.explore('app.tar');
  await expect.poll(panels, { timeout: 20_000 }).toBe(2);
  await explorer.expectNames(explorer.files, ['etc', 'app']);
  await explorer.page.locator('.layer', { hasText: 'app /app' }).click();
  await editor.page.locator('.tab', { hasText: 'Layers: app:1' }).last().click({ button: 'middle' });
  await expect.poll(panels, { timeout: 20_000 }).toBe(1);
  await explorer.expectNames(explorer.files, ['etc', 'app']);
  await selectFile('files', 'motd');
  await editor.page.keyboard.press('Enter');
  await explorer.expectText('hello from layer one');
});

describe('accessibility', () => {
  test.each([
    ['Default Light Modern', 'vscode-light'],
    ['Default Dark Modern', 'vscode-dark'],
    ['Default High Contrast', 'vscode-high-contrast'],
  ])('axe finds nothing in %s', async (theme, kind) => {
    await workspace.writeSettings({ 'workbench.colorTheme': theme });
    await exploreApp();
    await explorer.page.locator(`body.${kind}`).waitFor();
    for (const [tab, content] of [
      ['Files', '.table-view .row-directory'],
      ['Treemap', '.cell-box'],
      ['Waste', '.row-wasted'],
      ['Compare', '.welcome'],
    ] as const) {
      await explorer.tab(tab);
      await explorer.page.locator(content).first().waitFor();
      await editor.screenshot(`explorer-${kind}-${tab.toLowerCase()}`);
      expect(await explorer.accessibilityProblems(), tab).toEqual([]);
    }
  });
});

test('all of it by the keyboard alone', async () => {
  const { page } = editor;
  await workspace.writeSettings({});
  await exploreApp();
  const press = async (...keys: readonly string[]): Promise<void> => {
    for (const key of keys) await page.keyboard.press(key);
  };
  const frame = await explorer.frame();
  const focused = (): Promise<string> =>
    frame.evaluate<string>(`(() => {
      const element = document.activeElement;
      const name = element?.getAttribute('aria-label') ?? element?.textContent ?? '';
      return (element?.getAttribute('role') ?? element?.localName) + ' ' + name.trim();
    })()`);
  /** Goes on, or back, by the Tab key until something is reached. */
  const tabTo = async (name: string, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> => {
    for (let stop = 0; stop < 40 && (await focused()) !== name; stop++) await press(key);
    expect(await focused()).toBe(name);
  };
  // Into the page: where a panel is opened, the keyboard is in it.
  await explorer.page.locator('.explorer').click({ position: { x: 300, y: 4 } });
  await tabTo('tree Layers');
  await press('End', 'ArrowUp');
  await explorer.page.locator('.layer.selected', { hasText: 'app /app' }).waitFor();
  await explorer.expectNames(explorer.files, ['app', 'etc']);
  await tabTo('button Name');
  await press('Enter');
  await explorer.files.locator('[aria-sort="ascending"].cell-name').waitFor();
  await press('ArrowRight', 'Shift+ArrowRight');
  await explorer.page.locator('.live', { hasText: 'pixels wide' }).waitFor();
  await tabTo('treegrid Files', 'Shift+Tab');
  await press('ArrowDown', '*');
  await explorer.expectNames(explorer.files, ['app', 'cache.bin', 'main.js', 'etc']);
  await press('ArrowDown');
  await explorer.expectSelected(explorer.files, 'cache.bin');
  await press('ContextMenu');
  await explorer.page.getByRole('menu').waitFor();
  await press('End', 'Enter');
  await explorer.page.locator('.layer.selected', { hasText: 'rm /app/cache.bin' }).waitFor();
  await explorer.files.focus();
  await press('Control+f');
  await page.keyboard.type('cache');
  const filtered = explorer.page.locator('.status', { hasText: '1 files fit' });
  await filtered.waitFor();
  await press('Escape');
  await filtered.waitFor({ state: 'detached' });
  // The tabs: one stop of the Tab key, arrows from one to the next.
  const filesTab = async (): Promise<string> => {
    await explorer.page.getByRole('tab', { name: 'Files' }).focus();
    // Escape is a key of the window around the page, too, which may have taken the keyboard.
    return (await frame.evaluate<boolean>('document.hasFocus()')) ? focused() : 'elsewhere';
  };
  await expect.poll(filesTab).toBe('tab Files');
  await press('ArrowRight');
  await explorer.page.locator('.treemap').waitFor();
  await press('ArrowRight');
  const waste = explorer.page.getByRole('treegrid', { name: 'Waste' });
  await waste.locator('.row-wasted').first().waitFor();
  await tabTo('treegrid Waste');
  await press('ArrowDown', 'ArrowDown', 'Enter');
  await explorer.expectSelected(explorer.files, 'cache.bin');
  await press('Enter');
  await explorer.editorTab('cache.bin.hex');
});

test('after the window is reloaded the panel is there again, as it was', async () => {
  // By the folder's address: one that names a file opens that file with every reload.
  await editor.page.goto(suite.server.url(workspace.folder));
  await explorer.item('app.tar').waitFor({ timeout: 60_000 });
  await exploreApp();
  await explorer.page.locator('.layer', { hasText: 'app /app' }).click();
  await selectFile('files', 'main.js');
  const splitter = explorer.page.getByRole('separator');
  await splitter.focus();
  await editor.page.keyboard.press('End');
  const size = await splitter.getAttribute('aria-valuenow');
  await reloadWindow();
  await explorer.editorTab('Layers: app:1');
  await explorer.page.locator('.layer.selected', { hasText: 'app /app' }).waitFor({ timeout: 60_000 });
  await explorer.expectSelected(explorer.files, 'main.js');
  expect(await splitter.getAttribute('aria-valuenow')).toBe(size);
});

test('after the window is reloaded a comparison of two images is there again', async () => {
  await explorer.command('Plimsoll: Compare Two Images');
  for (const file of ['app.tar', 'other.tar']) await chooseArchive(file);
  await explorer.expectNames(explorer.compared, ['app', 'etc', 'added.txt']);
  await selectFile('compared', 'motd');
  await reloadWindow();
  await explorer.page.getByText('0 of 4 layers are shared').waitFor({ timeout: 60_000 });
  await explorer.expectSelected(explorer.compared, 'motd');
});

async function reloadWindow(): Promise<void> {
  // The page hands its state over when it has rested for a moment.
  await editor.page.waitForTimeout(1500);
  const loaded = editor.page.waitForEvent('load');
  await explorer.command('Developer: Reload Window');
  await loaded;
}
