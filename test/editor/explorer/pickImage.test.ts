import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Uri } from 'vscode';
import { chooseInside, imageItems, pickImage, placeOfFile } from '../../../src/editor/explorer/pickImage.ts';
import type { Engine } from '../../../src/sources/engine/engine.ts';
import { SourceError } from '../../../src/sources/error.ts';
import { makeArchive, writeLayout } from '../../helpers/archives.ts';
import { desk, vscode } from '../../helpers/fakeVscode.ts';
import { makeImage } from '../../helpers/ociImage.ts';

vi.mock('vscode', async () => (await import('../../helpers/fakeVscode.ts')).vscode);

const id = `sha256:${'4f1c'.repeat(16)}`;
const listed = [
  { Id: id, RepoTags: ['shop/orders:2.4.0', 'shop/orders:latest'], Size: 674_000_000, Created: 1_777_888_000 },
  { Id: `sha256:${'ab'.repeat(32)}`, RepoTags: [], Size: undefined, Created: undefined },
];

/** An engine that has these images, or fails. */
function engineWith(images: () => Promise<unknown>): Engine {
  return { connect: () => Promise.resolve({ images }) } as unknown as Engine;
}

const list = () => desk.quickPicks.at(-1)!;

beforeEach(() => desk.reset());

describe('the list', () => {
  test('is there before the engine has answered, and has its images when it has', async () => {
    const answer = Promise.withResolvers<unknown>();
    void pickImage(
      'Explore',
      engineWith(() => answer.promise),
    );
    expect(list()).toMatchObject({ title: 'Explore', busy: true, isShown: true });
    expect(list().labels).toEqual([
      '$(info) Asking the container engine …',
      'elsewhere',
      '$(file-zip) Choose an archive …',
      '$(folder) Choose an OCI layout folder …',
    ]);
    answer.resolve(listed);
    await vi.waitFor(() => expect(list().busy).toBe(false));
    expect(list().labels.slice(0, 4)).toEqual([
      'in the container engine',
      'shop/orders:2.4.0',
      'shop/orders:latest',
      'abababababab',
    ]);
  });
  test.each<[string, () => Promise<unknown>, string]>([
    ['has none', () => Promise.resolve([]), 'has no images'],
    ['does not run', () => Promise.reject(new SourceError('unavailable', 'No engine runs.')), 'No engine runs.'],
  ])('says when the engine %s', async (_, images, wanted) => {
    void pickImage('Explore', engineWith(images));
    await vi.waitFor(() => expect(list().labels[0]).toContain(wanted));
    expect(list().labels).toContain('$(file-zip) Choose an archive …');
  });
  test('says where nobody may be asked', () => {
    void pickImage('Explore', undefined);
    expect(list()).toMatchObject({ busy: false });
    expect(list().labels[0]).toContain('not asked here');
  });
});

describe('what is chosen', () => {
  test('an image of the engine', async () => {
    const chosen = pickImage(
      'Explore',
      engineWith(() => Promise.resolve(listed)),
    );
    await vi.waitFor(() => expect(list().busy).toBe(false));
    list().choose('shop/orders:2.4.0');
    expect(await chosen).toEqual({ kind: 'reference', reference: 'shop/orders:2.4.0', source: 'engine' });
    expect(list().isShown).toBe(false);
  });
  test('an image without a name, by its id', async () => {
    const chosen = pickImage(
      'Explore',
      engineWith(() => Promise.resolve(listed)),
    );
    await vi.waitFor(() => expect(list().busy).toBe(false));
    list().choose('abababababab');
    expect(await chosen).toMatchObject({ reference: `sha256:${'ab'.repeat(32)}` });
  });
  test('a reference that is typed: of whoever has it', async () => {
    const chosen = pickImage('Explore', undefined);
    list().type('  alpine:3.22 ');
    list().choose('Explore alpine:3.22');
    expect(await chosen).toEqual({ kind: 'reference', reference: 'alpine:3.22' });
  });
  test.each(['', '  ', 'no reference', 'UPPER', 'a:b:c'])('%j is no reference', (typed) => {
    void pickImage('Explore', undefined);
    list().type(typed);
    expect(list().labels.some((label) => label.startsWith('Explore '))).toBe(false);
  });
  test('what the list has already is not offered again', async () => {
    void pickImage(
      'Explore',
      engineWith(() => Promise.resolve(listed)),
    );
    await vi.waitFor(() => expect(list().busy).toBe(false));
    list().type('shop/orders:latest');
    expect(list().labels.filter((label) => label.includes('shop/orders:latest'))).toHaveLength(1);
  });
  test('nothing, when the list is left; the engine is no longer waited for', async () => {
    const answer = Promise.withResolvers<unknown>();
    const chosen = pickImage(
      'Explore',
      engineWith(() => answer.promise),
    );
    list().hide();
    expect(await chosen).toBeUndefined();
    answer.resolve(listed);
    await Promise.resolve();
    expect(list().labels).not.toContain('shop/orders:latest');
  });
  test('nothing, by a note', async () => {
    const chosen = pickImage('Explore', undefined);
    list().choose('not asked here');
    expect(await chosen).toBeUndefined();
  });
});

