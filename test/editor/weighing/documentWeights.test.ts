import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ContextAnswer, ContextQuestion } from '../../../src/core/estimate/context/contextQuestion.ts';
import { parseDockerfile } from '../../../src/core/dockerfile/parse.ts';
import { formatSize } from '../../../src/core/size.ts';
import { DockerfileDocuments } from '../../../src/editor/documents.ts';
import { Guard } from '../../../src/editor/guard.ts';
import type { ContextFolders } from '../../../src/editor/weighing/contextFolders.ts';
import { DocumentWeights } from '../../../src/editor/weighing/documentWeights.ts';
import { ImageLinks } from '../../../src/editor/weighing/imageLinks.ts';
import { AptGraphs } from '../../../src/sources/apt/aptGraphs.ts';
import { Engine } from '../../../src/sources/engine/engine.ts';
import type { ImageReader } from '../../../src/sources/estimate/imageReader.ts';
import { bareMachine, type FakeEngine, startFakeEngine } from '../../helpers/fakeEngine.ts';
import { temporaryFolder, type TemporaryFolder } from '../../helpers/temporaryFolder.ts';
import {
  DisposableDouble,
  documentDouble,
  EventEmitterDouble,
  mementoDouble,
  UriDouble,
} from '../../helpers/vscodeDouble.ts';

const { saved, closed, configured, trusted } = vi.hoisted(() => {
  const events = () => {
    const listeners = new Set<(event: unknown) => void>();
    return {
      on: (listener: (event: unknown) => void) => {
        listeners.add(listener);
        return { dispose: () => void listeners.delete(listener) };
      },
      fire: (event: unknown) => [...listeners].forEach((listener) => listener(event)),
    };
  };
  return { saved: events(), closed: events(), configured: events(), trusted: events() };
});
vi.mock('vscode', async () => {
  const double = await import('../../helpers/vscodeDouble.ts');
  return {
    EventEmitter: double.EventEmitterDouble,
    Disposable: double.DisposableDouble,
    Uri: double.UriDouble,
    l10n: { t: (text: string) => text },
    workspace: {
      getConfiguration: () => ({ get: () => undefined }),
      getWorkspaceFolder: () => ({ uri: double.UriDouble.file('/') }),
      findFiles: () => Promise.resolve([]),
      onDidSaveTextDocument: saved.on,
      onDidCloseTextDocument: closed.on,
      onDidChangeConfiguration: configured.on,
      onDidGrantWorkspaceTrust: trusted.on,
    },
  };
});

const id = `sha256:${'a'.repeat(64)}`;
const otherId = `sha256:${'b'.repeat(64)}`;
const text = 'FROM debian:trixie\nRUN make\nCOPY . /app\nRUN make all\n';

