import { expect, test } from 'vitest';
import type { LockedPackage } from '../../../src/core/estimate/lock/lockedPackage.ts';
import { lockSizes } from '../../../src/sources/npm/lockSizes.ts';
import type { NpmPackage } from '../../../src/sources/npm/npmPackages.ts';

const facts: Readonly<Record<string, NpmPackage>> = {
  a: { bytes: 100 },
  tool: { bytes: 20 },
  'native-linux': { bytes: 5, os: ['linux'], cpu: ['x64'] },
  'native-mac': { bytes: 6, os: ['darwin'] },
  'native-arm': { bytes: 7, cpu: ['arm64'] },
  'not-windows': { bytes: 8, os: ['!win32'] },
  unsized: {},
};
const { signal } = new AbortController();

function locked(...names: string[]): LockedPackage[] {
  return names.map((name) => ({ name, version: '1.0.0', development: name === 'tool', optional: name.includes('-') }));
}

async function sizes(names: string[], platform = 'linux/amd64') {
  const registry = { lookUp: ({ name }: { name: string }) => Promise.resolve(facts[name]) };
  const found = await lockSizes({ kind: 'lock', packages: locked(...names) }, platform, registry, signal);
  return found && [found.packages.map(({ name, bytes }) => `${name} ${bytes}`).join(', '), found.complete];
}

test.each<[names: string[], platform: string, packages: string, complete: boolean]>([
  [['a', 'tool'], 'linux/amd64', 'a 100, tool 20', true],
  [['native-linux', 'native-mac', 'native-arm', 'not-windows'], 'linux/amd64', 'native-linux 5, not-windows 8', true],
  [['native-linux', 'native-mac', 'native-arm', 'not-windows'], 'linux/arm64/v8', 'native-arm 7, not-windows 8', true],
  [['not-windows'], 'windows/amd64', '', true],
  [['a', 'unsized'], 'linux/amd64', 'a 100', false],
  [['a', 'gone'], 'linux/amd64', 'a 100', false],
  [[], 'linux/amd64', '', true],
])('%j for %s', async (names, platform, packages, complete) => {
  expect(await sizes(names, platform)).toEqual([packages, complete]);
});

test('development and production apart, and no lock file', async () => {
  const registry = { lookUp: ({ name }: { name: string }) => Promise.resolve(facts[name]) };
  const found = await lockSizes({ kind: 'lock', packages: locked('a', 'tool') }, 'linux/amd64', registry, signal);
  expect(found?.packages.map(({ development }) => development)).toEqual([false, true]);
  expect(await lockSizes({ kind: 'lock' }, 'linux/amd64', registry, signal)).toBeUndefined();
});

test('a lock file without end is asked about so far', async () => {
  let asked = 0;
  const registry = { lookUp: () => Promise.resolve<NpmPackage>({ bytes: ++asked }) };
  const packages = locked(...Array.from({ length: 6000 }, (_, at) => `p${at}`));
  const found = await lockSizes({ kind: 'lock', packages }, 'linux/amd64', registry, signal);
  expect([asked, found?.complete]).toEqual([5000, false]);
});

test('cancelled while it asks: no more is asked', async () => {
  const controller = new AbortController();
  let asked = 0;
  const registry = {
    lookUp: () => {
      if (++asked === 20) controller.abort(new Error('enough'));
      return Promise.resolve<NpmPackage>({ bytes: 1 });
    },
  };
  const packages = locked(...Array.from({ length: 500 }, (_, at) => `p${at}`));
  const found = lockSizes({ kind: 'lock', packages }, 'linux/amd64', registry, controller.signal);
  await expect(found).rejects.toThrow('enough');
  expect(asked).toBeLessThan(40);
});
