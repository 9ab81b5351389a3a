import { describe, expect, it } from 'vitest';
import { readComposeServices } from '../../../../src/core/refactor/consumers/composeServices.ts';
import type { ComposeService } from '../../../../src/core/refactor/consumers/composeServices.ts';
import type { Consumer } from '../../../../src/core/refactor/project.ts';

function services(text: string): readonly ComposeService[] {
  return readComposeServices('compose.yaml', text);
}

/** What a service `web` says of how its image is used. */
function used(fields: string): Consumer {
  return services(`services:\n  web:\n    build: .\n${fields.replace(/^/gm, '    ')}\n`)[0]!.consumer;
}

const plain = { file: 'compose.yaml', line: 2, name: 'service web' };

describe('what a service says of its image', () => {
  it.each<[string, Partial<Consumer>]>([
    ['ports: ["80:80"]', { mounts: [] }],
    ['command: npm run dev', { command: ['npm', 'run', 'dev'], mounts: [] }],
    [`command: sh -c 'echo "$$A b"'`, { command: ['sh', '-c', 'echo "$$A b"'], mounts: [] }],
    ['command: ["node", "a.js"]', { command: ['node', 'a.js'], mounts: [] }],
    ['command:\n  - node\n  - a.js', { command: ['node', 'a.js'], mounts: [] }],
    ['command: >\n  node\n  a.js', { command: ['node', 'a.js'], mounts: [] }],
    ['command: null', { mounts: [] }],
    ['entrypoint: []', { entrypoint: [], mounts: [] }],
    ['entrypoint: /entry.sh --now', { entrypoint: ['/entry.sh', '--now'], mounts: [] }],
    ['user: 1000', { user: '1000', mounts: [] }],
    ['user: "app:app"', { user: 'app:app', mounts: [] }],
    ['user: ${ME:-1000}:0', { user: '1000:0', mounts: [] }],
    ['user: ${ME}', { user: '${ME}', mounts: [] }],
    ['working_dir: /app/', { workingDir: '/app', mounts: [] }],
    ['working_dir: ${DIR:-/app}', { workingDir: '/app', mounts: [] }],
    ['working_dir: /app/${DIR}', { mounts: [] }],
    ['working_dir: app', { mounts: [] }],
    ['healthcheck:\n  test: curl -f http://localhost', { healthcheck: 'curl -f http://localhost', mounts: [] }],
    ['healthcheck: { test: ["CMD", "curl", "localhost"] }', { healthcheck: ['curl', 'localhost'], mounts: [] }],
    ['healthcheck: { test: ["CMD-SHELL", "curl x || exit 1"] }', { healthcheck: 'curl x || exit 1', mounts: [] }],
    ['healthcheck: { test: ["NONE"] }', { healthcheck: [], mounts: [] }],
    ['healthcheck: { disable: true }', { healthcheck: [], mounts: [] }],
    ['healthcheck: { interval: 5s }', { mounts: [] }],
    ['volumes: [".:/app", "data:/data:ro", /cache]', { mounts: ['/app', '/data', '/cache'] }],
    ['volumes: ["C:\\\\src:/app"]', { mounts: ['/app'] }],
    ['volumes: [{ type: bind, source: ., target: /app }]', { mounts: ['/app'] }],
    ['tmpfs: /run', { mounts: ['/run'] }],
  ])('%s', (fields, expected) => expect(used(fields)).toEqual({ ...plain, ...expected }));

  it('with its name and line', () => {
    const [a, b] = services('# who\nservices:\n  a:\n    image: x\n\n  "b":\n    image: y\n');
    expect([a!.consumer, b!.consumer]).toMatchObject([
      { file: 'compose.yaml', name: 'service a', line: 3 },
      { name: 'service b', line: 6 },
    ]);
  });
});

describe('what a service has built', () => {
  it.each<[string, Partial<ComposeService>, string?]>([
    ['build: .', { build: { context: '.', dockerfile: 'Dockerfile' } }],
    ['build: ./api\nimage: me/api', { build: { context: './api', dockerfile: 'Dockerfile' }, image: 'me/api' }],
    ['build: { context: .., dockerfile: a/Dockerfile }', { build: { context: '..', dockerfile: 'a/Dockerfile' } }],
    ['build:\n  dockerfile: x\n  target: dev', { build: { context: '.', dockerfile: 'x' } }, 'dev'],
    ['build: { dockerfile_inline: FROM scratch }', {}],
    ['image: postgres', { image: 'postgres' }],
    ['extends: base', { extends: 'base' }],
    ['extends: { service: base }', { extends: 'base' }],
    ['extends: { file: other.yaml, service: base }', {}],
  ])('%s', (fields, expected, target) => {
    const [found] = services(`services:\n  web:\n${fields.replace(/^/gm, '    ')}\n`);
    const { service, consumer, ...rest } = found!;
    expect(rest).toEqual(expected);
    expect(consumer.target).toBe(target);
    expect(service).toBe('web');
  });

  it('anchors and merges', () => {
    const text = `x-base: &base
  build: .
  command: &run [node, a.js]
services:
  a:
    <<: *base
  b:
    image: x
    command: *run
`;
    expect(services(text).map(({ build, consumer }) => [build?.context, consumer.command])).toEqual([
      ['.', ['node', 'a.js']],
      [undefined, ['node', 'a.js']],
    ]);
  });
});

it.each([
  ['', 'nothing'],
  ['services: 7', 'no mapping'],
  ['services:\n  a: *nowhere', 'an alias that leads nowhere'],
  ['- a\n- b', 'a list'],
  ['services: [}', 'half a file'],
  [
    `a: &a [x, x]\n${'bcdefghijklm'.replace(/./g, (name, at: number) => `${name}: &${name} [${`*${'abcdefghijklm'[at]!},`.repeat(9)}]\n`)}services:\n  z: { image: *m }`,
    'aliases that grow',
  ],
])('no services in %j: %s', (text) => expect(services(text)).toEqual([]));
