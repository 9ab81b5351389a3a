import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { EditorPage } from './editorPage.ts';
import { setUpSuite } from './suite.ts';
import { makeWorkspace, type Workspace } from './workspace.ts';

const settings = { 'plimsoll.offline': true };
const suite = setUpSuite(() => Promise.resolve({ trusted: true, settings }));

const size = String.raw`(?:≈ )?[\d.]+ [MG]B`;
const sized = (reference: string): RegExp =>
  new RegExp(
    String.raw`^${reference.replace('.', String.raw`\.`)}  ·  ${size} on disk  ·  ${size} download  ·  linux/amd64  ·  (?:catalogue 20\d\d-\d\d|estimated by \S+)$`,
  );

const samples: readonly [file: string, lenses: readonly (RegExp | string)[]][] = [
  ['c-hello/Dockerfile', [sized('gcc:latest')]],
  ['go-server/Dockerfile', [sized('golang:1.26')]],
  ['node-api/Dockerfile', [sized('node:24')]],
  ['python-web/Dockerfile', [sized('python:3.13')]],
  ['java-service/Dockerfile', [sized('eclipse-temurin:21-jdk')]],
  [
    'multi-stage/Dockerfile',
    [sized('golang:1.26-alpine'), 'from stage build', 'scratch: 0 B', sized('debian:trixie-slim')],
  ],
];

let workspace: Workspace;
let editor: EditorPage;

beforeAll(async () => {
  workspace = await makeWorkspace({ '.vscode/settings.json': '{}' });
  editor = await suite.open(workspace.folder, 'README.md');
});
afterAll(async () => {
  await editor[Symbol.asyncDispose]();
  await workspace[Symbol.asyncDispose]();
});
afterEach(() => workspace.writeSettings({}));

/** Opens a file of the workspace; with a text, a new one. */
async function open(file: string, text?: string): Promise<void> {
  if (text !== undefined) await workspace.write(file, text);
  await editor.openFile(file);
}

test.each(samples)('lenses of %s', async (file, wanted) => {
  await open(file);
  await editor.expectLenses(wanted);
  await editor.screenshot(`lenses-${path.dirname(file)}`);
});

test.each(['Containerfile', 'Dockerfile.release', 'api.dockerfile'])('%s has lenses too', async (name) => {
  await open(`names/${name}`, 'FROM scratch\n');
  await editor.expectLenses(['scratch: 0 B']);
});

test('the ignore file of a Dockerfile has none', async () => {
  await open('names/Dockerfile.dockerignore', 'FROM scratch\n');
  await editor.page.waitForTimeout(1000);
  expect(await editor.lenses()).toEqual([]);
});

test('a lens follows what is typed', async () => {
  await open('typed/Dockerfile', 'FROM golang:1.26');
  await editor.expectLenses([sized('golang:1.26')]);
  await editor.goTo(1, 17);
  await editor.type('-alpine AS build\nFROM build\n');
  await editor.expectLenses([sized('golang:1.26-alpine'), 'from stage build']);
  await editor.save();
});

test('the hover has sizes, facts and smaller bases', async () => {
  await open('go-server/Dockerfile');
  await editor.expectLenses([sized('golang:1.26')]);
  const hover = await editor.hoverAt(2, 8, /saves/i);
  const text = await hover.innerText();
  expect(text).toContain('docker.io/library/golang:1.26');
  expect(text).toMatch(/linux\/amd64/);
  expect(text).toContain('glibc');
  expect(text).toContain('golang:1.26-alpine');
  expect(await hover.locator('table').count()).toBe(2);
  await editor.screenshot('hover');
});

test('the hover warns of a base past its end of life', async () => {
  await open('old/Dockerfile', 'FROM python:3.9-slim\n');
  await editor.expectLenses([sized('python:3.9-slim')]);
  await editor.hoverAt(1, 8, 'Python 3.9 is past its end of life since 2025-10-31');
  await editor.screenshot('hover-end-of-life');
});

test('a link in the hover opens the comparison', async () => {
  await open('go-server/Dockerfile');
  await editor.expectLenses([sized('golang:1.26')]);
  const hover = await editor.hoverAt(2, 8, 'golang:1.26-alpine');
  await hover.locator('a', { hasText: 'golang:1.26-alpine' }).click();
  await editor.page.locator('.monaco-diff-editor').waitFor();
});

test('an alternative is applied through the comparison, and one undo takes it back', async () => {
  const file = 'go-server/Dockerfile';
  const before = await workspace.read(file);
  await open(file);
  await editor.lens('golang').click();
  await editor.menu().filter({ hasText: 'golang:1.26-alpine' }).first().waitFor();
  await editor.page.waitForTimeout(500); // The menu fades in.
  await editor.screenshot('menu');
  await editor.menu().filter({ hasText: 'golang:1.26-alpine' }).first().click();
  await editor.page.locator('.monaco-diff-editor .modified-in-monaco-diff-editor .line-insert').first().waitFor();
  await editor.screenshot('preview');
  expect(await workspace.read(file)).toBe(before);

  await editor.page.locator('.editor-actions a[aria-label*="Apply"]').click();
  await editor.page.locator('.monaco-diff-editor').waitFor({ state: 'detached' });
  await editor.expectLenses([sized('golang:1.26-alpine')]);
  await editor.save();
  // The variable stays: only what is new is added, on that line.
  const changed = before.replace('FROM golang:${GO_VERSION}', 'FROM golang:${GO_VERSION}-alpine');
  await expect.poll(() => workspace.read(file)).toBe(changed);

  await editor.page.keyboard.press('Control+Z');
  await editor.save();
  await expect.poll(() => workspace.read(file)).toBe(before);
});

