import { symlink } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Project } from '../../../src/core/refactor/project.ts';
import { refusal } from '../../../src/core/refactor/refactoring.ts';
import {
  defaultLimits,
  openProject,
  type ProjectFiles,
  refactorWith,
} from '../../../src/sources/project/projectFiles.ts';
import { projectFolder, walkedContext } from '../../helpers/projectFolder.ts';
import type { TemporaryFolder } from '../../helpers/temporaryFolder.ts';

const { signal } = new AbortController();

async function open(
  folder: TemporaryFolder,
  { dockerfile = 'Dockerfile', context = '', limits = {} } = {},
): Promise<ProjectFiles> {
  const at = path.join(folder.path, context);
  const place = { dockerfile: path.join(folder.path, dockerfile), context: at, root: folder.path };
  return openProject(place, walkedContext(at), signal, { ...defaultLimits, ...limits });
}

/** Reads texts of a project until none is wanted; gives them, and how often it was asked. */
async function texts(files: ProjectFiles, ...names: string[]) {
  let rounds = 0;
  let found: (string | undefined)[] = [];
  const ask = (project: Project) => {
    rounds++;
    found = names.map((name) => project.text(name));
    return refusal('read', 'It is only read.');
  };
  await refactorWith(files, ask, signal);
  return { found, rounds };
}

describe('files', () => {
  it('are those that are sent, with their bytes', async () => {
    await using folder = await projectFolder({
      Dockerfile: 'FROM scratch',
      '.dockerignore': 'log\n*.tmp\n!keep.tmp\n',
      'src/main.go': 'package main',
      'log/a': 'xxx',
      'a.tmp': 'x',
      'keep.tmp': 'yy',
    });
    const { project } = await open(folder);
    expect(project.files).toEqual(['.dockerignore', 'Dockerfile', 'keep.tmp', 'src/main.go']);
    expect(project.bytes('src')).toBe(12);
    expect(project.complete).toBe(true);
  });

  it('an ignore file that ignores itself is known all the same', async () => {
    await using folder = await projectFolder({ '.dockerignore': '.dockerignore\n', a: '' });
    const { project } = await open(folder);
    expect(project.files).toEqual(['a']);
    expect(project.ignoreFile).toEqual({ path: '.dockerignore', text: '.dockerignore\n' });
  });

  it('an ignore file of the Dockerfile’s own, beside it', async () => {
    await using folder = await projectFolder({
      'docker/web.dockerfile': 'FROM scratch',
      'docker/web.dockerfile.dockerignore': 'b',
      'app/.dockerignore': 'a',
      'app/a': '',
      'app/b': '',
    });
    const { project } = await open(folder, { dockerfile: 'docker/web.dockerfile', context: 'app' });
    expect(project.files).toEqual(['.dockerignore', 'a']);
    expect(project.ignoreFile).toEqual({ path: '../docker/web.dockerfile.dockerignore', text: 'b' });
  });

  it('a context of more files than are named is not complete', async () => {
    await using folder = await projectFolder({ a: '', b: '', 'c/d': '' });
    const { project } = await open(folder, { limits: { files: 2 } });
    expect(project.files).toEqual(['a', 'b']);
    expect(project.complete).toBe(false);
  });
});

describe('texts', () => {
  it('are read when they are asked for, each once', async () => {
    await using folder = await projectFolder({ a: 'one', 'b/c': 'two ü' });
    const files = await open(folder);
    expect(files.hasWanted).toBe(false);
    expect(await texts(files, 'a', './b/c', 'nosuch')).toEqual({ found: ['one', 'two ü', undefined], rounds: 2 });
    expect(await texts(files, 'a', 'b/c')).toEqual({ found: ['one', 'two ü'], rounds: 1 });
  });

  it('what leads to the next file is read round by round', async () => {
    await using folder = await projectFolder({ a: 'b', b: 'c', c: 'end' });
    const files = await open(folder);
    let rounds = 0;
    const follow = (project: Project) => {
      rounds++;
      let [at, next] = ['a', project.text('a')];
      while (next !== undefined && next !== 'end') [at, next] = [next, project.text(next)];
      return refusal('end', at);
    };
    expect(await refactorWith(files, follow, signal)).toMatchObject({ message: 'c' });
    expect(rounds).toBe(4);
  });

  it.each<[string, string | Buffer]>([
    ['of a binary', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 1])],
    ['in another encoding', Buffer.from('caf\xe9', 'latin1')],
    ['longer than a megabyte', 'x'.repeat(1_000_001)],
  ])('a file %s has none', async (_title, content) => {
    await using folder = await projectFolder({ a: content });
    expect(await texts(await open(folder), 'a')).toEqual({ found: [undefined], rounds: 2 });
  });

  it('a link inside the context is followed, one that leads out of it is not', async () => {
    await using folder = await projectFolder({ 'app/real': 'inside', secret: 'outside' });
    const app = path.join(folder.path, 'app');
    await symlink('real', path.join(app, 'near'));
    await symlink('../secret', path.join(app, 'far'));
    await symlink('nowhere', path.join(app, 'broken'));
    const files = await open(folder, { dockerfile: 'app/Dockerfile', context: 'app' });
    expect((await texts(files, 'near', 'far', 'broken')).found).toEqual(['inside', undefined, undefined]);
  });

  it('are bounded in number; one question takes half of what is left, the nearest files first', async () => {
    await using folder = await projectFolder({ 'a/deep': '1', b: '2', c: '3', d: '4', e: '5' });
    const files = await open(folder, { limits: { texts: 4 } });
    expect((await texts(files, 'a/deep', 'b', 'c')).found).toEqual([undefined, '2', '3']);
    expect((await texts(files, 'd')).found).toEqual(['4']);
    expect((await texts(files, 'e')).found).toEqual(['5']);
    expect((await texts(files, 'a/deep')).found).toEqual([undefined]);
  });

  it('are bounded together', async () => {
    await using folder = await projectFolder({ a: 'x'.repeat(100), b: '2' });
    const files = await open(folder, { limits: { textLength: 50 } });
    expect((await texts(files, 'a')).found).toEqual(['x'.repeat(100)]);
    expect((await texts(files, 'b')).found).toEqual([undefined]);
  });

  it('cancelling ends the reading', async () => {
    await using folder = await projectFolder({ a: '1' });
    const files = await open(folder);
    files.project.text('a');
    await expect(files.load(AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
  });
});
