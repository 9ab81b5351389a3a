import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { limits } from '../../src/protocol/explorer.ts';
import { hostileLayer, wastefulService } from '../helpers/explorerImage.ts';
import { millionRows } from '../helpers/millionRows.ts';
import { launchBrowser } from './browser.ts';
import { TestHost } from './explorerHost.ts';
import { buildPage, ExplorerWindow, type OpenOptions } from './explorerPage.ts';
import type { ThemeName } from './editorThemes.ts';

const service = { layers: [...wastefulService, hostileLayer], baseLayers: 3 };
let browser: Browser;
let script: string;

beforeAll(async () => {
  [browser, script] = await Promise.all([launchBrowser(), buildPage()]);
});
afterAll(() => browser.close());

function open(host: TestHost, options: OpenOptions = {}): Promise<ExplorerWindow> {
  return ExplorerWindow.open(browser, script, host, options);
}

function grid(page: Page): Locator {
  return page.getByRole('treegrid', { name: 'Files' });
}

/** The names in the rows of the files, from top to bottom. */
function names(page: Page): Promise<string[]> {
  return grid(page).locator('.grid-body .name').allInnerTexts();
}

async function selectedName(page: Page): Promise<string> {
  return grid(page).locator('.row.selected .name').innerText();
}

/** Waits until something is so: messages are under way. */
async function until<T>(look: () => Promise<T> | T, wanted: T): Promise<void> {
  await expect.poll(look, { timeout: 20_000, interval: 20 }).toEqual(wanted);
}

test('the script is small', () => {
  expect(script.length).toBeLessThan(200_000);
});

describe('accessibility', () => {
  const themes: readonly ThemeName[] = ['dark', 'light', 'high-contrast', 'high-contrast-light'];
  test.each(themes)('no finding in the theme %s, and nothing that the policy forbids', async (theme) => {
    const host = new TestHost({ ...service, compared: wastefulService.slice(0, 3), read: 9 });
    await using window = await open(host, { theme });
    const { page } = window;
    const problems = (): Promise<string[]> => window.accessibilityProblems(theme === 'dark' ? 'all' : 'of colors');
    expect(await problems()).toEqual([]);
    await window.tab('Files');
    await host.readLayer();
    await page.locator('.base').click();
    await page.locator('.layer').nth(5).click();
    await until(() => selectedLayer(page), '6');
    await grid(page).focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('*');
    await until(async () => (await names(page)).length > 20, true);
    expect(await problems()).toEqual([]);
    await page.keyboard.press('Shift+F10');
    await page.getByRole('menu').waitFor();
    expect(await problems()).toEqual([]);
    await page.keyboard.press('Escape');
    for (const [tab, content] of [
      ['Treemap', '.cell-box'],
      ['Waste', '.waste-view .row-wasted'],
      ['Compare', '.compare-view .row-directory'],
    ] as const) {
      await window.tab(tab);
      await page.locator(content).first().waitFor();
      expect(await problems(), tab).toEqual([]);
    }
    await host.page!.failed({ step: 'read', message: 'The engine went away.', offers: ['retry', 'choose-source'] });
    await page.getByRole('alert').filter({ hasText: 'The engine went away.' }).waitFor();
    expect(await problems()).toEqual([]);
    expect([window.complaints, await window.violations()]).toEqual([[], []]);
  });
  test.each([
    ['narrow', 420],
    ['wide', 1800],
  ])('no finding in a %s page, and nothing sticks out of it', async (_title, width) => {
    await using window = await open(new TestHost(service), { width });
    for (const tab of ['Files', 'Treemap', 'Waste', 'Compare']) {
      await window.tab(tab);
      expect(await window.accessibilityProblems(), tab).toEqual([]);
      const overflow = await window.page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
      expect(overflow, tab).toBeLessThanOrEqual(0);
    }
  });
});

function selectedLayer(page: Page): Promise<string> {
  return page.locator('.layer.selected .layer-number').innerText();
}

