import { expect, test } from 'vitest';
import type { ImageConfig } from '../../../src/core/image/image.ts';
import { readStartCommand, type StartCommand } from '../../../src/core/waste/startCommand.ts';

type Config = Pick<ImageConfig, 'entrypoint' | 'cmd'>;
test.each<[string, Config, StartCommand['kind'], string[]]>([
  ['nothing', {}, 'none', []],
  ['an empty list', { entrypoint: [], cmd: [] }, 'none', []],
  ['a shell', { cmd: ['/bin/bash'] }, 'interactive', ['bash']],
  ['a login shell', { cmd: ['bash', '-l'] }, 'interactive', ['bash']],
  ['an interpreter', { cmd: ['python3.12'] }, 'interactive', ['python3.12']],
  [
    'an interpreter by the entrypoint of a base',
    { entrypoint: ['docker-entrypoint.sh'], cmd: ['node'] },
    'program',
    ['docker-entrypoint.sh', 'node'],
  ],
  ['a shell by an entrypoint', { entrypoint: ['/entry.sh'], cmd: ['sh'] }, 'interactive', ['entry.sh', 'sh']],
  ['a script', { cmd: ['python', 'app.py'] }, 'program', ['python']],
  ['a program', { entrypoint: ['/app/server'], cmd: ['--port=80'] }, 'program', ['server']],
  ['wrappers', { entrypoint: ['/usr/bin/tini', '--', 'env', 'A=1', '/app/x'] }, 'program', ['x']],
  ['another user', { entrypoint: ['gosu', 'app', 'nginx', '-g'] }, 'program', ['nginx']],
  ['the shell form', { cmd: ['/bin/sh', '-c', 'exec node app.js'] }, 'program', ['node']],
  [
    'several commands',
    { cmd: ['sh', '-ec', 'cd /srv && A=1 ./migrate; exec gunicorn app | tee log'] },
    'program',
    ['cd', 'migrate', 'gunicorn', 'tee'],
  ],
  ['a wrapper alone', { cmd: ['tini', '--'] }, 'none', []],
])('%s', (_, config, kind, commands) => {
  const start = readStartCommand(config);
  expect(start.kind).toBe(kind);
  expect([...start.commands]).toEqual(commands);
});
