import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ContextAnswer, ContextQuestion } from '../../../src/core/estimate/context/contextQuestion.ts';
import { BuildContexts } from '../../../src/sources/context/buildContexts.ts';
import { temporaryFolder, type TemporaryFolder } from '../../helpers/temporaryFolder.ts';

const everything: ContextQuestion = { kind: 'copy', sources: ['.'], excludes: [], unpacks: false };
const worker = new URL('../../../src/sources/context/worker.ts', import.meta.url);
let contexts: BuildContexts;
let folder: TemporaryFolder;

beforeEach(async () => {
  contexts = new BuildContexts(worker);
  folder = await temporaryFolder();
  await mkdir(path.join(folder.path, 'src/deep'), { recursive: true });
  await write('src/a', 100);
  await write('src/deep/b', 20);
});
afterEach(async () => {
  contexts[Symbol.dispose]();
  await folder[Symbol.asyncDispose]();
});

function write(name: string, bytes: number): Promise<void> {
  return writeFile(path.join(folder.path, name), 'x'.repeat(bytes));
}

function ask(question = everything, ignoreText = '', signal = new AbortController().signal): Promise<ContextAnswer> {
  return contexts.ask(folder.path, ignoreText, question, signal);
}

async function bytes(ignoreText = ''): Promise<number> {
  const answer = await ask(everything, ignoreText);
  return answer.kind === 'copy' && answer.complete ? answer.bytes : Number.NaN;
}

test('a walked context answers under any ignore file', async () => {
  expect(await Promise.all([bytes(), bytes('src/deep'), bytes('src'), bytes()])).toEqual([120, 100, 0, 120]);
});

test('more ignore files than are kept', async () => {
  const ignored = ['', 'a', 'b', 'c', 'd', 'src/a', ''];
  expect(await Promise.all(ignored.map((text) => bytes(text)))).toEqual([120, 120, 120, 120, 120, 20, 120]);
});

test('changes are known once they are told', async () => {
  expect(await bytes()).toBe(120);
  await write('src/a', 7);
  await mkdir(path.join(folder.path, 'src/new/inner'), { recursive: true });
  await write('src/new/inner/c', 3000);
  expect(await bytes()).toBe(120);
  contexts.changed(folder.path, ['src']);
  expect(await bytes()).toBe(3027);
  await rm(path.join(folder.path, 'src/new'), { recursive: true });
  contexts.changed(folder.path, ['src/new', 'src']);
  expect(await bytes()).toBe(27);
  await write('src/a', 0);
  contexts.close(folder.path);
  expect(await bytes()).toBe(20);
});

test('what patterns keep out', async () => {
  const answer = await ask({ kind: 'exclusions' }, 'src/deep\n*.log');
  expect(answer).toMatchObject({ kind: 'exclusions', complete: true, patterns: [{ bytes: 20 }, { bytes: 0 }] });
});

test('installed packages', async () => {
  expect(await ask({ kind: 'modules', project: '' })).toEqual({ kind: 'modules' });
  await mkdir(path.join(folder.path, 'node_modules/a'), { recursive: true });
  await write('node_modules/a/index.js', 5);
  await writeFile(path.join(folder.path, 'package-lock.json'), '{"packages":{"node_modules/a":{"dev":true}}}');
  contexts.changed(folder.path, ['']);
  expect(await ask({ kind: 'modules', project: '' })).toMatchObject({
    modules: { packages: [{ name: 'a', bytes: 5, development: true }], hasLock: true },
  });
});

test('who is cancelled does not wait, and the others do', async () => {
  const cancel = new AbortController();
  const cancelled = ask(everything, '', cancel.signal);
  const other = bytes();
  cancel.abort(new Error('enough'));
  await expect(cancelled).rejects.toThrow('enough');
  expect(await other).toBe(120);
});

test('a context that is not there weighs nothing that anybody knows', async () => {
  await rm(folder.path, { recursive: true });
  expect(await ask()).toMatchObject({ bytes: 0, complete: false });
});

test('a thread that ends fails what it was asked', async () => {
  using broken = new BuildContexts(new URL('./no-such-worker.ts', import.meta.url));
  const question = broken.ask(folder.path, '', everything, new AbortController().signal);
  await expect(question).rejects.toMatchObject({ code: 'unavailable' });
});

test('after the end nobody waits for ever', async () => {
  const question = ask();
  contexts[Symbol.dispose]();
  await expect(question).rejects.toMatchObject({ code: 'unavailable' });
});
