import { expect, test } from 'vitest';
import { readPnpmLock } from '../../../../src/core/estimate/lock/pnpmLock.ts';

function read(lock: string): string[] {
  return readPnpmLock(lock)
    .map(
      ({ name, version, development, optional }) =>
        `${name}@${version}${development ? ' d' : ''}${optional ? ' o' : ''}`,
    )
    .sort();
}

const packages = ['@s/b@2.0.1', 'a@1.2.0', 'deep._x@0.1.0', 'native@4.0.0 o', 'only@9.0.0 d', 'tool@3.1.0 d'];

test('version 9', () => {
  const lock = `lockfileVersion: '9.0'

settings:
  autoInstallPeers: true

importers:

  .:
    dependencies:
      '@s/b':
        specifier: ~2.0.0
        version: 2.0.1
      a:
        specifier: ^1.0.0
        version: 1.2.0(@s/b@2.0.1)
    devDependencies:
      own:
        specifier: workspace:*
        version: link:packages/own
      tool:
        specifier: ^3.0.0
        version: 3.1.0
    optionalDependencies:
      native:
        specifier: '4'
        version: 4.0.0

  packages/own:
    dependencies:
      other:
        specifier: '1'
        version: 1.0.0

packages:

  '@s/b@2.0.1':
    resolution: {integrity: sha512-abc==}
    engines: {node: '>=4'}

  native@4.0.0:
    resolution: {integrity: sha512-abc==}
    cpu: [x64]
    os: [linux]

snapshots:

  '@s/b@2.0.1':
    dependencies:
      deep._x: 0.1.0

  a@1.2.0(@s/b@2.0.1):
    dependencies:
      '@s/b': 2.0.1

  deep._x@0.1.0: {}

  native@4.0.0:
    optional: true

  only@9.0.0: {}

  other@1.0.0: {}

  tool@3.1.0:
    dependencies:
      a: 1.2.0(@s/b@2.0.1)
      alias: only@9.0.0
`;
  expect(read(lock)).toEqual(packages);
});

test('version 6', () => {
  const lock = `lockfileVersion: '6.0'

dependencies:
  '@s/b':
    specifier: ~2.0.0
    version: 2.0.1
  a:
    specifier: ^1.0.0
    version: 1.2.0(@s/b@2.0.1)

optionalDependencies:
  native:
    specifier: '4'
    version: 4.0.0

devDependencies:
  tool:
    specifier: ^3.0.0
    version: 3.1.0

packages:

  /@s/b@2.0.1:
    resolution: {integrity: sha512-abc==}
    dependencies:
      deep._x: 0.1.0
    dev: false

  /a@1.2.0(@s/b@2.0.1):
    resolution: {integrity: sha512-abc==}

  /deep._x@0.1.0:
    resolution: {integrity: sha512-abc==}

  /native@4.0.0:
    resolution: {integrity: sha512-abc==}

  /only@9.0.0:
    resolution: {integrity: sha512-abc==}

  /tool@3.1.0:
    resolution: {integrity: sha512-abc==}
    dependencies:
      alias: /only@9.0.0
`;
  expect(read(lock)).toEqual(packages);
});

test('version 5', () => {
  const lock = `lockfileVersion: 5.4

specifiers:
  a: ^1.0.0

dependencies:
  a: 1.2.0_@s+b@2.0.1

devDependencies:
  tool: 3.1.0

packages:

  /@s/b/2.0.1:
    resolution: {integrity: sha512-abc==}

  /a/1.2.0_@s+b@2.0.1:
    resolution: {integrity: sha512-abc==}
    dependencies:
      '@s/b': 2.0.1

  /tool/3.1.0:
    resolution: {integrity: sha512-abc==}
`;
  expect(read(lock)).toEqual(['@s/b@2.0.1', 'a@1.2.0', 'tool@3.1.0 d']);
});

test('another file', () => {
  expect(read('')).toEqual([]);
  expect(read('packages:\n  - x\n{ "a": 1 }\n')).toEqual([]);
});
