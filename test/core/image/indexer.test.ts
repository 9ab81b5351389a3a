import { describe, expect, test } from 'vitest';
import type { IndexerLimits } from '../../../src/core/image/entryReader.ts';
import { type IndexedLayer, LayerIndexer } from '../../../src/core/image/indexer.ts';
import {
  EntryKind,
  entryPath,
  isSparse,
  linkTarget,
  nodePath,
  storedBytes,
  stringBytes,
  type LayerIndex,
} from '../../../src/core/image/layerIndex.ts';
import {
  base256,
  concat,
  gnuLong,
  header,
  memberBlocks,
  octal,
  padded,
  paxHeader,
  paxRecord,
  tar,
  type Member,
  type TarDialect,
} from '../../helpers/tar.ts';

function indexTar(bytes: Uint8Array, limits?: IndexerLimits): IndexedLayer {
  const indexer = new LayerIndexer(limits);
  indexer.push(bytes);
  return indexer.finish();
}

const kindNames = Object.fromEntries(Object.entries(EntryKind).map(([name, value]) => [value, name]));

/** One line per entry: kind, path, size and target. */
function lines(index: LayerIndex): string[] {
  return Array.from({ length: index.count }, (_, i) => {
    const target = linkTarget(index, i);
    const size = index.size[i]! > 0 ? ` ${index.size[i]}` : '';
    return `${kindNames[index.kind[i]!]} ${entryPath(index, i)}${size}${target === undefined ? '' : ` -> ${target}`}`;
  });
}

function check(bytes: Uint8Array, expected: readonly string[], codes: readonly string[] = []): LayerIndex {
  const { index, problems } = indexTar(bytes);
  expect(lines(index)).toEqual(expected);
  expect(problems.map((problem) => problem.code)).toEqual(codes);
  expect(index.tarBytes).toBe(bytes.length);
  return index;
}

const deep = `${'directory/'.repeat(12)}file`;
const zeros = new Uint8Array(1024);

describe('members in every dialect', () => {
  const dialects: TarDialect[] = ['v7', 'ustar', 'gnu', 'pax'];
  const members: Member[] = [
    { name: './' },
    { name: 'usr/', mode: 0o1755, uid: 1, gid: 2, mtime: 3 },
    { name: 'usr/bin/tool', content: 'twelve bytes', mode: 0o4755, uid: 1000, gid: 1001, mtime: 1_600_000_000 },
    { name: './usr/bin/link', type: '2', link: '../lib/tool' },
    { name: '/usr/bin/hard', type: '1', link: './usr/bin/tool' },
    { name: 'dev/null', type: '3' },
    { name: 'dev/sda', type: '4' },
    { name: 'run/pipe', type: '6' },
    { name: 'etc/.wh.passwd' },
    { name: 'var/.wh..wh..opq' },
  ];
  test.each(dialects)('%s', (dialect) => {
    const index = check(tar(members, { dialect }), [
      'directory /',
      'directory /usr',
      'file /usr/bin/tool 12',
      'symlink /usr/bin/link -> ../lib/tool',
      'hardlink /usr/bin/hard -> /usr/bin/tool',
      'characterDevice /dev/null',
      'blockDevice /dev/sda',
      'fifo /run/pipe',
      'whiteout /etc/passwd',
      'opaque /var',
    ]);
    expect([index.mode[1], index.uid[1], index.gid[1], index.mtime[1]]).toEqual([0o1755, 1, 2, 3]);
    expect([index.mode[2], index.uid[2], index.gid[2], index.mtime[2]]).toEqual([0o4755, 1000, 1001, 1_600_000_000]);
    expect(index.offset[2]).toBe(3 * 512);
  });
  test.each(['ustar', 'gnu', 'pax'] as const)('a long name in %s', (dialect) => {
    check(tar([{ name: deep, content: 'x' }], { dialect }), [`file /${deep} 1`]);
  });
  test.each(['gnu', 'pax'] as const)('a long target in %s', (dialect) => {
    const bytes = tar(
      [
        { name: 'a', type: '2', link: `/${deep}` },
        { name: 'b', type: '1', link: `./${deep}` },
      ],
      { dialect },
    );
    check(bytes, [`symlink /a -> /${deep}`, `hardlink /b -> /${deep}`]);
  });
});

