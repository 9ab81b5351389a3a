import { describe, expect, it } from 'vitest';
import { baseFacts } from '../../../src/core/base/facts.ts';
import { formatDistribution } from '../../../src/core/base/release.ts';
import { reference } from '../../helpers/reference.ts';

/** Reference → libc, shell, package manager, distribution, language, user. */
const facts: readonly [
  string,
  string | undefined,
  boolean | undefined,
  string | undefined,
  string | undefined,
  string | undefined,
  string | undefined,
][] = [
  ['golang:1.26', 'glibc', true, 'apt', 'debian 13', 'Go 1.26', 'root'],
  ['golang:1.26-alpine3.23', 'musl', true, 'apk', 'alpine 3.23', 'Go 1.26', 'root'],
  // A tag with a patch version may be older than its line's move to another Debian.
  ['golang:1.26.3', 'glibc', true, 'apt', 'debian', 'Go 1.26.3', 'root'],
  ['node:22-bookworm-slim', 'glibc', true, 'apt', 'debian 12', 'Node.js 22', 'root'],
  ['node:22', 'glibc', true, 'apt', 'debian 12', 'Node.js 22', 'root'],
  ['node:26', 'glibc', true, 'apt', 'debian 13', 'Node.js 26', 'root'],
  ['node:lts', 'glibc', true, 'apt', 'debian', 'Node.js 26', 'root'],
  ['python:3.9-slim-bullseye', 'glibc', true, 'apt', 'debian 11', 'Python 3.9', 'root'],
  ['eclipse-temurin:21-jre-noble', 'glibc', true, 'apt', 'ubuntu 24.04', 'Java 21', 'root'],
  ['eclipse-temurin:21-jre', 'glibc', true, 'apt', 'ubuntu 26.04', 'Java 21', 'root'],
  ['amazoncorretto:21', 'glibc', true, 'dnf', 'amazonlinux 2023', 'Java 21', 'root'],
  ['openjdk:17', 'glibc', true, undefined, undefined, 'Java 17', 'root'],
  ['debian:bookworm-slim', 'glibc', true, 'apt', 'debian 12', undefined, 'root'],
  ['debian:12.5', 'glibc', true, 'apt', 'debian 12', undefined, 'root'],
  ['alpine:3.23.1', 'musl', true, 'apk', 'alpine 3.23', undefined, 'root'],
  ['ubuntu:jammy', 'glibc', true, 'apt', 'ubuntu 22.04', undefined, 'root'],
  ['almalinux:9-minimal', 'glibc', true, 'microdnf', 'almalinux 9', undefined, 'root'],
  ['oraclelinux:9-slim', 'glibc', true, 'microdnf', 'oraclelinux 9', undefined, 'root'],
  ['centos:7', 'glibc', true, 'yum', 'centos 7', undefined, 'root'],
  ['amazonlinux:2', 'glibc', true, 'yum', 'amazonlinux 2', undefined, 'root'],
  ['busybox:1.37-musl', 'musl', true, 'none', 'busybox', 'BusyBox 1.37', 'root'],
  ['busybox:1.37-uclibc', 'uclibc', true, 'none', 'busybox', 'BusyBox 1.37', 'root'],
  ['haproxy:3.2-alpine', 'musl', true, 'apk', 'alpine', 'HAProxy 3.2', 'haproxy'],
  ['mysql:8.4', 'glibc', true, 'dnf', 'oraclelinux 9', 'MySQL 8.4', 'root'],
  ['gcr.io/distroless/static-debian13', 'none', false, 'none', 'debian 13', undefined, 'root'],
  ['gcr.io/distroless/base-debian13:nonroot', 'glibc', false, 'none', 'debian 13', undefined, '65532'],
  ['gcr.io/distroless/nodejs22-debian13', 'glibc', false, 'none', 'debian 13', 'Node.js 22', 'root'],
  ['gcr.io/distroless/python3-debian13', 'glibc', false, 'none', 'debian 13', 'Python 3.13', 'root'],
  ['gcr.io/distroless/cc-debian13:debug-nonroot', 'glibc', undefined, 'none', 'debian 13', undefined, '65532'],
  ['mcr.microsoft.com/dotnet/aspnet:10.0', 'glibc', true, 'apt', 'ubuntu 24.04', '.NET 10.0', 'root'],
  ['mcr.microsoft.com/dotnet/aspnet:8.0', 'glibc', true, 'apt', 'debian 12', '.NET 8.0', 'root'],
  ['mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled', 'glibc', false, 'none', 'ubuntu 24.04', '.NET 10.0', '1654'],
  ['mcr.microsoft.com/dotnet/sdk:10.0.100-alpine3.23', 'musl', true, 'apk', 'alpine 3.23', '.NET 10.0.100', 'root'],
  ['registry.access.redhat.com/ubi9/ubi-minimal', 'glibc', true, 'microdnf', 'rhel', undefined, 'root'],
];

