import { beforeAll, expect, test, vi } from 'vitest';
import type { PanelActions } from '../../../src/editor/explorer/host.ts';
import { explorerHost } from '../../../src/editor/explorer/host.ts';
import { type ExplorerHost, type ExplorerPage, limits, type NodeOf } from '../../../src/protocol/explorer.ts';
import { hostMethods, pageMethods } from '../../../src/protocol/methods.ts';
import { openRpc, type Remote } from '../../../src/protocol/rpc.ts';
import { englishStrings } from '../../../src/protocol/strings.ts';
import { openChannel } from '../../helpers/channel.ts';
import { makeOpenImage, makeSession, recordingPage } from '../../helpers/explorerSession.ts';
import type { Member } from '../../helpers/tar.ts';

// The count test: however large and hostile an image is, no message is larger than the limit.

/** What costs six bytes of JSON for each of its characters. */
const costly = '\u0001';
const name = (at: number): string => `${String(at).padStart(5, '0')}${costly.repeat(3000)}`;
const members: Member[] = Array.from({ length: 1500 }, (_, at) => ({
  name: `d${at % 3}/${name(at)}`,
  content: 3000 - at,
}));
const links: Member[] = Array.from({ length: 300 }, (_, at) => ({
  name: name(at),
  type: '2',
  link: costly.repeat(3000),
}));
const whiteouts: Member[] = Array.from({ length: 300 }, (_, at) => ({ name: `d${at % 3}/.wh.${name(at)}` }));
const caches: Member[] = Array.from({ length: 300 }, (_, at) => ({
  name: `home/${name(at)}/.cache/pip/http/x`,
  content: 10,
}));
const layers = [members, links, whiteouts, caches, ...Array.from({ length: 396 }, () => [])];
const history = layers.map((_, at) => ({
  createdBy: `RUN ${costly.repeat(at === 1 ? 200_000 : 600)} # buildkit`,
  emptyLayer: false,
}));

const nothing = () => Promise.resolve();
const actions: PanelActions = {
  texts: { strings: englishStrings, locale: 'en' },
  chooseComparison: nothing,
  chooseSource: nothing,
  openFile: nothing,
  diffFiles: nothing,
  chooseFile: () => Promise.resolve(undefined),
  saveFile: nothing,
  copyText: nothing,
  goToLine: nothing,
  saveReport: nothing,
  refuse: nothing,
};

const channel = openChannel();
let host: Remote<ExplorerHost>;

beforeAll(async () => {
  const image = () => Promise.resolve(makeOpenImage(layers, { history, broken: [5], reference: costly.repeat(5000) }));
  const { session } = makeSession(image);
  const page = recordingPage();
  const served = openRpc<ExplorerHost, ExplorerPage>(channel.far, pageMethods, {
    local: explorerHost(session, actions),
  });
  session.page = served.remote;
  host = openRpc<ExplorerPage, ExplorerHost>(channel.near, hostMethods, { local: page.page }).remote;
  await session.begin();
  await session.comparing.with(
    session,
    { kind: 'layout', uri: 'file:///b' },
    () => undefined,
    new AbortController().signal,
  );
  await vi.waitFor(() => expect(page.told.at(-1)?.method).toBe('compared'));
}, 60_000);

const all = { from: 0, count: 1_000_000 };
const table = 'files';
const query = { scope: { kind: 'image' }, sort: { column: 'name', descending: false }, filter: {} } as const;
const root = async (): Promise<NodeOf> => ({ table, tree: (await host.show({ table, ...query })).tree, node: 0 });

test.each<[string, () => Promise<unknown>]>([
  ['start', () => host.start({})],
  ['layers', () => host.layers(all)],
  ['instruction', () => host.instruction({ layer: 1 })],
  [
    'rows',
    async () => {
      await host.expand({ ...(await root()), expanded: true, below: true });
      const window = await host.rows({ table, ...all });
      expect(window.rows).toHaveLength(limits.rows);
      return window;
    },
  ],
  [
    'rows of a comparison',
    async () => {
      const { tree } = await host.show({ table: 'compare', ...query });
      await host.expand({ table: 'compare', tree, node: 0, expanded: true, below: true });
      return host.rows({ table: 'compare', ...all });
    },
  ],
  [
    'treemap',
    async () => {
      const map = await host.treemap({ ...(await root()), width: 5000, height: 5000 });
      expect(map.cells.length).toBeGreaterThan(1000);
      return map;
    },
  ],
  ['waste', () => host.waste(all)],
  ['removable', () => host.removable(all)],
  ['wasteTotals', () => host.wasteTotals({})],
  ['compareLayers', () => host.compareLayers(all)],
  ['openPaths', () => host.openPaths({ table })],
  [
    'pathOf',
    async () => {
      const { node } = (await host.rows({ table, from: 5, count: 1 })).rows[0]!;
      return host.pathOf({ ...(await root()), node });
    },
  ],
])('%s: an answer below the limit, and not empty', async (_, ask) => {
  const before = channel.sent.length;
  expect(await ask()).toBeDefined();
  const sizes = channel.sent.slice(before).map(({ json }) => Buffer.byteLength(json));
  expect(Math.max(...sizes)).toBeLessThan(limits.messageBytes);
});

test('everything that was told unasked, too', () => {
  const told = channel.sent.filter(({ by, json }) => by === 'far' && json.includes('"type":"call"'));
  expect(told.length).toBeGreaterThan(5);
  expect(Math.max(...told.map(({ json }) => Buffer.byteLength(json)))).toBeLessThan(limits.messageBytes);
});

test.each([
  { from: 0.5, count: 1 },
  { from: 0, count: NaN },
])('a window that is none is refused: %j', async (window) => {
  await expect(host.rows({ table, ...window })).rejects.toMatchObject({ code: 'invalid' });
});

test('a scope without a layer is refused', async () => {
  const scope = { kind: 'layer', layer: -1 } as const;
  await expect(host.show({ table, ...query, scope })).rejects.toMatchObject({ code: 'invalid' });
});
