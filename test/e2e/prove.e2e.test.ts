import { copyFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { compiled, hello } from '../helpers/compiled.ts';
import { importImage, send, startEngine, type TestEngine } from '../helpers/engine.ts';
import { tarOf } from '../helpers/ociImage.ts';
import type { EditorPage } from './editorPage.ts';
import { setUpSuite } from './suite.ts';
import { makeWorkspace, type Workspace } from './workspace.ts';

let engine: TestEngine;
const suite = setUpSuite(async () => {
  engine = await startEngine();
  // The builder of the engine itself: no client of this machine has a part in it.
  const env = { DOCKER_HOST: engine.host, DOCKER_BUILDKIT: '0' };
  return { trusted: true, env, settings: { 'files.autoSave': 'off' } };
});
let workspace: Workspace;
let editor: EditorPage;

beforeAll(async () => {
  workspace = await makeWorkspace({ 'app/Dockerfile': 'FROM scratch\nCOPY debug /app\nCMD ["/app"]\n' });
  const put = async (name: string, flags: readonly string[]): Promise<void> =>
    writeFile(path.join(workspace.folder, 'app', name), await compiled(hello, { flags }), { mode: 0o755 });
  await put('debug', ['-static', '-g3']);
  await put('hello', ['-static', '-s']);
  editor = await suite.open(workspace.folder, 'app/Dockerfile');
});
afterAll(async () => {
  await editor[Symbol.asyncDispose]();
  await workspace[Symbol.asyncDispose]();
  await engine[Symbol.asyncDispose]();
});

async function imageNames(): Promise<string[]> {
  const images = JSON.parse(await send(engine, 'GET', '/images/json')) as { RepoTags: string[] | null }[];
  return images.flatMap(({ RepoTags }) => RepoTags ?? []).toSorted();
}

test('a change that is not saved is built beside what is saved; the report, the images, and nothing left', async () => {
  const { page } = editor;
  await editor.expectLenses(['scratch: 0 B']);
  await editor.goTo(2, 6);
  await page.keyboard.press('Control+Shift+ArrowRight');
  await editor.type('hello');
  await editor.command('Plimsoll: Prove It: Build Before and After…');
  const pick = page.locator('.quick-input-widget');
  await pick.locator('.monaco-list-row', { hasText: 'As it is saved' }).click();
  await pick.locator('.monaco-list-row', { hasText: 'Start both for 5 seconds' }).click();
  await pick.getByRole('button', { name: 'OK' }).click();
  await page.locator('.tab.active', { hasText: 'Proof of Dockerfile' }).waitFor({ timeout: 60_000 });
  const frame = page.locator('iframe.webview.ready').last().contentFrame().frameLocator('iframe#active-frame');
  await frame.getByRole('heading', { level: 1, name: /^Works: .* → .* \(−/ }).waitFor();
  expect(await frame.locator('body').innerText()).toMatch(/Started\s+status 0\s+status 0/);
  await editor.screenshot('prove-report');
  expect(await imageNames()).toEqual([
    expect.stringMatching(/^plimsoll-prove-[0-9a-f]{12}:after$/),
    expect.stringMatching(/^plimsoll-prove-[0-9a-f]{12}:before$/),
  ]);

  const notice = page.locator('.notification-toast', { hasText: 'Dockerfile works' });
  await notice.getByRole('button', { name: 'Compare the Images' }).click();
  await page.locator('.tab.active', { hasText: 'Layers:' }).waitFor();
  // A page of an extension keeps the keys of the editor to itself.
  await page
    .locator('.explorer-folders-view')
    .first()
    .click({ position: { x: 100, y: 400 } });
  await expect.poll(() => page.evaluate('document.activeElement.tagName')).not.toBe('IFRAME');
  await editor.command('View: Close All Editors');
  await page.getByRole('button', { name: "Don't Save" }).click();
  await expect.poll(imageNames, { timeout: 20_000 }).toEqual([]);
});

test('cancelling a build ends it and leaves nothing', async () => {
  const { page } = editor;
  const sleeper = '#include <unistd.h>\nint main(void) { sleep(600); return 0; }\n';
  await writeFile(path.join(workspace.folder, 'app', 'sleeper'), await compiled(sleeper, { flags: ['-static'] }), {
    mode: 0o755,
  });
  await editor.openFile('app/Dockerfile');
  await editor.goTo(1, 1);
  await editor.type('FROM scratch AS hangs\nCOPY sleeper /\nRUN ["/sleeper"]\n');
  await editor.command('Plimsoll: Prove It: Build Before and After…');
  const pick = page.locator('.quick-input-widget');
  await pick.locator('.monaco-list-row', { hasText: 'As it is saved' }).click();
  await pick.getByRole('button', { name: 'OK' }).click();
  const progress = page.locator('.notification-toast', { hasText: 'building the image after' });
  await progress.getByRole('button', { name: 'Cancel' }).click();
  await progress.waitFor({ state: 'detached' });
  await expect.poll(imageNames, { timeout: 20_000 }).toEqual([]);
  await editor.command('File: Revert File');
});

test('the change of a refactoring is proved from its comparison', async () => {
  const { page } = editor;
  const text = 'FROM debian:trixie\nCOPY hello /hello\nCMD ["/hello"]\n';
  await workspace.write('tides/Dockerfile', text);
  await copyFile(path.join(workspace.folder, 'app/hello'), path.join(workspace.folder, 'tides/hello'));
  // Nothing can be pulled: images of these names, of which a static program needs nothing.
  const bases = ['debian:trixie', 'debian:trixie-slim'];
  const release = tarOf({ 'etc/os-release': 'ID=debian\nVERSION_ID="13"\n' });
  for (const base of bases) await importImage(engine, base, release);

  await editor.openFile('tides/Dockerfile');
  await editor.command('Plimsoll: Swap in a Minimal Base');
  const changed = page.locator('.monaco-diff-editor .modified-in-monaco-diff-editor .line-insert');
  await changed.first().waitFor();
  const frame = page.locator('iframe.webview.ready').last().contentFrame().frameLocator('iframe#active-frame');
  await frame.getByRole('button', { name: 'Prove It' }).click();
  const pick = page.locator('.quick-input-widget');
  await pick.locator('.monaco-list-row', { hasText: 'Start both for 5 seconds' }).click();
  await pick.getByRole('button', { name: 'OK' }).click();
  await page.locator('.tab.active', { hasText: 'Proof of Dockerfile' }).waitFor({ timeout: 60_000 });
  await frame.getByRole('heading', { level: 1, name: /^Works: / }).waitFor();
  expect(await frame.locator('body').innerText()).toMatch(/Started\s+status 0\s+status 0/);
  await editor.screenshot('prove-refactoring');
  expect(await workspace.read('tides/Dockerfile')).toBe(text);
});
