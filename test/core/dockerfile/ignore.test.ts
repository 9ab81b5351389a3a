import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ignoreFileNames, parseDockerignore } from '../../../src/core/dockerfile/ignore.ts';
import { anyText, textOf } from '../../helpers/dockerfiles.ts';
import { mobyIgnores } from '../../helpers/mobyIgnore.ts';

const ignores = (patterns: string, path: string) => parseDockerignore(patterns).ignores(path, false);

describe('a pattern', () => {
  it.each([
    ['a', 'a', true],
    ['a', 'b/a', false],
    ['a', 'a/b/c', true],
    ['A', 'a', false],
    ['/a', 'a', true],
    ['./a', 'a', true],
    ['a/', 'a', true],
    ['a/', 'a/b', true],
    ['a//b/./c', 'a/b/c', true],
    ['a/../b', 'b', true],
    ['../a', 'a', false],
    ['/../a', 'a', true],
    ['.', 'a', false],
    ['/', 'a', false],
    ['  a  ', 'a', true],
    ['a b', 'a b', true],
    ['*', 'a', true],
    ['*', '.a', true],
    ['*', 'a/b', true],
    ['*.go', 'a.go', true],
    ['*.go', 'b/a.go', false],
    ['*/*.go', 'b/a.go', true],
    ['*/*.go', 'b/c/a.go', false],
    ['a*', 'a/b', true],
    ['a?c', 'abc', true],
    ['a?c', 'a/c', false],
    ['a?c', 'ac', false],
    ['*a*b*c*', 'xaxbxcx', true],
    ['*a*b*c*', 'xaxcxbx', false],
    ['**', 'a', true],
    ['**', 'a/b/c', true],
    ['**/', 'a/b', true],
    ['**/**', 'a/b', true],
    ['**/a', 'a', true],
    ['**/a', 'b/c/a', true],
    ['**/a', 'b/ca', false],
    ['**/a', 'a/b', true],
    ['**/*.log', 'x/y/z.log', true],
    ['a/**', 'a', false],
    ['a/**', 'a/b', true],
    ['a/**', 'a/b/c', true],
    ['a/**', 'ab/c', false],
    ['a/**/b', 'a/b', true],
    ['a/**/b', 'a/x/y/b', true],
    ['a/**/b', 'a/xb', false],
    ['a/**/*.txt', 'a/b/c.txt', true],
    ['**/a/**/b', 'x/a/y/b/z', true],
    ['a**', 'abc/d', true],
    ['a**', 'ba', false],
    ['**a', 'ba', true],
    ['**a', 'x/ba', true],
    ['a**b', 'ab', true],
    ['a**b', 'axb', false],
    ['a**b', 'ax/b', true],
    ['**?x', 'a/bx', true],
    ['**a/b', '.a/b', true],
    // An escape, too, makes it a pattern whose `**` ends at a slash.
    ['**a/\\b', '.a/b', false],
    ['**a/\\b', 'x/a/b', true],
    ['[abc]', 'b', true],
    ['[abc]', 'd', false],
    ['[a-c]x', 'bx', true],
    ['[^a-c]x', 'dx', true],
    ['[^a-c]x', 'ax', false],
    ['a[^b]c', 'a/c', true],
    ['[!a]', 'a', true],
    ['a[]]', 'a', false],
    ['\\*', '*', true],
    ['\\*', 'a', false],
    ['\\!a', '!a', true],
    ['a\\b', 'ab', true],
    ['a.b', 'axb', false],
    ['a+(b)|c$', 'a+(b)|c$', true],
    ['a{b,c}', 'ab', false],
    ['#a', '#a', false],
    [' #a', '#a', true],
    ['\\#a', '#a', true],
    ['\uFEFFa', 'a', true],
    ['\uFEFF#a\nb', 'b', true],
    ['a\r\nb\r\n', 'a', true],
    ['', 'a', false],
    ['é*', 'été', true],
    ['?', '😀', true],
    ['??', '😀', false],
    ['?té', 'été', true],
  ])('%j: %j %s', (patterns, path, expected) => {
    expect(ignores(patterns, path)).toBe(expected);
  });
});

describe('several patterns', () => {
  it.each([
    ['a\n!a', 'a', false],
    ['!a\na', 'a', true],
    ['*.md\n!README.md', 'README.md', false],
    ['*.md\n!README*.md\nREADME-secret.md', 'README-secret.md', true],
    ['a\n!a/b', 'a/b', false],
    ['a\n!a/b', 'a/b/c', false],
    ['a\n!a/b', 'a/c', true],
    ['a\n!a/b\na/b/c', 'a/b/c', true],
    ['*\n!src', 'src/x/y', false],
    ['*\n!src/**/*.ts', 'src/x/y.ts', false],
    ['*\n!src/**/*.ts', 'src/x/y.js', true],
    ['**\n!**/*.go', 'a/b.go', false],
    ['! a', 'a', false],
    ['a\n! a', 'a', false],
    ['a\n!./a/', 'a', false],
    // A folder that nothing ignored is not turned by a `!`, so the `!` does not reach what is below it.
    ['a/b\n!a', 'a/b', true],
    ['**/b\n!a\nx', 'a/b', true],
  ])('%j: %j %s', (patterns, path, expected) => {
    expect(ignores(patterns, path)).toBe(expected);
  });
});