test('a discarded comparison changes nothing', async () => {
  const before = await workspace.read('node-api/Dockerfile');
  await open('node-api/Dockerfile');
  await editor.lens('node:24').click();
  await editor.menu().filter({ hasText: 'node:24-slim' }).first().click();
  await editor.page.locator('.monaco-diff-editor').waitFor();
  await editor.page.locator('.editor-actions a[aria-label*="Discard"]').click();
  await editor.page.locator('.monaco-diff-editor').waitFor({ state: 'detached' });
  expect(await workspace.read('node-api/Dockerfile')).toBe(before);
});

test('a comparison with a text that has changed since is not applied', async () => {
  await open('stale/Dockerfile', 'FROM node:24\n');
  await editor.lens('node:24').click();
  await editor.menu().filter({ hasText: 'node:24-slim' }).first().click();
  const original = editor.page.locator('.monaco-diff-editor .original-in-monaco-diff-editor');
  await original.locator('.view-line').first().click();
  await editor.page.keyboard.press('Control+Home');
  await editor.type('# mine\n');
  await editor.page.locator('.editor-actions a[aria-label*="Apply"]').click();
  await editor.page.locator('.notification-toast').filter({ hasText: 'has changed since' }).waitFor();
  await editor.save();
  await expect.poll(() => workspace.read('stale/Dockerfile')).toBe('# mine\nFROM node:24\n');
});

test('the status bar shows the final base and its size', async () => {
  await open('multi-stage/Dockerfile');
  const item = editor.page.locator('.statusbar-item').filter({ hasText: 'debian:trixie-slim' });
  await item.waitFor();
  expect(await item.innerText()).toMatch(/debian:trixie-slim: [\d.]+ MB/);
});

test('a setting turns the lenses off and on again', async () => {
  await open('node-api/Dockerfile');
  await editor.expectLenses([sized('node:24')]);
  await workspace.writeSettings({ 'plimsoll.codeLens.enabled': false });
  await editor.expectLenses([]);
  await workspace.writeSettings({});
  await editor.expectLenses([sized('node:24')]);
});

test('build arguments of the settings reach the lens', async () => {
  await workspace.writeSettings({ 'plimsoll.buildArguments': { GO_VERSION: '1.25' } });
  await open('go-server/Dockerfile');
  await editor.expectLenses([sized('golang:1.25')]);
});

test.each([
  ['Default High Contrast', '.hc-black', 7],
  ['Default High Contrast Light', '.hc-light', 7],
  ['Default Dark Modern', '.vs-dark', 4.5],
])('%s', async (theme, mark, least) => {
  await workspace.writeSettings({ 'workbench.colorTheme': theme });
  await open('multi-stage/Dockerfile');
  await editor.page.locator(`.monaco-workbench${mark}`).waitFor();
  await editor.expectLenses(samples.at(-1)![1]);
  // The contrast of a lens with its background, as WCAG 2 asks of text (AA) and of text in high contrast (AAA).
  expect(await contrast()).toBeGreaterThanOrEqual(least);
  await editor.hoverAt(3, 8);
  await editor.screenshot(`theme-${theme.toLowerCase().replaceAll(' ', '-')}`);
});

test('VS Code says how long activation took', async () => {
  // High enough for the whole list: rows out of sight are not there.
  await editor.page.setViewportSize({ width: 1280, height: 4000 });
  await editor.command('Developer: Show Running Extensions');
  const row = editor.page.locator('.runtime-extensions-editor .monaco-list-row').filter({ hasText: 'Plimsoll' });
  const text = await row.locator('.activation-time').innerText();
  // A busy machine takes longer, so the figure is printed and not judged: what it depends on is, in bundle.test.ts.
  console.log(text);
  expect(text).toMatch(/\d+ ?ms/);
});

/** The contrast of the first lens with what is behind it, by WCAG 2's relative luminance. */
async function contrast(): Promise<number> {
  const lens = luminance(await editor.style('.codelens-decoration', 'color'));
  const background = luminance(await editor.style('.monaco-editor-background', 'background-color'));
  return (Math.max(lens, background) + 0.05) / (Math.min(lens, background) + 0.05);
}

/** Of a color as `rgb(…)`. */
function luminance(color: string): number {
  const [red, green, blue] = (color.match(/[\d.]+/g) ?? [])
    .map((channel) => Number(channel) / 255)
    .map((value) => (value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}
