import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDockerignore } from '../../../../src/core/dockerfile/ignore.ts';
import { ContextContent } from '../../../../src/core/estimate/context/contextContent.ts';
import { contentOf, treeOf } from '../../../helpers/contextTree.ts';

const files = {
  'package.json': 2,
  'package-lock.json': 30,
  'README.md': 5,
  '.git/objects/pack/a.pack': 1000,
  'node_modules/a/index.js': 400,
  'node_modules/b/index.js': 40,
  'src/index.js': 7,
  'src/a/deep/one.js': 11,
  'src/test/x.test.js': 13,
  'a[1].txt': 3,
  link: -1,
};
const all = 1511;

interface Case {
  readonly title: string;
  readonly sources: readonly string[];
  readonly ignore?: string;
  readonly excludes?: readonly string[];
  readonly bytes: number;
  readonly missing?: readonly string[];
  readonly complete?: boolean;
}

const cases: readonly Case[] = [
  { title: 'everything', sources: ['.'], bytes: all },
  { title: 'everything but what is ignored', sources: ['.'], ignore: '.git\nnode_modules\n', bytes: 71 },
  { title: 'what an exception takes back', sources: ['.'], ignore: 'node_modules\n!node_modules/b', bytes: all - 400 },
  {
    title: 'an ignored folder with an exception, by name',
    sources: ['node_modules'],
    ignore: 'node_modules\n!node_modules/b',
    bytes: 40,
  },
  { title: 'a file', sources: ['package.json'], bytes: 2 },
  { title: 'several sources', sources: ['package.json', 'src'], bytes: 33 },
  { title: 'a file named twice counts once', sources: ['package.json', 'package*.json'], bytes: 32 },
  { title: 'a glob over folders and files', sources: ['*a*'], bytes: 35 },
  { title: 'a glob in the middle', sources: ['src/*/x.test.js'], bytes: 13 },
  { title: 'two asterisks are one', sources: ['src/**/x.test.js'], bytes: 13 },
  { title: 'a bracket is a set', sources: ['[R]EADME.md'], bytes: 5 },
  { title: 'an escaped bracket is itself', sources: ['a[[]1].txt'], bytes: 3 },
  { title: 'slashes and dots mean nothing', sources: ['/./src//a/'], bytes: 11 },
  { title: 'nothing is above the context', sources: ['../../src/a'], bytes: 11 },
  { title: 'a source that is not there', sources: ['dist', 'src/a'], bytes: 11, missing: ['dist'], complete: false },
  { title: 'a source that is ignored', sources: ['src'], ignore: 'src', bytes: 0, missing: ['src'], complete: false },
  { title: 'a pattern that builders refuse', sources: ['src/[a'], bytes: 0, missing: ['src/[a'], complete: false },
  { title: 'a link leads where nobody looks', sources: ['link'], bytes: 0, complete: false },
  { title: '--exclude counts from the source', sources: ['src'], excludes: ['a', '**/*.test.js'], bytes: 7 },
  { title: '--exclude of a file that is named', sources: ['*.json'], excludes: ['package-*'], bytes: 2 },
];