describe('layers', () => {
  test('those of the base are folded; the rest tells its bytes and its waste', async () => {
    await using window = await open(new TestHost(service));
    const { page } = window;
    expect(await page.locator('.layer .layer-number').allInnerTexts()).toEqual(['4', '5', '6', '7', '8', '9', '10']);
    expect(await page.locator('.base').innerText()).toContain('node:22-bookworm-slim');
    expect(await page.locator('.layer').nth(2).innerText()).toMatch(/RUN\s+npm ci\s+188 MB\s+.*line 8\s+114 MB wasted/);
    await page.getByRole('tree', { name: 'Layers' }).focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowRight');
    await until(() => page.locator('.layer').count(), 10);
  });
  test('selecting shows what a layer holds; Enter goes to its line', async () => {
    const host = new TestHost(service);
    await using window = await open(host);
    const { page } = window;
    await page.locator('.layer', { hasText: 'npm run build' }).click();
    await until(() => names(page), ['app']);
    await page.keyboard.press('Enter');
    await until(() => host.asked, ['goToLine {"layer":6}']);
    await page.getByRole('button', { name: 'Go to line' }).click();
    await until(() => host.asked.length, 2);
  });
  test('the cursor in the Dockerfile selects a layer, and opens the base for it', async () => {
    const host = new TestHost(service);
    await using window = await open(host);
    await host.page!.selectLayer({ layer: 1 });
    await until(() => selectedLayer(window.page), '2');
  });
  test('an instruction is shown whole when it is asked for', async () => {
    await using window = await open(new TestHost(service));
    const { page } = window;
    await page.locator('.layer').last().click();
    const text = page.locator('.instruction-text');
    expect((await text.innerText()).length).toBeLessThan(700);
    await page.getByRole('button', { name: 'Show the whole instruction' }).click();
    await until(async () => (await text.innerText()).length > 4000, true);
    expect(await text.innerText()).toContain('<script>alert(1)</script>\\u202e');
  });
  test('an image without layers says so', async () => {
    await using window = await open(new TestHost({ layers: [] }));
    await window.page.getByText('The image has no layers.').waitFor();
    expect(await window.accessibilityProblems()).toEqual([]);
  });
  test('one layer', async () => {
    const layers = [{ createdBy: 'COPY app /app # buildkit', members: [{ name: 'app', size: 1000 }] }];
    await using window = await open(new TestHost({ layers }));
    await until(() => window.page.locator('.layer').count(), 1);
    await until(() => names(window.page), ['app']);
    expect(await window.accessibilityProblems()).toEqual([]);
  });
  test('127 layers', async () => {
    const layers = Array.from({ length: 127 }, (_, at) => ({
      createdBy: `RUN /bin/sh -c step ${at} # buildkit`,
      members: [{ name: `file-${at}`, size: 1000 * (at + 1) }],
    }));
    await using window = await open(new TestHost({ layers }));
    await until(() => window.page.locator('.layer').count(), 127);
    await window.page.getByRole('tree', { name: 'Layers' }).press('End');
    await until(() => names(window.page), ['file-126']);
  });
});

