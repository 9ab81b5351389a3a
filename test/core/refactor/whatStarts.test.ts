import { describe, expect, it } from 'vitest';
import { baseConfig } from '../../../src/core/base/imageConfig.ts';
import { parseReference } from '../../../src/core/base/reference.ts';
import { defaultSearchPath } from '../../../src/core/program/searchPath.ts';
import { ContextMap } from '../../../src/core/refactor/multistage/contextMap.ts';
import type { Consumer } from '../../../src/core/refactor/project.ts';
import { isPassThrough, readWhatStarts, unwrapped } from '../../../src/core/refactor/whatStarts.ts';
import { noEvidence } from '../../../src/core/rules/scene/evidence.ts';
import { Scenes } from '../../../src/core/rules/scene/scene.ts';
import { dockerfileOf, type Files, projectOf } from '../../helpers/refactorProject.ts';

/** What the only stage of a file on `node:24` starts. `handsOn`: an entry point that is no script starts its arguments. */
function read(lines: readonly string[], files: Files = {}, consumers: readonly Consumer[] = [], handsOn = true) {
  const dockerfile = dockerfileOf('FROM node:24', 'WORKDIR /app', ...lines);
  const scenes = new Scenes(dockerfile, { platform: 'linux/amd64', today: '2026-11-21', evidence: noEvidence });
  const [scene] = scenes.all as [Scenes['all'][number]];
  const project = projectOf(files, consumers);
  const { instructions } = scene.stage;
  const last = (keyword: string) => instructions.findLast((instruction) => instruction.keyword === keyword);
  const base = parseReference('node:24');
  return readWhatStarts({
    dockerfile,
    project,
    context: new ContextMap(scene, project, () => '/app'),
    entrypoint: last('ENTRYPOINT'),
    cmd: last('CMD'),
    healthcheck: last('HEALTHCHECK'),
    config: 'problem' in base ? undefined : baseConfig(base.reference),
    workingDir: '/app',
    searchPath: defaultSearchPath,
    scope: instructions.at(-1)!.scope,
    consumers,
    absolute: (path, folder) => scene.absolute(path, folder)!,
    handsOn: () => handsOn,
  });
}

const web: Consumer = { file: 'compose.yaml', line: 4, name: 'service web', mounts: [] };
const script = { 'start.sh': '#!/bin/bash\nset -e\nmigrate --all\nexec "$@"\n' };

describe('the programs', () => {
  it.each<[string, readonly string[], readonly string[], Files?]>([
    ['a list', ['CMD ["node", "a.js"]'], ['CMD: node a.js']],
    ['a wrapper', ['CMD ["tini", "--", "node", "a.js"]'], ['CMD: tini', 'CMD: node a.js']],
    ['a shell form', ['CMD cd src && node a.js'], ['CMD: cd src', 'CMD: node a.js']],
    ['a variable', ['ENV APP=a', 'CMD $APP --now'], ['CMD: $APP --now']],
    ['a shell with a text', ['CMD ["sh", "-c", "node a.js"]'], ['CMD: node a.js']],
    ['an entry point and its argument', ['ENTRYPOINT ["./run"]', 'CMD ["serve"]'], ['ENTRYPOINT: ./run', 'CMD: serve']],
    ['an option behind an entry point', ['ENTRYPOINT ["./run"]', 'CMD ["--all"]'], ['ENTRYPOINT: ./run']],
    ['what a shell form ignores', ['ENTRYPOINT ./run', 'CMD ["serve"]'], ['ENTRYPOINT: ./run']],
    ['an entry point of the base that hands on', ['CMD ["node", "a.js"]'], ['CMD: node a.js']],
    [
      'a script',
      ['COPY start.sh .', 'ENTRYPOINT ["./start.sh"]', 'CMD ["node", "a.js"]'],
      ['ENTRYPOINT: ./start.sh', 'start.sh: set -e', 'start.sh: migrate --all', 'CMD: node a.js'],
      script,
    ],
    [
      'a script that a shell is told to read',
      ['COPY start.sh .', 'CMD ["bash", "start.sh"]'],
      ['CMD: bash start.sh', 'start.sh: set -e', 'start.sh: migrate --all'],
      script,
    ],
    [
      'a script of another interpreter',
      ['COPY run.py .', 'CMD ["./run.py"]'],
      ['CMD: ./run.py', 'run.py: python3 /app/run.py'],
      { 'run.py': '#!/usr/bin/env -S python3 -u\n' },
    ],
  ])('of %s', (_, lines, expected, files = {}) => {
    expect(read(lines, files).programs.map(({ by, name, args }) => `${by}: ${[name, ...args].join(' ')}`)).toEqual(
      expected,
    );
  });

  it('an entry point that takes its arguments for itself starts none of them, but a script does', () => {
    const names = (lines: readonly string[], files: Files = {}) =>
      read(lines, files, [], false).programs.map(({ name }) => name);
    expect(names(['ENTRYPOINT ["./run"]', 'CMD ["serve"]'])).toEqual(['./run']);
    expect(names(['COPY start.sh .', 'ENTRYPOINT ["./start.sh"]', 'CMD ["serve"]'], script)).toContain('serve');
  });

  it('health checks are known as such, also in the scripts that they reach and from Compose', () => {
    const files = { 'check.sh': '#!/bin/sh\ncurl localhost\n' };
    const lines = ['COPY check.sh /', 'HEALTHCHECK CMD ["/check.sh"]', 'CMD ["node"]'];
    const { programs, shellUsers } = read(lines, files, [{ ...web, healthcheck: 'wget -q localhost' }]);
    expect(programs.filter(({ isHealth }) => isHealth).map(({ name }) => name)).toEqual(['/check.sh', 'curl', 'wget']);
    expect(shellUsers.map(({ why }) => why)).toEqual([
      'check.sh is a script for sh',
      'the health check of service web (compose.yaml, line 4) is for a shell',
    ]);
  });
});

