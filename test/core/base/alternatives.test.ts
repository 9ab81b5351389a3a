import { describe, expect, it } from 'vitest';
import { alternatives, type Alternative } from '../../../src/core/base/alternatives.ts';
import { catalogue } from '../../../src/core/base/catalogueRows.ts';
import { lookUp } from '../../../src/core/base/catalogue.ts';
import { lifeStatus } from '../../../src/core/base/endOfLife.ts';
import { lineOf } from '../../../src/core/base/tag.ts';
import { familyOf, imageName } from '../../../src/core/base/family.ts';
import { parseReference } from '../../../src/core/base/reference.ts';
import { reference } from '../../helpers/reference.ts';

const today = '2026-11-21';
const digest = `sha256:${'a'.repeat(64)}`;

function of(text: string, day = today): readonly Alternative[] {
  return alternatives(reference(text), 'linux/amd64', day, { written: text });
}

/** Base as written → what is offered, in order; `*` marks what is for a last stage only. */
const offered: readonly [base: string, ...offers: string[]][] = [
  ['golang:1.26', 'golang:1.26-alpine'],
  ['golang:1.26.3', 'golang:1.26.3-alpine'],
  ['golang:1.26-bookworm', 'golang:1.26-alpine'],
  ['golang', 'golang:alpine'],
  ['golang:1.26-alpine'],
  ['python:3.13', 'python:3.13-alpine', 'gcr.io/distroless/python3-debian13*', 'python:3.13-slim'],
  ['python:3.12', 'python:3.12-alpine', 'python:3.12-slim'],
  ['python:3.12-bookworm', 'python:3.12-alpine3.24', 'python:3.12-slim-bookworm'],
  ['python:3.12.4-bookworm', 'python:3.12.4-alpine', 'python:3.12.4-slim-bookworm'],
  ['python:3.13-slim', 'python:3.13-alpine', 'gcr.io/distroless/python3-debian13*'],
  ['python', 'python:alpine', 'python:slim'],
  ['node:22', 'gcr.io/distroless/nodejs22-debian13*', 'node:22-alpine', 'node:22-slim'],
  ['node:22-bookworm', 'gcr.io/distroless/nodejs22-debian13*', 'node:22-alpine3.24', 'node:22-bookworm-slim'],
  ['node:lts', 'node:lts-alpine', 'node:lts-slim'],
  ['docker.io/library/node:24-slim', 'gcr.io/distroless/nodejs24-debian13*', 'docker.io/library/node:24-alpine'],
  [
    'public.ecr.aws/docker/library/ruby:3.4',
    'public.ecr.aws/docker/library/ruby:3.4-alpine',
    'public.ecr.aws/docker/library/ruby:3.4-slim',
  ],
  [`library/redis:7@${digest}`, 'library/redis:7-alpine'],
  ['rust:1.98.0', 'rust:1.98.0-slim', 'rust:1.98.0-alpine'],
  ['swift:6.1', 'swift:6.1-slim*'],
  [
    'eclipse-temurin:21',
    'gcr.io/distroless/java21-debian13*',
    'eclipse-temurin:21-jre-alpine*',
    'eclipse-temurin:21-jre*',
    'eclipse-temurin:21-jdk-alpine',
  ],
  ['eclipse-temurin:21-jre', 'gcr.io/distroless/java21-debian13*', 'eclipse-temurin:21-jre-alpine'],
  ['openjdk:8', 'eclipse-temurin:8-jre*', 'eclipse-temurin:8-jdk'],
  [
    'mirror.gcr.io/library/openjdk:17-jdk-slim',
    'gcr.io/distroless/java17-debian13*',
    'mirror.gcr.io/library/eclipse-temurin:17-jre-alpine*',
    'mirror.gcr.io/library/eclipse-temurin:17-jre*',
    'mirror.gcr.io/library/eclipse-temurin:17-jdk-alpine',
  ],
  ['php:8.4-fpm', 'php:8.4-fpm-alpine'],
  ['php:8.4', 'php:8.4-alpine'],
  ['php:8.4-apache'],
  ['nginx:1.31.3', 'nginx:1.31.3-alpine-slim', 'nginx:1.31.3-alpine'],
  ['nginx:stable', 'nginx:stable-alpine-slim', 'nginx:stable-alpine'],
  ['nginx:alpine', 'nginx:alpine-slim'],
  ['debian', 'debian:slim'],
  ['debian:bookworm', 'debian:bookworm-slim'],
  ['debian:12.5', 'debian:12.5-slim'],
  ['debian:bookworm-20260803', 'debian:bookworm-20260803-slim'],
  ['ubuntu:24.04'],
  ['almalinux:9', 'almalinux:9-minimal'],
  ['maven:3.9-eclipse-temurin-21', 'maven:3.9-eclipse-temurin-21-alpine'],
  [
    'mcr.microsoft.com/dotnet/aspnet:10.0',
    'mcr.microsoft.com/dotnet/aspnet:10.0-alpine',
    'mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled',
    'mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled-extra',
  ],
  [
    'mcr.microsoft.com/dotnet/aspnet:10.0.1-noble',
    'mcr.microsoft.com/dotnet/aspnet:10.0.1-alpine',
    'mcr.microsoft.com/dotnet/aspnet:10.0.1-noble-chiseled',
    'mcr.microsoft.com/dotnet/aspnet:10.0.1-noble-chiseled-extra',
  ],
  // Nothing is left of a line that has ended.
  ['golang:1.24'],
  ['node:20'],
  ['python:3.10'],
  ['mcr.microsoft.com/dotnet/aspnet:8.0'],
  // Nothing is known.
  ['acme/app:1'],
  [`golang@${digest}`],
];

