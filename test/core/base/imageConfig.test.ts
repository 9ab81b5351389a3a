import { describe, expect, it } from 'vitest';
import { type BaseConfig, baseConfig } from '../../../src/core/base/imageConfig.ts';
import { reference } from '../../helpers/reference.ts';

const start: readonly [string, readonly string[] | undefined, readonly string[] | undefined][] = [
  ['node:22', ['docker-entrypoint.sh'], ['node']],
  ['node:22-alpine', ['docker-entrypoint.sh'], ['node']],
  ['python:3.12-slim', [], ['python3']],
  ['golang:1.26', [], ['bash']],
  ['golang:1.26-alpine', [], ['/bin/sh']],
  ['gcc:15', [], ['bash']],
  ['ruby:3.4-slim', [], ['irb']],
  ['php:8.4-cli', ['docker-php-entrypoint'], ['php', '-a']],
  ['php:8.4-fpm-alpine', ['docker-php-entrypoint'], ['php-fpm']],
  ['php:8.4-apache', ['docker-php-entrypoint'], ['apache2-foreground']],
  ['eclipse-temurin:21', ['/__cacert_entrypoint.sh'], ['jshell']],
  ['eclipse-temurin:21-jre', ['/__cacert_entrypoint.sh'], []],
  ['maven:3.9-eclipse-temurin-21', ['/usr/local/bin/mvn-entrypoint.sh'], ['mvn']],
  ['nginx:1.31-alpine', ['/docker-entrypoint.sh'], ['nginx', '-g', 'daemon off;']],
  ['httpd:2.4', [], ['httpd-foreground']],
  ['debian:bookworm-slim', [], ['bash']],
  ['ubuntu:24.04', [], ['/bin/bash']],
  ['busybox:1.37-musl', [], ['sh']],
  ['gcr.io/distroless/static-debian13', [], []],
  ['gcr.io/distroless/nodejs22-debian13', ['/nodejs/bin/node'], []],
  ['gcr.io/distroless/java21-debian13:nonroot', ['/usr/bin/java', '-jar'], []],
  ['gcr.io/distroless/python3-debian13', ['/usr/bin/python3.13'], []],
  ['gcr.io/distroless/base-debian13:debug', ['/busybox/sh'], []],
  ['mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled', [], []],
  // What they start with is known to be something, not what.
  ['perl:5.42', [], undefined],
  ['denoland/deno:2.9.6', undefined, undefined],
];

describe('the start command that a base gives', () => {
  it.each(start)('%s', (text, entrypoint, cmd) => {
    expect(pick(text, 'entrypoint', 'cmd')).toEqual([entrypoint, cmd]);
  });
});

const rest: readonly [string, Partial<Record<keyof BaseConfig, unknown>>][] = [
  ['golang:1.26', { workingDir: '/go', user: 'root', exposedPorts: [], volumes: [], stopSignal: 'SIGTERM' }],
  ['php:8.4-fpm', { workingDir: '/var/www/html', exposedPorts: ['9000/tcp'], stopSignal: 'SIGQUIT' }],
  ['nginx:1.31', { exposedPorts: ['80/tcp'], stopSignal: 'SIGQUIT', certificates: true }],
  ['nginxinc/nginx-unprivileged:1.31-alpine', { user: '101', exposedPorts: ['8080/tcp'], timeZones: true }],
  ['gradle:9-jdk21', { workingDir: '/home/gradle', volumes: ['/home/gradle/.gradle'] }],
  ['gcr.io/distroless/static-debian13:nonroot', { user: '65532', workingDir: '/home/nonroot', timeZones: true }],
  ['gcr.io/distroless/static-debian13', { user: 'root', workingDir: '/', certificates: true }],
  ['mcr.microsoft.com/dotnet/runtime-deps:10.0-noble-chiseled', { user: '1654', timeZones: false, certificates: true }],
  ['mcr.microsoft.com/dotnet/runtime-deps:10.0-noble-chiseled-extra', { user: '1654', timeZones: true }],
  ['postgres:17', { volumes: ['/var/lib/postgresql/data'], stopSignal: 'SIGINT' }],
  ['postgres:18', { volumes: ['/var/lib/postgresql'] }],
  ['ubuntu:24.04', { certificates: false, timeZones: false }],
  ['perl:5.42-slim', { certificates: true }],
  ['debian:12', { certificates: false, timeZones: true }],
  ['debian:13', { certificates: false, timeZones: undefined }],
  ['alpine:3.23', { certificates: true, timeZones: false }],
  ['node:22-bookworm-slim', { certificates: false }],
];

