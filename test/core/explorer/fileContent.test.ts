import { expect, test } from 'vitest';
import { hexDump, safeFileName, showContent } from '../../../src/core/explorer/fileContent.ts';

test.each<[path: string, name: string]>([
  ['/usr/bin/node', 'node'],
  ['/a/b/', 'b'],
  ['/etc/..', 'file'],
  ['/', 'file'],
  ['', 'file'],
  ['/x/a\\..\\b', 'a_.._b'],
  ['/x/C:con', 'C_con'],
  ['/x/con', '_con'],
  ['/x/NUL.txt', '_NUL.txt'],
  ['/x/console', 'console'],
  ['/x/\u202egnp.exe', 'gnp.exe'],
  ['/x/a\u0000b\nc', 'abc'],
  ['/x/ . name . ', 'name'],
  ['/x/.bashrc', 'bashrc'],
  ['/x/what?*<>|"', 'what______'],
  [`/x/${'y'.repeat(4000)}`, 'y'.repeat(100)],
])('a name for %j', (path, name) => {
  expect(safeFileName(path)).toBe(name);
});

const bytes = (text: string) => new TextEncoder().encode(text);

test.each([
  ['text', bytes('hello\n'), 'text', 'hello\n'],
  ['nothing', bytes(''), 'text', ''],
  ['UTF-8', bytes('Straße'), 'text', 'Straße'],
  ['not quite UTF-8', Uint8Array.of(0x61, 0xff), 'text', 'a\ufffd'],
  ['a NUL', Uint8Array.of(0x61, 0), 'binary', '00000000  61 00                                             |a.|\n'],
] as const)('content: %s', (_, content, kind, text) => {
  expect(showContent(content)).toEqual({ kind, text, bytes: content.length });
});

test('of a large binary the beginning', () => {
  const shown = showContent(new Uint8Array(1_000_000));
  expect(shown.bytes).toBe(65_536);
  expect(shown.text.split('\n')).toHaveLength(4097);
});

test('a dump as hexdump -C prints it', () => {
  expect(hexDump(bytes('The quick brown fox\n'))).toBe(
    '00000000  54 68 65 20 71 75 69 63  6b 20 62 72 6f 77 6e 20  |The quick brown |\n' +
      '00000010  66 6f 78 0a                                       |fox.|\n',
  );
});