describe('names', () => {
  const cases: [title: string, name: string, path: string, codes?: string[]][] = [
    ['doubled slashes', 'a//b///c', '/a/b/c'],
    ['dots', './a/./b/.', '/a/b'],
    ['.. inside', 'a/x/../b', '/a/b'],
    ['.. to the root and on', 'a/../../b', '/b', ['unsafe-path']],
    ['.. at the front', '../../etc/passwd', '/etc/passwd', ['unsafe-path']],
    ['a newline', 'a\nb', '/a\nb'],
    ['a name of dots', '.../....', '/.../....'],
    ['a name that starts like ..', '..a/.b', '/..a/.b'],
  ];
  test.each(cases)('%s: %j', (_, name, path, codes = []) => {
    check(tar([{ name, content: 'x' }]), [`file ${path} 1`], codes);
  });
  test('bytes that are not UTF-8 are kept', () => {
    const { index } = indexTar(tar([{ name: Uint8Array.of(0x61, 0xff, 0xfe), content: 'x' }]));
    expect([...stringBytes(index.strings, index.paths.name[index.path[0]!]!)]).toEqual([0x61, 0xff, 0xfe]);
  });
  test('a NUL in a pax path is kept, in a ustar field it ends the name', () => {
    check(tar([{ name: 'x', pax: { path: 'a\0b' } }, { name: 'c\0d' }]), ['file /a\0b', 'file /c']);
  });
  test('100 bytes without a NUL fill the name field, 155 the prefix', () => {
    const name = 'n'.repeat(100);
    const prefix = 'p'.repeat(155);
    check(concat([header({ name, prefix }), zeros]), [`file /${prefix}/${name}`]);
  });
  test('only ustar has a prefix', () => {
    const prefix = '00000000000\x0000000000000\0';
    check(concat([header({ prefix, magic: 'ustar  \0' }), header({ prefix: 'p', magic: '' }), zeros]), [
      'file /file',
      'file /file',
    ]);
  });
  test('a prefix in a GNU header, as Go wrote it before 1.8', () => {
    check(concat([header({ prefix: 'usr/share', magic: 'ustar  \0' }), zeros]), ['file /usr/share/file']);
  });
  test("star's shorter prefix, with times behind it", () => {
    const block = header({ prefix: `${'p'.repeat(131)}00000000000\0`, patch: [[508, 'tar\0']] });
    check(concat([block, zeros]), [`file /${'p'.repeat(131)}/file`]);
  });
  test('no name', () => {
    check(tar([{ name: '', content: 'x' }, { name: 'b' }]), ['file /b'], ['corrupt-tar']);
  });
  test('too long and too deep', () => {
    const long = 'a/'.repeat(40_000);
    const tooDeep = `${'a/'.repeat(4_096)}b`;
    const justDeep = `${'a/'.repeat(4_095)}b`;
    check(
      tar([{ name: long }, { name: tooDeep, content: 'x' }, { name: justDeep, content: 'x' }]),
      [`file /${justDeep} 1`],
      ['limit', 'limit'],
    );
  });
});

