/** Makes the pictures of the README anew: `node test/e2e/pictures.ts`. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { wastefulService } from '../helpers/explorerImage.ts';
import { writeSparseArchive } from '../helpers/sparseArchive.ts';
import { launchBrowser } from './browser.ts';
import { startCodeServer } from './codeServer.ts';
import { EditorPage } from './editorPage.ts';
import { ExplorerInEditor } from './explorerInEditor.ts';
import { buildVsix } from '../tools/vsix.ts';
import { showWeights, tables, writeTables } from './pictureOfWeights.ts';
import { makeWorkspace } from './workspace.ts';

const target = path.join(import.meta.dirname, '../../media/readme');
const settings = {
  'plimsoll.offline': true,
  'editor.minimap.enabled': false,
  'window.commandCenter': false,
  'workbench.activityBar.location': 'hidden',
  'workbench.sideBar.location': 'right',
};

const dockerfile = `FROM golang:1.26-alpine AS build
WORKDIR /src
COPY . .
RUN go build -o /out/server .

FROM node:24
WORKDIR /app
COPY . .
COPY --from=build /out/server /usr/local/bin/
CMD ["node", "server.js"]
`;

/** What the image of the explorer's pictures was built from. */
const wasteful = `FROM node:22-bookworm-slim
RUN apt-get update && apt-get install -y build-essential python3 git curl
COPY . /app
RUN npm ci
RUN npm run build && npm prune --omit=dev
RUN chown -R node:node /app/fixtures /app/dist
RUN rm -rf /var/lib/apt/lists/* /root/.npm && apt-get clean
CMD ["node", "dist/server.js"]
`;

/** The project that is converted to multi-stage. */
const tides = {
  'tides/Dockerfile': `FROM golang:1.26-bookworm
WORKDIR /src
COPY go.mod .
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -o /usr/local/bin/tides .
# The harbour master's network.
EXPOSE 8080
USER 10001
CMD ["tides"]
`,
  'tides/go.mod': 'module example.com/tides\n\ngo 1.26\n',
  'tides/main.go': `package main

import "net/http"

func main() {
\thttp.ListenAndServe(":8080", http.FileServer(http.Dir("/srv/tables")))
}
`,
};

/** Takes a picture of a window of a size, once what fades in has faded in. */
async function take({ page }: EditorPage, name: string, width: number, height: number): Promise<void> {
  await page.setViewportSize({ width, height });
  await page.waitForTimeout(1500);
  await page.screenshot({ path: path.join(target, `${name}.png`) });
}

async function picturesOfBases(editor: EditorPage): Promise<void> {
  const { page } = editor;
  await page.setViewportSize({ width: 960, height: 540 });
  await page.locator('.codelens-decoration').first().waitFor();
  await editor.command('View: Close Primary Side Bar');
  await editor.hoverAt(6, 6);
  await take(editor, 'hover', 960, 540);

  await page.keyboard.press('Escape');
  await editor.lens('node:24').click();
  await editor.menu().filter({ hasText: 'node:24-slim' }).first().click();
  await page.locator('.monaco-diff-editor .modified-in-monaco-diff-editor .line-insert').first().waitFor();
  await take(editor, 'preview', 1040, 360);
}

async function picturesOfLayers(editor: EditorPage): Promise<void> {
  const { page } = editor;
  const explorer = new ExplorerInEditor(editor);
  await page.setViewportSize({ width: 1600, height: 900 });
  await page.locator('.codelens-decoration').first().waitFor();
  await explorer.explore('orders.tar');
  await explorer.page.locator('.layer', { hasText: 'npm ci' }).click();
  await explorer.command('View: Close Primary Side Bar');
  await explorer.expectNames(explorer.files, ['app', 'root']);
  await explorer.files.focus();
  for (const key of ['ArrowDown', 'ArrowRight', 'ArrowDown', 'ArrowRight', 'ArrowDown']) {
    await page.keyboard.press(key);
    await page.waitForTimeout(300);
  }
  await page.mouse.move(0, 0);
  await take(editor, 'layers', 1500, 720);

  await page.locator('.tab', { hasText: 'Dockerfile' }).click({ button: 'middle' });
  await explorer.tab('Treemap');
  await explorer.page.locator('.cell-box').first().waitFor();
  await take(editor, 'treemap', 1280, 720);
}

async function pictureOfRefactoring(editor: EditorPage): Promise<void> {
  const { page } = editor;
  await page.setViewportSize({ width: 1280, height: 560 });
  await editor.command('View: Close Primary Side Bar');
  await editor.lens(/^Convert to multi-stage/).click();
  const rationale = page.locator('iframe.webview.ready').contentFrame().frameLocator('iframe#active-frame');
  await rationale.getByRole('heading', { level: 1 }).waitFor();
  await take(editor, 'refactoring', 1280, 560);
}

const folder = await mkdtemp(path.join(os.tmpdir(), 'plimsoll-pictures-'));
const vsix = process.env.PLIMSOLL_VSIX ?? path.join(folder, 'plimsoll.vsix');
if (process.env.PLIMSOLL_VSIX === undefined) buildVsix(vsix);
await mkdir(target, { recursive: true });
{
  await using workspace = await makeWorkspace({
    'harbour/Dockerfile': dockerfile,
    'orders/Dockerfile': wasteful,
    ...tides,
  });
  writeSparseArchive(path.join(workspace.folder, 'orders.tar'), 'shop/orders:2.4.0', wastefulService);
  await using server = await startCodeServer({ vsix, trusted: true, settings });
  await using browser = await launchBrowser();
  {
    await using editor = await EditorPage.open(browser, server, workspace.folder, 'harbour/Dockerfile');
    await picturesOfBases(editor);
  }
  {
    await using editor = await EditorPage.open(browser, server, workspace.folder, 'tides/Dockerfile');
    await pictureOfRefactoring(editor);
  }
  {
    await using editor = await EditorPage.open(browser, server, workspace.folder, 'orders/Dockerfile');
    await picturesOfLayers(editor);
  }
  await writeTables(workspace);
  await workspace.writeSettings({ 'plimsoll.gutter.enabled': true });
  await using editor = await EditorPage.open(browser, server, workspace.folder, tables);
  await editor.page.setViewportSize({ width: 1200, height: 660 });
  await showWeights(editor);
  await take(editor, 'weights', 1200, 660);
}
await rm(folder, { recursive: true, force: true });
