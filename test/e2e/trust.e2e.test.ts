import { afterAll, beforeAll, expect, test } from 'vitest';
import { pushImage, startRegistry, type TestRegistry } from '../helpers/registry.ts';
import type { EditorPage } from './editorPage.ts';
import { setUpSuite } from './suite.ts';
import { makeWorkspace, type Workspace } from './workspace.ts';

let registry: TestRegistry;
const suite = setUpSuite(async () => {
  registry = await startRegistry();
  // An engine that is not there.
  return { trusted: false, env: { DOCKER_HOST: 'unix:///nowhere/engine.sock' } };
});
let workspace: Workspace;
let editor: EditorPage;

beforeAll(async () => {
  await pushImage(registry, 'acme/app:1', { layers: [{ randomBytes: 2_000_000 }] });
  await pushImage(registry, 'library/golang:1.26', { layers: [{ randomBytes: 3_000_000 }] });
  workspace = await makeWorkspace({
    'app/Dockerfile': `FROM ${registry.host}/acme/app:1 AS app\nFROM golang:1.26\n`,
    // A folder from a stranger, who would like to be asked.
    '.vscode/settings.json': JSON.stringify({ 'plimsoll.registry.mirrors': [`http://${registry.host}`] }),
  });
  registry.requests.length = 0;
  editor = await suite.open(workspace.folder, 'app/Dockerfile');
});
afterAll(async () => {
  await editor[Symbol.asyncDispose]();
  await workspace[Symbol.asyncDispose]();
  await registry[Symbol.asyncDispose]();
});

test('in an untrusted workspace the catalogue speaks and nobody is asked', async () => {
  await editor.expectLenses([
    `${registry.host}/acme/app:1  ·  size unknown`,
    /^golang:1\.26 {2}·.*· {2}catalogue 2026-\d\d$/,
  ]);
  const item = editor.page.locator('.statusbar-item').filter({ hasText: 'golang:1.26' });
  await item.hover();
  await editor.page.locator('.workbench-hover', { hasText: 'not trusted' }).waitFor();
  await editor.screenshot('untrusted');
  // Typing, hovering and refreshing ask nobody either.
  await editor.goTo(1, 1);
  await editor.type('# mine\n');
  await editor.hoverAt(2, 8);
  await editor.command('Plimsoll: Refresh Base Image Sizes');
  await editor.page.waitForTimeout(2000);
  expect(registry.requests).toEqual([]);
});

test('granting trust turns the rest on, and says once that there is no engine', async () => {
  await editor.save();
  await editor.command('Workspaces: Manage Workspace Trust');
  await editor.page
    .locator('.workspace-trust-editor .monaco-button', { hasText: /^Trust$/ })
    .first()
    .click();
  await editor.page.locator('.statusbar-item', { hasText: 'Sizes come from registries' }).waitFor();
  await editor.openFile('app/Dockerfile');
  await editor.expectLenses([
    /acme\/app:1 {2}· {2}2 MB on disk {2}· {2}2 MB download {2}· {2}linux\/amd64 {2}· {2}registry$/,
    /^golang:1\.26 {2}· {2}3 MB on disk {2}· {2}3 MB download {2}· {2}linux\/amd64 {2}· {2}registry$/,
  ]);
  expect(registry.requests.length).toBeGreaterThan(0);
  await editor.screenshot('trusted');
});
