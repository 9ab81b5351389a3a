import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Uri } from 'vscode';
import type { OpenImage } from '../../../src/core/image/image.ts';
import { type ImageFile, ImageFiles, imageScheme, placeId } from '../../../src/editor/explorer/imageFiles.ts';
import { SourceError } from '../../../src/sources/error.ts';
import { desk, vscode } from '../../helpers/fakeVscode.ts';

vi.mock('vscode', async () => (await import('../../helpers/fakeVscode.ts')).vscode);

const text = new TextEncoder().encode('hello\n');
const binary = Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 0, 0);
const image = placeId({ kind: 'archive', uri: 'file:///a.tar' });
const file = (path: string, more: Partial<ImageFile> = {}): ImageFile => ({
  image,
  path,
  layer: 1,
  entry: 2,
  bytes: 6,
  ...more,
});

let content: Uint8Array;
let reads: [layer: number, entry: number, limit: number][];
let isOpen: boolean;
let failure: Error | undefined;
let files: ImageFiles;

beforeEach(() => {
  desk.reset();
  [content, reads, isOpen, failure] = [text, [], true, undefined];
  const open: Pick<OpenImage, 'readFile'> = {
    readFile: (layer, entry, limit) => {
      reads.push([layer, entry, limit]);
      return failure === undefined ? Promise.resolve(content.subarray(0, limit)) : Promise.reject(failure);
    },
  };
  files = new ImageFiles((id) => (isOpen && id === image ? (open as OpenImage) : undefined));
  return () => files.dispose();
});

/** What VS Code's editor would show at an address. */
const shownAt = (uri: { toString(): string }): Promise<string> =>
  desk.providers.get(imageScheme)!.provideTextDocumentContent(vscode.Uri.parse(uri.toString()));
const lastUri = () => desk.documents.at(-1)!.uri;

describe('opening', () => {
  test('a text, under its own name, so that the editor knows its language', async () => {
    await files.open(file('/app/main.js'));
    expect(desk.shown).toEqual(['/app/main.js']);
    expect(await shownAt(lastUri())).toBe('hello\n');
    expect(reads).toEqual([[1, 2, 6]]);
  });
  test('a binary, as a dump whose name nothing takes for a picture', async () => {
    content = binary;
    await files.open(file('/app/logo.png'));
    expect(desk.shown).toEqual(['/app/logo.png.hex']);
    expect(await shownAt(lastUri())).toMatch(/^00000000 {2}7f 45 4c 46 00 00 .*\|\.ELF\.\.\|\n$/);
    expect(reads).toHaveLength(1);
  });
  test('of a large file its beginning, which is said', async () => {
    await files.open(file('/var/log', { bytes: 60_000_000 }));
    expect(reads[0]![2]).toBe(5_000_000);
    expect(desk.statuses).toEqual(['The first 6 B of 60 MB are shown.']);
  });
  test('what cannot be read says so, and can be tried again', async () => {
    failure = new SourceError('truncated', 'The layer is cut.');
    await expect(files.open(file('/a'))).rejects.toThrow('The layer is cut.');
    failure = undefined;
    await files.open(file('/a'));
    expect(await shownAt(lastUri())).toBe('hello\n');
  });
  test.each(['/a b/ü?#%.txt', '/<img src=x>', '/line\nbreak', `/${'x'.repeat(4000)}`])(
    'a path is kept in its address: %j',
    async (path) => {
      await files.open(file(path));
      expect(await shownAt(lastUri())).toBe('hello\n');
      expect(desk.shown).toEqual([path]);
    },
  );
  test('what was read is kept until its document is closed', async () => {
    await files.open(file('/a'));
    const uri = lastUri();
    await shownAt(uri);
    expect(reads).toHaveLength(1);
    desk.closeDocument(uri);
    await shownAt(uri);
    expect(reads).toHaveLength(2);
  });
});

test('two files are compared in VS Code’s own way', async () => {
  await files.diff(file('/a', { layer: 0 }), file('/a', { layer: 3 }), 'a (layer 1 ↔ layer 4)');
  expect(desk.diffs).toEqual([['/a', '/a', 'a (layer 1 ↔ layer 4)']]);
  expect(reads.map(([layer]) => layer)).toEqual([0, 3]);
});

describe('saving', () => {
  const target = vscode.Uri.file('/tmp/copy') as unknown as Uri;
  const signal = new AbortController().signal;
  test('all bytes, binary or not', async () => {
    content = binary;
    await files.save(file('/app/main'), target, signal);
    expect(desk.written.get('/tmp/copy')).toEqual(binary);
  });
  test('nothing that would fill the memory', async () => {
    await expect(files.save(file('/huge', { bytes: 2e9 }), target, signal)).rejects.toThrow('over 1 GB');
    expect([desk.written.size, reads.length]).toEqual([0, 0]);
  });
});

describe('an image that no panel has open', () => {
  test('says so, in the document and when it is asked for', async () => {
    await files.open(file('/a'));
    const uri = lastUri();
    desk.closeDocument(uri);
    isOpen = false;
    expect(await shownAt(uri)).toMatch(/no longer open/);
    await expect(files.open(file('/b'))).rejects.toThrow(/no longer open/);
  });
  test('gives its documents their content when it is opened again', async () => {
    await files.open(file('/a'));
    const changed: string[] = [];
    files.onDidChange((uri) => changed.push(uri.path));
    files.refresh('another');
    expect(changed).toEqual([]);
    files.refresh(image);
    expect(changed).toEqual(['/a']);
  });
});

test.each(['', '{', '{"layer":-1,"entry":0,"bytes":1}', '{"layer":"0","entry":0,"bytes":1}', 'null'])(
  'an address of nobody’s is no file: %s',
  async (query) => {
    const uri = vscode.Uri.from({ scheme: imageScheme, authority: image, path: '/a', query });
    expect(await shownAt(uri)).toMatch(/no longer open/);
    expect(reads).toEqual([]);
  },
);

test('a place has the same name after a reload, and another place another', () => {
  const place = { kind: 'reference', reference: 'a:1' } as const;
  expect(placeId(place)).toBe(placeId({ ...place }));
  expect(placeId(place)).toMatch(/^[0-9a-f]{16}$/);
  expect(placeId({ ...place, reference: 'a:2' })).not.toBe(placeId(place));
});
