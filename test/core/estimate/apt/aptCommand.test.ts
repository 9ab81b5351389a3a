import { expect, test } from 'vitest';
import { parseDockerfile } from '../../../../src/core/dockerfile/parse.ts';
import { shellCommands } from '../../../../src/core/dockerfile/shell.ts';
import { type AptCommand, readAptCommand } from '../../../../src/core/estimate/apt/aptCommand.ts';

function install(packages: string[], more: { recommends?: boolean; unknown?: string[] } = {}): AptCommand {
  return { kind: 'install', packages, unknown: [], ...more };
}

test.each<[command: string, found: AptCommand | undefined]>([
  ['apt-get update', { kind: 'update' }],
  ['apt-get -qq update -y', { kind: 'update' }],
  ['apt-get install -y curl git', install(['curl', 'git'])],
  ['apt-get -y --no-install-recommends install curl', install(['curl'], { recommends: false })],
  ['apt install -y -o APT::Install-Recommends=false curl', install(['curl'], { recommends: false })],
  ['apt-get install -oAPT::Install-Recommends="0" curl', install(['curl'], { recommends: false })],
  ['apt-get install --install-recommends curl', install(['curl'], { recommends: true })],
  ['apt-get install -t bookworm-backports curl', install(['curl'])],
  [
    'apt-get install curl=8.1-2 git/bookworm libc6:arm64 g++ libstdc++6',
    install(['curl', 'git', 'libc6', 'g++', 'libstdc++6']),
  ],
  ['apt-get install "g++-12" nano-', install(['g++-12'])],
  ['apt-get install ./tool.deb /tmp/x.deb', install([], { unknown: ['./tool.deb', '/tmp/x.deb'] })],
  ['apt-get install curl $(cat packages)', install(['curl'], { unknown: ['$(cat packages)'] })],
  ['/usr/bin/apt-get install curl', install(['curl'])],
  ['aptitude -R install curl', install(['curl'], { recommends: false })],
  ['apt-get purge -y --auto-remove curl git', { kind: 'remove', packages: ['curl', 'git'], auto: true }],
  ['apt-get remove curl', { kind: 'remove', packages: ['curl'], auto: false }],
  ['apt-get autoremove -y', { kind: 'remove', packages: [], auto: true }],
  ['apt-get dist-upgrade -y', { kind: 'upgrade' }],
  ['apt-get clean', { kind: 'nothing' }],
  ['apt-get', { kind: 'nothing' }],
  ['apk add curl', undefined],
  ['apt-mark hold curl', undefined],
])('%s', (command, found) => {
  const dockerfile = parseDockerfile(`FROM debian\nRUN ${command}\n`);
  const [read] = shellCommands(dockerfile, dockerfile.instructions[1]!).commands;
  expect(readAptCommand(read!)).toEqual(found);
});
