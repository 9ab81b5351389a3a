import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { EditorPage } from './editorPage.ts';
import { setUpSuite } from './suite.ts';
import { makeWorkspace, type Workspace } from './workspace.ts';

const settings = { 'plimsoll.offline': true };
const suite = setUpSuite(() => Promise.resolve({ trusted: true, settings }));

const text = `FROM debian:trixie
RUN apt-get update && apt-get install -y git
COPY . /app
RUN make
`;

let workspace: Workspace;
let editor: EditorPage;

beforeAll(async () => {
  workspace = await makeWorkspace();
  await workspace.write('weighed/Dockerfile', text);
  await workspace.write('weighed/.dockerignore', 'log\n*.tmp\n');
  await workspace.write('weighed/src/large.js', 'x'.repeat(2_000_000));
  await workspace.write('weighed/log/huge', 'x'.repeat(5_000_000));
  editor = await suite.open(workspace.folder, 'README.md');
});
afterAll(async () => {
  await editor[Symbol.asyncDispose]();
  await workspace[Symbol.asyncDispose]();
});
afterEach(() => workspace.writeSettings({}));

/** What stands behind the text that the user wrote, from top to bottom. */
async function hints(): Promise<string[]> {
  const found = await editor.page.evaluate<{ top: number; text: string }[]>(
    `[...document.querySelectorAll('.view-line span')]
      .filter((element) => /dyn-rule/.test(element.className) && element.children.length === 0)
      .map((element) => ({ top: element.getBoundingClientRect().top, text: element.textContent }))`,
  );
  return found
    .sort((a, b) => a.top - b.top)
    .map((hint) => hint.text.replaceAll('\u00a0', ' ').trim())
    .filter((label) => /^[+≈≥]/.test(label));
}

test('hints say what instructions add, lenses what the image weighs and what the context sends', async () => {
  await editor.openFile('weighed/Dockerfile');
  await expect.poll(hints, { timeout: 20_000 }).toEqual([expect.stringMatching(/^≈ 1[4-8]\d MB$/), '≈ 2 MB']);
  await expect
    .poll(() => editor.lenses(), { timeout: 20_000 })
    .toEqual([
      expect.stringMatching(/^the image: ≥ \d+ MB$/),
      expect.stringMatching(/^debian:trixie/),
      expect.stringMatching(/^2 MB in \d files  ·  src\/large\.js 2 MB/),
    ]);
  await editor.screenshot('weights');
});

test('the hover on an instruction names its largest parts and what is not known', async () => {
  await editor.openFile('weighed/Dockerfile');
  await expect.poll(hints, { timeout: 20_000 }).toHaveLength(2);
  const hover = await editor.hoverAt(2, 2);
  await expect.poll(() => hover.innerText()).toMatch(/Adds about 1\d\d MB, by an estimate/);
  expect(await hover.innerText()).toContain('libperl');
  await editor.screenshot('weights-hover');
  const other = await editor.hoverAt(4, 2);
  await expect.poll(() => other.innerText()).toContain('What make writes is known only when it runs.');
});

test('a file of the context that changes is weighed anew', async () => {
  await editor.openFile('weighed/Dockerfile');
  await expect.poll(hints, { timeout: 20_000 }).toContain('≈ 2 MB');
  await workspace.write('weighed/src/more.js', 'x'.repeat(7_000_000));
  await expect.poll(hints, { timeout: 20_000 }).toContain('≈ 9 MB');
});

test('the hover on a pattern of an ignore file says what it keeps out', async () => {
  await editor.openFile('weighed/.dockerignore');
  const hover = await editor.hoverAt(1, 2);
  await expect.poll(() => hover.innerText()).toContain('Keeps 5 MB in one file out of the build context.');
});

test('images and builds of a Compose file have lenses', async () => {
  const build = 'services:\n  app:\n    build: ../weighed\n  db:\n    image: postgres:17\n';
  await workspace.write('services/compose.yaml', build);
  await editor.openFile('services/compose.yaml');
  await expect
    .poll(() => editor.lenses(), { timeout: 20_000 })
    .toEqual([expect.stringMatching(/^the image: ≥ \d+ MB$/), expect.stringMatching(/^postgres:17  ·  .*on disk/)]);
});

test('a size smell is a problem with its bytes, and a quick fix mends it', async () => {
  const file = 'smells/Dockerfile';
  await workspace.write(file, 'FROM debian:trixie\nRUN apt-get update && apt-get install -y git\n');
  await editor.openFile(file);
  await editor.page.locator('.squiggly-warning').first().waitFor();
  await editor.goTo(2, 8);
  await editor.page.keyboard.press('Control+.');
  const action = editor.page
    .locator('.action-widget .action')
    .filter({ hasText: /Remove the package lists.*saves ≈ 2\d\.?\d* MB/ });
  await action.waitFor();
  await editor.screenshot('quick-fix');
  await action.click();
  await editor.save();
  await expect.poll(() => workspace.read(file)).toContain('rm -rf /var/lib/apt/lists/*');
});

test('all size smells are shown as a comparison, and applied as one edit', async () => {
  const file = 'all/Dockerfile';
  const before = 'FROM debian:trixie\nRUN apt-get update && apt-get install -y git\nRUN pip install flask\n';
  await workspace.write(file, before);
  await editor.openFile(file);
  await editor.page.locator('.squiggly-warning').first().waitFor();
  await editor.command('Plimsoll: Fix All Size Smells');
  await editor.page.locator('.monaco-diff-editor .modified-in-monaco-diff-editor .line-insert').first().waitFor();
  await editor.screenshot('fix-all');
  expect(await workspace.read(file)).toBe(before);
  await editor.page.locator('.editor-actions a[aria-label*="Apply"]').click();
  await editor.page.locator('.monaco-diff-editor').waitFor({ state: 'detached' });
  await editor.save();
  await expect.poll(() => workspace.read(file)).toContain('--no-cache-dir');
});

test('settings turn hints and findings off', async () => {
  await workspace.writeSettings({
    'plimsoll.inlayHints.enabled': false,
    'plimsoll.findings.enabled': false,
  });
  await editor.openFile('weighed/Dockerfile');
  await expect.poll(() => editor.lenses(), { timeout: 20_000 }).toHaveLength(3);
  expect(await hints()).toEqual([]);
  expect(await editor.page.locator('.squiggly-warning').count()).toBe(0);
});