describe('paths', () => {
  it.each(['a/b', './a/b', '/a/b', 'a/b/'])('%j is a/b', (path) => {
    expect(ignores('a/b', path)).toBe(true);
  });

  it.each(['', '.', './', '/'])('%j is the context, which is never ignored', (path) => {
    expect(ignores('*\n**\n.', path)).toBe(false);
  });

  it('may be asked for deeper than the call stack', () => {
    expect(ignores('a/**/z', `${'a/'.repeat(5000)}z`)).toBe(true);
  });
});

describe('on Windows', () => {
  it.each([
    ['a\\b', 'a\\b', true],
    ['a\\b', 'a/b', true],
    ['a\\*.x', 'a\\b.x', true],
    ['\\a', 'a', true],
    ['[a', 'a', false],
  ])('%j: %j %s', (patterns, path, expected) => {
    expect(parseDockerignore(patterns, { windows: true }).ignores(path, false)).toBe(expected);
  });
});

describe('problems', () => {
  it.each(['[', '[]a]', '[a', '[a-', '[a-]', '[-a]', '[c-a]', 'a\\', '!', '! ', 'x/[', '[^]'])('%j', (pattern) => {
    const text = `ok\n  ${pattern}\nfine`;
    const file = parseDockerignore(text);
    expect(file.problems.map(({ code, span }) => [code, textOf(text, span)])).toEqual([
      ['invalid-pattern', pattern.trim()],
    ]);
    expect(file.patterns).toHaveLength(2);
    expect(file.ignores('fine', false)).toBe(true);
  });
});

describe('decidedBy', () => {
  const text = '# all\n*\n\n!src\nsrc/**/*.log\n';
  const file = parseDockerignore(text);

  it.each([
    ['a', '*'],
    ['src', '!src'],
    ['src/x', '!src'],
    ['src/x/y.log', 'src/**/*.log'],
  ])('%j is decided by %j', (path, pattern) => {
    const decided = file.decidedBy(path, false)!;
    expect(decided.text).toBe(pattern);
    expect(textOf(text, decided.span)).toBe(pattern);
  });

  it('is nobody for what nothing matches', () => {
    expect(parseDockerignore('a\n!b').decidedBy('b', false)).toBeUndefined();
  });
});

describe('canSkip', () => {
  it.each([
    ['a', 'a', true],
    ['a', 'b', false],
    ['a\n!a/b', 'a', false],
    ['a\n!a/b', 'a/c', true],
    ['a\n!b', 'a', true],
    ['a\n!**/x', 'a', false],
    ['a\n!*/x', 'a', false],
    ['a\n!*/x', 'a/y', true],
    ['a\n!?[x]', 'a', false],
    ['a/**', 'a', false],
    ['a/**', 'a/b', true],
  ])('%j: %j %s', (patterns, path, expected) => {
    expect(parseDockerignore(patterns).canSkip(path)).toBe(expected);
  });
});

describe('against the obvious matcher', () => {
  const name = fc.constantFrom('a', 'b', 'ab', 'b.a', '.a');
  const segment = fc.oneof(
    { weight: 3, arbitrary: name },
    fc.constantFrom('*', '**', '?', 'a*', '*a', '*.a', 'a?', '**a', 'a**', '[ab]', '[^a]b', '\\a'),
  );
  const pattern = fc
    .tuple(fc.boolean(), fc.array(segment, { minLength: 1, maxLength: 4 }))
    .map(([negated, segments]) => `${negated ? '!' : ''}${segments.join('/')}`);
  const patterns = fc.array(pattern, { minLength: 1, maxLength: 6 });
  const path = fc.array(name, { minLength: 1, maxLength: 5 }).map((parts) => parts.join('/'));

  it('answers the same, whatever was asked before', () => {
    fc.assert(
      fc.property(patterns, fc.array(fc.tuple(path, fc.boolean()), { minLength: 1, maxLength: 8 }), (lines, paths) => {
        const file = parseDockerignore(lines.join('\n'));
        for (const [asked, isDirectory] of paths) {
          expect([asked, file.ignores(asked, isDirectory)]).toEqual([asked, mobyIgnores(lines, asked)]);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('skips no folder that holds what is not ignored', () => {
    fc.assert(
      fc.property(patterns, path, path, (lines, folder, below) => {
        const file = parseDockerignore(lines.join('\n'));
        if (file.canSkip(folder)) expect(mobyIgnores(lines, `${folder}/${below}`)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});

it('never throws, and keeps its spans inside of the text', () => {
  fc.assert(
    fc.property(anyText, fc.string(), fc.boolean(), (text, path, windows) => {
      const file = parseDockerignore(text, { windows });
      file.ignores(path, true);
      file.canSkip(path);
      for (const { span } of [...file.patterns, ...file.problems]) {
        expect(textOf(text, span).trim()).not.toBe('');
        expect(span.end).toBeLessThanOrEqual(text.length);
      }
    }),
    { numRuns: 500 },
  );
});

it('looks for the ignore file of the Dockerfile first', () => {
  expect(ignoreFileNames('web.Dockerfile')).toEqual([
    { name: 'web.Dockerfile.dockerignore', beside: 'dockerfile' },
    { name: '.dockerignore', beside: 'context' },
  ]);
});
