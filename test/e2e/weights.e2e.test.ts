import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { EditorPage } from './editorPage.ts';
import { setUpSuite } from './suite.ts';
import { startFakeEngine } from '../helpers/fakeEngine.ts';
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
  await workspace.write('.devcontainer/devcontainer.json', '{\n  // The base.\n  "image": "debian:trixie"\n}\n');
  await workspace.write('built/.devcontainer.json', '{ "build": { "dockerfile": "../weighed/Dockerfile" } }\n');
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
      expect.stringMatching(/^sends 2 MB in \d files  ·  ships all  ·  src\/large\.js 2 MB/),
    ]);
  await editor.screenshot('weights');
});

test('the hover on an instruction names its largest parts and what is not known', async () => {
  await editor.openFile('weighed/Dockerfile');
  await expect.poll(hints, { timeout: 20_000 }).toHaveLength(2);
  const hover = await editor.hoverAt(2, 2, /Adds about 1\d\d MB, by an estimate/);
  expect(await hover.innerText()).toContain('libperl');
  await editor.screenshot('weights-hover');
  await editor.hoverAt(4, 2, 'What make writes is known only when it runs.');
});

test('a file of the context that changes is weighed anew', async () => {
  await editor.openFile('weighed/Dockerfile');
  await expect.poll(hints, { timeout: 20_000 }).toContain('≈ 2 MB');
  await workspace.write('weighed/src/more.js', 'x'.repeat(7_000_000));
  await expect.poll(hints, { timeout: 20_000 }).toContain('≈ 9 MB');
});

test('the hover on a pattern of an ignore file says what it keeps out', async () => {
  await editor.openFile('weighed/.dockerignore');
  await editor.hoverAt(1, 2, 'Keeps 5 MB in one file out of the build context.');
});

test('images and builds of a Compose file have lenses', async () => {
  const build = 'services:\n  app:\n    build: ../weighed\n  db:\n    image: postgres:17\n';
  await workspace.write('services/compose.yaml', build);
  await editor.openFile('services/compose.yaml');
  await expect
    .poll(() => editor.lenses(), { timeout: 20_000 })
    .toEqual([expect.stringMatching(/^the image: ≥ \d+ MB$/), expect.stringMatching(/^postgres:17  ·  .*on disk/)]);
});

test('the image of a development container has one, and what its Dockerfile makes', async () => {
  await editor.openFile('.devcontainer/devcontainer.json');
  await expect
    .poll(() => editor.lenses(), { timeout: 20_000 })
    .toEqual([expect.stringMatching(/^debian:trixie  ·  .*on disk/)]);
  await editor.openFile('built/.devcontainer.json');
  await expect
    .poll(() => editor.lenses(), { timeout: 20_000 })
    .toEqual([expect.stringMatching(/^the image: ≥ \d+ MB$/)]);
});

test('what was copied into a stage and is copied on has its weight', async () => {
  const file = 'staged/Dockerfile';
  await workspace.write('staged/src/large.js', 'x'.repeat(3_000_000));
  await workspace.write(file, 'FROM debian:trixie AS files\nCOPY . /app\nFROM scratch\nCOPY --from=files /app/src /\n');
  await editor.openFile(file);
  await expect.poll(hints, { timeout: 20_000 }).toEqual(['≈ 3 MB', '≈ 3 MB']);
  await expect.poll(() => editor.lenses()).toContainEqual(expect.stringMatching(/ships none by itself/));
});

test('the lens of the image says what typing changes of it', async () => {
  const file = 'typed/Dockerfile';
  await workspace.write('typed/src/large.js', 'x'.repeat(3_000_000));
  await workspace.write(file, 'FROM debian:trixie\nCOPY src /app\n');
  await editor.openFile(file);
  await expect.poll(hints, { timeout: 20_000 }).toEqual(['≈ 3 MB']);
  await editor.goTo(3, 1);
  await editor.type('COPY src /more');
  await expect
    .poll(() => editor.lenses(), { timeout: 20_000 })
    .toContainEqual(expect.stringMatching(/^the image: ≈ \d+ MB  ·  \+3 MB since it was saved$/));
  await editor.screenshot('weights-change');
  await editor.save();
  await expect.poll(() => editor.lenses()).not.toContainEqual(expect.stringMatching(/since it was saved/));
});

