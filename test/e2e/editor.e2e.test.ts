import { afterEach, expect, test } from 'vitest';
import { EditorPage } from './editorPage.ts';
import { setUpSuite } from './suite.ts';
import { makeWorkspace } from './workspace.ts';

const settings = { 'plimsoll.offline': true };
const suite = setUpSuite(() => Promise.resolve({ trusted: true, settings }));

afterEach(() => suite.server.writeSettings(settings));

const size = String.raw`(?:≈ )?[\d.]+ [MG]B`;
const sized = (reference: string): RegExp =>
  new RegExp(
    String.raw`^${reference.replace('.', String.raw`\.`)}  ·  ${size} on disk  ·  ${size} download  ·  linux/amd64  ·  (?:catalogue 2026-\d\d|estimated by \S+)$`,
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

test.each(samples)('lenses of %s', async (file, wanted) => {
  await using workspace = await makeWorkspace();
  await using editor = await suite.open(workspace.folder, file);
  const titles = await editor.lensesWhere((found) => found.length === wanted.length);
  for (const [index, title] of titles.entries()) {
    if (typeof wanted[index] === 'string') expect(title).toBe(wanted[index]);
    else expect(title).toMatch(wanted[index]!);
  }
  await editor.screenshot(`lenses-${file.split('/')[0]!}`);
});

test.each(['Containerfile', 'Dockerfile.release', 'api.dockerfile'])('%s has lenses too', async (name) => {
  await using workspace = await makeWorkspace({ [name]: 'FROM scratch\n' });
  await using editor = await suite.open(workspace.folder, name);
  await editor.lensesWhere(([first]) => first === 'scratch: 0 B');
});

test('a lens follows what is typed', async () => {
  await using workspace = await makeWorkspace({ Dockerfile: 'FROM golang:1.26' });
  await using editor = await suite.open(workspace.folder, 'Dockerfile');
  await editor.lensesWhere(([first]) => first?.startsWith('golang:1.26  ·') === true);
  await editor.goTo(1, 17);
  await editor.type('-alpine AS build\nFROM build\n');
  const titles = await editor.lensesWhere((found) => found.length === 2);
  expect(titles[0]).toMatch(sized('golang:1.26-alpine'));
  expect(titles[1]).toBe('from stage build');
});

test('the hover has sizes, facts and smaller bases', async () => {
  await using workspace = await makeWorkspace();
  await using editor = await suite.open(workspace.folder, 'go-server/Dockerfile');
  await editor.lensesWhere((found) => found.length === 1);
  const hover = await editor.hoverAt(2, 8);
  const text = await hover.innerText();
  expect(text).toContain('docker.io/library/golang:1.26');
  expect(text).toMatch(/linux\/amd64/);
  expect(text).toContain('glibc');
  expect(text).toContain('golang:1.26-alpine');
  expect(text).toMatch(/saves/i);
  expect(await hover.locator('table').count()).toBeGreaterThanOrEqual(2);
  await editor.screenshot('hover');
});

test('the hover warns of a base past its end of life', async () => {
  await using workspace = await makeWorkspace({ Dockerfile: 'FROM python:3.9-slim\n' });
  await using editor = await suite.open(workspace.folder, 'Dockerfile');
  const hover = await editor.hoverAt(1, 8);
  await expect.poll(() => hover.innerText()).toMatch(/past its end of life.*2025-10-31/);
  await editor.screenshot('hover-end-of-life');
});

test('an alternative is applied through the comparison, and one undo takes it back', async () => {
  await using workspace = await makeWorkspace();
  const file = 'go-server/Dockerfile';
  const before = await workspace.read(file);
  await using editor = await suite.open(workspace.folder, file);
  await editor.lens('golang').click();
  await editor.menu().filter({ hasText: 'golang:1.26-alpine' }).first().waitFor();
  await editor.screenshot('menu');
  await editor.menu().filter({ hasText: 'golang:1.26-alpine' }).first().click();
  await editor.page.locator('.monaco-diff-editor').waitFor();
  await editor.page.locator('.monaco-diff-editor .modified-in-monaco-diff-editor .line-insert').first().waitFor();
  await editor.screenshot('preview');
  expect(await workspace.read(file)).toBe(before);

  await editor.page.locator('.editor-actions a[aria-label*="Apply"]').click();
  await editor.page.locator('.monaco-diff-editor').waitFor({ state: 'detached' });
  await editor.lensesWhere(([first]) => first?.startsWith('golang:1.26-alpine') === true);
  await save(editor);
  // The variable stays: only what is new is added, on that line.
  const changed = before.replace('FROM golang:${GO_VERSION}', 'FROM golang:${GO_VERSION}-alpine');
  await expect.poll(() => workspace.read(file)).toBe(changed);

  await editor.page.keyboard.press('Control+Z');
  await save(editor);
  await expect.poll(() => workspace.read(file)).toBe(before);
});

test('a discarded comparison changes nothing', async () => {
  await using workspace = await makeWorkspace();
  const before = await workspace.read('node-api/Dockerfile');
  await using editor = await suite.open(workspace.folder, 'node-api/Dockerfile');
  await editor.lens('node:24').click();
  await editor.menu().filter({ hasText: 'node:24-slim' }).first().click();
  await editor.page.locator('.monaco-diff-editor').waitFor();
  await editor.page.locator('.editor-actions a[aria-label*="Discard"]').click();
  await editor.page.locator('.monaco-diff-editor').waitFor({ state: 'detached' });
  expect(await workspace.read('node-api/Dockerfile')).toBe(before);
});

test('a comparison with a text that has changed since is not applied', async () => {
  await using workspace = await makeWorkspace({ Dockerfile: 'FROM node:24\n' });
  await using editor = await suite.open(workspace.folder, 'Dockerfile');
  await editor.lens('node:24').click();
  await editor.menu().filter({ hasText: 'node:24-slim' }).first().click();
  const original = editor.page.locator('.monaco-diff-editor .original-in-monaco-diff-editor');
  await original.locator('.view-line').first().click();
  await editor.page.keyboard.press('Control+Home');
  await editor.type('# mine\n');
  await editor.page.locator('.editor-actions a[aria-label*="Apply"]').click();
  await editor.page.locator('.notification-toast').filter({ hasText: 'has changed since' }).waitFor();
  await save(editor);
  await expect.poll(() => workspace.read('Dockerfile')).toBe('# mine\nFROM node:24\n');
});

test('the status bar shows the final base and its size', async () => {
  await using workspace = await makeWorkspace();
  await using editor = await suite.open(workspace.folder, 'multi-stage/Dockerfile');
  const item = editor.page.locator('.statusbar-item').filter({ hasText: 'debian:trixie-slim' });
  await item.waitFor();
  expect(await item.innerText()).toMatch(/debian:trixie-slim: [\d.]+ MB/);
});

test('a setting turns the lenses off and on again', async () => {
  await using workspace = await makeWorkspace();
  await using editor = await suite.open(workspace.folder, 'node-api/Dockerfile');
  await editor.lensesWhere((found) => found.length === 1);
  await suite.server.writeSettings({ ...settings, 'plimsoll.codeLens.enabled': false });
  await editor.lensesWhere((found) => found.length === 0);
  await suite.server.writeSettings(settings);
  await editor.lensesWhere((found) => found.length === 1);
});

test('build arguments of the settings reach the lens', async () => {
  await suite.server.writeSettings({ ...settings, 'plimsoll.buildArguments': { GO_VERSION: '1.25' } });
  await using workspace = await makeWorkspace();
  await using editor = await suite.open(workspace.folder, 'go-server/Dockerfile');
  await editor.lensesWhere(([first]) => first !== undefined && sized('golang:1.25').test(first));
});

test.each(['Default High Contrast', 'Default High Contrast Light', 'Default Dark Modern'])(
  'theme %s',
  async (theme) => {
    await suite.server.writeSettings({ ...settings, 'workbench.colorTheme': theme });
    await using workspace = await makeWorkspace();
    await using editor = await suite.open(workspace.folder, 'multi-stage/Dockerfile');
    await editor.lensesWhere((found) => found.length === 4);
    if (theme.includes('High Contrast')) await editor.page.locator('.hc-black, .hc-light').first().waitFor();
    // A lens must be told from its background: 4.5 to 1, as WCAG 2 asks of text.
    expect(await contrast(editor)).toBeGreaterThanOrEqual(theme.includes('High Contrast') ? 7 : 4.5);
    await editor.hoverAt(3, 8);
    await editor.screenshot(`theme-${theme.toLowerCase().replaceAll(' ', '-')}`);
  },
);

test('VS Code says how long activation took', async () => {
  await using workspace = await makeWorkspace();
  await using editor = await suite.open(workspace.folder, 'node-api/Dockerfile');
  await editor.lensesWhere((found) => found.length === 1);
  await editor.command('Developer: Show Running Extensions');
  const row = editor.page.locator('.runtime-extensions-editor .monaco-list-row').filter({ hasText: 'Plimsoll' });
  const text = await row.locator('.activation-time').innerText();
  // A busy machine takes longer, so the figure is printed and not judged: what it depends on is, in bundle.test.ts.
  console.log(text);
  expect(text).toMatch(/\d+ ?ms/);
});

async function save(editor: EditorPage): Promise<void> {
  await editor.page.keyboard.press('Control+S');
}

/** The contrast of the first lens with what is behind it, by WCAG 2's relative luminance. */
async function contrast(editor: EditorPage): Promise<number> {
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