describe('what somebody starts in another folder', () => {
  const inScript = { 'sub/start.sh': '#!/bin/sh\n./tool\n' };
  it.each<[string, readonly string[], Partial<Consumer>, readonly string[], Files?]>([
    ['what the image starts', ['CMD ["bin/run", "-x"]'], {}, ['bin/run', '/app/sub/bin/run']],
    ['an absolute path', ['CMD ["/bin/run"]'], {}, ['/bin/run']],
    ['a name', ['CMD ["run"]'], {}, ['run']],
    ['what only the start knows', ['ENV APP=a', 'CMD $APP/run'], {}, ['$APP/run']],
    ['a shell form', ['CMD ./run'], {}, ['./run', '/app/sub/run']],
    ['what goes to its folder first', ['CMD cd /app && ./run'], {}, ['cd', './run']],
    ['a command that goes there', ['CMD ["run"]'], { command: ['sh', '-c', 'cd /app; ./a'] }, ['run', 'cd', './a']],
    ['a command of its own', ['CMD ["./run"]'], { command: ['./a'] }, ['./run', '/app/sub/a']],
    ['a probe', ['CMD ["./run"]'], { healthcheck: ['./a'], isProbe: true }, ['./run', '/app/sub/a']],
    [
      'a script',
      ['COPY . .', 'CMD ["./start.sh"]'],
      {},
      ['./start.sh', '/app/sub/start.sh', '/app/sub/tool'],
      inScript,
    ],
    [
      'a script that a shell is told to read',
      ['COPY . .', 'CMD ["run"]'],
      { command: ['sh', 'start.sh'] },
      ['run', 'sh', '/app/sub/tool'],
      inScript,
    ],
  ])('%s', (_title, lines, more, expected, files = {}) => {
    const { programs } = read(lines, files, [{ ...web, workingDir: '/app/sub', ...more }]);
    expect(programs.map(({ name }) => name)).toEqual(expected);
  });

  it('is said to be theirs', () => {
    const { programs } = read(['CMD ["./run"]'], {}, [{ ...web, workingDir: '/sub' }]);
    expect(programs[1]).toEqual({ name: '/sub/run', args: [], by: 'service web (compose.yaml, line 4)' });
  });

  it('the folder of the image is none', () => {
    expect(read(['CMD ["./run"]'], {}, [{ ...web, workingDir: '/app' }]).programs).toHaveLength(1);
  });
});

describe('who needs a shell', () => {
  it.each<[string, readonly string[] | undefined]>([
    ['CMD node a.js', ['node', 'a.js']],
    ['CMD exec node a.js', ['node', 'a.js']],
    ['CMD node $FILE', undefined],
    ['CMD node a.js > log', undefined],
    ['CMD A=1 node a.js', undefined],
    ['CMD node a.js &', undefined],
  ])('%s: as a list %j', (line, words) => {
    expect(read([line]).shellUsers).toMatchObject([{ why: 'CMD is in the shell form', line: 3, shell: 'sh' }]);
    expect(read([line]).shellUsers[0]!.plain?.words).toEqual(words);
  });

  it('what is handed to an entry point in the shell form stays for a shell', () => {
    expect(read(['ENTRYPOINT ["./run"]', 'CMD serve']).shellUsers[0]!.plain).toBeUndefined();
  });
});

it('what cannot be read is told', () => {
  expect(read(['CMD if']).problems).toMatchObject([{ kind: 'syntax', line: 3 }]);
  expect(read(['SHELL ["/usr/bin/python3", "-c"]', 'CMD print(1)']).problems).toMatchObject([
    { kind: 'foreign', line: 4 },
  ]);
});

it.each([
  [
    ['tini', '-g', '--', 'gosu', 'app', 'env', 'A=1', './run', '-x'],
    ['./run', '-x'],
  ],
  [['./run'], ['./run']],
])('%j is %j', (argv, inner) => {
  expect(unwrapped(argv)).toEqual(inner);
});

it.each([
  [['docker-entrypoint.sh'], true],
  [['/usr/local/bin/docker-php-entrypoint'], true],
  [['docker-entrypoint.sh', 'x'], false],
  [['/entrypoint.sh'], false],
  [[], false],
])('%j only hands on: %s', (entrypoint, is) => {
  expect(isPassThrough(entrypoint)).toBe(is);
});
