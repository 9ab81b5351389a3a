import { expect, test } from 'vitest';
import type { ImageConfig } from '../../../src/core/image/image.ts';
import { secretFiles } from '../../../src/core/waste/secret-files.ts';
import { type Files, rowsOf } from '../../helpers/finalTree.ts';

test.each<[string, Files, string[], Partial<ImageConfig>?]>([
  [
    'keys and settings',
    {
      '/root/.ssh/id_rsa': 3,
      '/root/.ssh/id_rsa.pub': 9,
      '/root/.aws/credentials': 2,
      '/root/.docker/config.json': 1,
      '/app/.npmrc': 4,
      '/etc/ssh/ssh_host_rsa_key': 5,
      '/etc/ssh/ssh_host_rsa_key.pub': 9,
    },
    [
      'check /app/.npmrc 4',
      'check /etc/ssh/ssh_host_rsa_key 5',
      'check /root/.aws/credentials 2',
      'check /root/.docker/config.json 1',
      'check /root/.ssh/id_rsa 3',
    ],
  ],
  [
    'environments, not their examples',
    { '/app/.env': 3, '/app/.env.production': 2, '/app/.env.example': 9, '/app/.environment': 9 },
    ['check /app/.env 3', 'check /app/.env.production 2'],
  ],
  [
    'private keys by name, not certificates',
    {
      '/srv/server.key': 3,
      '/srv/privkey.pem': 2,
      '/srv/fullchain.pem': 9,
      '/srv/key.pub.pem': 9,
      '/srv/slides.key': 40000,
      '/srv/a.p12': 1,
      '/etc/ssl/certs/key.pem': 9,
    },
    ['check /srv/a.p12 1', 'check /srv/privkey.pem 2', 'check /srv/server.key 3'],
  ],
  [
    "libraries' own",
    {
      '/app/node_modules/x/.npmrc': 3,
      '/usr/lib/python3/dist-packages/t/key.pem': 3,
      '/usr/share/a/b.pfx': 3,
      '/etc/keyservers.pem': 3,
    },
    [],
  ],
  ['an empty one is named, too', { '/app/.env': 0 }, ['check /app/.env 0']],
  ['a folder is none', { '/app/.env/bin/python': 3 }, []],
])('%s', (_, files, expected, config) => {
  expect(rowsOf(secretFiles, files, config)).toEqual(expected);
});
