import { beforeEach, expect, test, vi } from 'vitest';
import type { TextDocument } from 'vscode';
import { lookUp } from '../../src/core/base/catalogue.ts';
import type { Reference } from '../../src/core/base/reference.ts';
import { parseDockerfile } from '../../src/core/dockerfile/parse.ts';
import { DockerfileDocuments } from '../../src/editor/documents.ts';
import { StageBases } from '../../src/editor/stageBases.ts';
import { BaseSizeChain } from '../../src/sources/chain.ts';

vi.mock('vscode', () => ({
  EventEmitter: class {
    readonly #listeners: (() => void)[] = [];
    readonly event = (listener: () => void) => {
      this.#listeners.push(listener);
      return { dispose: () => undefined };
    };
    fire(): void {
      for (const listener of this.#listeners) listener();
    }
    dispose(): void {
      this.#listeners.length = 0;
    }
  },
  Disposable: class {
    readonly dispose: () => void;
    constructor(dispose: () => void) {
      this.dispose = dispose;
    }
  },
  workspace: {
    getConfiguration: () => ({ get: () => undefined }),
    onDidChangeConfiguration: () => ({ dispose: () => undefined }),
  },
}));

beforeEach(() => {
  vi.useFakeTimers();
  return () => vi.useRealTimers();
});

function setUp(text: string) {
  let parses = 0;
  const asked: string[] = [];
  const document = {
    version: 1,
    languageId: 'dockerfile',
    isClosed: false,
    uri: { path: '/w/Dockerfile' },
    text,
    getText: () => document.text,
  };
  const chain = new BaseSizeChain({
    sources: [
      {
        kind: 'registry',
        lookUp: (reference: Reference, platform) => {
          asked.push(`${reference.path}:${reference.tag!} ${platform}`);
          return Promise.resolve({ sizes: { platform, download: { bytes: 1000, basis: 'registry' } } });
        },
      },
    ],
    catalogue: lookUp,
    online: true,
  });
  const documents = new DockerfileDocuments(
    (source, options) => {
      parses++;
      return parseDockerfile(source, options);
    },
    () => ({}),
  );
  const bases = new StageBases(documents, {
    chain,
    platform: 'linux/amd64',
    onDidChange: () => ({ dispose: () => undefined }),
  });
  const open = document as unknown as TextDocument;
  return {
    bases,
    open,
    asked,
    parses: () => parses,
    edit: (changed: string) => {
      document.text = changed;
      document.version++;
    },
  };
}

test('lens, hover and status bar of one version cost one parse', () => {
  const { bases, open, edit, parses } = setUp('FROM golang:1.26\n');
  for (let reader = 0; reader < 3; reader++) {
    bases.of(open);
    bases.ask(open);
  }
  expect(parses()).toBe(1);
  edit('FROM golang:1.26-alpine\n');
  for (let reader = 0; reader < 3; reader++) bases.of(open);
  expect(parses()).toBe(2);
});

test('what is asked for first is known at once from the catalogue', () => {
  const { bases, open } = setUp('FROM golang:1.26\n');
  const [first] = bases.of(open);
  expect(first!.view).toMatchObject({ kind: 'image', known: { sizes: { onDisk: { basis: 'catalogue' } } } });
});

test('a document that is opened is asked for at once, and only for its images', async () => {
  const { bases, open, asked } = setUp(
    'ARG V\nFROM golang:1.26 AS a\nFROM a\nFROM scratch\nFROM x:${V}\nFROM golang:1.26\n',
  );
  bases.ask(open);
  await vi.advanceTimersByTimeAsync(0);
  expect(asked).toEqual(['library/golang:1.26 linux/amd64']);
});

test('while a reference is typed its prefixes are not asked for', async () => {
  const { bases, open, edit, asked } = setUp('FROM scratch\n');
  bases.ask(open);
  const final = 'acme/application:1.2.3';
  for (let length = 1; length <= final.length; length++) {
    edit(`FROM ${final.slice(0, length)}\n`);
    bases.ask(open);
    await vi.advanceTimersByTimeAsync(50);
  }
  await vi.advanceTimersByTimeAsync(1000);
  expect(asked).toEqual(['acme/application:1.2.3 linux/amd64']);
});

test('answers of one moment are told once', async () => {
  const { bases, open } = setUp('FROM golang:1.26\nFROM node:24\nFROM python:3.13\n');
  let redraws = 0;
  bases.onDidChange(() => redraws++);
  bases.ask(open);
  await vi.advanceTimersByTimeAsync(200);
  expect(redraws).toBe(1);
  expect(bases.of(open).map(({ view }) => view.kind === 'image' && view.known.sizes?.download?.bytes)).toEqual([
    1000, 1000, 1000,
  ]);
});

test('an ignore file that VS Code takes for a Dockerfile has no stages', () => {
  const { bases, open } = setUp('FROM scratch\n');
  (open.uri as { path: string }).path = '/w/Dockerfile.dockerignore';
  expect(bases.of(open)).toEqual([]);
});
