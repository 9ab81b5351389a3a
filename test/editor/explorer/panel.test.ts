import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { WebviewPanel } from 'vscode';
import type { DockerfileLink } from '../../../src/editor/explorer/dockerfileLink.ts';
import { ImageFiles } from '../../../src/editor/explorer/imageFiles.ts';
import { ExplorerPanel, type PanelServices, placeName } from '../../../src/editor/explorer/panel.ts';
import { Guard } from '../../../src/editor/guard.ts';
import type { ExplorerHost, ExplorerPage, ImagePlace } from '../../../src/protocol/explorer.ts';
import { hostMethods } from '../../../src/protocol/methods.ts';
import { openRpc, type Remote } from '../../../src/protocol/rpc.ts';
import { SourceError } from '../../../src/sources/error.ts';
import { localThread, type MadeOpenImage, makeOpenImage, recordingPage } from '../../helpers/explorerSession.ts';
import { desk, vscode } from '../../helpers/fakeVscode.ts';
import type { Member } from '../../helpers/tar.ts';

vi.mock('vscode', async () => (await import('../../helpers/fakeVscode.ts')).vscode);

const file = (name: string, content: number): Member => ({ name, content, mtime: 1 });
const layers = [
  [file('etc/conf', 10), file('etc/motd', 20)],
  [file('etc/conf', 5), file('etc/bad:name?', 2)],
];
const place = { kind: 'archive', uri: 'file:///made.tar' } as const satisfies ImagePlace;
const otherPlace = { kind: 'archive', uri: 'file:///other.tar' } as const satisfies ImagePlace;
const query = { scope: { kind: 'image' }, sort: { column: 'name', descending: false }, filter: {} } as const;

/** VS Code's end of a panel, with the page's code at the other. */
class FakePanel {
  visible = true;
  title = '';
  readonly #messages = new vscode.EventEmitter<unknown>();
  readonly #toPage = new vscode.EventEmitter<unknown>();
  readonly #viewState = new vscode.EventEmitter<undefined>();
  readonly onDidChangeViewState = this.#viewState.event;
  readonly webview = {
    html: '',
    cspSource: 'self',
    asWebviewUri: (uri: unknown) => uri,
    onDidReceiveMessage: this.#messages.event,
    postMessage: (message: unknown) => {
      this.#toPage.fire(structuredClone(message));
      return Promise.resolve(true);
    },
  };

  /** The page as VS Code makes it, and makes it anew. */
  openPage(): { host: Remote<ExplorerHost>; told: ReturnType<typeof recordingPage>['told'] } {
    const { page, told } = recordingPage();
    const port = {
      post: (message: unknown) => this.#messages.fire(structuredClone(message)),
      onMessage: (listener: (message: unknown) => void) => {
        const subscription = this.#toPage.event(listener);
        return { [Symbol.dispose]: () => subscription.dispose() };
      },
    };
    return { host: openRpc<ExplorerPage, ExplorerHost>(port, hostMethods, { local: page }).remote, told };
  }

  show(visible: boolean): void {
    this.visible = visible;
    this.#viewState.fire(undefined);
  }
}

let faults: string[];
let picked: ImagePlace | undefined;
let titles: string[];
let files: ImageFiles;

beforeEach(() => {
  desk.reset();
  [faults, picked, titles] = [[], undefined, []];
});

interface Opened {
  readonly panel: FakePanel;
  readonly explorer: ExplorerPanel;
  readonly image: MadeOpenImage;
  readonly other: MadeOpenImage;
}

interface OpenOptions {
  readonly link?: DockerfileLink;
  readonly stepwise?: boolean;
  /** No page has been in the panel before. */
  readonly isNew?: boolean;
}

