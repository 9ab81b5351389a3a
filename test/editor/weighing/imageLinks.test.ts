import { expect, test, vi } from 'vitest';
import type { Memento, Uri } from 'vscode';
import { ImageLinks } from '../../../src/editor/weighing/imageLinks.ts';
import { mementoDouble, UriDouble } from '../../helpers/vscodeDouble.ts';

vi.mock('vscode', async () => ({ EventEmitter: (await import('../../helpers/vscodeDouble.ts')).EventEmitterDouble }));

const [one, two] = ['/w/Dockerfile', '/w/other.Dockerfile'].map((path) => UriDouble.file(path) as unknown as Uri) as [
  Uri,
  Uri,
];

test('links are kept by file, told, and taken away', async () => {
  const memory = mementoDouble();
  const links = new ImageLinks(memory);
  let told = 0;
  links.onDidChange(() => told++);
  await links.set(one, 'app:1');
  await links.set(two, 'other:1');
  expect([links.of(one), links.of(two), told]).toEqual(['app:1', 'other:1', 2]);
  expect(new ImageLinks(memory).of(one)).toBe('app:1');
  await links.set(one, undefined);
  expect([links.of(one), links.of(two), told]).toEqual([undefined, 'other:1', 3]);
});

test.each<[kept: unknown]>([['text'], [null], [3], [{ 'file:///w/Dockerfile': 3 }]])(
  'what is kept is %j: no link',
  (kept) => {
    const memory = { get: () => kept } as unknown as Memento;
    expect(new ImageLinks(memory).of(one)).toBeUndefined();
  },
);
