import { expect, test } from 'vitest';
import { dockerHubHosts, mayBePlain, originsOf } from '../../../src/sources/registry/endpoint.ts';

test.each([
  ['docker.io', ['https://registry-1.docker.io/']],
  ['ghcr.io', ['https://ghcr.io/']],
  ['ghcr.io:443', ['https://ghcr.io/']],
  ['localhost:5000', ['https://localhost:5000/', 'http://localhost:5000/']],
  ['127.1.2.3', ['https://127.1.2.3/', 'http://127.1.2.3/']],
  ['[::1]:5000', ['https://[::1]:5000/', 'http://[::1]:5000/']],
  ['named.test', ['https://named.test/', 'http://named.test/']],
  ['named.test:5000', ['https://named.test:5000/', 'http://named.test:5000/']],
  ['ported.test:5000', ['https://ported.test:5000/', 'http://ported.test:5000/']],
  ['ported.test:6000', ['https://ported.test:6000/']],
  ['localhost.evil.test', ['https://localhost.evil.test/']],
])('%s is asked at %j', (domain, origins) => {
  expect(originsOf(domain, dockerHubHosts, ['Named.test', 'ported.test:5000']).map(({ href }) => href)).toEqual(
    origins,
  );
});

test.each(['ghcr.io/path', 'user@ghcr.io', 'ghcr.io?x', 'a b', ''])('“%s” is no registry', (domain) => {
  expect(() => originsOf(domain, dockerHubHosts, [])).toThrow('is not the name of a registry');
});

test.each([
  ['http://localhost/', true],
  ['http://127.0.0.1:5000/', true],
  ['http://[::1]/', true],
  ['http://10.0.0.1/', false],
  ['http://registry.test/', false],
])('%s may be plain: %s', (url, allowed) => {
  expect(mayBePlain(new URL(url), [])).toBe(allowed);
});