async function openPanel(more: OpenOptions = {}, panel = new FakePanel()): Promise<Opened> {
  const bytes = { readFile: () => Promise.resolve(new TextEncoder().encode('a=1\n')) };
  const image = Object.assign(makeOpenImage(layers, { ...more, reference: 'made/app:1' }), bytes);
  const other = Object.assign(makeOpenImage([[file('etc/conf', 7)]], { reference: 'other:2' }), bytes);
  const all: ExplorerPanel[] = [];
  files = new ImageFiles((id) => all[0]?.imageAt(id));
  const services: PanelServices = {
    extension: vscode.Uri.file('/extension') as never,
    files,
    guard: new Guard({ error: (text: string) => faults.push(text) }),
    pickImage: (title) => {
      titles.push(title);
      return Promise.resolve(picked);
    },
  };
  const explorer = new ExplorerPanel(
    panel as unknown as WebviewPanel,
    place,
    more.link,
    {
      open: (at) =>
        'uri' in at && at.uri.includes('absent')
          ? Promise.reject(new SourceError('absent', 'There is no such file.'))
          : Promise.resolve('uri' in at && at.uri === otherPlace.uri ? other : image),
      startThread: (of) => localThread(of),
      onError: () => undefined,
    },
    services,
    more.isNew,
  );
  all.push(explorer);
  if (more.stepwise !== true && more.isNew !== true) await explorer.session.ready();
  return { panel, explorer, image, other };
}

/** A row of the files, as a page asks for what is done with it. */
async function nodeAt(host: Remote<ExplorerHost>, path: string, table: 'files' | 'compare' = 'files') {
  await host.show({ table, ...query });
  const { tree, node } = await host.reveal({ table, path });
  return { table, tree, node: node! };
}

describe('a panel', () => {
  test('is called by its place, then by its image; its page has no data', async () => {
    const { panel } = await openPanel({ stepwise: true });
    expect(panel.title).toBe('Layers: made.tar');
    const { panel: opened } = await openPanel();
    await vi.waitFor(() => expect(opened.title).toBe('Layers: made/app:1'));
    expect(opened.webview.html).not.toContain('made');
    expect(opened.webview.html).toContain("default-src 'none'");
  });
  test('answers a page that is made anew, and gives up what the one before had asked', async () => {
    const { panel } = await openPanel();
    const before = panel.openPage();
    await before.host.start({});
    panel.show(false);
    panel.show(true);
    const after = panel.openPage();
    expect((await after.host.start({})).image).toMatchObject({ title: 'made/app:1', layerCount: 2 });
  });
  test('that is new tells its page at once what it would ask, and reads when the page has been drawn', async () => {
    const panel = new FakePanel();
    const { host, told } = panel.openPage();
    const { explorer } = await openPanel({ isNew: true }, panel);
    await vi.waitFor(() => expect(told.map(({ method }) => method)).toEqual(['welcome', 'progress', 'opened']));
    expect(told[0]!.argument).toMatchObject({ locale: 'en', session: { place } });
    expect(explorer.session.rows.map(({ state }) => state)).toEqual(['waiting', 'waiting']);
    await host.show({ table: 'files', ...query });
    await explorer.session.ready();
    expect(explorer.session.rows.map(({ state }) => state)).toEqual(['read', 'read']);
  });
  test('stopped before its page has been drawn reads nothing', async () => {
    const panel = new FakePanel();
    const { host, told } = panel.openPage();
    const { explorer } = await openPanel({ isNew: true }, panel);
    await vi.waitFor(() => expect(told.at(-1)?.method).toBe('opened'));
    await host.stopReading({});
    await explorer.session.ready();
    expect(explorer.session.progress).toMatchObject({ phase: 'stopped', layersRead: 0, layerCount: 2 });
    await host.retry({});
    await explorer.session.ready();
    expect(explorer.session.progress).toMatchObject({ phase: 'done', layersRead: 2 });
  });
  test('that is not in sight is read all the same', async () => {
    vi.useFakeTimers();
    try {
      const { explorer } = await openPanel({ isNew: true });
      await vi.advanceTimersByTimeAsync(5000);
      expect(explorer.session.rows.map(({ state }) => state)).toEqual(['read', 'read']);
      explorer.dispose();
    } finally {
      vi.useRealTimers();
    }
  });
  test('closed in mid-read stops the read and closes the image', async () => {
    const { explorer, image } = await openPanel({ stepwise: true });
    await vi.waitFor(() => expect(explorer.session.summary).toBeDefined());
    explorer.dispose();
    await vi.waitFor(() => expect(image.isClosed).toBe(true));
    expect(explorer.session.rows.every(({ state }) => state !== 'read')).toBe(true);
    expect(faults).toEqual([]);
  });
});