describe('copied', () => {
  it.each(cases)('$title', ({ sources, ignore = '', excludes = [], bytes, missing = [], complete = true }) => {
    const answer = contentOf(files, ignore).copied({ sources, excludes, unpacks: false });
    expect({ bytes: answer.bytes, missing: answer.missing, complete: answer.complete }).toEqual({
      bytes,
      missing,
      complete,
    });
  });

  it('names the heaviest parts: folders give way to the one thing in them', () => {
    const { largest } = contentOf(files).copied({ sources: ['.'], excludes: [], unpacks: false });
    expect(largest.slice(0, 3)).toEqual([
      { path: '.git/objects/pack/a.pack', bytes: 1000, isFolder: false },
      { path: 'node_modules/a/index.js', bytes: 400, isFolder: false },
      { path: 'src', bytes: 31, isFolder: true },
    ]);
  });

  it('unpacks archives for ADD, and says where it cannot tell how much', () => {
    const sizes: Record<string, number | undefined> = { 'a.tgz': 900, 'b.xz': undefined };
    const content = contentOf({ 'a.tgz': 100, 'b.xz': 50, 'c.txt': 1, 'd/a.tgz': 100 }, '', (path) => {
      if (!(path in sizes)) return { isArchive: false };
      const bytes = sizes[path];
      return bytes === undefined ? { isArchive: true } : { isArchive: true, bytes };
    });
    const ask = (...sources: string[]) => {
      const { bytes, complete } = content.copied({ sources, excludes: [], unpacks: true });
      return [bytes, complete];
    };
    expect(ask('a.tgz')).toEqual([900, true]);
    expect(ask('a.tgz', 'c.txt')).toEqual([901, true]);
    expect(ask('b.xz')).toEqual([0, false]);
    // In a folder nothing is unpacked.
    expect(ask('d')).toEqual([100, true]);
  });

  it('knows a change without walking again', () => {
    const tree = treeOf(files);
    const content = new ContextContent(tree, '', () => ({ isArchive: false }));
    const weigh = () => content.copied({ sources: ['.'], excludes: [], unpacks: false }).bytes;
    expect(weigh()).toBe(all);
    tree.setFolder({ path: 'src/a', files: [{ name: 'new.js', bytes: 100 }], folders: ['deep'] });
    expect(weigh()).toBe(all + 100);
    tree.remove('src/a');
    expect(weigh()).toBe(all - 11);
    tree.setFolder({ path: '', files: [], folders: ['src'] });
    expect(weigh()).toBe(20);
  });

  it('is at least that much while the walk goes on, was cut short, or could not read', () => {
    const complete = (change: (tree: ReturnType<typeof treeOf>) => void, source = '.') => {
      const tree = treeOf(files);
      change(tree);
      const content = new ContextContent(tree, '', () => ({ isArchive: false }));
      return content.copied({ sources: [source], excludes: [], unpacks: false }).complete;
    };
    expect(complete(() => undefined)).toBe(true);
    expect(complete((tree) => (tree.complete = false))).toBe(false);
    expect(complete((tree) => (tree.truncated = true))).toBe(false);
    expect(complete((tree) => tree.setUnreadable('src/a'))).toBe(false);
    expect(complete((tree) => tree.setUnreadable('src/a'), 'package.json')).toBe(true);
  });

  const paths = fc.dictionary(
    fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 4 }).map((parts) => `${parts.join('/')}.f`),
    fc.nat(1000),
    { maxKeys: 20 },
  );
  const patterns = fc
    .array(fc.constantFrom('a', 'a/b', '!a/b', '**/c', '!**/c.f', '*.f', '!a/a', 'b/**', '!b'), { maxLength: 5 })
    .map((lines) => lines.join('\n'));

  it('sends exactly the files that the ignore file does not ignore, and the rest is shared out among the patterns', () => {
    fc.assert(
      fc.property(paths, patterns, (given, ignoreText) => {
        const ignore = parseDockerignore(ignoreText);
        const sent = Object.entries(given).filter(([path]) => !ignore.ignores(path, false));
        const content = contentOf(given, ignoreText);
        const bytes = sent.reduce((sum, [, size]) => sum + size, 0);
        const answer = content.copied({ sources: ['.'], excludes: [], unpacks: false });
        expect([answer.bytes, answer.files]).toEqual([bytes, sent.length]);
        const kept = content
          .excluded()
          .filter((_, rank) => !ignore.patterns[rank]!.negated)
          .reduce((sum, exclusion) => sum + exclusion.files, 0);
        expect(kept).toBe(Object.keys(given).length - sent.length);
      }),
    );
  });
});

describe('excluded', () => {
  it('says of each pattern what it keeps out, and of each exception what it takes back', () => {
    const found = contentOf(files, '# comment\n.git\nnode_modules\n*.md\nnothing\n!README.md\n').excluded();
    expect(found.map(({ bytes, files: count }) => [bytes, count])).toEqual([
      [1000, 1],
      [440, 2],
      [0, 0],
      [0, 0],
      [5, 1],
    ]);
    expect(found[1]!.largest).toEqual([{ path: 'node_modules', bytes: 440, isFolder: true }]);
  });
});

describe('hidden', () => {
  it.each<[source: string, ignoreText: string, missing: string[], hidden: string[]]>([
    ['dist', 'dist', ['dist'], ['dist']],
    // An empty folder is sent.
    ['dist', 'dist/*', [], []],
    ['dist', 'dist\n!dist/b.f', [], []],
    ['dist/*.f', 'dist', ['dist/*.f'], ['dist/*.f']],
    ['gone', 'gone', ['gone'], []],
    ['src', 'dist', [], []],
  ])('%s under %j', (source, ignoreText, missing, hidden) => {
    const content = contentOf({ 'dist/a.f': 1, 'dist/b.f': 2, 'src/c.f': 3 }, ignoreText);
    const answer = content.copied({ sources: [source], excludes: [], unpacks: false });
    expect([answer.missing, answer.hidden]).toEqual([missing, hidden]);
  });
});