describe('whiteouts', () => {
  const cases: [name: string, line: string, codes?: string[]][] = [
    ['.wh.a', 'whiteout /a'],
    ['d/.wh.a', 'whiteout /d/a'],
    ['d/.wh..hidden', 'whiteout /d/.hidden'],
    ['.wh..wh..opq', 'opaque /'],
    ['d/.wh..wh..opq', 'opaque /d'],
    ['.wh..wh.aufs', 'metadata /.wh..wh.aufs 1'],
    ['.wh..wh.plnk/1.2', 'metadata /.wh..wh.plnk/1.2 1'],
    ['d/.wh.', 'metadata /d/.wh. 1', ['unsafe-path']],
    ['d/.wh..', 'metadata /d/.wh.. 1', ['unsafe-path']],
    ['d/.wh...', 'metadata /d/.wh... 1', ['unsafe-path']],
    ['d/.wh.a/b', 'file /d/.wh.a/b 1'],
    ['d/.wha', 'file /d/.wha 1'],
  ];
  test.each(cases)('%s', (name, line, codes = []) => {
    check(tar([{ name, content: 'x' }, { name: 'after' }]), [line, 'file /after'], codes);
  });
  test('a directory named like a whiteout is one', () => {
    check(tar([{ name: 'd/.wh.a/' }]), ['whiteout /d/a']);
  });
});

describe('numbers', () => {
  const sizes: [title: string, size: string | Uint8Array, value: number][] = [
    ['octal with a NUL', '00000000017\0', 15],
    ['octal with a space', '00000000017 ', 15],
    ['octal in full', '000000000017', 15],
    ['leading spaces', '         17\0', 15],
    ['base 256', base256(15n, 12), 15],
  ];
  test.each(sizes)('size: %s', (_, size, value) => {
    check(concat([header({ size }), padded(new Uint8Array(value)), zeros]), [`file /file ${value}`]);
  });
  test('a file above 8 GB, by skipping', () => {
    const indexer = new LayerIndexer();
    indexer.push(header({ size: base256(20_000_000_001n, 12) }));
    expect(indexer.skip).toBe(20_000_000_001 + 511);
    indexer.skipped(indexer.skip);
    indexer.push(concat([header({ name: 'b' }), zeros]));
    const { index, problems } = indexer.finish();
    expect(lines(index)).toEqual(['file /file 20000000001', 'file /b']);
    expect(problems).toEqual([]);
    expect(index.tarBytes).toBe(20_000_000_512 + 2_048);
  });
  test('a negative time, in base 256', () => {
    const { index, problems } = indexTar(concat([header({ mtime: base256(-5n, 12) }), zeros]));
    expect([index.mtime[0], problems]).toEqual([-5, []]);
  });
  test('an owner that needs base 256', () => {
    const { index } = indexTar(
      concat([header({ uid: base256(4_000_000_000n, 8), gid: base256(3_000_000_000n, 8) }), zeros]),
    );
    expect([index.uid[0], index.gid[0]]).toEqual([4_000_000_000, 3_000_000_000]);
  });
  test('empty fields are 0', () => {
    const block = header({
      mode: new Uint8Array(8),
      uid: '        ',
      gid: new Uint8Array(8),
      mtime: new Uint8Array(12),
    });
    const { index, problems } = indexTar(concat([block, zeros]));
    expect([index.mode[0], index.uid[0], index.gid[0], index.mtime[0], problems]).toEqual([0, 0, 0, 0, []]);
  });
  test('an unreadable mode costs the mode only', () => {
    const block = header({ mode: 'rwxr-xr-', size: octal(1, 12) });
    check(concat([block, padded(Uint8Array.of(1)), zeros]), ['file /file 1'], ['corrupt-tar']);
  });
});