describe('what a page has done outside of itself', () => {
  test('a file opens, and can be opened again by its address while the panel is there', async () => {
    const { panel } = await openPanel();
    const { host } = panel.openPage();
    await host.start({});
    await host.openFile(await nodeAt(host, '/etc/motd'));
    expect(desk.shown).toEqual(['/etc/motd']);
  });
  test('a directory is no file', async () => {
    const { panel } = await openPanel();
    const { host } = panel.openPage();
    await host.openFile(await nodeAt(host, '/etc'));
    await host.saveFile(await nodeAt(host, '/etc'));
    expect([desk.shown, desk.statuses]).toEqual([[], ['This is not a regular file.', 'This is not a regular file.']]);
  });
  test('a file is compared with a version that the user chooses, the older one first', async () => {
    desk.choice = 0;
    const { panel } = await openPanel();
    const { host } = panel.openPage();
    await host.diffFile(await nodeAt(host, '/etc/conf'));
    expect(desk.diffs).toEqual([['/etc/conf', '/etc/conf', 'conf (layer 1 ↔ layer 2)']]);
  });
  test('a file with one version says so', async () => {
    const { panel } = await openPanel();
    const { host } = panel.openPage();
    await host.diffFile(await nodeAt(host, '/etc/motd'));
    expect(desk.statuses).toEqual(['There is no other version of this file in the image.']);
  });
  test('a copy is proposed under a name that every system takes, and nothing is written where none is chosen', async () => {
    const { panel } = await openPanel();
    const { host } = panel.openPage();
    await host.saveFile(await nodeAt(host, '/etc/bad:name?'));
    expect(desk.saveProposals).toEqual(['/project/bad_name_']);
    expect(desk.written.size).toBe(0);
    desk.saveTo = vscode.Uri.file('/elsewhere/copy');
    await host.saveFile(await nodeAt(host, '/etc/bad:name?'));
    expect([...desk.written.keys()]).toEqual(['/elsewhere/copy']);
  });
  test('a path is copied', async () => {
    const { panel } = await openPanel();
    const { host } = panel.openPage();
    await host.copyPath(await nodeAt(host, '/etc/bad:name?'));
    expect(desk.clipboard).toBe('/etc/bad:name?');
  });
  test.each(['markdown', 'json', 'csv'] as const)('the report as %s', async (format) => {
    desk.saveTo = vscode.Uri.file('/elsewhere/report');
    const { panel } = await openPanel();
    const { host } = panel.openPage();
    await host.exportReport({ format });
    expect(desk.saveProposals).toEqual([`/project/made-app-1.${{ markdown: 'md', json: 'json', csv: 'csv' }[format]}`]);
    expect(new TextDecoder().decode(desk.written.get('/elsewhere/report'))).toContain('/etc/conf');
  });
  test('without a Dockerfile there is no line', async () => {
    const { panel } = await openPanel();
    const { host } = panel.openPage();
    await host.goToLine({ layer: 0 });
    expect(desk.statuses).toEqual(['The Dockerfile has no line for this layer.']);
  });
});

