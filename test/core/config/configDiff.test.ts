import { expect, it } from 'vitest';
import { configDiff } from '../../../src/core/config/configDiff.ts';
import type { ImageConfig } from '../../../src/core/image/image.ts';
import { emptyConfig } from '../../helpers/historyFixture.ts';

type Change = Partial<ImageConfig>;

it.each<[string, Change, Change, readonly string[]]>([
  ['nothing', {}, {}, []],
  ['no user, root and 0', { user: '0:0' }, { user: 'root' }, []],
  ['no working folder and /', {}, { workingDir: '/' }, []],
  ['no shell and the usual one', {}, { shell: ['/bin/sh', '-c'] }, []],
  ['SIGTERM by another name', { stopSignal: 'TERM' }, {}, []],
  ['another program', { cmd: ['a'] }, { cmd: ['b'] }, ['breaks: Another program is started: ["b"] instead of ["a"].']],
  ['no program', { cmd: ['a'] }, {}, ['breaks: Nothing is started any more; it was ["a"].']],
  ['a first program', {}, { cmd: ['a'] }, ['may-matter: ["a"] is started, and nothing was before.']],
  [
    'without its shell',
    { cmd: ['/bin/sh', '-c', 'exec ./app -v'] },
    { cmd: ['/app', '-v'] },
    [
      'harmless: The same command is started without a shell, so that it gets signals itself: ["/app", "-v"] instead of ["/bin/sh", "-c", "exec ./app -v"].',
    ],
  ],
  [
    'through a shell',
    { cmd: ['/app', '-v'] },
    { cmd: ['/bin/sh', '-c', '/app -v'] },
    ['harmless: The same command is started through a shell: ["/bin/sh", "-c", "/app -v"] instead of ["/app", "-v"].'],
  ],
  [
    'without its shell, which did something',
    { cmd: ['/bin/sh', '-c', './app $PORT'] },
    { cmd: ['/app', '$PORT'] },
    [
      'may-matter: The same program is started in another way: ["/app", "$PORT"] instead of ["/bin/sh", "-c", "./app $PORT"].',
    ],
  ],
  [
    'entrypoint in the place of the command',
    { cmd: ['a', 'b'] },
    { entrypoint: ['a'], cmd: ['b'] },
    [
      'may-matter: The same command is started, ["a", "b"], but arguments given to a container replace another part of it: the entrypoint is ["a"] and was empty.',
    ],
  ],
  ['a variable gone', { env: ['LANG=C.UTF-8'] }, {}, ['may-matter: The variable LANG is gone; it was "C.UTF-8".']],
  ['a variable changed', { env: ['A=1'] }, { env: ['A=2=3'] }, ['may-matter: The variable A is "2=3" instead of "1".']],
  ['a variable added', {}, { env: ['A=1'] }, ['harmless: The variable A is new.']],
  ['a variable of the loader', {}, { env: ['LD_PRELOAD=/x'] }, ['may-matter: The variable LD_PRELOAD is new.']],
  [
    'a variable of builds',
    { env: ['GOLANG_VERSION=1'] },
    {},
    ['harmless: The variable GOLANG_VERSION is gone; it is for builds only.'],
  ],
  [
    'folders of PATH, the most serious first',
    { env: ['PATH=/usr/local/go/bin:/usr/bin:/bin'], workingDir: '/go' },
    { env: ['PATH=/usr/bin:/bin'] },
    [
      'may-matter: The working folder is / instead of /go: relative paths mean other files.',
      'harmless: PATH no longer names /usr/local/go/bin, which the new image does not have.',
    ],
  ],
  [
    'a folder of PATH that is there',
    { env: ['PATH=/opt/there:/bin'] },
    { env: ['PATH=/bin'] },
    ['may-matter: PATH no longer names /opt/there.'],
  ],
  [
    'the order of PATH',
    { env: ['PATH=/a:/b'] },
    { env: ['PATH=/b:/a'] },
    ['may-matter: PATH names the same folders in another order.'],
  ],
  [
    'a user',
    {},
    { user: '1000' },
    ['may-matter: It runs as 1000 instead of root: files of root can no longer be written.'],
  ],
  ['no user', { user: 'app' }, {}, ['may-matter: It runs as root instead of app.']],
  [
    'ports',
    { exposedPorts: ['80/tcp'] },
    { exposedPorts: ['81/tcp'] },
    ['may-matter: The port 80/tcp is no longer declared.', 'harmless: The port 81/tcp is new.'],
  ],
  [
    'a volume',
    { volumes: ['/data'] },
    {},
    ['may-matter: The volume /data is no longer declared: what is written there stays in the container.'],
  ],
  [
    'labels',
    { labels: { maintainer: 'me', 'traefik.enable': 'true' } },
    { labels: { a: 'b' } },
    [
      'may-matter: The label traefik.enable is gone.',
      'harmless: The label a is new.',
      'harmless: The label maintainer is gone.',
    ],
  ],
  [
    'a stop signal',
    { stopSignal: 'SIGQUIT' },
    {},
    ['may-matter: The container is stopped by SIGTERM instead of SIGQUIT.'],
  ],
  [
    'a health check',
    { healthcheck: ['CMD', 'x'] },
    { healthcheck: ['NONE'] },
    ['may-matter: There is no health check any more: who waits for the container to be healthy waits for ever.'],
  ],
  ['a shell', {}, { shell: ['bash', '-c'] }, ['harmless: Another shell is set for images that are built on this one.']],
  [
    'ONBUILD',
    { onBuild: ['RUN x'] },
    {},
    ['may-matter: Images that are built on this one run other ONBUILD instructions.'],
  ],
])('%s', (_, before, after, expected) => {
  const differences = configDiff(
    { ...emptyConfig, ...before },
    { ...emptyConfig, ...after },
    { hasFolder: (path) => path === '/opt/there' },
  );
  expect(differences.map(({ severity, message }) => `${severity}: ${message}`)).toEqual(expected);
});
