import { expect, test } from 'vitest';
import { describeEndpoint, parseEndpoint, type Endpoint, type TlsFiles } from '../../../src/sources/engine/endpoint.ts';

const tls: TlsFiles = { directory: '/keys', verify: true };

test.each<[text: string, expected: Endpoint]>([
  ['unix:///var/run/docker.sock', { transport: 'socket', path: '/var/run/docker.sock' }],
  ['  unix:///var/run/docker.sock\n', { transport: 'socket', path: '/var/run/docker.sock' }],
  ['/run/user/1000/docker.sock', { transport: 'socket', path: '/run/user/1000/docker.sock' }],
  ['npipe:////./pipe/docker_engine', { transport: 'socket', path: '//./pipe/docker_engine' }],
  [String.raw`\\.\pipe\docker_engine`, { transport: 'socket', path: '//./pipe/docker_engine' }],
  ['tcp://10.0.0.7', { transport: 'tcp', host: '10.0.0.7', port: 2375 }],
  ['tcp://10.0.0.7:4243', { transport: 'tcp', host: '10.0.0.7', port: 4243 }],
  ['10.0.0.7:4243', { transport: 'tcp', host: '10.0.0.7', port: 4243 }],
  ['build.example', { transport: 'tcp', host: 'build.example', port: 2375 }],
  ['tcp://[::1]:2375', { transport: 'tcp', host: '::1', port: 2375 }],
  ['http://build.example:80', { transport: 'tcp', host: 'build.example', port: 2375 }],
  [
    'https://build.example',
    { transport: 'tcp', host: 'build.example', port: 443, tls: { directory: '', verify: true } },
  ],
  ['ssh://build.example', { transport: 'ssh', host: 'build.example' }],
  ['ssh://ada@build.example:2222', { transport: 'ssh', host: 'build.example', port: 2222, user: 'ada' }],
  ['ssh://a%40b@build.example', { transport: 'ssh', host: 'build.example', user: 'a@b' }],
])('%s', (text, expected) => {
  expect(parseEndpoint(text)).toEqual(expected);
});

test.each(['', '   ', 'unix://', 'npipe://', 'tcp://', 'ftp://host', 'ssh://-oProxyCommand=evil', 'tcp://host:99999'])(
  'no address of an engine: “%s”',
  (text) => {
    expect(parseEndpoint(text)).toBeUndefined();
  },
);

test('TLS is for TCP, with its own port', () => {
  expect(parseEndpoint('tcp://build.example', tls)).toEqual({
    transport: 'tcp',
    host: 'build.example',
    port: 2376,
    tls,
  });
  expect(parseEndpoint('unix:///run/docker.sock', tls)).toEqual({ transport: 'socket', path: '/run/docker.sock' });
});

test.each([
  ['unix:///run/docker.sock', '/run/docker.sock'],
  ['tcp://10.0.0.7', '10.0.0.7:2375'],
  ['ssh://ada:secret@build.example', 'ssh://build.example'],
])('for people: %s', (text, expected) => {
  expect(describeEndpoint(parseEndpoint(text)!)).toBe(expected);
});
