import { expect, it } from 'vitest';
import { type ApkAnswer, apkPackages } from '../../../../src/core/refactor/minimalBase/aptToApk.ts';

const cases: readonly [string, ApkAnswer['kind'] | undefined, (readonly string[])?][] = [
  ['curl', 'same', ['curl']],
  ['build-essential', 'same', ['build-base']],
  ['libpq5', 'same', ['libpq']],
  ['libssl3', 'same', ['libssl3', 'libcrypto3']],
  ['apt-transport-https', 'same', []],
  ['python3', 'differs', ['python3']],
  ['tini', 'differs', ['tini']],
  ['libjemalloc2', 'differs', ['jemalloc']],
  ['google-chrome-stable', 'absent'],
  ['gcc-multilib', 'absent'],
  ['no-such-package', undefined],
  ['constructor', undefined],
];

it.each(cases)('%s: %s', (debian, kind, packages) => {
  const answer = apkPackages(debian);
  expect(answer?.kind).toBe(kind);
  if (answer !== undefined && answer.kind !== 'absent') expect(answer.packages).toEqual(packages);
});
