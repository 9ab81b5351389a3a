import { expect, test } from 'vitest';
import {
  isNoPlatform,
  parsePlatform,
  platformDistance,
  printPlatform,
} from '../../../src/sources/registry/platform.ts';

test.each([
  ['linux/amd64', 'linux/amd64'],
  ['linux/x86_64', 'linux/amd64'],
  ['linux/amd64/v1', 'linux/amd64'],
  ['linux/amd64/v3', 'linux/amd64/v3'],
  ['Linux/aarch64', 'linux/arm64'],
  ['linux/arm64/v8', 'linux/arm64'],
  ['linux/arm64/8', 'linux/arm64'],
  ['linux/arm', 'linux/arm/v7'],
  ['linux/arm/6', 'linux/arm/v6'],
  ['linux/armel', 'linux/arm/v6'],
  ['linux/i386', 'linux/386'],
  ['windows/amd64', 'windows/amd64'],
])('%s is %s', (text, printed) => {
  expect(printPlatform(parsePlatform(text)!)).toBe(printed);
});

test.each(['', 'linux', 'linux/', '/amd64', 'linux/arm/', 'linux/arm/v7/x'])('“%s” is no platform', (text) => {
  expect(parsePlatform(text)).toBeUndefined();
});

test.each([
  ['linux/amd64', 'linux/amd64', 0],
  ['linux/amd64', 'linux/arm64', undefined],
  ['linux/amd64', 'windows/amd64', undefined],
  ['linux/amd64', 'linux/amd64/v2', undefined],
  ['linux/amd64/v3', 'linux/amd64', 2],
  ['linux/amd64/v3', 'linux/amd64/v2', 1],
  ['linux/arm', 'linux/arm/v7', 0],
  ['linux/arm/v7', 'linux/arm/v6', 1],
  ['linux/arm/v7', 'linux/arm/v5', 2],
  ['linux/arm/v6', 'linux/arm/v7', undefined],
  ['linux/arm64', 'linux/arm64/v8', 0],
  ['linux/arm64/v9', 'linux/arm64', 1],
  ['linux/arm64', 'linux/arm64/v9', undefined],
  ['linux/arm/v7', 'linux/arm/odd', undefined],
  ['linux/riscv64/a', 'linux/riscv64', undefined],
])('wanted %s, offered %s: %s', (wanted, offered, distance) => {
  expect(platformDistance(parsePlatform(wanted)!, parsePlatform(offered)!)).toBe(distance);
});

test('attestations are for no platform', () => {
  expect(isNoPlatform({ os: 'unknown', architecture: 'unknown' })).toBe(true);
  expect(isNoPlatform({ os: 'linux', architecture: 'amd64' })).toBe(false);
});
