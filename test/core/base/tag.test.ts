import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareVersions, isOf, lineOf, readTag } from '../../../src/core/base/tag.ts';

/** Tag → version, distribution, variant. */
const tags: readonly [tag: string, version: string | undefined, distribution: string | undefined, variant: string][] = [
  ['latest', undefined, undefined, ''],
  ['1.26', '1.26', undefined, ''],
  ['1.26.3-alpine3.23', '1.26.3', 'alpine 3.23', ''],
  ['alpine', undefined, 'alpine', ''],
  ['3.13-slim-bookworm', '3.13', 'debian 12', 'slim'],
  ['22-bookworm-slim', '22', 'debian 12', 'slim'],
  ['lts-alpine', undefined, 'alpine', 'lts'],
  ['21.0.5_11-jdk-noble', '21.0.5', 'ubuntu 24.04', 'jdk'],
  ['8u432-b06-jre', '8', undefined, 'jre'],
  ['8.4-fpm-alpine', '8.4', 'alpine', 'fpm'],
  ['3-eclipse-temurin-21-alpine', '3', 'alpine', 'eclipse-temurin-21'],
  ['10.0-azurelinux3.0-distroless-extra', '10.0', 'azurelinux 3.0', 'distroless-extra'],
  ['bookworm-20260803-slim', undefined, 'debian 12', 'slim'],
  ['v3.7', '3.7', undefined, ''],
  ['bin-2.9.6', '2.9.6', undefined, 'bin'],
  ['1.27rc1-alpine', undefined, 'alpine', '1.27rc1'],
  ['12.4.0-runtime-ubuntu22.04', '12.4.0', 'ubuntu 22.04', 'runtime'],
  ['constructor', undefined, undefined, 'constructor'],
];

describe('readTag', () => {
  it.each(tags)('%s', (tag, version, distribution, variant) => {
    const read = readTag(tag);
    const { name, release } = read.distribution ?? {};
    expect(read.version).toBe(version);
    expect(name === undefined ? undefined : [name, release].filter(Boolean).join(' ')).toBe(distribution);
    expect(read.variant).toBe(variant);
  });

  it('tells a dated build from a moving tag', () => {
    expect(readTag('bookworm-20260803').isDated).toBe(true);
    expect(readTag('noble-20240801').isDated).toBe(true);
    expect(readTag('2023').isDated).toBe(false);
  });

  it('takes any text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const { variant, written } = readTag(text);
        const kept = [written.version, written.distribution, variant].join('-').length;
        expect(kept).toBeLessThanOrEqual(text.length + 2);
      }),
    );
  });
});

describe('versions', () => {
  it.each([
    ['1.26.3', 2, '1.26'],
    ['1.26.3', 1, '1'],
    ['22', 2, '22'],
  ] as const)('lineOf(%s, %d)', (version, count, line) => {
    expect(lineOf(version, count)).toBe(line);
  });

  it.each([
    ['1.26.3', '1.26', true],
    ['1.26', '1.26', true],
    ['1.26', '1.2', false],
    ['1', '1.2', false],
  ] as const)('%s is of %s: %s', (version, prefix, expected) => {
    expect(isOf(version, prefix)).toBe(expected);
  });

  it('orders by numbers, not by letters', () => {
    expect(['3.9', '3.13', '3.10.1', '3.10', '4'].sort(compareVersions)).toEqual([
      '3.9',
      '3.10',
      '3.10.1',
      '3.13',
      '4',
    ]);
  });
});