describe('types', () => {
  const cases: [title: string, block: Uint8Array, line: string, codes?: string[]][] = [
    ['NUL is a file', header({ type: '\0' }), 'file /file'],
    ['NUL with a slash is a directory', header({ type: '\0', name: 'd/' }), 'directory /d'],
    ['v7 0 with a slash is a directory', header({ type: '0', name: 'd/', magic: '' }), 'directory /d'],
    ['ustar 0 with a slash is a file', header({ type: '0', name: 'd/' }), 'file /d'],
    ['contiguous', header({ type: '7' }), 'file /file'],
    ['unknown', header({ type: 'Q' }), 'file /file', ['corrupt-tar']],
    ['signed checksum', header({ name: Uint8Array.of(0x61, 0xc3, 0xa9), checksum: 'signed' }), 'file /aé'],
  ];
  test.each(cases)('%s', (_, block, line, codes = []) => {
    check(concat([block, header({ name: 'after' }), zeros]), [line, 'file /after'], codes);
  });
  test("GNU's directory with content, a volume label, the rest of a split file", () => {
    const bytes = concat([
      header({ name: 'd', type: 'D', size: octal(5, 12) }),
      padded(Uint8Array.of(1, 2, 3, 4, 5)),
      header({ name: 'label', type: 'V' }),
      header({ name: 'rest', type: 'M', size: octal(5, 12) }),
      padded(Uint8Array.of(1, 2, 3, 4, 5)),
      header({ name: 'after' }),
      zeros,
    ]);
    check(bytes, ['directory /d', 'file /after']);
  });
  test.each(['1', '2', '3', '4', '5', '6'])('type %s with a size: content there or not', (type) => {
    const block = header({ name: 'odd', type, link: 'x', size: octal(700, 12) });
    const after = header({ name: 'after' });
    const without = indexTar(concat([block, after, zeros]));
    const withContent = indexTar(concat([block, padded(new Uint8Array(700).fill(7)), after, zeros]));
    for (const { index, problems } of [without, withContent]) {
      expect(problems).toEqual([]);
      expect(index.count).toBe(2);
      expect(index.size[0]).toBe(0);
      expect(entryPath(index, 1)).toBe('/after');
    }
  });
});

describe('pax', () => {
  test('path, linkpath, size, owner, time', () => {
    const bytes = concat([
      ...paxHeader({
        path: 'é/long',
        size: '3',
        uid: '70000',
        gid: '80000',
        mtime: '1234.999999',
        atime: '1',
        comment: 'no',
      }),
      header({ name: 'short' }),
      padded(Uint8Array.of(1, 2, 3)),
      ...memberBlocks({ name: 'next', type: '2', link: 'short', pax: { linkpath: 'longer' } }),
      header({ name: 'plain' }),
      zeros,
    ]);
    const index = check(bytes, ['file /é/long 3', 'symlink /next -> longer', 'file /plain']);
    expect([index.uid[0], index.gid[0], index.mtime[0]]).toEqual([70000, 80000, 1234]);
    expect([index.uid[1], index.mtime[1]]).toEqual([0, 1_700_000_000]);
  });
  test('a time before 1970 is rounded down', () => {
    const { index } = indexTar(tar([{ name: 'a', pax: { mtime: '-1.5' } }]));
    expect(index.mtime[0]).toBe(-2);
  });
  test('global records hold until taken back, local ones for one member', () => {
    const bytes = concat([
      ...paxHeader({ uid: '7', gid: '8' }, 'g'),
      ...memberBlocks({ name: 'a' }),
      ...memberBlocks({ name: 'b', pax: { uid: '9', gid: '' } }),
      ...memberBlocks({ name: 'c' }),
      ...paxHeader({ uid: '' }, 'g'),
      ...memberBlocks({ name: 'd' }),
      zeros,
    ]);
    const { index } = indexTar(bytes);
    expect([...index.uid]).toEqual([7, 9, 7, 0]);
    expect([...index.gid]).toEqual([8, 0, 8, 8]);
  });
  test('extended attributes: order and family do not matter, values do', () => {
    const caps = { 'security.capability': '\x01\0\0', 'user.a': 'b' };
    const members: Member[] = [
      { name: 'none' },
      { name: 'a', xattrs: caps },
      { name: 'b', xattrs: Object.fromEntries(Object.entries(caps).reverse()) },
      { name: 'c', xattrs: { ...caps, 'user.a': 'c' } },
      {
        name: 'd',
        pax: { 'LIBARCHIVE.xattr.security%2ecapability': btoa('\x01\0\0'), 'LIBARCHIVE.xattr.user.a': 'Yg' },
      },
      { name: 'e', xattrs: caps, pax: { 'LIBARCHIVE.xattr.user.a': 'Yg==' } },
    ];
    const { xattrs } = indexTar(tar(members)).index;
    expect(xattrs[0]).toBe(0);
    expect(xattrs[1]).not.toBe(0);
    expect([xattrs[2], xattrs[4], xattrs[5]]).toEqual([xattrs[1], xattrs[1], xattrs[1]]);
    expect(xattrs[3]).not.toBe(xattrs[1]);
  });
  const malformed: [title: string, body: string][] = [
    ['no length', 'path=b\n'],
    ['a length beyond the end', '999 path=b\n'],
    ['a length that ends elsewhere', '5 path=b\n'],
    ['length 0', '0 path=b\n'],
    ['no equals sign', '9 path b\n'],
    ['a size that is no number', '12 size=abc\n'],
  ];
  test.each(malformed)('malformed: %s', (_, body) => {
    const records = concat([paxRecord('uid', '5'), new TextEncoder().encode(body)]);
    const bytes = concat([
      header({ type: 'x', size: octal(records.length, 12) }),
      padded(records),
      ...memberBlocks({ name: 'a', content: 'x' }),
      zeros,
    ]);
    const index = check(bytes, ['file /a 1'], ['corrupt-tar']);
    expect(index.uid[0]).toBe(5);
  });
  test('a record of a gigabyte is passed over', () => {
    const indexer = new LayerIndexer();
    indexer.push(header({ type: 'x', size: base256(1n << 30n, 12) }));
    expect(indexer.skip).toBe(2 ** 30);
    indexer.skipped(2 ** 30);
    indexer.push(tar([{ name: 'a' }]));
    const { index, problems } = indexer.finish();
    expect(lines(index)).toEqual(['file /a']);
    expect(problems.map(({ code }) => code)).toEqual(['limit']);
  });
  test('GNU long names come before pax ones, and hold for one member', () => {
    const bytes = concat([
      ...gnuLong('L', new TextEncoder().encode('long')),
      ...memberBlocks({ name: 'a', pax: { path: 'pax' } }),
      ...memberBlocks({ name: 'b' }),
      zeros,
    ]);
    check(bytes, ['file /long', 'file /b']);
  });
});

