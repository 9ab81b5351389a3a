import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { buildImage, startEngine, type TestEngine } from '../helpers/engine.ts';
import type { Hold } from '../helpers/recorder.ts';
import { pushImage, startRegistry, type TestRegistry } from '../helpers/registry.ts';
import { packVsix } from '../tools/vsix.ts';
import type { EditorPage } from './editorPage.ts';
import { ExplorerInEditor } from './explorerInEditor.ts';
import { setUpSuite } from './suite.ts';
import { makeWorkspace, type Workspace } from './workspace.ts';

// The explorer in the real VS Code on images of a real engine and a real registry: the ways in that need them, stopping a
// read, and an engine that goes away. `vscode-containers.views.images` is Container Tools' view, here another extension's.

/** Milliseconds within which a reader that goes on would ask its registry, which answers at once. */
const afterwards = 1500;
const base = 'FROM scratch\nCOPY etc /etc\n';
const dockerfile = 'FROM acme/base:1\nCOPY app /app\nCOPY data /data\n';
const strange = 'FROM scratch\nCOPY nothing /like\nCOPY this /anywhere\n';

let engine: TestEngine;
let registry: TestRegistry;
let folder: string;
const suite = setUpSuite(async () => {
  [engine, registry] = await Promise.all([startEngine(), startRegistry()]);
  folder = await mkdtemp(path.join(os.tmpdir(), 'plimsoll-tools-'));
  const tools = path.join(folder, 'tools.vsix');
  packVsix(path.join(import.meta.dirname, '../fixtures/containerTools'), tools);
  return {
    trusted: true,
    others: [tools],
    settings: { 'plimsoll.registry.insecureHosts': [registry.host] },
    env: { DOCKER_HOST: engine.host, PLIMSOLL_TEST_IMAGES: 'acme/app:1,acme/base:1' },
  };
});
let workspace: Workspace;
let editor: EditorPage;
let explorer: ExplorerInEditor;

