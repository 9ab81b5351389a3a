import { describe, expect, it } from 'vitest';
import { sparseLastlog } from '../../../src/core/rules/sparse-lastlog.ts';
import { checkRule, findingsOf } from '../../helpers/rules.ts';

describe('where useradd writes records', () => {
  checkRule(sparseLastlog, {
    base: 'FROM debian:11',
    finds: [
      ['RUN useradd -u 123456 app', 'useradd -u 123456 app'],
      ['RUN useradd --uid=1000000 app', 'useradd --uid=1000000 app'],
      ['ARG U=100000\nRUN useradd -mu ${U} app', 'useradd -mu ${U} app'],
    ],
    leaves: [
      'RUN useradd -u 1000 app',
      'RUN useradd -l -u 123456 app',
      'RUN useradd --no-log-init -u 123456 app',
      'RUN useradd app',
      'RUN adduser -u 123456 app',
      'RUN useradd -u $UNKNOWN app',
      'RUN groupadd -g 123456 app',
      '# hadolint ignore=DL3046\nRUN useradd -u 123456 app',
    ],
  });

  it('it is 324 bytes per user id, once for the highest of a layer', () => {
    const found = findingsOf(sparseLastlog, 'FROM debian:11\nRUN useradd -u 400000 a && useradd -u 500000 b\n');
    // As measured: lastlog of 146,000,292 bytes, faillog of 16,000,032.
    expect(found.map(({ saves }) => saves?.bytes)).toEqual([162_000_324, undefined]);
    expect(found[0]!.severity).toBe('warning');
  });
});

describe('by the age of the distribution', () => {
  it.each<[string, string[]]>([
    ['debian:12', []],
    ['debian:13-slim', []],
    ['ubuntu:24.04', []],
    ['fedora:43', []],
    ['alpine:3.20', []],
    ['debian:bullseye', ['warning']],
    ['ubuntu:22.04', ['warning']],
    ['rockylinux:9', ['warning']],
    // Nobody knows: it is said, without a number.
    ['acme/base', ['information']],
  ])('%s', (base, severities) => {
    const found = findingsOf(sparseLastlog, `FROM ${base}\nRUN useradd -u 500000 app\n`);
    expect(found.map(({ severity }) => severity)).toEqual(severities);
  });
});