describe('sparse files', () => {
  const map = '1\n0\n512\n';
  const cases: [title: string, blocks: Uint8Array[], stored: number, offset: number][] = [
    [
      'old GNU',
      [
        header({
          type: 'S',
          magic: 'ustar  \0',
          size: octal(600, 12),
          patch: [
            [386, octal(0, 12)],
            [483, octal(1_000_000, 12)],
          ],
        }),
      ],
      600,
      512,
    ],
    [
      'old GNU with extension headers',
      [
        header({
          type: 'S',
          magic: 'ustar  \0',
          size: octal(600, 12),
          patch: [
            [482, '\x01'],
            [483, octal(1_000_000, 12)],
          ],
        }),
        concat([new Uint8Array(504), Uint8Array.of(1), new Uint8Array(7)]),
        new Uint8Array(512),
      ],
      600,
      1536,
    ],
    [
      'pax 0.0',
      memberBlocks({ name: 'file', size: 600, pax: { 'GNU.sparse.size': '1000000', 'GNU.sparse.numblocks': '1' } }),
      600,
      1536,
    ],
    [
      'pax 0.1',
      memberBlocks({
        name: 'made/up',
        size: 600,
        pax: { 'GNU.sparse.size': '1000000', 'GNU.sparse.name': 'file', 'GNU.sparse.map': '0,512' },
      }),
      600,
      1536,
    ],
    [
      'pax 1.0',
      memberBlocks({
        name: 'GNUSparseFile.0/file',
        size: 600,
        pax: {
          'GNU.sparse.major': '1',
          'GNU.sparse.minor': '0',
          'GNU.sparse.realsize': '1000000',
          'GNU.sparse.name': 'file',
          path: 'made/up',
        },
      }),
      600,
      1536,
    ],
  ];
  test.each(cases)('%s', (_, blocks, stored, offset) => {
    const content = padded(new TextEncoder().encode(map + 'x'.repeat(stored - map.length)));
    const bytes = concat([
      ...blocks,
      content,
      header({ name: 'after', size: octal(1, 12) }),
      padded(Uint8Array.of(1)),
      zeros,
    ]);
    const index = check(bytes, ['file /file 1000000', 'file /after 1']);
    expect([storedBytes(index, 0), isSparse(index, 0), index.offset[0]]).toEqual([stored, true, offset]);
    expect([storedBytes(index, 1), isSparse(index, 1)]).toEqual([1, false]);
  });
});

