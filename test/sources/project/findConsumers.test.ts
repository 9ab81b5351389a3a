import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { findConsumers, repositoryOf } from '../../../src/sources/project/findConsumers.ts';
import { projectFolder } from '../../helpers/projectFolder.ts';

const { signal } = new AbortController();

/** Who uses `app/Dockerfile` of a folder with these files, and whether BuildKit builds it. */
async function found(files: Record<string, string>, inContext: readonly string[] = []) {
  await using folder = await projectFolder({ 'app/Dockerfile': 'FROM scratch', ...files });
  const place = {
    dockerfile: path.join(folder.path, 'app/Dockerfile'),
    context: path.join(folder.path, 'app'),
    root: folder.path,
  };
  const { consumers, buildKit } = await findConsumers(place, inContext, signal);
  return {
    users: consumers.map(({ file, line, name, target }) => [
      file,
      line,
      name,
      ...(target === undefined ? [] : [target]),
    ]),
    buildKit,
  };
}

const service = (build: string): string => `services:\n  web:\n    build: ${build}\n`;

describe('who uses an image', () => {
  it.each<[string, Record<string, string>, (string | number)[][]]>([
    ['nobody', {}, []],
    ['a Compose file beside it', { 'app/compose.yaml': service('.') }, [['app/compose.yaml', 2, 'service web']]],
    ['a Compose file above it', { 'compose.yml': service('./app') }, [['compose.yml', 2, 'service web']]],
    ['of another Dockerfile', { 'compose.yml': service('{ context: app, dockerfile: Other }') }, []],
    [
      'a stage by name',
      { 'docker-compose.yml': service('{ context: ., dockerfile: app/Dockerfile, target: dev }') },
      [['docker-compose.yml', 2, 'service web', 'dev']],
    ],
    [
      'a development container',
      { '.devcontainer/devcontainer.json': '{ "build": { "dockerfile": "../app/Dockerfile" } }' },
      [['.devcontainer/devcontainer.json', 1, 'development container']],
    ],
    ['a development container of another', { '.devcontainer.json': '{ "build": { "dockerfile": "Dockerfile" } }' }, []],
    [
      'a pipeline',
      { '.github/workflows/ci.yml': 'run: docker build --target ci app' },
      [['.github/workflows/ci.yml', 1, 'build command', 'ci']],
    ],
    [
      'a Makefile that names it',
      { Makefile: 'x:\n\tdocker build -f ./app/Dockerfile --target ci .' },
      [['Makefile', 2, 'build command', 'ci']],
    ],
    ['a Makefile that names another', { Makefile: 'x:\n\tdocker build -f b/Dockerfile --target ci .' }, []],
    [
      'a Makefile that names it by a variable',
      { Makefile: 'x:\n\tdocker build -f $(DIR)/Dockerfile --target ci .' },
      [['Makefile', 2, 'build command', 'ci']],
    ],
  ])('%s', async (_title, files, users) => expect(await found(files)).toEqual({ users, buildKit: true }));

  it('files deeper in the context are those that its walk met', async () => {
    const files = { 'app/deploy/compose.yaml': service('..') };
    expect((await found(files)).users).toEqual([]);
    expect((await found(files, ['deploy/compose.yaml'])).users).toEqual([
      ['app/deploy/compose.yaml', 2, 'service web'],
    ]);
  });

  it('a builder without BuildKit', async () => {
    const text = 'build:\n  image: gcr.io/kaniko-project/executor:debug\n';
    expect((await found({ '.gitlab-ci.yml': text })).buildKit).toBe(false);
  });
});

describe('the repository of a Dockerfile', () => {
  it.each<[string, string[], string, string, string]>([
    ['the nearest folder with .git', ['.git/HEAD', 'a/b/Dockerfile'], 'a/b/Dockerfile', 'a/b', ''],
    ['a submodule', ['.git/HEAD', 'a/.git', 'a/b/Dockerfile'], 'a/b/Dockerfile', 'a/b', 'a'],
  ])('%s', async (_title, files, dockerfile, context, root) => {
    await using folder = await projectFolder(Object.fromEntries(files.map((file) => [file, ''])));
    const at = (name: string): string => path.join(folder.path, name);
    expect(repositoryOf(at(dockerfile), at(context))).toBe(path.join(folder.path, root));
  });

  it('without one: the context that holds it, else its own folder', async () => {
    await using folder = await projectFolder({ 'a/b/Dockerfile': '', 'c/x': '' });
    const at = (name: string): string => path.join(folder.path, name);
    expect(repositoryOf(at('a/b/Dockerfile'), at('a'))).toBe(at('a'));
    expect(repositoryOf(at('a/b/Dockerfile'), at('c'))).toBe(at('a/b'));
  });
});
