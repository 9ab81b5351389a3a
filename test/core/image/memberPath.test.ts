import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemberPath } from '../../../src/core/image/memberPath.ts';

const fieldLength = 100;

function field(name: string): Uint8Array {
  const bytes = new Uint8Array(fieldLength + 8).fill(0x78);
  bytes.fill(0, 4, 4 + fieldLength);
  new TextEncoder().encodeInto(name, bytes.subarray(4, 4 + fieldLength));
  return bytes;
}

/** What is known of a member's name after it has been read. */
function told(path: MemberPath) {
  const { length, depth, lastSegment, escapes, slashed, tooLong } = path;
  const text = new TextDecoder().decode(path.bytes.subarray(0, length));
  return { text, depth, lastSegment, escapes, slashed, tooLong };
}

function directoryOf(path: MemberPath): string {
  const segments: string[] = [];
  const directory = path.directory();
  const { bytes, offsets } = path.nodes.names();
  for (let node = directory; node !== 0; node = path.nodes.parent[node]!) {
    const name = path.nodes.name[node]!;
    segments.unshift(new TextDecoder().decode(bytes.subarray(offsets[name], offsets[name + 1])));
  }
  return segments.join('/');
}

describe('a name that is read after others', () => {
  it.each([
    ['a sibling', ['usr/lib/a', 'usr/lib/b']],
    ['a shorter sibling', ['usr/lib/abc', 'usr/lib/b']],
    ['a sibling at the root', ['a', 'b']],
    ['a sibling behind ./', ['./a', './b']],
    ['a sibling behind a slash', ['/etc/a', '/etc/b']],
    ['what lies below a sibling', ['etc/a', 'etc/b/c']],
    ['a directory beside a file', ['etc/a', 'etc/b/']],
    ['a directory itself', ['etc/a', 'etc/']],
    ['a dot', ['etc/a', 'etc/.']],
    ['two dots', ['etc/a', 'etc/..']],
    ['a name that begins with dots', ['etc/a', 'etc/..b']],
    ['a sibling in a folder that is left again', ['a/../b', 'a/../c']],
    ['a name after one that leaves the root', ['../b', '../c']],
    ['a name that fills its field', [`${'a/'.repeat(49)}bc`, `${'a/'.repeat(49)}de`]],
    ['a folder whose name begins as the one before', ['etc/a', 'etcetera/a']],
    ['the folder above', ['a/b/c', 'a/d', 'a/b/e']],
  ])('is what it would be alone: %s', (_, names) => {
    const path = new MemberPath(1);
    for (const name of names) {
      const alone = new MemberPath(1);
      path.readField(field(name), 4, fieldLength);
      alone.readField(field(name), 4, fieldLength);
      expect(told(path)).toEqual(told(alone));
      if (path.length > 0) expect(directoryOf(path)).toBe(directoryOf(alone));
    }
  });

  it('is what it would be alone, whatever came before', () => {
    const segment = fc.constantFrom('a', 'b', 'ab', '.', '..', '', '.a', '..b', '...');
    const name = fc.array(segment, { minLength: 1, maxLength: 5 }).map((segments) => segments.join('/'));
    fc.assert(
      fc.property(fc.array(fc.record({ name, inPieces: fc.boolean() }), { maxLength: 20 }), (members) => {
        const path = new MemberPath(1);
        for (const member of members) {
          const alone = new MemberPath(1);
          for (const each of [path, alone]) {
            if (member.inPieces) {
              // As a long name comes, or the target of a link.
              const bytes = new TextEncoder().encode(member.name);
              each.clear();
              each.append(bytes, 0, bytes.length);
              each.end();
            } else {
              each.readField(field(member.name), 4, fieldLength);
            }
          }
          expect(told(path)).toEqual(told(alone));
          if (path.length > 0) expect(directoryOf(path)).toBe(directoryOf(alone));
        }
      }),
    );
  });
});
