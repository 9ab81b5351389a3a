import { expect, it } from 'vitest';
import { shellCommands } from '../../../../src/core/dockerfile/shell.ts';
import { busyboxCommand, readAccount } from '../../../../src/core/refactor/minimalBase/accounts.ts';
import { programsOf } from '../../../../src/core/rules/scene/program.ts';
import { dockerfileOf } from '../../../helpers/refactorProject.ts';

const translated: readonly [string, string | undefined][] = [
  ['useradd app', 'adduser -D -H app'],
  ['useradd -m app', 'adduser -D app'],
  ['useradd -u 1001 -g staff -s /bin/sh -d /srv app', 'adduser -D -H -h /srv -s /bin/sh -u 1001 -G staff app'],
  ['useradd --uid=1001 --create-home app', 'adduser -D -u 1001 app'],
  ['useradd -rm app', 'addgroup -S app && adduser -D -S -G app app'],
  ['useradd -rmu 1001 app', 'addgroup -S -g 1001 app && adduser -D -S -u 1001 -G app app'],
  ['useradd -r -g app app', 'adduser -D -S -H -G app app'],
  // A shell that is not there.
  ['useradd -s /bin/bash app', 'adduser -D -H -s /bin/sh app'],
  ['useradd -s /usr/sbin/nologin app', 'adduser -D -H -s /usr/sbin/nologin app'],
  ['groupadd -g 1001 app', 'addgroup -g 1001 app'],
  ['groupadd --system app', 'addgroup -S app'],
  ['addgroup --gid 1001 app', 'addgroup -g 1001 app'],
  ['adduser --system --group --no-create-home app', 'addgroup -S app && adduser -D -S -H -G app app'],
  ['adduser --system app', 'adduser -D -S -G nogroup app'],
  ['adduser --disabled-password --gecos "" --uid 1001 app', 'adduser -D -u 1001 app'],
  ['adduser --ingroup app --home /srv app', 'adduser -D -h /srv -G app app'],
  ['adduser www-data app', 'addgroup www-data app'],
  // Members of further groups, groups by number, what is known only at run time, options of nobody.
  ['useradd -G sudo app', undefined],
  ['useradd -g 1000 app', undefined],
  ['useradd $(whoami)', undefined],
  ['useradd -K UMASK=77 app', undefined],
  ['useradd -u', undefined],
  ['useradd', undefined],
  ['usermod -aG a b', undefined],
];

it.each(translated)('%s', (command, expected) => {
  const account = read(command, false);
  expect(account && busyboxCommand(account, (path) => path !== '/bin/bash')).toBe(expected);
});

it.each([
  ['adduser -D -H -u 1001 app', { name: 'app', id: '1001', system: false, makesHome: false }],
  ['adduser -DS -G app app', { name: 'app', group: 'app', system: true, makesHome: true }],
  ['addgroup -S app', { kind: 'group', name: 'app', system: true }],
])('of BusyBox: %s', (command, expected) => {
  expect(read(command, true)).toMatchObject(expected);
});

function read(command: string, isBusybox: boolean) {
  const dockerfile = dockerfileOf('FROM a', `RUN ${command}`);
  const [program] = programsOf(shellCommands(dockerfile, dockerfile.instructions[1]!));
  return readAccount(program!, isBusybox);
}