describe('files, by keyboard alone', () => {
  test('opens, closes, goes up, goes to the ends, opens all below', async () => {
    await using window = await open(new TestHost(service));
    const { page } = window;
    await until(async () => (await names(page))[0], 'usr');
    await grid(page).focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowRight');
    await until(async () => (await names(page))[1], 'lib');
    await page.keyboard.press('ArrowRight');
    await until(() => selectedName(page), 'lib');
    await page.keyboard.press('*');
    await until(async () => (await names(page)).includes('cc1plus'), true);
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    await until(() => selectedName(page), 'usr');
    await page.keyboard.press('-');
    await until(async () => (await names(page)).includes('lib'), false);
    await page.keyboard.press('End');
    await until(() => selectedName(page), 'tmp');
    await page.keyboard.press('Home');
    await until(() => selectedName(page), 'usr');
    await page.keyboard.type('va');
    await until(() => selectedName(page), 'var');
  });
  test('a file is opened, compared, saved; its path is copied', async () => {
    const host = new TestHost(service);
    await using window = await open(host);
    const { page } = window;
    await until(async () => (await names(page))[0], 'usr');
    await grid(page).focus();
    await page.keyboard.press('Control+f');
    await page.keyboard.type('**/server.js');
    await until(() => page.locator('.status').first().innerText(), '1 files fit, 3.4 MB · 191 MB wasted');
    await grid(page).focus();
    await page.keyboard.press('End');
    await until(() => selectedName(page), 'server.js');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Control+c');
    await page.keyboard.press('ContextMenu');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Save a copy…' }).click();
    await until(() => host.asked.map((call) => call.split(' ')[0]), ['openFile', 'copyPath', 'diffFile', 'saveFile']);
    expect(new Set(host.asked.map((call) => call.slice(call.indexOf(' ')))).size).toBe(1);
  });
  test('the Tab key reaches every part', async () => {
    await using window = await open(new TestHost(service));
    const { page } = window;
    const reached = new Set<string>();
    for (let stop = 0; stop < 40; stop++) {
      await page.keyboard.press('Tab');
      reached.add(
        await page.evaluate<string>(
          `document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent.trim()`,
        ),
      );
    }
    const parts = [
      'Compare with another image…',
      'Export',
      'Layers',
      'Files',
      'Show',
      'Filter',
      'At least',
      'Kind of change',
    ];
    for (const part of [...parts, 'Open all directories', 'Close all directories']) expect(reached).toContain(part);
  });
});

describe('files', () => {
  test('sorts by a column, and the other way', async () => {
    await using window = await open(new TestHost(service));
    const { page } = window;
    await until(async () => (await names(page))[0], 'usr');
    await page.getByRole('button', { name: 'Name' }).first().click();
    await until(async () => (await names(page))[0], 'app');
    await page.getByRole('button', { name: 'Name' }).first().click();
    await until(async () => (await names(page))[0], 'var');
    expect(await grid(page).locator('.heading .cell-name').getAttribute('aria-sort')).toBe('descending');
  });
  test('filters by least size, kind of change, and waste', async () => {
    await using window = await open(new TestHost(service));
    const { page } = window;
    await until(async () => (await names(page))[0], 'usr');
    const minimum = page.getByRole('textbox', { name: 'At least' }).first();
    await minimum.fill('100 MB');
    await until(async () => (await names(page)).includes('etc'), false);
    await minimum.fill('a lot');
    await until(() => minimum.getAttribute('aria-invalid'), 'true');
    await page.getByRole('button', { name: 'Clear the filter' }).click();
    await until(async () => (await names(page)).includes('etc'), true);
    await page.getByRole('checkbox', { name: 'Wasted only' }).click();
    await until(async () => (await names(page)).includes('home'), false);
    await page.getByRole('button', { name: 'Clear the filter' }).click();
    await page.getByRole('button', { name: 'Kind of change' }).first().click();
    await page.getByRole('menuitemcheckbox', { name: 'added' }).click();
    await page.keyboard.press('Escape');
    await until(async () => (await names(page)).includes('home'), false);
  });
  test('what a later layer removes says so, and leads there', async () => {
    await using window = await open(new TestHost(service));
    const { page } = window;
    await page.locator('.layer', { hasText: 'npm ci' }).click();
    await page.getByRole('textbox', { name: 'Filter' }).first().fill('typescript/dist/bundle.js');
    const mark = grid(page).getByText('removed in layer 7').first();
    await mark.click();
    await until(() => selectedLayer(page), '7');
    await until(() => page.locator('.row.selected').first().getAttribute('class'), 'row row-file gone selected');
  });
  test('names of ill will are text, and nothing else', async () => {
    await using window = await open(new TestHost(service));
    const { page } = window;
    await page.locator('.layer').last().click();
    await until(async () => (await names(page))[0], 'odd');
    await page.getByRole('button', { name: 'Open all directories' }).first().click();
    await until(async () => (await names(page)).length, 7);
    const shown = await names(page);
    expect(shown).toContain('<img src=x onerror=alert(1)>');
    expect(shown).toContain('line\\nbreak\\ttab\\x1b[31m');
    expect(shown).toContain('invoice\\u202efdp.exe');
    expect(await page.locator('img').count()).toBe(0);
    const rows = await page
      .locator('.grid-body .row')
      .evaluateAll<number[], never>((elements) =>
        elements.map((element) => (element as unknown as { offsetHeight: number }).offsetHeight),
      );
    expect(new Set(rows)).toEqual(new Set([22]));
  });
});