describe('the Dockerfile', () => {
  test('is gone to, and says which layer the cursor is at', async () => {
    const moved = new vscode.EventEmitter<undefined>();
    const selected = new vscode.EventEmitter<number>();
    const goTo = vi.fn(() => Promise.resolve());
    const link = {
      uri: vscode.Uri.file('/project/Dockerfile'),
      onDidMove: moved.event,
      onDidSelect: selected.event,
      load: () => Promise.resolve(),
      linesOf: () => ({ lines: [3, 7] }),
      goTo,
      dispose: () => undefined,
    } as unknown as DockerfileLink;
    const { panel } = await openPanel({ link });
    const { host, told } = panel.openPage();
    expect((await host.start({})).image?.hasDockerfile).toBe(true);
    await host.goToLine({ layer: 1 });
    expect(goTo).toHaveBeenCalledWith(7);
    // An instruction goes over several lines; above the first there is none.
    for (const line of [2, 3, 6, 9]) selected.fire(line);
    const layers = (): unknown[] =>
      told
        .filter(({ method }) => method === 'selectLayer')
        .map(({ argument }) => (argument as { layer: number }).layer);
    await vi.waitFor(() => expect(layers()).toEqual([0, 0, 1]));
  });
});

describe('another image', () => {
  test('to compare with: chosen, compared, and its files are found', async () => {
    picked = otherPlace;
    const { panel, explorer } = await openPanel();
    const { host, told } = panel.openPage();
    await host.start({});
    await host.chooseComparison({});
    expect(titles).toEqual(['Compare with']);
    expect(told.at(-1)).toMatchObject({
      method: 'compared',
      argument: { comparison: { second: { title: 'other:2' } } },
    });
    await host.diffFile(await nodeAt(host, '/etc/conf', 'compare'));
    expect(desk.diffs).toEqual([['/etc/conf', '/etc/conf', 'conf (made/app:1, layer 2 ↔ other:2, layer 1)']]);
    expect(explorer.session.session).toMatchObject({ place, comparedWith: otherPlace });
  });
  test('that cannot be opened is said, and nothing is compared', async () => {
    picked = { kind: 'archive', uri: 'file:///absent.tar' };
    const { panel } = await openPanel();
    const { host } = panel.openPage();
    await host.chooseComparison({});
    expect(desk.messages).toEqual(['The images could not be compared. There is no such file.']);
    expect(faults).toEqual([]);
  });
  test('in the place of the first', async () => {
    picked = otherPlace;
    const { panel, explorer, image } = await openPanel();
    const { host } = panel.openPage();
    await host.chooseSource({});
    expect(panel.title).toBe('Layers: other.tar');
    await vi.waitFor(() => expect(panel.title).toBe('Layers: other:2'));
    expect([image.isClosed, explorer.session.session.place]).toEqual([true, otherPlace]);
  });
  test('none: nothing happens', async () => {
    const { panel, explorer } = await openPanel();
    const { host } = panel.openPage();
    await host.chooseSource({});
    await host.chooseComparison({});
    expect(explorer.session.session).toEqual({ place });
  });
});

test('a fault of ours is logged, and its message told', async () => {
  const { panel, explorer } = await openPanel();
  vi.spyOn(explorer.session.opened.thread, 'ask').mockRejectedValue(new TypeError('x is undefined'));
  const { host } = panel.openPage();
  await expect(host.show({ table: 'files', ...query })).rejects.toMatchObject({
    code: 'failed',
    message: 'x is undefined',
  });
  expect(faults).toEqual([expect.stringContaining('x is undefined')]);
});

test.each<[ImagePlace, string]>([
  [{ kind: 'reference', reference: 'alpine:3.22' }, 'alpine:3.22'],
  [{ kind: 'archive', uri: 'file:///a/b%20c.tar' }, 'b c.tar'],
  [{ kind: 'layout', uri: 'file:///a/layout/' }, 'layout'],
  [{ kind: 'archive', uri: 'file:///a/b.tar', reference: 'app:1' }, 'app:1'],
])('what a place is called: %j', (of, name) => {
  expect(placeName(of)).toBe(name);
});
