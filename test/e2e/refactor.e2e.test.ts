import { existsSync } from 'node:fs';
import path from 'node:path';
import type { FrameLocator } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { EditorPage } from './editorPage.ts';
import { setUpSuite } from './suite.ts';
import { makeWorkspace, type Workspace } from './workspace.ts';

const settings = { 'plimsoll.offline': true };
const suite = setUpSuite(() => Promise.resolve({ trusted: true, settings }));

const goFile = `FROM golang:1.26-bookworm
WORKDIR /src
COPY . .
RUN CGO_ENABLED=0 go build -o /hello .
EXPOSE 8080
CMD ["/hello"]
`;
const goProject = {
  'main.go': 'package main\n\nfunc main() { println("hello") }\n',
  'go.mod': 'module hello\n\ngo 1.26\n',
};

let workspace: Workspace;
let editor: EditorPage;

async function project(folder: string, dockerfile: string, files: Readonly<Record<string, string>>): Promise<string> {
  for (const [name, text] of Object.entries(files)) await workspace.write(`${folder}/${name}`, text);
  await workspace.write(`${folder}/Dockerfile`, dockerfile);
  return `${folder}/Dockerfile`;
}

beforeAll(async () => {
  workspace = await makeWorkspace();
  editor = await suite.open(workspace.folder, 'README.md');
});
afterAll(async () => {
  await editor[Symbol.asyncDispose]();
  await workspace[Symbol.asyncDispose]();
});

/** The page beside the comparison: a frame in a frame. */
function rationale(): FrameLocator {
  return editor.page.locator('iframe.webview.ready').last().contentFrame().frameLocator('iframe#active-frame');
}

/** Applies from the page; the Dockerfile is then in front. */
async function apply(): Promise<void> {
  await rationale().getByRole('button', { name: 'Apply' }).click();
  await editor.page.locator('.monaco-diff-editor').waitFor({ state: 'detached' });
  await editor.page.locator('iframe.webview').waitFor({ state: 'detached' });
  await editor.page.locator('.tab.active').filter({ hasText: 'Dockerfile' }).waitFor();
  await editor.page.locator('.editor-instance .monaco-editor.focused').waitFor();
}

const lines = () => editor.page.locator('.monaco-diff-editor .modified-in-monaco-diff-editor .line-insert').first();

test('a lens says what the image would weigh; its comparison is applied, and undone in one step', async () => {
  const file = await project('go', goFile, goProject);
  await editor.openFile(file);
  await expect
    .poll(() => editor.lenses(), { timeout: 20_000 })
    .toContainEqual(expect.stringMatching(/^Convert to multi-stage: ≥ 8\d\d MB → [≈≥] \d+(\.\d+)? MB$/));
  await editor.screenshot('refactor-lens');
  await editor.lens(/^Convert to multi-stage/).click();
  await lines().waitFor();
  const page = rationale();
  await page.getByRole('heading', { level: 1 }).waitFor();
  expect(await page.locator('body').innerText()).toMatch(
    /What goes where[^]*distroless\/static-debian12[^]*What to test/,
  );
  await editor.page.waitForTimeout(500);
  await editor.screenshot('refactor-preview');
  await workspace.writeSettings({ 'workbench.colorTheme': 'Default Dark Modern' });
  await editor.page.locator('.monaco-workbench.vs-dark').waitFor();
  await editor.page.waitForTimeout(500);
  await editor.screenshot('refactor-preview-dark');
  await workspace.writeSettings({});
  expect(await workspace.read(file)).toBe(goFile);

  await apply();
  await editor.save();
  await expect.poll(() => workspace.read(file), { timeout: 20_000 }).toContain('COPY --from=build /hello /hello');
  await editor.page.keyboard.press('Control+Z');
  await editor.save();
  await expect.poll(() => workspace.read(file), { timeout: 20_000 }).toBe(goFile);
});

test('the light bulb of the final stage offers it too', async () => {
  await editor.openFile(await project('bulb', goFile, goProject));
  await expect.poll(() => editor.lens(/^Convert to multi-stage/).count(), { timeout: 20_000 }).toBe(1);
  await editor.goTo(5, 3);
  await editor.page.keyboard.press('Control+.');
  const action = editor.page.locator('.action-widget .action').filter({ hasText: /Convert to multi-stage: .* …/ });
  await action.waitFor();
  await editor.page.keyboard.press('Escape');
});

test('a file that changes after the comparison was made is compared anew, and not edited', async () => {
  const file = await project('stale', goFile, goProject);
  await editor.openFile(file);
  await editor.command('Plimsoll: Convert to Multi-Stage');
  await lines().waitFor();
  const changed = goFile.replace('EXPOSE 8080', 'EXPOSE 9090');
  await workspace.write(file, changed);
  await editor.page.locator('.monaco-diff-editor').filter({ hasText: '9090' }).waitFor();
  await rationale().getByRole('button', { name: 'Apply' }).click();
  await editor.page.locator('.notification-list-item-message').filter({ hasText: 'made anew' }).waitFor();
  expect(await workspace.read(file)).toBe(changed);
  await editor.command('Notifications: Clear All Notifications');
  await apply();
  await editor.save();
  await expect
    .poll(() => workspace.read(file), { timeout: 20_000 })
    .toMatch(/COPY --from=build \/hello \/hello\nEXPOSE 9090/);
});