test('patterns without effect are faded, and a source that an ignore file hides is a problem', async () => {
  await workspace.write('hiding/.dockerignore', 'dist\nnothing-of-the-kind\n[\n');
  await workspace.write('hiding/dist/app.js', 'x'.repeat(1000));
  await workspace.write('hiding/Dockerfile', 'FROM debian:trixie\nCOPY dist /app\n');
  await editor.openFile('hiding/.dockerignore');
  await editor.page.locator('.squiggly-warning').first().waitFor();
  // By the pointer: a hover that is there at once goes away again with the palette that asked for it.
  const hoverText = (text: string) => async (): Promise<string> => {
    await editor.page.mouse.move(0, 0);
    await editor.page.locator('.view-line span span').filter({ hasText: text }).first().hover();
    const hover = editor.page.locator('.monaco-hover:not(.hidden)').filter({ hasText: /\S/ }).first();
    return hover.innerText({ timeout: 2000 }).catch(() => '');
  };
  const useless =
    /This pattern keeps nothing out[^]*Keeps nothing out of the build context\.|Keeps nothing[^]*This pattern keeps/;
  await expect.poll(hoverText('nothing-of-the-kind'), { timeout: 20_000 }).toMatch(useless);
  await editor.screenshot('ignore-hover');
  await expect.poll(hoverText('['), { timeout: 20_000 }).toContain('Builders refuse the pattern');
  await editor.screenshot('ignore-file');
  await editor.openFile('hiding/Dockerfile');
  await editor.page.locator('.squiggly-warning').first().waitFor();
  await expect
    .poll(hoverText('dist'), { timeout: 20_000 })
    .toContain('.dockerignore keeps it out of the build context');
});

test('bars in the margin follow the bytes, if they are wanted', async () => {
  const bars = (): Promise<string[]> =>
    editor.page.evaluate<string[]>(
      `[...document.querySelectorAll('.glyph-margin-widgets > *')]
        .map((element) => getComputedStyle(element).backgroundImage)
        .filter((image) => image.includes('data:image/svg'))
        .map((image) => /width="([\\d.]+)" height="5" rx="1" fill/.exec(atob(/base64,([^"]+)/.exec(image)[1]).split('<rect')[2])[1])`,
    );
  await editor.openFile('weighed/Dockerfile');
  await expect.poll(hints, { timeout: 20_000 }).toHaveLength(2);
  expect(await bars()).toEqual([]);
  await workspace.writeSettings({ 'plimsoll.gutter.enabled': true });
  // The heaviest has a whole bar, and what is little the shortest.
  await expect.poll(bars, { timeout: 20_000 }).toEqual(['14', '1.75']);
  await editor.screenshot('gutter');
});

test('an image of the engine is linked to a Dockerfile, remembered, and let go', async () => {
  const ids = ['a', 'b'].map((digit) => `sha256:${digit.repeat(64)}`) as [string, string];
  const inspected = (Id: string, name: string) => ({
    ...{ Id, RepoTags: [name], Os: 'linux', Architecture: 'amd64' },
    RootFS: { Layers: ['sha256:1', 'sha256:2', 'sha256:3'] },
  });
  const history = (command: string, bytes: number) => [
    { Created: 3, CreatedBy: command, Size: bytes },
    { Created: 2, CreatedBy: 'RUN first', Size: 7_000_000 },
    { Created: 1, CreatedBy: 'ADD file in /', Size: 1000 },
  ];
  await using engine = await startFakeEngine({
    '/images/json': [
      { Id: ids[0], RepoTags: ['harbour:1'], Created: 2, Size: 12_000_000 },
      { Id: ids[1], RepoTags: ['other:1'], Created: 1, Size: 99_000_000 },
    ],
    [`/images/${ids[0]}/json`]: inspected(ids[0], 'harbour:1'),
    [`/images/${ids[0]}/history`]: history('RUN second', 5_000_000),
    [`/images/${ids[1]}/json`]: inspected(ids[1], 'other:1'),
    [`/images/${ids[1]}/history`]: history('RUN else', 92_000_000),
  });
  await workspace.write('linked/Dockerfile', 'FROM debian:trixie\nRUN first\nRUN second\n');
  await workspace.writeSettings({ 'plimsoll.offline': false, 'plimsoll.engine.host': engine.host });
  await editor.openFile('linked/Dockerfile');
  await expect.poll(hints, { timeout: 20_000 }).toEqual(['+7 MB', '+5 MB']);
  await editor.screenshot('measured');
  await editor.command('Plimsoll: Link Image…');
  await expect.poll(() => editor.menu().allInnerTexts(), { timeout: 20_000 }).toHaveLength(2);
  await editor.screenshot('link-image');
  await editor.menu().filter({ hasText: 'other:1' }).click();
  await expect.poll(hints, { timeout: 20_000 }).toEqual(['+7 MB']);
  await editor.lens('the image:').click();
  await editor.menu().filter({ hasText: 'No longer link other:1' }).click();
  await expect.poll(hints, { timeout: 20_000 }).toEqual(['+7 MB', '+5 MB']);
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