describe('sizes that the user gives', () => {
  const extent = async (of: Locator, side: 'width' | 'height'): Promise<number> =>
    Math.round((await of.boundingBox())![side]);
  const widthOf = (page: Page, column: string): Promise<number> =>
    extent(grid(page).locator(`.heading .cell-${column}`), 'width');
  const paneOf = (page: Page): Promise<number> => extent(page.locator('.layers-pane'), 'width');

  test('of columns: by their edges, by the keyboard, back again, and kept', async () => {
    await using window = await open(new TestHost(service), { width: 1600 });
    const { page } = window;
    await until(async () => (await names(page))[0], 'usr');
    const [size, name] = [await widthOf(page, 'size'), await widthOf(page, 'name')];
    const edge = (await grid(page).locator('.heading .cell-size .column-edge').boundingBox())!;
    await page.mouse.move(edge.x + 2, edge.y + 8);
    await page.mouse.down();
    await page.mouse.move(edge.x - 38, edge.y + 8, { steps: 4 });
    await page.mouse.up();
    expect([await widthOf(page, 'size'), await widthOf(page, 'name')]).toEqual([size + 40, name - 40]);
    // The cells below stand under their heading.
    const cell = (await grid(page).locator('.grid-body .cell-size').first().boundingBox())!;
    expect(cell.x).toBe((await grid(page).locator('.heading .cell-size').boundingBox())!.x);
    const share = await widthOf(page, 'share');
    await grid(page).getByRole('button', { name: 'Name' }).focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Shift+ArrowRight');
    expect(await widthOf(page, 'share')).toBe(share + 12);
    await until(() => page.locator('.live').innerText(), `Share: ${share + 12} pixels wide`);
    await page.keyboard.press('Shift+Home');
    expect(await widthOf(page, 'share')).toBe(share);
    await window.saved();
    await window.reload();
    await until(() => widthOf(page, 'size'), size + 40);
    await grid(page).locator('.heading .cell-size .column-edge').dblclick();
    expect(await widthOf(page, 'size')).toBe(size);
  });
  test('columns that are wider than the page are scrolled, heading and rows together', async () => {
    await using window = await open(new TestHost(service), { width: 700 });
    const { page } = window;
    await until(async () => (await names(page))[0], 'usr');
    await grid(page).getByRole('button', { name: 'Size' }).focus();
    for (let at = 0; at < 60; at++) await page.keyboard.press('Shift+ArrowRight');
    const width = (of: string): Promise<number> => extent(grid(page).locator(of).first(), 'width');
    expect(await width('.heading')).toBeGreaterThan(700);
    expect(await width('.grid-body .row')).toBe(await width('.heading'));
  });
  test('of the list of layers: by its edge, by the keyboard, back again, and kept', async () => {
    await using window = await open(new TestHost(service));
    const { page } = window;
    const before = await paneOf(page);
    const splitter = page.getByRole('separator', { name: 'Size of the list of layers' });
    const box = (await splitter.boundingBox())!;
    await page.mouse.move(box.x + 4, box.y + 100);
    await page.mouse.down();
    await page.mouse.move(box.x + 64, box.y + 100, { steps: 4 });
    await page.mouse.up();
    expect(await paneOf(page)).toBe(before + 60);
    await splitter.focus();
    await page.keyboard.press('ArrowLeft');
    expect(await paneOf(page)).toBe(before + 44);
    expect(await splitter.getAttribute('aria-valuenow')).toBe(String(before + 44));
    await page.keyboard.press('End');
    expect(await paneOf(page)).toBe(Math.round(0.7 * 1280));
    await page.keyboard.press('Home');
    expect(await paneOf(page)).toBe(160);
    await window.saved();
    await window.reload();
    await until(() => paneOf(page), 160);
    await splitter.focus();
    await page.keyboard.press('Enter');
    expect(await paneOf(page)).toBe(before);
  });
  test('above what they hold in a narrow page', async () => {
    await using window = await open(new TestHost(service), { width: 480 });
    const { page } = window;
    const splitter = page.getByRole('separator');
    expect(await splitter.getAttribute('aria-orientation')).toBe('horizontal');
    const height = (): Promise<number> => extent(page.locator('.layers-pane'), 'height');
    const before = await height();
    await splitter.focus();
    await page.keyboard.press('ArrowDown');
    expect(await height()).toBe(before + 16);
  });
});