test('an answer can be changed, and the comparison follows', async () => {
  const text = 'FROM gcc:14-bookworm\nCOPY hello.c .\nRUN gcc -o hello hello.c\nCMD ["./hello"]\n';
  const file = await project('c', text, { 'hello.c': 'int main(void) { return 0; }\n' });
  await editor.openFile(file);
  await editor.command('Plimsoll: Convert to Multi-Stage');
  await lines().waitFor();
  await rationale().getByText('Link the program statically?').waitFor();
  await rationale().getByRole('button', { name: 'Change Answers' }).click();
  await editor.menu().first().waitFor();
  await editor.screenshot('refactor-answers');
  expect(await editor.menu().first().innerText()).toMatch(/^No: .*proposed.*A static program needs no C library/s);
  await editor.menu().filter({ hasText: 'Yes' }).click();
  await editor.page
    .locator('.monaco-diff-editor .modified-in-monaco-diff-editor')
    .filter({ hasText: '-static' })
    .waitFor();
  await rationale().getByRole('button', { name: 'Discard' }).click();
  await editor.page.locator('.monaco-diff-editor').waitFor({ state: 'detached' });
  await expect.poll(() => editor.page.locator('iframe.webview').count()).toBe(0);
  expect(await workspace.read(file)).toBe(text);
});

test('everything at once changes the Dockerfile and makes the ignore file; one undo takes both back', async () => {
  const text = `FROM python:3.12-bookworm
WORKDIR /app
COPY . .
RUN pip install flask
CMD ["python", "app.py"]
`;
  const file = await project('both', text, { 'app.py': 'print("hello")\n', '.git/HEAD': 'ref: refs/heads/main\n' });
  const ignore = path.join(workspace.folder, 'both/.dockerignore');
  await editor.openFile(file);
  await editor.command('Plimsoll: Make the Image Small');
  await lines().waitFor();
  await rationale().getByRole('link', { name: '.dockerignore' }).click();
  await editor.page.locator('.tab').filter({ hasText: '.dockerignore (new)' }).waitFor();
  await editor.screenshot('refactor-ignore-file');
  await apply();
  await expect.poll(() => existsSync(ignore), { timeout: 20_000 }).toBe(true);
  await editor.save();
  await expect.poll(() => workspace.read(file), { timeout: 20_000 }).not.toBe(text);
  await editor.page.keyboard.press('Control+Z');
  const both = editor.page.locator('.monaco-dialog-box .monaco-button').filter({ hasText: /Undo in \d Files/ });
  await both
    .or(editor.page.locator('.view-lines').filter({ hasText: 'python:3.12-bookworm' }))
    .first()
    .waitFor();
  if (await both.isVisible()) await both.click();
  await editor.save();
  await expect.poll(() => workspace.read(file), { timeout: 20_000 }).toBe(text);
  await expect.poll(() => existsSync(ignore), { timeout: 20_000 }).toBe(false);
});

test('a question is asked first, with the proposed answer in its box', async () => {
  const text = `FROM node:20-trixie-slim
WORKDIR /site
COPY package.json package-lock.json ./
RUN npm ci
COPY . .
RUN npm run build
EXPOSE 8000
CMD ["npx", "serve", "dist"]
`;
  const file = await project('site', text, {
    'package.json': '{ "scripts": { "build": "node build.js" }, "devDependencies": { "serve": "14.2.4" } }',
    'package-lock.json': '{ "lockfileVersion": 3, "packages": {} }',
    'build.js': 'fs.copyFileSync("page.html", "dist/index.html");\n',
    'page.html': '<h1>Tides</h1>\n',
  });
  await editor.openFile(file);
  await editor.command('Plimsoll: Convert to Multi-Stage');
  const box = editor.page.locator('.quick-input-widget').filter({ hasText: 'On which port' });
  await box.waitFor();
  await editor.screenshot('refactor-question');
  expect(await box.locator('input[type=text]').inputValue()).toBe('3000');
  await editor.page.keyboard.press('Enter');
  await lines().waitFor();
  await rationale().getByText('On which port').waitFor();
  await rationale().getByRole('button', { name: 'Discard' }).click();
  await editor.page.locator('.monaco-diff-editor').waitFor({ state: 'detached' });
  expect(await workspace.read(file)).toBe(text);
});

test('a refusal names the line and leads to it', async () => {
  const text = goFile.replace('EXPOSE 8080', 'RUN curl -fsSL https://example.com/install.sh | sh');
  await editor.openFile(await project('refused', text, goProject));
  await editor.command('Plimsoll: Convert to Multi-Stage');
  const message = editor.page
    .locator('.notification-list-item')
    .filter({ hasText: 'Convert to multi-stage: not here.' });
  await message.waitFor();
  await editor.screenshot('refactor-refusal');
  await message.locator('a.monaco-button').filter({ hasText: 'Go to line' }).click();
  await expect
    .poll(() =>
      editor.page
        .locator('.statusbar-item')
        .filter({ hasText: /^Ln 5, / })
        .count(),
    )
    .toBe(1);
  expect(existsSync(path.join(workspace.folder, 'refused/.dockerignore'))).toBe(false);
  await editor.command('Notifications: Clear All Notifications');
});
