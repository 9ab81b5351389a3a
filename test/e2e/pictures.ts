/** Makes the pictures of the README anew: `node test/e2e/pictures.ts`. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { launchBrowser } from './browser.ts';
import { startCodeServer } from './codeServer.ts';
import { EditorPage } from './editorPage.ts';
import { buildVsix } from '../tools/vsix.ts';
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

const folder = await mkdtemp(path.join(os.tmpdir(), 'plimsoll-pictures-'));
const vsix = process.env.PLIMSOLL_VSIX ?? path.join(folder, 'plimsoll.vsix');
if (process.env.PLIMSOLL_VSIX === undefined) buildVsix(vsix);
await mkdir(target, { recursive: true });
{
  await using workspace = await makeWorkspace({ 'harbour/Dockerfile': dockerfile });
  await using server = await startCodeServer({ vsix, trusted: true, settings });
  await using browser = await launchBrowser();
  await using editor = await EditorPage.open(browser, server, workspace.folder, 'harbour/Dockerfile');
  const { page } = editor;
  await page.setViewportSize({ width: 960, height: 540 });
  await page.locator('.codelens-decoration').first().waitFor();
  await editor.command('View: Close Primary Side Bar');
  await editor.hoverAt(6, 6);
  await page.waitForTimeout(1000); // What fades in has faded in.
  await page.screenshot({ path: path.join(target, 'hover.png') });

  await page.keyboard.press('Escape');
  await editor.lens('node:24').click();
  await editor.menu().filter({ hasText: 'node:24-slim' }).first().click();
  await page.locator('.monaco-diff-editor .modified-in-monaco-diff-editor .line-insert').first().waitFor();
  await page.setViewportSize({ width: 1040, height: 360 });
  await page.waitForTimeout(1000);
  await page.screenshot({ path: path.join(target, 'preview.png') });
}
await rm(folder, { recursive: true, force: true });