describe('other config and files that a base gives', () => {
  it.each(rest)('%s %o', (text, expected) => {
    const keys = Object.keys(expected) as (keyof BaseConfig)[];
    expect(pick(text, ...keys)).toEqual(Object.values(expected));
  });
});

const variables: readonly [string, string, string | undefined][] = [
  ['golang:1.26', 'PATH', '/go/bin:/usr/local/go/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
  ['golang:1.26', 'GOTOOLCHAIN', 'local'],
  ['golang:1.20', 'GOTOOLCHAIN', undefined],
  ['python:3.12', 'LANG', 'C.UTF-8'],
  ['python:3.13', 'LANG', undefined],
  ['ruby:3.4', 'BUNDLE_APP_CONFIG', '/usr/local/bundle'],
  ['eclipse-temurin:21-jre-alpine', 'JAVA_HOME', '/opt/java/openjdk'],
  ['php:8.4-fpm', 'PHP_INI_DIR', '/usr/local/etc/php'],
  ['mcr.microsoft.com/dotnet/aspnet:10.0', 'ASPNETCORE_HTTP_PORTS', '8080'],
  ['mcr.microsoft.com/dotnet/aspnet:6.0', 'ASPNETCORE_URLS', 'http://+:80'],
  ['gcr.io/distroless/cc-debian13', 'SSL_CERT_FILE', '/etc/ssl/certs/ca-certificates.crt'],
  // Its PATH names the compiler's version.
  ['haskell:9', 'PATH', undefined],
];

describe('variables of a base', () => {
  it.each(variables)('%s: %s is %s', (text, name, value) => {
    expect(baseConfig(reference(text))!.env[name]).toBe(value);
  });

  it('names those that change with the patch version', () => {
    expect(baseConfig(reference('node:22'))!.versionedEnv).toContain('NODE_VERSION');
    expect(baseConfig(reference('haskell:9'))!.versionedEnv).toContain('PATH');
  });
});

const present: readonly [string, 'users' | 'groups' | 'programs', string, number | boolean | undefined][] = [
  ['node:22-alpine', 'users', 'node', 1000],
  ['node:22-slim', 'users', 'www-data', 33],
  ['nginx:1.31', 'users', 'nginx', 101],
  ['alpine:3.23', 'users', 'www-data', undefined],
  ['alpine:3.23', 'groups', 'www-data', 82],
  ['php:8.4-fpm-alpine', 'users', 'www-data', 82],
  ['php:8.4-fpm', 'users', 'www-data', 33],
  ['ubuntu:24.04', 'users', 'ubuntu', 1000],
  ['ubuntu:22.04', 'users', 'ubuntu', undefined],
  ['mcr.microsoft.com/dotnet/aspnet:10.0', 'users', 'app', 1654],
  ['mcr.microsoft.com/dotnet/aspnet:6.0', 'users', 'app', undefined],
  ['gcr.io/distroless/static-debian13', 'users', 'nonroot', 65532],
  ['gcr.io/distroless/static-debian13', 'users', 'www-data', undefined],
  ['mcr.microsoft.com/dotnet/runtime:10.0-noble-chiseled', 'users', 'www-data', undefined],
  ['node:22', 'programs', 'curl', true],
  ['node:22-slim', 'programs', 'curl', false],
  ['node:22-slim', 'programs', 'bash', true],
  ['node:22-alpine', 'programs', 'wget', true],
  ['node:22-alpine', 'programs', 'bash', false],
  ['nginx:1.31-alpine', 'programs', 'curl', true],
  ['nginx:1.31-alpine-slim', 'programs', 'curl', false],
  ['gcr.io/distroless/static-debian13', 'programs', 'sh', false],
  ['mcr.microsoft.com/dotnet/runtime:10.0-noble-chiseled', 'programs', 'sh', false],
  ['fedora:43', 'programs', 'wget', undefined],
];

describe('users, groups and programs of a base', () => {
  it.each(present)('%s, %s: %s is %s', (text, key, name, value) => {
    expect(baseConfig(reference(text))![key][name]).toBe(value);
  });
});

it.each(['acme/app:1', 'ghcr.io/acme/node:22', 'acme/app:1-bookworm'])('knows nothing of %s', (text) => {
  expect(baseConfig(reference(text))).toBeUndefined();
});

function pick(text: string, ...keys: readonly (keyof BaseConfig)[]): readonly unknown[] {
  const config = baseConfig(reference(text))!;
  return keys.map((key) => config[key]);
}