test('an item tells size, day and id, so that tags that look alike are told apart', () => {
  const [item] = imageItems({ imageId: id, names: ['a:1'], bytes: 674_000_000, created: 1_777_888_000 }, 'why');
  expect(item).toMatchObject({ label: 'a:1', description: '674 MB  ·  2026-05-04  ·  4f1c4f1c4f1c', detail: 'why' });
});

describe('files', () => {
  let folder: string;
  const uriOf = (name: string) => vscode.Uri.file(path.join(folder, name)) as unknown as Uri;
  const made = makeImage({ layers: [{ files: { a: 'b' } }] });

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'plimsoll-pick-'));
    await writeFile(path.join(folder, 'saved.tar'), makeArchive([{ image: made, names: ['a:1'] }], 'docker-oci'));
    await writeFile(path.join(folder, 'packed.tar.gz'), makeArchive([{ image: made }], 'oci', 'gzip'));
    await writeFile(path.join(folder, 'text.tar'), 'this is no archive');
    await writeLayout(path.join(folder, 'layout'), [{ image: made, names: ['a:1'] }]);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test.each([
    ['saved.tar', 'archive', 'saved.tar'],
    ['packed.tar.gz', 'archive', 'packed.tar.gz'],
    ['layout', 'layout', 'layout'],
    ['layout/oci-layout', 'layout', 'layout'],
    ['layout/index.json', 'layout', 'layout'],
  ])('%s', async (name, kind, place) => {
    expect(await placeOfFile(uriOf(name))).toEqual({ kind, uri: uriOf(place).toString() });
    expect(desk.messages).toEqual([]);
  });
  test.each(['text.tar', 'absent.tar'])('%s is none, and that is said', async (name) => {
    expect(await placeOfFile(uriOf(name))).toBeUndefined();
    expect(desk.messages).toEqual(['This is no image archive and no OCI layout folder.']);
  });
  test.each([
    ['Choose an archive', 'saved.tar'],
    ['Choose an OCI layout', 'layout'],
  ])('%s: the dialog answers for the list that it has closed', async (label, name) => {
    desk.opened = [vscode.Uri.file(path.join(folder, name))];
    const chosen = pickImage('Explore', undefined);
    list().choose(label);
    expect(await chosen).toMatchObject({ uri: uriOf(name).toString() });
  });
  test('a dialog that is left chooses nothing', async () => {
    const chosen = pickImage('Explore', undefined);
    list().choose('Choose an archive');
    expect(await chosen).toBeUndefined();
  });
});

test('one of the images in an archive, or none of them', async () => {
  const choices = [
    { imageId: id, reference: 'a:1', platform: 'linux/amd64' },
    { imageId: 'sha256:0', platform: 'linux/arm64' },
  ];
  desk.choice = 1;
  expect(await chooseInside(choices)).toBe(choices[1]);
  desk.choice = undefined;
  expect(await chooseInside(choices)).toBeUndefined();
});