test('the treemap zooms by keyboard, tells its cells in words, and is a list where that is wanted', async () => {
  await using window = await open(new TestHost(service));
  const { page } = window;
  await window.tab('Treemap');
  const map = page.getByRole('tree', { name: /Treemap of \// });
  await map.waitFor();
  await map.focus();
  await page.keyboard.press('ArrowDown');
  const label = page.locator('.treemap-view .status');
  await until(() => label.innerText(), 'usr: 297 MB, 44.0% of 674 MB');
  await page.keyboard.press('ArrowDown');
  await until(async () => (await label.innerText()).startsWith('app: '), true);
  await page.keyboard.press('Enter');
  await until(() => page.locator('.way li').allInnerTexts(), ['/', 'app']);
  expect(await page.locator('.cell-wasteful').count()).toBeGreaterThan(0);
  expect(await page.locator('.cell-box').count()).toBeLessThanOrEqual(limits.treemapCells);
  await page.getByRole('button', { name: 'Show as a list' }).click();
  await until(() => page.locator('.plain-table tbody tr').first().innerText(), 'node_modules/\t152 MB\t54.9%\t77.9 MB');
  await page.getByRole('button', { name: 'Zoom out' }).click();
  await until(() => page.locator('.way li').allInnerTexts(), ['/']);
});

test('waste adds up, leads to the line and to the files', async () => {
  const host = new TestHost(service);
  await using window = await open(host);
  const { page } = window;
  await window.tab('Waste');
  await until(() => page.locator('.sum-text').innerText(), '674.3 MB shipped = 483.5 MB final + 190.8 MB wasted');
  const waste = page.getByRole('treegrid', { name: 'Waste' });
  await waste.focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await until(() => waste.locator('.row.selected .name').innerText(), '/app/node_modules/typescript');
  await page.locator('.waste-view').getByRole('button', { name: 'Go to line' }).click();
  await until(() => host.asked, ['goToLine {"layer":6}']);
  await waste.focus();
  await page.keyboard.press('Enter');
  await until(() => selectedName(page), 'typescript');
  await until(() => selectedLayer(page), '6');
});

test('a comparison shows what came and what went', async () => {
  const host = new TestHost(service);
  await using window = await open(host);
  const { page } = window;
  await page.getByRole('button', { name: 'Compare with another image…' }).first().click();
  await until(() => host.asked, ['chooseComparison {}']);
  const comparison = host.compareWith(wastefulService.slice(0, 3));
  await host.page!.compared({ comparison, session: host.image().session });
  await until(() => page.locator('.compared-difference').innerText(), '−287 MB');
  const rows = page.getByRole('treegrid', { name: 'Compare' });
  const first = rows.locator('.grid-body .row').first();
  await until(async () => (await first.innerText()).split('\n'), ['app', '169 MB', '0 B', '−169 MB', 'removed']);
  await rows.getByRole('button', { name: 'Before' }).click();
  await until(async () => (await first.innerText()).split('\n').slice(0, 2), ['usr', '297 MB']);
  await page.getByText('Layers of both images').click();
  const layers = page.getByRole('region', { name: 'Layers of both images' }).getByRole('row');
  await until(() => layers.count(), 11);
  expect((await layers.nth(1).innerText()).split('\t').slice(0, 3)).toEqual(['1', '1', 'in both']);
  expect((await layers.nth(4).innerText()).split('\t').slice(0, 3)).toEqual(['4', '', 'only in the first']);
  expect(await window.accessibilityProblems()).toEqual([]);
});

test('a comparison that is there from the start is in front, and after a reload behind what was', async () => {
  const host = new TestHost({ ...service, compared: wastefulService.slice(0, 3) });
  await using window = await open(host);
  const { page } = window;
  const isInFront = (title: string): Promise<string | null> =>
    page.getByRole('tab', { name: title }).getAttribute('aria-selected');
  await until(() => isInFront('Compare'), 'true');
  await window.tab('Waste');
  await window.saved();
  await window.reload();
  await page.locator('.compared-difference').waitFor({ state: 'attached' });
  await until(() => isInFront('Waste'), 'true');
});

test('layers appear as they are read, with progress, and reading can be stopped', async () => {
  const host = new TestHost({ ...service, read: 4 });
  await using window = await open(host);
  const { page } = window;
  const text = page.locator('.progress-text');
  expect(await text.innerText()).toBe('Reading layer 5 of 10: 362 MB of 674 MB');
  await page.getByRole('button', { name: 'Stop' }).click();
  await until(() => host.asked, ['stopReading {}']);
  await until(async () => (await names(page)).includes('app'), false);
  await host.readLayer();
  await until(async () => (await names(page)).includes('app'), true);
  while (host.progress().phase !== 'done') await host.readLayer();
  await until(() => page.locator('.progress').isVisible(), false);
  await until(() => page.locator('.live').innerText(), 'All layers have been read.');
  expect(await page.locator('.header .waste-text').innerText()).toMatch(/191 MB/);
});

test('what is selected stays selected while more layers are read', async () => {
  const host = new TestHost({ ...service, read: 4 });
  await using window = await open(host);
  const { page } = window;
  await until(async () => (await names(page)).includes('var'), true);
  await grid(page).focus();
  await page.keyboard.type('va');
  await until(() => selectedName(page), 'var');
  await page.waitForTimeout(300);
  await host.readLayer();
  await until(async () => (await names(page)).includes('app'), true);
  await until(() => selectedName(page), 'var');
});

test('a failure names its step and offers the next', async () => {
  const host = new TestHost(service);
  await using window = await open(host);
  const { page } = window;
  await host.page!.failed({ step: 'read', message: 'The engine went away.', offers: ['retry', 'choose-source'] });
  const alert = page.getByRole('alert').filter({ hasText: 'The layers could not be read. The engine went away.' });
  await alert.getByRole('button', { name: 'Try again' }).click();
  await alert.getByRole('button', { name: 'Choose another source' }).click();
  await until(() => host.asked, ['retry {}', 'chooseSource {}']);
});

test('a call that fails says so, and the page goes on', async () => {
  const host = new TestHost({
    ...service,
    override: { copyPath: () => Promise.reject(new Error('No clipboard here.')) },
  });
  await using window = await open(host);
  const { page } = window;
  await until(async () => (await names(page))[0], 'usr');
  await grid(page).focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Control+c');
  await page.getByRole('alert').filter({ hasText: 'No clipboard here.' }).waitFor();
  await page.getByRole('button', { name: 'Close this message' }).click();
  await page.keyboard.press('ArrowDown');
  expect(window.complaints).toEqual([]);
});

test('after a reload everything is as it was', async () => {
  const host = new TestHost(service);
  await using window = await open(host);
  const { page } = window;
  await page.locator('.layer', { hasText: 'npm ci' }).click();
  await until(async () => (await names(page))[0], 'app');
  await grid(page).focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowRight');
  await until(async () => (await names(page))[1], 'node_modules');
  await page.keyboard.press('ArrowRight');
  await until(() => selectedName(page), 'node_modules');
  await window.tab('Treemap');
  await window.saved();
  await window.reload();
  expect(host.saved).toMatchObject({
    tab: 'treemap',
    selectedLayer: 5,
    files: { open: ['/app'], selected: '/app/node_modules' },
  });
  await page.locator('.treemap .cell-box').first().waitFor();
  await window.tab('Files');
  await until(() => selectedName(page), 'node_modules');
  await until(() => selectedLayer(page), '6');
});

describe('a million rows', () => {
  const large = { ...service, override: millionRows };
  test('few have elements, and no message is large', async () => {
    const host = new TestHost(large);
    await using window = await open(host);
    const { page } = window;
    await until(async () => (await names(page))[0], 'file-0000000.js');
    await grid(page).focus();
    await page.keyboard.press('End');
    await until(() => selectedName(page), 'file-0999999.js');
    expect(await grid(page).locator('.row.selected').getAttribute('aria-posinset')).toBe('1000000');
    await page.keyboard.press('PageUp');
    await page.keyboard.press('ArrowUp');
    for (let at = 0; at < 20; at++) {
      await grid(page).evaluate<undefined, number, Scrolled>((element, part) => {
        element.scrollTop = part * element.scrollHeight;
        return undefined;
      }, at / 20);
      await page.waitForTimeout(20);
      expect(await page.locator('.grid-body .row').count()).toBeLessThan(80);
    }
    await until(async () => (await names(page)).every((name) => name !== ''), true);
    expect(Math.max(...window.messageLengths)).toBeLessThan(100_000);
  });
  test('scrolling costs what comes into sight', async () => {
    const host = new TestHost(large);
    await using window = await open(host, { width: 1400, height: 900 });
    const { page } = window;
    await until(async () => (await names(page))[0], 'file-0000000.js');
    const idle = await page.evaluate<Frames>(scrollInPage('0'));
    const scrolled = await page.evaluate<Frames>(scrollInPage('left > 60 ? 120 : 3000'));
    console.log(`frames without scrolling: ${describeFrames(idle.gaps)}`);
    console.log(`frames while scrolling:   ${describeFrames(scrolled.gaps)}`);
    console.log(`script and layout:        ${describeFrames(scrolled.work)}`);
    // Steps by a wheel bring 655 rows into sight; after a jump every row is filled anew where it stands.
    expect(idle.placed).toBe(0);
    expect(scrolled.placed).toBeGreaterThan(600);
    expect(scrolled.placed).toBeLessThan(750);
    expect(scrolled.shown).not.toBe(idle.shown);
  });
});

/** What of an element is asked here: the tests are compiled without the DOM's types. */
interface Scrolled {
  scrollTop: number;
  readonly scrollHeight: number;
}

interface Frames {
  /** Milliseconds from frame to frame. */
  readonly gaps: readonly number[];
  /** Milliseconds of script and layout in each. */
  readonly work: readonly number[];
  /** How many rows were put into the document. */
  readonly placed: number;
  /** The name in the first row afterwards. */
  readonly shown: string;
}

function describeFrames(ms: readonly number[]): string {
  const sorted = [...ms].sort((a, b) => a - b);
  const at = (part: number): string => sorted[Math.floor(part * (sorted.length - 1))]!.toFixed(1);
  return `median ${at(0.5)} ms, 95 % ${at(0.95)} ms, longest ${at(1)} ms, over 32 ms ${ms.filter((gap) => gap > 32).length}`;
}

/** Scrolls by a step in each of 180 frames, as a wheel and then a thumb do, and measures. Runs in the page. */
function scrollInPage(step: string): string {
  return `new Promise((resolve) => {
    const grid = document.querySelector('.grid');
    const gaps = [];
    const work = [];
    let placed = 0;
    const count = (changes) => changes.forEach(({ addedNodes }) => (placed += addedNodes.length));
    const observer = new MutationObserver(count);
    observer.observe(document.querySelector('.grid-body'), { childList: true });
    let left = 180;
    let last = performance.now();
    const frame = () => {
      const now = performance.now();
      gaps.push(now - last);
      last = now;
      grid.scrollTop += ${step};
      grid.dispatchEvent(new Event('scroll'));
      grid.getBoundingClientRect();
      work.push(performance.now() - now);
      if (--left > 0) requestAnimationFrame(frame);
      else setTimeout(() => resolve({ gaps, work, placed, shown: document.querySelector('.grid-body .name').textContent }), 300);
    };
    requestAnimationFrame(frame);
  })`;
}
