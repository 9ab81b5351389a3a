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
  const { consumers, possible, buildKit } = await findConsumers(place, inContext, signal);
  return {
    ...(possible.length === 0 ? {} : { possible: possible.map(({ file, line }) => [file, line]) }),
    users: consumers.map(({ file, line, name, target }) => [
      file,
      line,
      name,
      ...(target === undefined ? [] : [target]),
    ]),
    buildKit,
  };
}

/** A pod that starts an image with a command of its own. */
const pod = (image: string): string =>
  `apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - name: web\n      image: ${image}\n      args: [--now]\n`;

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
    const files = { 'app/ops/compose.yaml': service('..') };
    expect((await found(files)).users).toEqual([]);
    expect((await found(files, ['ops/compose.yaml'])).users).toEqual([['app/ops/compose.yaml', 2, 'service web']]);
  });

  it('a builder without BuildKit', async () => {
    const text = 'build:\n  image: gcr.io/kaniko-project/executor:debug\n';
    expect((await found({ '.gitlab-ci.yml': text })).buildKit).toBe(false);
  });
});

describe('who starts it by a name', () => {
  const started = ['k8s/web.yaml', 5, 'container web'];
  it.each<[string, Record<string, string>, (string | number)[][]]>([
    [
      'that a Compose file gives',
      { 'compose.yaml': 'services:\n  web:\n    build: app\n    image: acme/web\n' },
      [['compose.yaml', 2, 'service web'], started],
    ],
    [
      'that a bake file gives',
      { 'docker-bake.hcl': 'target "web" {\n  context = "app"\n  tags = ["acme/web:2"]\n  target = "run"\n}\n' },
      [['docker-bake.hcl', 1, 'bake target web', 'run'], started],
    ],
    ['that a command gives', { Makefile: 'image:\n\tdocker build --pull -t acme/web:$(TAG) app\n' }, [started]],
    [
      'that a command gives further down',
      { '.github/workflows/ci.yml': 'run: docker build -t acme/web app' },
      [started],
    ],
    ['that a command with a file gives', { 'build.sh': 'docker build -f app/Dockerfile -t acme/web .' }, [started]],
  ])('%s', async (_title, files, users) => {
    expect(await found({ 'k8s/web.yaml': pod('acme/web:1'), ...files })).toEqual({ users, buildKit: true });
  });

  it.each<[string, Record<string, string>]>([
    ['that nobody gives', {}],
    ['that somebody gives to what nobody knows', { Makefile: 'image:\n\tdocker build -t acme/web $(DIR)\n' }],
    ['that somewhere else is given', { Makefile: 'image:\n\tcd app && docker build -t acme/web .\n' }],
  ])('%s: perhaps', async (_title, files) => {
    expect(await found({ 'k8s/web.yaml': pod('acme/web:1'), ...files })).toEqual({
      users: [],
      possible: [['k8s/web.yaml', 5]],
      buildKit: true,
    });
  });

  it.each<[string, string, Record<string, string>]>([
    ['of another Dockerfile', 'acme/web', { Makefile: 'image:\n\tdocker build -t acme/web other\n' }],
    ['of a product', 'postgres:16', {}],
  ])('%s: not at all', async (_title, image, files) => {
    expect(await found({ 'k8s/web.yaml': pod(image), ...files })).toEqual({ users: [], buildKit: true });
  });
});

describe('who starts it by a name that a kustomization gives', () => {
  const build = { Makefile: 'image:\n\tdocker build -t acme/web app\n\tdocker build -t acme/other other\n' };
  const kustomization = (resources: string, name: string, newName: string): string =>
    `resources: [${resources}]\nimages: [{ name: ${name}, newName: ${newName}, newTag: "2" }]\n`;
  it.each<[string, 'sure' | 'perhaps' | 'no', Record<string, string>]>([
    ['to the name of its build', 'sure', { 'k8s/kustomization.yaml': kustomization('web.yaml', 'app', 'acme/web') }],
    ['to that of another build', 'no', { 'k8s/kustomization.yaml': kustomization('web.yaml', 'app', 'acme/other') }],
    ['to what nobody knows', 'perhaps', { 'k8s/kustomization.yaml': kustomization('web.yaml', 'app', 'x/y') }],
    ['of another name', 'perhaps', { 'k8s/kustomization.yaml': kustomization('web.yaml', 'ap', 'acme/web') }],
    ['of another manifest', 'perhaps', { 'k8s/kustomization.yaml': kustomization('b.yaml', 'app', 'acme/web') }],
    [
      'in an overlay',
      'sure',
      {
        'k8s/kustomization.yml': 'resources: [web.yaml]',
        'k8s/overlays/prod/kustomization.yaml': kustomization('../..', 'app', 'acme/web'),
      },
    ],
  ])('%s: %s', async (_title, expected, files) => {
    const { users, possible } = await found({ 'k8s/web.yaml': pod('app:1'), ...build, ...files });
    expect([users, possible]).toEqual([
      expected === 'sure' ? [['k8s/web.yaml', 5, 'container web']] : [],
      expected === 'perhaps' ? [['k8s/web.yaml', 5]] : undefined,
    ]);
  });

  it('away from the name of its build: perhaps', async () => {
    const files = { ...build, 'k8s/kustomization.yaml': kustomization('web.yaml', 'acme/web', 'mirror/web') };
    const { users, possible } = await found({ 'k8s/web.yaml': pod('acme/web'), ...files });
    expect([users, possible]).toEqual([[], [['k8s/web.yaml', 5]]]);
  });

  it('a manifest is one by being named, whatever it is called', async () => {
    const files = { ...build, 'k8s/kustomization.yaml': kustomization('../infra/web.yaml', 'app', 'acme/web') };
    const { users } = await found({ 'infra/web.yaml': pod('app'), ...files });
    expect(users).toEqual([['infra/web.yaml', 5, 'container web']]);
  });

  it('what is named outside of the repository is not read', async () => {
    const files = { ...build, 'k8s/kustomization.yaml': kustomization('../../outside/web.yaml', 'app', 'acme/web') };
    expect((await found(files)).users).toEqual([]);
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
