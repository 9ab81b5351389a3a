import { describe, expect, it } from 'vitest';
import { bakeBuilds, readBakeFile } from '../../../../src/core/refactor/consumers/bakeFile.ts';

function builds(files: Readonly<Record<string, string>>) {
  return bakeBuilds(Object.entries(files).flatMap(([file, text]) => readBakeFile(file, text)));
}

const hcl = 'docker-bake.hcl';
const web = { context: '.', dockerfile: 'Dockerfile', tags: [] };
const consumer = { file: hcl, line: 1, name: 'bake target web', mounts: [] };

describe('what a target builds', () => {
  it.each<[string, unknown]>([
    ['target "web" {}', { ...web, consumer }],
    ['target "web" {\n  target = "test"\n}', { ...web, consumer: { ...consumer, target: 'test' } }],
    [
      'target "web" {\n  context = "app"\n  dockerfile = "Other"\n  tags = ["acme/web:1", "ghcr.io/acme/web"]\n}',
      { context: 'app', dockerfile: 'Other', tags: ['acme/web:1', 'ghcr.io/acme/web'], consumer },
    ],
    [
      'target "web" {\n  args = {\n    GO = "1.24"\n    AT = timestamp()\n  }\n}',
      { ...web, consumer: { ...consumer, buildArgs: { GO: '1.24' } } },
    ],
    [
      'target "web" {\n  tags = ["web:${TAG}"]\n}\nvariable "TAG" {\n  default = "dev"\n}',
      { ...web, tags: ['web:dev'], consumer },
    ],
    ['target "web" {\n  target = which()\n}', { ...web, consumer }],
  ])('%s', (text, expected) => expect(builds({ [hcl]: text })).toEqual([expected]));

  it.each([
    'target "web" {\n  context = where()\n}',
    'target "web" {\n  dockerfile = "${NAME}"\n}',
    'target "web" {\n  dockerfile-inline = "FROM scratch"\n}',
    'group "web" {\n  targets = ["a"]\n}',
  ])('%s: none that is known', (text) => expect(builds({ [hcl]: text })).toEqual([]));
});

describe('JSON', () => {
  it('says the same', () => {
    const text = `{
  "variable": { "TAG": { "default": "2" } },
  "target": {
    "web": {
      "context": "app",
      "target": "run",
      "tags": ["acme/web:\${TAG}", "acme/web:\${OTHER}"],
      "args": { "GO": "1.24", "OTHER": "\${OTHER}" }
    }
  }
}`;
    expect(builds({ 'docker-bake.json': text })).toEqual([
      {
        context: 'app',
        dockerfile: 'Dockerfile',
        tags: ['acme/web:2'],
        consumer: {
          file: 'docker-bake.json',
          line: 4,
          name: 'bake target web',
          target: 'run',
          buildArgs: { GO: '1.24' },
          mounts: [],
        },
      },
    ]);
  });

  it.each(['', '{', '[]', '{ "target": [] }', '{ "target": { "a": 1 } }', '{ "target": {}, }'])('%s', (text) => {
    expect(() => builds({ 'docker-bake.json': text })).not.toThrow();
  });
});

describe('what a target inherits', () => {
  it('its own fields win, then those named last', () => {
    const text = [
      'target "a" {\n  target = "from-a"\n  context = "a"\n  args = { X = "a", Y = "a" }\n}',
      'target "b" {\n  target = "from-b"\n  args = { X = "b" }\n}',
      'target "web" {\n  inherits = ["a", "b"]\n  dockerfile = "D"\n}',
    ].join('\n');
    expect(builds({ [hcl]: text })[2]).toMatchObject({
      context: 'a',
      dockerfile: 'D',
      consumer: { target: 'from-b', buildArgs: { X: 'b', Y: 'a' } },
    });
  });

  it('more about it in another file', () => {
    const files = {
      [hcl]: 'target "web" {\n  context = "app"\n}',
      'docker-bake.override.hcl': 'target "web" {\n  target = "dev"\n}',
    };
    expect(builds(files)[1]).toMatchObject({
      context: 'app',
      consumer: { file: 'docker-bake.override.hcl', target: 'dev' },
    });
  });

  it('from itself', () => {
    const text = 'target "a" {\n  inherits = ["b"]\n}\ntarget "b" {\n  inherits = ["a"]\n}';
    expect(builds({ [hcl]: text })).toHaveLength(2);
  });
});
