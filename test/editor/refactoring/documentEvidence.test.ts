import { beforeEach, expect, it, vi } from 'vitest';
import { parseDockerfile } from '../../../src/core/dockerfile/parse.ts';
import type { BaseNeeds } from '../../../src/core/program/needs.ts';
import type { BuiltEvidence } from '../../../src/core/refactor/builtEvidence.ts';
import { DocumentEvidence } from '../../../src/editor/refactoring/documentEvidence.ts';
import type { Engine } from '../../../src/sources/engine/engine.ts';
import { imageInfo } from '../../helpers/historyFixture.ts';
import { documentDouble } from '../../helpers/vscodeDouble.ts';

const disk = vi.hoisted(() => ({ mtime: 0, isThere: true }));
vi.mock('vscode', () => ({
  workspace: {
    fs: {
      stat: () => (disk.isThere ? Promise.resolve({ mtime: disk.mtime }) : Promise.reject(new Error('not there'))),
    },
  },
}));

const text = 'FROM golang AS build\nRUN go build\nFROM debian\nCOPY --from=build /app /app\n';
const built = Date.parse('2026-11-21T12:00:00Z');
const needs = { kind: 'static', evidence: ['why'] } as unknown as BaseNeeds;
const found: BuiltEvidence = { needs, bytesAt: () => 5 };
const forever = new AbortController().signal;

beforeEach(() => {
  disk.mtime = built - 60_000;
  disk.isThere = true;
});

function setUp({ isReadable = true } = {}) {
  const answer = isReadable ? found : undefined;
  const file = documentDouble('/app/Dockerfile', text);
  const created = new Date(built).toISOString();
  const history = ['ADD file:a in /', 'COPY /app /app # buildkit'].map((createdBy) => ({
    created,
    createdBy,
    emptyLayer: false,
  }));
  const image = { name: 'app:1', info: imageInfo(2, history), isLinked: false };
  const state = { engine: {} as Engine | undefined, reads: 0, known: undefined as BuiltEvidence | undefined };
  const evidence = new DocumentEvidence({
    engine: () => state.engine,
    reader: {
      known: () => state.known,
      read: () => {
        state.reads++;
        state.known = answer;
        return Promise.resolve(answer);
      },
    },
  });
  const weighed = () => ({ dockerfile: parseDockerfile(file.document.getText()), image });
  return {
    ...{ file, state, evidence },
    of: () => evidence.of(file.document, weighed()),
    ask: () => evidence.ask(file.document, weighed(), forever),
  };
}

it('asks nobody to know what it knows, and knows more once somebody has looked', async () => {
  const { of, ask, state } = setUp();
  const before = of()!;
  expect(before.needs()).toBeUndefined();
  expect(before.isWanted).toBe(true);
  expect(state.reads).toBe(0);
  expect(await ask()).toBe(true);
  expect(of()!.needs()).toMatchObject({ kind: 'static' });
  expect(of()!.bytesAt('/app')).toBe(5);
});

it('a file that was written after the image was built may start something else', async () => {
  const { of, ask } = setUp();
  disk.mtime = built + 60_000;
  await ask();
  const evidence = of()!;
  expect(evidence.needs()).toBeUndefined();
  expect(evidence.bytesAt('/app')).toBe(5);
  expect(evidence.isWanted).toBe(false);
});

it('so may one that is typed in, until it is saved and the image is built anew', async () => {
  const { of, ask, file } = setUp();
  await ask();
  file.type(text.replace('go build', 'go build -race'));
  expect(of()!.needs()).toBeUndefined();
  // Asked while it is not saved, the disk still has the old time.
  await ask();
  file.save();
  disk.mtime = built + 60_000;
  expect(of()!.needs()).toBeUndefined();
  await ask();
  expect(of()!.needs()).toBeUndefined();
  disk.mtime = built - 60_000;
  file.type(text);
  file.save();
  await ask();
  expect(of()!.needs()).toMatchObject({ kind: 'static' });
});

it('a document without a file has been built by nobody', async () => {
  const { of, ask } = setUp();
  disk.isThere = false;
  await ask();
  expect(of()!.needs()).toBeUndefined();
});

it('without an engine, as in an untrusted workspace, nothing is known and nobody is asked', async () => {
  const { of, ask, state } = setUp();
  state.engine = undefined;
  expect(of()).toBeUndefined();
  expect(await ask()).toBe(false);
  expect(state.reads).toBe(0);
});

it('an image that cannot be read is let be until the engine changes', async () => {
  const { of, ask, evidence } = setUp({ isReadable: false });
  expect(await ask()).toBe(false);
  expect(of()).toBeUndefined();
  evidence.retry();
  expect(of()).toBeDefined();
});