test('a sparse file of which the layer has no content, and not even the whole map, stores nothing', () => {
  const fields = {
    type: 'S',
    magic: 'ustar  \0',
    size: octal(600, 12),
    patch: [
      [482, '\x01'],
      [483, octal(1_000_000, 12)],
    ],
  } satisfies Parameters<typeof header>[0];
  const index = check(header(fields), ['file /file 1000000'], ['truncated']);
  expect(storedBytes(index, 0)).toBe(0);
});

describe('ends and damage', () => {
  const a = concat(memberBlocks({ name: 'a', content: 'aaa' }));
  const b = concat(memberBlocks({ name: 'b', content: 'bbb' }));
  test('nothing at all', () => {
    check(new Uint8Array(0), []);
  });
  test('no end blocks', () => {
    check(concat([a, b]), ['file /a 3', 'file /b 3']);
  });
  test('no padding after the last content', () => {
    check(concat([a, b]).slice(0, 512 * 3 + 3), ['file /a 3', 'file /b 3']);
  });
  test('what comes after the end is counted, not read', () => {
    check(concat([a, zeros, b]), ['file /a 3']);
  });
  test('a lone block of zeros', () => {
    check(concat([a, new Uint8Array(512), b, zeros]), ['file /a 3', 'file /b 3'], ['corrupt-tar']);
  });
  test('truncated within content: what is there counts', () => {
    check(concat([a, b]).slice(0, 512 * 3 + 2), ['file /a 3', 'file /b 2'], ['truncated']);
  });
  test('truncated within a header', () => {
    check(concat([a, b]).slice(0, 512 * 2 + 300), ['file /a 3'], ['truncated']);
  });
  test('truncated within, and after, an extended header', () => {
    const extended = concat([a, ...memberBlocks({ name: 'b', pax: { uid: '1' } })]);
    check(extended.slice(0, 512 * 3 + 4), ['file /a 3'], ['truncated']);
    check(extended.slice(0, 512 * 4), ['file /a 3'], ['truncated']);
  });
  test('a damaged header costs its member, not the rest', () => {
    const bytes = concat([a, b, a, zeros]);
    bytes[1024] = 0x63;
    check(bytes, ['file /a 3', 'file /a 3'], ['corrupt-tar']);
  });
  test('no tar at all', () => {
    check(new Uint8Array(4096).fill(0x41), [], ['corrupt-tar']);
  });
  test('an unreadable size', () => {
    check(concat([header({ size: 'abc' }), a, zeros]), ['file /a 3'], ['corrupt-tar']);
  });
  test('a negative size', () => {
    check(concat([header({ size: base256(-1n, 12) }), a, zeros]), ['file /file', 'file /a 3'], ['corrupt-tar']);
  });
  test('a size of 2^62 counts what is there', () => {
    check(concat([header({ size: base256(1n << 62n, 12) }), a]), ['file /file 1024'], ['corrupt-tar', 'truncated']);
  });
  test('a thousand problems are not a thousand messages', () => {
    const members = Array.from({ length: 1000 }, (_, i) => ({ name: `../${i}` }));
    const { index, problems } = indexTar(tar(members));
    expect([index.count, problems.length, problems.at(-1)?.code]).toEqual([1000, 101, 'limit']);
  });
  test('more entries, more nodes than allowed', () => {
    const members = Array.from({ length: 10 }, (_, i) => ({ name: `d/${i}` }));
    for (const limits of [{ maxEntries: 5 }, { maxNodes: 7 }]) {
      const { index, problems } = indexTar(tar(members), limits);
      expect([index.count, problems.map(({ code }) => code)]).toEqual([5, ['limit']]);
    }
  });
});

