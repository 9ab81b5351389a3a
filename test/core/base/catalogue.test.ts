import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { lookUp } from '../../../src/core/base/catalogue.ts';
import { catalogue } from '../../../src/core/base/catalogueRows.ts';
import { reference } from '../../helpers/reference.ts';

interface Published {
  readonly reference: string;
  readonly downloadBytes: number;
  readonly onDiskBytes: number | null;
  readonly arm64DownloadBytes: number | null;
}

/** The numbers that were read from the published images, as they were collected. */
const published = JSON.parse(
  readFileSync(new URL('../../fixtures/catalogue/published.json', import.meta.url), 'utf8'),
) as readonly Published[];

const digest = `sha256:${'a'.repeat(64)}`;

describe('lookUp of what was read from published images', () => {
  it('has all of them', () => {
    expect(published).toHaveLength(199);
  });

  it.each(published)('$reference', (image) => {
    const answer = lookUp(reference(image.reference), 'linux/amd64');
    if ('none' in answer) throw new Error(answer.none.message);
    expect(answer.sizes.by).toBeUndefined();
    expect(answer.sizes.download).toMatchObject({ bytes: image.downloadBytes, basis: 'catalogue' });
    expect(answer.sizes.download?.asOf).toMatch(/^\d{4}-\d\d-\d\d$/);
    if (image.onDiskBytes === null) {
      expect(answer.sizes.onDisk).toBeUndefined();
    } else {
      expect(answer.sizes.onDisk?.basis).toBe('catalogue');
      expect(Math.abs(answer.sizes.onDisk!.bytes / image.onDiskBytes - 1)).toBeLessThan(0.01);
    }
    const arm64 = lookUp(reference(image.reference), 'linux/arm64/v8');
    if (image.arm64DownloadBytes === null) expect(arm64).toMatchObject({ none: { code: 'platform' } });
    else expect(arm64).toMatchObject({ sizes: { download: { bytes: image.arm64DownloadBytes, basis: 'catalogue' } } });
  });
});

/** Reference → the catalogue's row that answers; `same` where it is that very image. */
const answered: readonly [text: string, row: string, kind: 'same' | 'relative'][] = [
  // Other names of the same image.
  ['docker.io/library/golang:1.26', 'golang:1.26', 'same'],
  ['public.ecr.aws/docker/library/golang:1.26', 'golang:1.26', 'same'],
  ['mirror.gcr.io/library/golang:1.26', 'golang:1.26', 'same'],
  ['golang:1.26-trixie', 'golang:1.26', 'same'],
  ['node:22-bookworm-slim', 'node:22-slim', 'same'],
  ['node:22-bookworm', 'node:22', 'same'],
  ['python:3.13-slim-trixie', 'python:3.13-slim', 'same'],
  ['python:3.13-alpine3.24', 'python:3.13-alpine', 'same'],
  ['debian:12', 'debian:bookworm', 'same'],
  ['debian:12-slim', 'debian:bookworm-slim', 'same'],
  ['ubuntu:jammy', 'ubuntu:22.04', 'same'],
  ['fedora:44', 'fedora:latest', 'same'],
  ['eclipse-temurin:21', 'eclipse-temurin:21-jdk', 'same'],
  ['php:8.4', 'php:8.4-cli', 'same'],
  ['php:8.4-alpine', 'php:8.4-cli-alpine', 'same'],
  ['nginx:1.31', 'nginx:latest', 'same'],
  ['nginx:1.31.3', 'nginx:latest', 'same'],
  ['nginx:1.30-alpine', 'nginx:stable-alpine', 'same'],
  ['rust:1.98-slim', 'rust:1-slim', 'same'],
  ['mcr.microsoft.com/dotnet/aspnet:8.0', 'mcr.microsoft.com/dotnet/aspnet:8.0-bookworm-slim', 'same'],
  ['busybox:1.37', 'busybox:1.37-glibc', 'same'],
  ['registry.redhat.io/ubi9/ubi-minimal', 'registry.access.redhat.com/ubi9/ubi-minimal:latest', 'same'],
  // The same line, variant and system.
  ['golang:1.26.3', 'golang:1.26', 'relative'],
  ['golang:1.26.3-alpine3.23', 'golang:1.26-alpine', 'relative'],
  ['golang:1.26-alpine3.20', 'golang:1.26-alpine', 'relative'],
  ['node:22.11.0-bookworm-slim', 'node:22-slim', 'relative'],
  ['python:3.13.2-slim', 'python:3.13-slim', 'relative'],
  ['eclipse-temurin:21.0.5_11-jre-alpine', 'eclipse-temurin:21-jre-alpine', 'relative'],
  ['maven:3.9.9-eclipse-temurin-21', 'maven:3-eclipse-temurin-21', 'relative'],
  ['postgres:17.2-alpine3.21', 'postgres:17-alpine', 'relative'],
  ['debian:12.5-slim', 'debian:bookworm-slim', 'relative'],
  ['debian:bookworm-20240110', 'debian:bookworm', 'relative'],
  ['ubuntu:noble-20240801', 'ubuntu:24.04', 'relative'],
  ['alpine:3.23.1', 'alpine:3.23', 'relative'],
  ['mcr.microsoft.com/dotnet/aspnet:10.0-alpine', 'mcr.microsoft.com/dotnet/aspnet:10.0-alpine3.21', 'relative'],
  // Moving tags, by what was newest when the row was read.
  ['alpine', 'alpine:3.24', 'relative'],
  ['debian', 'debian:trixie', 'relative'],
  ['debian:stable-slim', 'debian:trixie-slim', 'relative'],
  ['debian:oldstable', 'debian:bookworm', 'relative'],
  ['ubuntu', 'ubuntu:26.04', 'relative'],
  ['golang', 'golang:1.26', 'relative'],
  ['python:3-slim', 'python:3.14-slim', 'relative'],
  ['node:lts-alpine', 'node:26-alpine', 'relative'],
  ['gcr.io/distroless/static', 'gcr.io/distroless/static-debian13:latest', 'relative'],
  // A digest is some build of its tag.
  [`golang:1.26@${digest}`, 'golang:1.26', 'relative'],
];

