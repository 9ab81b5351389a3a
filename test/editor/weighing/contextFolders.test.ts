import { beforeEach, expect, test, vi } from 'vitest';
import type { ContextAnswer } from '../../../src/core/estimate/context/contextQuestion.ts';
import { ContextFolders } from '../../../src/editor/weighing/contextFolders.ts';
import type { BuildContexts } from '../../../src/sources/context/buildContexts.ts';
import { UriDouble } from '../../helpers/vscodeDouble.ts';

const { watchers } = vi.hoisted(() => ({ watchers: [] as { change: (path: string) => void; isDisposed: boolean }[] }));
vi.mock('vscode', async () => {
  const { DisposableDouble, EventEmitterDouble, UriDouble: Uri } = await import('../../helpers/vscodeDouble.ts');
  return {
    Disposable: DisposableDouble,
    EventEmitter: EventEmitterDouble,
    RelativePattern: Object,
    Uri,
    workspace: {
      createFileSystemWatcher: () => {
        const changed = new EventEmitterDouble<UriDouble>();
        const silent = new EventEmitterDouble<UriDouble>();
        const watcher = { change: (path: string) => changed.fire(Uri.file(path)), isDisposed: false };
        watchers.push(watcher);
        return {
          onDidChange: changed.event,
          onDidCreate: silent.event,
          onDidDelete: silent.event,
          dispose: () => (watcher.isDisposed = true),
        };
      },
    },
  };
});

beforeEach(() => {
  watchers.length = 0;
  vi.useFakeTimers();
  return () => vi.useRealTimers();
});

function setUp() {
  const told: string[] = [];
  const contexts = {
    ask: (folder: string): Promise<ContextAnswer> => {
      told.push(`ask ${folder}`);
      return Promise.resolve({ kind: 'modules' });
    },
    changed: (folder: string, folders: readonly string[]) => told.push(`changed ${folder}: ${folders.join(', ')}`),
    close: (folder: string) => told.push(`close ${folder}`),
    [Symbol.dispose]: () => told.push('end'),
  };
  const folders = new ContextFolders(contexts as unknown as BuildContexts);
  const fired: string[] = [];
  folders.onDidChange((folder) => fired.push(folder));
  const ask = () => folders.ask('/w', '', { kind: 'exclusions' }, new AbortController().signal);
  return { folders, told, fired, ask };
}

test('a context is watched once, whoever asks and holds it', async () => {
  const { folders, told, ask } = setUp();
  folders.hold('/w');
  await Promise.all([ask(), ask()]);
  expect(watchers).toHaveLength(1);
  expect(told).toEqual(['ask /w', 'ask /w']);
});

test('a burst of changes is one refresh of the folders in which something changed', async () => {
  const { told, fired, ask } = setUp();
  await ask();
  told.length = 0;
  for (let at = 0; at < 1000; at++) watchers[0]!.change(`/w/src/${at % 3}/f${at}`);
  watchers[0]!.change('/w/package.json');
  watchers[0]!.change('/elsewhere/x');
  expect([told, fired]).toEqual([[], []]);
  await vi.advanceTimersByTimeAsync(1000);
  expect(told).toEqual(['changed /w: src/0, src/1, src/2, ']);
  expect(fired).toEqual(['/w']);
});

test('it is let go with the last who holds it', async () => {
  const { folders, told, ask } = setUp();
  const [one, two] = [folders.hold('/w'), folders.hold('/w')];
  await ask();
  one.dispose();
  one.dispose();
  expect(watchers[0]!.isDisposed).toBe(false);
  watchers[0]!.change('/w/x');
  two.dispose();
  expect(watchers[0]!.isDisposed).toBe(true);
  expect(told.at(-1)).toBe('close /w');
  await vi.advanceTimersByTimeAsync(1000);
  expect(told.at(-1)).toBe('close /w');
  folders.dispose();
  expect(told.at(-1)).toBe('end');
});