describe('slices', () => {
  const bytes = concat([
    ...paxHeader({ uid: '3' }, 'g'),
    ...memberBlocks({ name: deep, content: 'x'.repeat(700), pax: { mtime: '12.5' } }, 'pax'),
    ...memberBlocks({ name: deep, content: 'y'.repeat(512) }, 'gnu'),
    header({
      name: 'sparse',
      type: 'S',
      magic: 'ustar  \0',
      size: octal(10, 12),
      patch: [
        [482, '\x01'],
        [483, octal(99, 12)],
      ],
    }),
    new Uint8Array(512),
    padded(new Uint8Array(10)),
    header({ name: 'link', type: '1', link: deep, size: octal(600, 12) }),
    padded(new Uint8Array(600).fill(1)),
    ...memberBlocks({ name: 'last', content: 'z' }),
    zeros,
    Uint8Array.of(1, 2, 3),
  ]);
  const whole = indexTar(bytes);

  test('the whole has no problems', () => {
    expect(whole.problems).toEqual([]);
    expect(whole.index.count).toBe(5);
  });
  test('every slice size gives the same index', () => {
    for (let size = 1; size <= 1100; size++) {
      const indexer = new LayerIndexer();
      for (let at = 0; at < bytes.length; at += size) indexer.push(bytes.subarray(at, at + size));
      expect(indexer.finish()).toEqual(whole);
    }
  });
  test('one buffer for all slices gives the same index', () => {
    const indexer = new LayerIndexer();
    const buffer = new Uint8Array(1536);
    for (let at = 0; at < bytes.length; at += 1000) {
      const slice = bytes.subarray(at, at + 1000);
      buffer.fill(0xff);
      buffer.set(slice);
      indexer.push(buffer, slice.length);
    }
    expect(indexer.finish()).toEqual(whole);
  });
  test.each([0, 1, 3, 1000])('expecting %i entries gives the same index', (expectedEntries) => {
    expect(indexTar(bytes, { expectedEntries })).toEqual(whole);
  });
  test('skipping gives the same index, without the contents', () => {
    for (const size of [1, 100, 512, 513, 4096]) {
      const indexer = new LayerIndexer();
      let delivered = 0;
      for (let at = 0; at < bytes.length;) {
        const skip = Math.min(indexer.skip, bytes.length - at);
        if (skip > 0) {
          indexer.skipped(skip);
          at += skip;
          continue;
        }
        const end = Math.min(at + size, bytes.length);
        indexer.push(bytes.subarray(at, end));
        delivered += end - at;
        at = end;
      }
      expect(indexer.finish()).toEqual(whole);
      if (size === 1) expect(delivered).toBeLessThan(bytes.length - 2000);
    }
  });
  test('skipping more than allowed is a bug of the caller', () => {
    expect(() => new LayerIndexer().skipped(1)).toThrow(RangeError);
  });
});

test('implied parents have a node and no entry; parents come before children', () => {
  const { index } = indexTar(tar([{ name: 'a/b/c' }, { name: 'x', type: '1', link: 'p/q' }]));
  const paths = Array.from({ length: index.paths.count }, (_, node) => nodePath(index.paths, index.strings, node));
  expect(paths).toEqual(['/', '/a', '/a/b', '/a/b/c', '/x', '/p', '/p/q']);
  for (let node = 1; node < index.paths.count; node++) expect(index.paths.parent[node]!).toBeLessThan(node);
});
