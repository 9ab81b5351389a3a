import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { NpmConfig } from '../../../src/sources/npm/npmConfig.ts';
import { temporaryFolder } from '../../helpers/temporaryFolder.ts';

interface Given {
  readonly user?: string;
  readonly project?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly npm?: string;
}

/** The registry of a package, and the token for it. */
async function endpoint(name: string, { user, project, env = {}, npm }: Given): Promise<string> {
  await using home = await temporaryFolder();
  if (user !== undefined) await writeFile(path.join(home.path, '.npmrc'), user);
  const config = new NpmConfig({ env, home: home.path, askNpm: () => Promise.resolve(npm) });
  const found = await config.endpointFor(name, project);
  return [found?.registry.href ?? 'none', ...(found?.token === undefined ? [] : [found.token])].join(' ');
}

test.each<[title: string, name: string, given: Given, found: string]>([
  ['what npm has built in', 'a', { npm: 'https://npm.example/' }, 'https://npm.example/'],
  ['nobody knows', 'a', {}, 'none'],
  ['the user’s', 'a', { user: 'registry=https://user.example/x' }, 'https://user.example/x/'],
  [
    'the project’s before the user’s',
    'a',
    { project: '; ours\nregistry = "https://own.example"\r\n', user: 'registry=https://user.example' },
    'https://own.example/',
  ],
  [
    'the environment before the files',
    'a',
    { env: { npm_config_registry: 'https://env.example' }, project: 'registry=https://own.example' },
    'https://env.example/',
  ],
  [
    'of a scope',
    '@s/a',
    { project: '@s:registry=https://s.example', env: { NPM_CONFIG_REGISTRY: 'https://env.example' } },
    'https://s.example/',
  ],
  [
    'of another scope',
    '@t/a',
    { project: '@s:registry=https://s.example', npm: 'https://npm.example' },
    'https://npm.example/',
  ],
  [
    'a token for the host',
    'a',
    { user: 'registry=https://user.example/x/y\n//user.example/:_authToken=${T}', env: { T: 'secret' } },
    'https://user.example/x/y/ secret',
  ],
  [
    'a token for a place on the host',
    'a',
    { user: 'registry=https://user.example/x\n//user.example/x/:_authToken=one\n//user.example/:_authToken=two' },
    'https://user.example/x/ one',
  ],
  [
    'no token for another host, which the project names',
    'a',
    { project: 'registry=https://evil.example', user: '//user.example/:_authToken=secret' },
    'https://evil.example/',
  ],
  [
    'no token that the project brings',
    'a',
    { project: 'registry=https://own.example\n//own.example/:_authToken=x' },
    'https://own.example/',
  ],
  [
    'no token over plain http',
    'a',
    { user: 'registry=http://user.example\n//user.example/:_authToken=secret' },
    'http://user.example/',
  ],
  [
    'a project does not read the environment',
    'a',
    { project: 'registry=https://evil.example/${T}', env: { T: 'secret' }, npm: 'https://npm.example' },
    'https://npm.example/',
  ],
  ['what is no address', 'a', { project: 'registry=npm', npm: 'https://npm.example' }, 'none'],
  ['another protocol', 'a', { project: 'registry=file:///etc' }, 'none'],
])('%s', async (_, name, given, found) => {
  expect(await endpoint(name, given)).toBe(found);
});

test('npm is asked once, and only where nothing else tells', async () => {
  let asked = 0;
  const askNpm = () => Promise.resolve(`https://npm.example/${++asked}`);
  const config = new NpmConfig({ env: {}, home: '/nonexistent', askNpm });
  await config.endpointFor('a', 'registry=https://own.example');
  expect(asked).toBe(0);
  await Promise.all([config.endpointFor('a', undefined), config.endpointFor('b', undefined)]);
  expect(asked).toBe(1);
});