let folder: TemporaryFolder;
let server: FakeEngine;
let engine: Engine;
beforeEach(async () => {
  folder = await temporaryFolder();
  const inspected = (Id: string, name: string) => ({
    ...{ Id, RepoTags: [name], Os: 'linux', Architecture: 'amd64' },
    RootFS: { Layers: ['sha256:1', 'sha256:2', 'sha256:3', 'sha256:4'] },
  });
  const history = (last: string, bytes: number) =>
    [
      ['ADD file in /', 1000],
      ['RUN make', 10_000_000],
      ['COPY . /app', 3_000_000],
      [last, bytes],
    ]
      .map(([CreatedBy, Size]) => ({ Created: 1, CreatedBy, Size }))
      .reverse();
  server = await startFakeEngine({
    '/images/json': [
      { Id: id, RepoTags: ['app:1'], Created: 2 },
      { Id: otherId, RepoTags: ['other:1'], Created: 1 },
    ],
    [`/images/${id}/json`]: inspected(id, 'app:1'),
    [`/images/${id}/history`]: history('RUN make all', 500_000),
    [`/images/${otherId}/json`]: inspected(otherId, 'other:1'),
    [`/images/${otherId}/history`]: history('RUN make some', 700_000),
  });
  engine = new Engine({ surroundings: bareMachine({ DOCKER_HOST: server.host }) });
});
afterEach(async () => {
  engine[Symbol.dispose]();
  await server[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

interface Given {
  readonly withEngine?: boolean;
  readonly mode?: 'online' | 'offline';
}

function setUp(given: string = text, { withEngine = false, mode = 'offline' }: Given = {}) {
  let parses = 0;
  const asked: ContextQuestion[] = [];
  const holds: string[] = [];
  const contextChanged = new EventEmitterDouble<string>();
  const basesChanged = new EventEmitterDouble<void>();
  const sourcesChanged = new EventEmitterDouble<void>();
  const imagesChanged = new EventEmitterDouble<void>();
  let bytes = 2_000_000;
  const folders = {
    onDidChange: contextChanged.event,
    hold: (of: string) => {
      holds.push(of);
      return new DisposableDouble(() => void holds.splice(holds.indexOf(of), 1));
    },
    ask: (_: string, __: string, question: ContextQuestion): Promise<ContextAnswer> => {
      asked.push(question);
      const rest = { files: 1, largest: [], missing: [], hidden: [], walked: true, complete: true };
      return Promise.resolve(question.kind === 'copy' ? { kind: 'copy', bytes, ...rest } : { kind: 'modules' });
    },
  };
  const documents = new DockerfileDocuments(
    (source, options) => {
      parses++;
      return parseDockerfile(source, options);
    },
    () => ({}),
  );
  const links = new ImageLinks(mementoDouble());
  const logged: unknown[] = [];
  const weights = new DocumentWeights({
    documents,
    bases: { of: () => [], onDidChange: basesChanged.event },
    sources: {
      state: mode === 'offline' ? { mode } : { mode, engine: { status: 'idle' } as never },
      platform: 'linux/amd64',
      images: withEngine ? { engine } : {},
      onDidChange: sourcesChanged.event,
      onDidChangeImages: imagesChanged.event,
    },
    graphs: new AptGraphs(path.join(import.meta.dirname, '../../../media/apt')),
    folders: folders as unknown as ContextFolders,
    reader: { answer: () => Promise.resolve({ kind: 'unknown' }), forget: () => undefined } as unknown as ImageReader,
    npm: { lookUp: () => Promise.resolve(undefined) },
    links,
    guard: new Guard({ error: (...told: unknown[]) => logged.push(told) }),
  });
  const file = documentDouble(path.join(folder.path, 'Dockerfile'), given);
  let redraws = 0;
  weights.onDidChange(() => redraws++);
  return {
    ...{ weights, file, asked, holds, links, logged, contextChanged, basesChanged, imagesChanged },
    parses: () => parses,
    redraws: () => redraws,
    grow: (to: number) => (bytes = to),
    /** The weights as hints show them, by line. */
    hints: () =>
      weights.of(file.document)!.dockerfile.instructions.flatMap(({ index, line }) => {
        const size = weights.of(file.document)!.weights.get(index)?.size;
        return size === undefined ? [] : [`${line}: ${formatSize(size)}`];
      }),
    settled: () => vi.waitFor(() => expect(weights.of(file.document)!.pending).toBe(false), { timeout: 25_000 }),
  };
}

test('what is known is said at once, and the rest when it comes', async () => {
  const { weights, file, hints, settled, redraws } = setUp();
  expect(weights.of(file.document)).toMatchObject({ pending: true });
  expect(hints()).toEqual([]);
  await settled();
  expect(hints()).toEqual(['3: ≈ 2 MB']);
  expect(redraws()).toBeGreaterThan(0);
  expect(weights.of({ languageId: 'yaml', uri: file.document.uri } as never)).toBeUndefined();
});

test('all who ask about one state get one result: one parse for each edit', async () => {
  const { weights, file, parses, settled } = setUp();
  await settled();
  const before = parses();
  const first = weights.of(file.document);
  for (let reader = 0; reader < 5; reader++) expect(weights.of(file.document)).toBe(first);
  expect(parses()).toBe(before);
  file.type(`${text}RUN more\n`);
  for (let reader = 0; reader < 5; reader++) weights.of(file.document);
  expect(parses()).toBe(before + 1);
});

test('a context is asked once, not for every edit, and again when it has changed', async () => {
  const { weights, file, asked, hints, settled, contextChanged, grow } = setUp();
  await settled();
  const before = asked.length;
  for (const more of ['RUN a\n', 'RUN ab\n', 'RUN abc\n']) {
    file.type(text + more);
    weights.of(file.document);
  }
  await settled();
  expect(asked).toHaveLength(before);
  grow(9_000_000);
  contextChanged.fire(folder.path);
  expect(hints()).toEqual(['3: ≈ 2 MB']);
  await vi.waitFor(() => expect(hints()).toEqual(['3: ≈ 9 MB']));
  contextChanged.fire('/another');
  await settled();
  expect(asked).toHaveLength(before + 1);
});

test('while a line is typed nothing is asked; after a pause its last state is', async () => {
  const { weights, file, asked, settled } = setUp('FROM scratch\n');
  await settled();
  const final = 'COPY src /app';
  for (let length = 5; length <= final.length; length++) {
    file.type(`FROM scratch\n${final.slice(0, length)}`);
    weights.of(file.document);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  expect(asked).toEqual([]);
  await settled();
  expect(asked.map((question) => question.kind === 'copy' && question.sources)).toContainEqual(['src']);
  expect(asked.length).toBeLessThan(12);
});

test('measured: above the first changed instruction it stays, below it is estimated', async () => {
  const { file, hints, settled } = setUp(text, { withEngine: true, mode: 'online' });
  await settled();
  expect(hints()).toEqual(['2: 10 MB', '3: 3 MB', '4: 500 kB']);
  file.type(text.replace('COPY . /app', 'COPY . /src'));
  expect(hints()).toEqual(['2: 10 MB', '3: ≈ 2 MB']);
  file.type(text);
  expect(hints()).toEqual(['2: 10 MB', '3: 3 MB', '4: 500 kB']);
});

test('an image that the user links is measured instead, and no longer when it is unlinked', async () => {
  const { weights, file, hints, links, settled } = setUp(text, { withEngine: true, mode: 'online' });
  await settled();
  expect(weights.of(file.document)?.image).toMatchObject({ name: 'app:1', isLinked: false });
  await links.set(file.document.uri, 'other:1');
  await vi.waitFor(() => expect(weights.of(file.document)?.image).toMatchObject({ name: 'other:1', isLinked: true }));
  // Its last instruction is another one, so that nobody has measured this one.
  expect(hints()).toEqual(['2: 10 MB', '3: 3 MB']);
  await links.set(file.document.uri, undefined);
  await vi.waitFor(() => expect(weights.of(file.document)?.image).toMatchObject({ name: 'app:1', isLinked: false }));
});

test('an image that is built meanwhile is found', async () => {
  const { hints, settled, imagesChanged } = setUp(text, { withEngine: true, mode: 'online' });
  server.routes['/images/json'] = [];
  await settled();
  expect(hints()).toEqual(['3: ≈ 2 MB']);
  server.routes['/images/json'] = [{ Id: id, RepoTags: ['app:1'], Created: 2 }];
  imagesChanged.fire();
  await vi.waitFor(() => expect(hints()).toContain('2: 10 MB'));
});

test('what typing changes of the image, until it is saved', async () => {
  const lines = 'FROM scratch\nCOPY . /app\n';
  const { weights, file, settled, redraws } = setUp(lines);
  const change = () => weights.of(file.document)?.change;
  await settled();
  expect(change()).toBeUndefined();
  file.type(`${lines}COPY src /more\n`);
  weights.of(file.document);
  await settled();
  expect(change()).toBe(2_000_000);
  file.type('FROM scratch\n');
  expect(change()).toBe(-2_000_000);
  file.type(`${lines}RUN make\n`);
  expect(change()).toBeUndefined();
  file.type('FROM scratch\n');
  expect(change()).toBe(-2_000_000);
  file.save();
  saved.fire(file.document);
  expect(change()).toBeUndefined();
  expect(redraws()).toBeGreaterThan(0);
  file.type(lines);
  expect(change()).toBe(2_000_000);
});

test('another text is weighed without a trace', async () => {
  const { weights, file, hints, settled } = setUp();
  await settled();
  const other = weights.weigh(file.document, parseDockerfile('FROM scratch\nCOPY . /\n'));
  expect(other.weights.get(1)?.size).toMatchObject({ bytes: 2_000_000 });
  expect(hints()).toEqual(['3: ≈ 2 MB']);
});

test('who closes a document lets its context go, and nothing is asked for it any more', async () => {
  const { weights, file, holds, asked, settled, redraws } = setUp();
  weights.of(file.document);
  expect(holds).toEqual([folder.path]);
  await settled();
  const [before, drawn] = [asked.length, redraws()];
  closed.fire(file.document);
  expect(holds).toEqual([]);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect([asked.length, redraws()]).toEqual([before, drawn]);
});

test('closed while it is asked: no redraw, no error', async () => {
  const { weights, file, redraws, logged } = setUp(text, { withEngine: true, mode: 'online' });
  weights.of(file.document);
  await vi.waitFor(() => expect(server.asked.length).toBeGreaterThan(0));
  closed.fire(file.document);
  const drawn = redraws();
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(redraws()).toBe(drawn);
  expect(logged).toEqual([]);
});

test('settings and trust begin anew', async () => {
  const { weights, file, asked, settled } = setUp();
  await settled();
  const before = asked.length;
  configured.fire({ affectsConfiguration: (name: string) => name === 'plimsoll' });
  await settled();
  expect(asked.length).toBe(2 * before);
  configured.fire({ affectsConfiguration: () => false });
  trusted.fire(undefined);
  await settled();
  expect(asked.length).toBe(3 * before);
  weights.dispose();
  trusted.fire(undefined);
  expect(weights.contextOf(file.document)).toMatchObject({ folder: UriDouble.file(folder.path).fsPath });
});