describe('baseFacts', () => {
  it.each(facts)('%s', (text, libc, shell, packageManager, distribution, language, user) => {
    const found = baseFacts(reference(text))!;
    expect(found.libc).toBe(libc);
    expect(found.shell).toBe(shell);
    expect(found.packageManager).toBe(packageManager);
    expect(found.distribution && formatDistribution(found.distribution)).toBe(distribution);
    expect(found.language && [found.language.name, found.language.version].join(' ')).toBe(language);
    expect(found.defaultUser).toBe(user);
  });

  it('knows nothing of an image that it never heard of', () => {
    expect(baseFacts(reference('acme/app:1'))).toBeUndefined();
  });

  it.each([
    ['golang:1.25', 'go', '1.25', '2026-08-19'],
    ['node:22-slim', 'nodejs', '22', '2027-04-30'],
    ['python:3.12-slim-bookworm', 'debian', '12', '2028-06-30'],
    ['python:3.13-alpine3.20', 'alpine-linux', '3.20', '2026-04-01'],
    ['debian:bullseye', 'debian', '11', '2026-08-31'],
    ['gcr.io/distroless/base-debian12', 'distroless-debian12', 'base', '2026-09-30'],
    ['gcr.io/distroless/java17-debian13', 'eclipse-temurin', '17', '2027-10-31'],
    ['mcr.microsoft.com/dotnet/runtime:8.0-jammy', 'dotnet', '8', '2026-11-10'],
    ['postgres:14.1', 'postgresql', '14', '2026-11-12'],
  ])('%s ends first with %s %s on %s', (text, product, cycle, date) => {
    expect(baseFacts(reference(text))?.endOfLife).toEqual({ product, cycle, date });
  });

  it('has both ends, the language first', () => {
    expect(baseFacts(reference('node:22'))?.ends.map(({ product }) => product)).toEqual(['nodejs', 'debian']);
  });

  it.each([
    ['openjdk:17-slim', /eclipse-temurin/],
    ['centos:7', /no longer updated/],
    ['rockylinux:9', /rockylinux\/rockylinux/],
    ['python:3.9-slim', /not been rebuilt since/],
    ['registry:2', /not been rebuilt since|no longer published/],
    ['bitnami/nginx:1.25', /frozen snapshot/],
    ['gcr.io/distroless/nodejs20-debian12', /no longer updates/],
    ['gcr.io/distroless/nodejs18', /no longer updates/],
    ['gcr.io/distroless/python3-debian11', /no longer updates/],
    ['jupyter/scipy-notebook', /quay\.io\/jupyter/],
  ])('%s is deprecated', (text, why) => {
    expect(baseFacts(reference(text))?.deprecated).toMatch(why);
  });

  it.each(['golang:1.26', 'debian:bookworm', 'gcr.io/distroless/static', 'gcr.io/distroless/cc-debian13:nonroot'])(
    '%s is not deprecated',
    (text) => {
      expect(baseFacts(reference(text))).not.toHaveProperty('deprecated');
    },
  );

  it.each([
    ['gcr.io/distroless/nodejs22-debian13', /no npm/],
    ['gcr.io/distroless/static', /newer Debian/],
    ['mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled', /-extra variant/],
    ['cgr.dev/chainguard/node', /Only `latest` is free/],
    ['dhi.io/node:22-debian13', /docker login/],
  ])('%s has its caveat', (text, caveat) => {
    expect(baseFacts(reference(text))?.caveats).toContainEqual(expect.stringMatching(caveat));
  });
});