describe('alternatives', () => {
  it.each(offered.map(([base, ...offers]) => ({ base, offers })))('$base', ({ base, offers }) => {
    const found = of(base).map(({ written, purpose }) => (purpose === 'run-only' ? `${written}*` : written));
    expect(found).toEqual(offers);
  });

  it('says what changes to Alpine', () => {
    const [alpine] = of('golang:1.26.3');
    expect(alpine).toMatchObject({
      written: 'golang:1.26.3-alpine',
      purpose: 'same',
      sameDistribution: false,
      sizes: { onDisk: { bytes: 241370000, basis: 'estimated' }, by: 'golang:1.26-alpine' },
      saving: { onDisk: 873770000 - 241370000, download: 312305560 - 71399963 },
      changes: [
        { what: 'libc', from: 'glibc', to: 'musl' },
        { what: 'packageManager', from: 'apt', to: 'apk' },
        { what: 'distribution', from: 'debian', to: 'alpine' },
      ],
    });
    expect(alpine?.caveats).toEqual([
      'It has musl instead of glibc: programs and libraries built for glibc do not run.',
      'Packages are installed with apk, and some have other names.',
    ]);
  });

  it('says what changes to distroless, and to another Debian', () => {
    const [distroless] = of('node:22');
    expect(distroless).toMatchObject({ sameDistribution: false, purpose: 'run-only' });
    expect(distroless?.changes.map(({ what }) => what)).toEqual(['shell', 'packageManager', 'distribution']);
    expect(distroless?.caveats.join('\n')).toMatch(
      /no shell[^]*no package manager[^]*is Debian 13, not Debian 12[^]*no npm/,
    );
  });

  it('marks a slim variant as the same distribution', () => {
    const slim = of('node:22').find(({ written }) => written === 'node:22-slim');
    expect(slim).toMatchObject({ sameDistribution: true, changes: [], saving: { onDisk: 902660000 } });
    expect(slim?.caveats).toEqual([expect.stringMatching(/lacks packages/)]);
  });

  it('says that a digest goes', () => {
    expect(of(`redis:7@${digest}`)[0]?.caveats).toContainEqual(expect.stringMatching(/digest goes/));
    expect(of('redis:7')[0]?.caveats).not.toContainEqual(expect.stringMatching(/digest/));
  });

  it('compares with a better size of the present base where one is given', () => {
    const measured = { bytes: 200_000_000, basis: 'measured' } as const;
    const found = alternatives(reference('golang:1.26'), 'linux/amd64', today, { current: { onDisk: measured } });
    expect(found).toEqual([]);
  });

  it('compares by download where no size on disk is known', () => {
    const found = alternatives(reference('golang:1.26'), 'linux/arm64', today);
    expect(found.map(({ written, saving }) => [written, saving])).toEqual([
      ['golang:1.26-alpine', { download: 304891036 - 68655247 }],
    ]);
    expect(alternatives(reference('golang:1.26'), 'linux/arm/v7', today)).toEqual([]);
  });

  it('stops offering what ends', () => {
    expect(of('node:22', '2027-04-30')).not.toEqual([]);
    expect(of('node:22', '2027-05-01')).toEqual([]);
  });

  describe.each(['2024-01-01', today, '2027-12-01', '2031-01-01'])('of every row on %s', (day) => {
    const all = Object.entries(catalogue.images).flatMap(([image, rows]) =>
      rows.flatMap(({ tag }) =>
        of(`${image}:${tag}`, day).map((offer) => ({ base: reference(`${image}:${tag}`), offer })),
      ),
    );

    it('none is deprecated or past its end', () => {
      for (const { offer } of all) {
        expect(offer.facts.deprecated).toBeUndefined();
        expect(offer.facts.ends.filter((end) => lifeStatus(end, day) === 'past')).toEqual([]);
      }
    });

    it('none is bigger', () => {
      for (const { base, offer } of all) {
        const own = lookUp(base, 'linux/amd64');
        if ('none' in own) continue;
        const size = offer.sizes?.onDisk === undefined || own.sizes.onDisk === undefined ? 'download' : 'onDisk';
        const [theirs, present] = [offer.sizes?.[size]?.bytes, own.sizes[size]?.bytes];
        if (theirs !== undefined && present !== undefined) expect(theirs).toBeLessThan(present);
        else expect(offer.saving).toEqual({});
      }
    });

    it('all keep the line of the version and can be parsed', () => {
      for (const { base, offer } of all) {
        expect(parseReference(offer.written)).toEqual({ reference: offer.reference });
        const own = lookUp(base, 'linux/amd64').facts?.language?.version;
        const theirs = offer.facts.language?.version;
        const count = familyOf(imageName(base))?.line ?? 1;
        if (own !== undefined && theirs !== undefined) expect(lineOf(theirs, count)).toBe(lineOf(own, count));
      }
    });
  });
});