/** What no row can answer soundly. */
const absent: readonly string[] = [
  'acme/app',
  'ghcr.io/library/golang:1.26',
  `golang@${digest}`,
  'golang:1.5',
  'golang:1.27',
  'golang:1.27rc1',
  'golang:1.26-windowsservercore',
  'golang:1.26-slim',
  'golang:tip',
  'python:3.13-slim-bookworm',
  'python:3.12.1-bookworm',
  'node:22-trixie-slim',
  'eclipse-temurin:21-jre-noble',
  'rust:1.91',
  'mongo:8.0',
  'nginx:1.27',
  'debian:sid',
  'openjdk:21',
  'gcr.io/distroless/java17-debian12',
  'gcr.io/distroless/static-debian13:debug',
  'constructor:latest',
];

describe('lookUp', () => {
  it.each(answered)('%s is answered by %s (%s)', (text, row, kind) => {
    const asked = reference(text);
    const answer = lookUp(asked, 'linux/amd64');
    const own = lookUp(reference(row), 'linux/amd64');
    if ('none' in answer || 'none' in own) throw new Error('no size');
    expect(answer.sizes.onDisk?.bytes).toBe(own.sizes.onDisk?.bytes);
    expect(answer.sizes.download?.bytes).toBe(own.sizes.download?.bytes);
    expect(answer.sizes.by).toBe(kind === 'same' ? undefined : row);
    const size = answer.sizes.onDisk ?? answer.sizes.download;
    expect(size?.basis).toBe(kind === 'same' ? (own.sizes.onDisk ?? own.sizes.download)?.basis : 'estimated');
    expect(answer.source).toBe(own.source);
  });

  it.each(absent)('%s is absent', (text) => {
    expect(lookUp(reference(text), 'linux/amd64')).toMatchObject({ none: { code: 'absent' } });
  });

  it.each([
    ['linux/arm/v7', 'platform'],
    ['windows/amd64', 'platform'],
    ['linux/s390x', 'platform'],
  ])('golang:1.26 on %s: %s', (platform, code) => {
    const answer = lookUp(reference('golang:1.26'), platform);
    expect(answer).toMatchObject({
      none: { code, message: `The catalogue has no size of golang:1.26 for ${platform}.` },
    });
  });

  it('knows only the download size on arm64', () => {
    const answer = lookUp(reference('golang:1.26'), 'linux/arm64');
    expect(answer).toMatchObject({ sizes: { platform: 'linux/arm64', download: { bytes: 304891036 } } });
    expect(answer).not.toHaveProperty('sizes.onDisk');
  });

  it.each(['linux/amd64', 'linux/amd64/v2', 'linux/x86_64'])('takes %s for amd64', (platform) => {
    expect(lookUp(reference('alpine:3.24'), platform)).toMatchObject({
      sizes: { onDisk: { bytes: 8420000 }, platform },
    });
  });

  it('marks what was computed, carried over or read in an article as estimated', () => {
    for (const text of [
      'gcr.io/distroless/static-debian13',
      'mcr.microsoft.com/dotnet/aspnet:10.0-noble',
      'nvidia/cuda:12.0.1-base-ubuntu22.04',
    ]) {
      expect(lookUp(reference(text), 'linux/amd64')).toMatchObject({ sizes: { onDisk: { basis: 'estimated' } } });
    }
    const measured = lookUp(reference('mcr.microsoft.com/dotnet/aspnet:9.0-bookworm-slim'), 'linux/amd64');
    expect(measured).toMatchObject({ sizes: { onDisk: { basis: 'catalogue', bytes: 217891272 } } });
  });

  it('gives facts also where it has no size', () => {
    const answer = lookUp(reference('python:3.13-slim-bookworm'), 'linux/amd64');
    expect(answer).toMatchObject({ none: { code: 'absent' }, facts: { libc: 'glibc', packageManager: 'apt' } });
  });

  it('takes any tag of a known image without throwing, and never answers across lines', () => {
    const words = fc.constantFrom(
      '1.26',
      '1.25',
      '1',
      '1.26.9',
      'alpine',
      'alpine3.20',
      'bookworm',
      'slim',
      'latest',
      'lts',
      'rc1',
    );
    const tags = fc.oneof(
      fc.array(words, { minLength: 1, maxLength: 4 }).map((all) => all.join('-')),
      fc.stringMatching(/^\w[\w.-]{0,20}$/),
    );
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(catalogue.images)), tags, (image, tag) => {
        const asked = reference(`${image}:${tag}`);
        const answer = lookUp(asked, 'linux/amd64');
        if ('none' in answer || image !== 'golang') return;
        const line = /^1\.\d+/.exec(tag)?.[0];
        if (line !== undefined && answer.sizes.by !== undefined) expect(answer.sizes.by).toContain(`:${line}`);
      }),
    );
  });
});
