import { describe, expect, it } from 'vitest';
import { type NodePackage, resolveScript } from '../../../../src/core/refactor/multistage/nodePackage.ts';

const manifestOf = (scripts: Readonly<Record<string, string>>, main?: string): NodePackage => ({
  scripts,
  dependencies: {},
  devDependencies: {},
  workspaces: false,
  ...(main === undefined ? {} : { main }),
});

/** The words of what a script runs, with what is set before it. */
function commandsOf(scripts: Readonly<Record<string, string>>, name = 'start'): readonly string[] {
  return resolveScript(manifestOf(scripts), name).map(({ words, environment }) =>
    [...Object.entries(environment).map(([key, value]) => `${key}=${value}`), ...words].join(' '),
  );
}

describe('what a script runs', () => {
  it.each<[Readonly<Record<string, string>>, readonly string[]]>([
    [{ start: 'node dist/main.js' }, ['node dist/main.js']],
    [{}, ['node server.js']],
    [{ start: 'npm run serve', serve: 'node a.js' }, ['node a.js']],
    [{ start: 'yarn serve', serve: 'node a.js' }, ['node a.js']],
    [{ prestart: 'node migrate', start: 'node .', poststart: 'node bye' }, ['node migrate', 'node .', 'node bye']],
    [{ start: 'tsc && node dist' }, ['tsc', 'node dist']],
    [{ start: 'node a & node b' }, ['node a', 'node b']],
    [{ start: 'PORT=80 node a' }, ['PORT=80 node a']],
    [{ start: 'cross-env NODE_ENV=production PORT=80 node a' }, ['NODE_ENV=production PORT=80 node a']],
    [{ start: 'npx nodemon a' }, ['nodemon a']],
    [{ start: 'npm run start' }, []],
  ])('%j', (scripts, expected) => {
    expect(commandsOf(scripts)).toEqual(expected);
  });

  it('nothing, and main is named', () => {
    expect(resolveScript(manifestOf({}, 'lib/index.js'), 'start')[0]?.words).toEqual(['node', 'lib/index.js']);
  });

  it('another script that is none', () => {
    expect(commandsOf({ start: 'node a' }, 'serve')).toEqual([]);
  });
});

describe('a command that needs no shell', () => {
  it.each([
    ['node dist/main.js', true],
    ['A=1 node dist/main.js', true],
    ['node "dist/main.js"', false],
    ['node dist/$NAME.js', false],
    ['node a > log', false],
    ['node a & node b', false],
    ['node a || exit 1', false],
    ['node dist/*.js', false],
  ])('%s: %s', (start, isPlain) => {
    expect(resolveScript(manifestOf({ start }), 'start')[0]?.isPlain).toBe(isPlain);
  });

  it('not where arguments are passed on to another script', () => {
    const found = resolveScript(manifestOf({ start: 'npm run serve -- --port 80', serve: 'node a' }), 'start');
    expect(found.map(({ words, isPlain }) => [words.join(' '), isPlain])).toEqual([['node a', false]]);
  });
});