beforeAll(async () => {
  await buildImage(engine, 'acme/base:1', base, { 'etc/motd': 'hello from the base\n' });
  await buildImage(engine, 'acme/app:1', dockerfile, {
    'app/main.js': 'console.log(1)\n',
    'app/big.bin': new Uint8Array(400_000),
    'data/rows.csv': 'a,b\n',
  });
  const layers = Array.from({ length: 6 }, (_, at) => ({ files: { [`layer-${at}/file`]: `${at}\n` } }));
  await pushImage(registry, 'acme/remote:1', { layers });
  workspace = await makeWorkspace({ 'app/Dockerfile': dockerfile, 'strange/Dockerfile': strange });
  editor = await suite.open(workspace.folder, 'app/Dockerfile');
  explorer = new ExplorerInEditor(editor);
  // Room for both: the files, and the images below them.
  await editor.page.setViewportSize({ width: 1280, height: 1200 });
  await editor.page.locator('.pane-header', { hasText: 'Images' }).click();
  await image('acme/base:1').waitFor();
});
afterAll(async () => {
  await editor[Symbol.asyncDispose]();
  await workspace[Symbol.asyncDispose]();
  await registry[Symbol.asyncDispose]();
  await engine[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});
afterEach(async () => {
  await editor.page.keyboard.press('Escape');
  await explorer.command('View: Close All Editors');
});

/** A row of the image tree. */
const image = (name: string) =>
  editor.page.locator('.tree-explorer-viewlet-tree-view .monaco-list-row', { hasText: name });

/** Explores a reference that is typed in the palette. */
async function exploreReference(reference: string): Promise<void> {
  await explorer.command('Plimsoll: Explore an Image');
  await editor.page.locator('.quick-input-widget input').fill(reference);
  await editor
    .menu()
    .filter({ hasText: `Explore ${reference}` })
    .click();
}

describe('the ways in', () => {
  test('from the lens of a FROM', async () => {
    await editor.openFile('app/Dockerfile');
    await editor.lens('acme/base:1').first().click();
    await editor.menu().filter({ hasText: 'Explore layers' }).click();
    await explorer.expectNames(explorer.files, ['etc']);
    await explorer.editorTab('Layers: acme/base:1');
  });

  test('from the images that the engine lists in the palette', async () => {
    await explorer.command('Plimsoll: Explore an Image');
    await editor.menu().filter({ hasText: 'acme/app:1' }).first().click();
    await explorer.expectNames(explorer.files, ['app', 'etc', 'data']);
  });

  test('from a reference of a registry', async () => {
    await exploreReference(`${registry.host}/acme/remote:1`);
    await explorer.page.locator('.layer').nth(5).waitFor({ timeout: 60_000 });
    await explorer.page.getByText('layer-5').first().waitFor({ timeout: 60_000 });
  });

  test('from the image tree of the Container Tools extension', async () => {
    await explorer.menuOf(image('acme/app:1'), 'Explore Image Layers');
    await explorer.expectNames(explorer.files, ['app', 'etc', 'data']);
  });

  test('from two images that are selected there: they are compared', async () => {
    await image('acme/base:1').click();
    await image('acme/app:1').click({ modifiers: ['Control'] });
    await explorer.menuOf(image('acme/app:1'), 'Compare Image Layers');
    await explorer.page.getByText('1 of 3 layers are shared').waitFor({ timeout: 60_000 });
    await explorer.expectNames(explorer.compared, ['app', 'data', 'etc']);
  });

  test('from a Dockerfile, to the image that was built from it; its layers know their lines', async () => {
    await editor.openFile('app/Dockerfile');
    await editor.command('Plimsoll: Explore the Image Built from This Dockerfile');
    await explorer.editorTab('Layers: acme/app:1');
    await explorer.expectNames(explorer.files, ['app', 'etc', 'data']);
    await explorer.page.locator('.layer', { hasText: 'line 2' }).click();
    await explorer.page.getByRole('button', { name: 'Go to line' }).click();
    await editor.page.locator('.statusbar-item', { hasText: 'Ln 2, Col 1' }).waitFor();
    await editor.page.keyboard.press('ArrowDown');
    await explorer.page.locator('.layer.selected', { hasText: 'line 3' }).waitFor();
  });

  test('from a Dockerfile of which there is no image: that is said', async () => {
    await editor.openFile('strange/Dockerfile');
    await editor.command('Plimsoll: Explore the Image Built from This Dockerfile');
    await editor.page.locator('.notification-list-item', { hasText: 'was built from Dockerfile' }).waitFor();
  });
});

/** An image of 12 layers, of which the registry keeps the last eight back. */
async function heldImage(name: string): Promise<Hold> {
  const { images } = await pushImage(registry, `acme/${name}:1`, {
    layers: Array.from({ length: 12 }, (_, at) => ({ files: { [`${name}-${at}/file`]: `${name} ${at}\n` } })),
  });
  const last = images[0]!.layers.slice(4).map(({ digest }) => digest);
  return registry.hold(
    ({ path: asked, range }) => range === undefined && last.some((digest) => asked.endsWith(digest)),
  );
}

test('a read is stopped, and goes on where it was stopped', async () => {
  using held = await heldImage('slow');
  await exploreReference(`${registry.host}/acme/slow:1`);
  await explorer.page.locator('.layer').nth(11).waitFor({ timeout: 60_000 });
  await expect.poll(() => held.waiting, { timeout: 60_000 }).toBeGreaterThan(0);
  await explorer.page.getByRole('button', { name: 'Stop' }).click();
  await explorer.page.locator('.progress-text').filter({ hasText: 'Reading was stopped: 4 of 12 layers' }).waitFor();
  await expect.poll(() => held.waiting).toBe(0);
  const asked = registry.requests.length;
  held.release();
  await editor.page.waitForTimeout(afterwards);
  expect(registry.requests.length).toBe(asked);
  await explorer.page.getByRole('button', { name: 'Try again' }).first().click();
  await explorer.page.locator('.table-view .status', { hasText: '12 files' }).first().waitFor({ timeout: 60_000 });
});

test('a panel that is closed in mid-read asks for nothing more', async () => {
  using held = await heldImage('closed');
  await exploreReference(`${registry.host}/acme/closed:1`);
  await expect.poll(() => held.waiting, { timeout: 60_000 }).toBeGreaterThan(0);
  await explorer.command('View: Close All Editors');
  // What was under way is given up.
  await expect.poll(() => held.waiting).toBe(0);
  const asked = registry.requests.length;
  held.release();
  await editor.page.waitForTimeout(afterwards);
  expect(registry.requests.length).toBe(asked);
});

// The last one: afterwards there is no engine.
test('an engine that goes away leaves what was read, and says so of what was not', async () => {
  await explorer.command('Plimsoll: Explore an Image');
  await editor.menu().filter({ hasText: 'acme/app:1' }).first().click();
  await explorer.expectNames(explorer.files, ['app', 'etc', 'data']);
  await engine[Symbol.asyncDispose]();
  await explorer.page.locator('.layer', { hasText: 'app' }).first().click();
  await explorer.expectNames(explorer.files, ['app']);
  await explorer.files.focus();
  await editor.page.keyboard.press('ArrowDown');
  await editor.page.keyboard.press('*');
  await explorer.expectNames(explorer.files, ['app', 'big.bin', 'main.js']);
  await editor.page.keyboard.press('End');
  await explorer.expectSelected(explorer.files, 'main.js');
  await editor.page.keyboard.press('Enter');
  await explorer.page.getByRole('alert').filter({ hasText: 'engine' }).waitFor({ timeout: 60_000 });
  await exploreReference('acme/base:1');
  await explorer.page.getByRole('alert').filter({ hasText: 'could not be opened' }).waitFor({ timeout: 60_000 });
});
