import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readHcl } from '../../../../src/core/refactor/consumers/hcl.ts';

const known = (name: string): string | undefined => (name === 'TAG' ? '1.2' : undefined);

/** What the attribute `a` of a block is. */
function valueOf(expression: string) {
  const [block] = readHcl(`target "t" {\n  a = ${expression}\n  z = "end"\n}\n`, known);
  return { a: block?.attributes.get('a'), z: block?.attributes.get('z') };
}

describe('values', () => {
  it.each<[string, unknown]>([
    ['"text"', 'text'],
    ['"say \\"hi\\""', 'say "hi"'],
    ['"app:${TAG}"', 'app:1.2'],
    ['"app:${VERSION}"', undefined],
    ['"$${TAG} $5"', '${TAG} $5'],
    ['"%{ if x }y%{ endif }"', undefined],
    ['TAG', '1.2'],
    ['VERSION', undefined],
    ['true', 'true'],
    ['null', undefined],
    ['["a", "b"]', ['a', 'b']],
    ['[\n  "a", # one\n  "b",\n]', ['a', 'b']],
    ['["a", f("b", ["c"]), "d"]', ['a', undefined, 'd']],
    ['{ A = "1", "B": "2" }', { A: '1', B: '2' }],
    ['{\n  A = "1"\n  B = equal("x", TAG) ? "2" : "3"\n}', { A: '1', B: undefined }],
    ['[for x in ["a"] : "${x}"]', [undefined]],
    ['TAG != "" ? "a" : "b"', undefined],
    ['concat(["a"], ["b"])', undefined],
    ['<<EOT\nFROM x }\nEOT', undefined],
    ['', undefined],
    ['"a" // so', 'a'],
    ['"a" /* so\n} */', 'a'],
  ])('%s', (expression, a) => expect(valueOf(expression)).toEqual({ a, z: 'end' }));
});

describe('blocks', () => {
  it('with their labels and lines, and what is in them', () => {
    const text = '# build\nvariable "TAG" {\n  default = "1"\n}\n\nfunction "f" {\n  result = x\n}\ntarget "a" {}\n';
    expect(readHcl(text, known).map(({ type, labels, line }) => [type, labels, line])).toEqual([
      ['variable', ['TAG'], 2],
      ['function', ['f'], 6],
      ['target', ['a'], 9],
    ]);
  });

  it('inner blocks are passed over', () => {
    const [block] = readHcl('variable "A" {\n  validation {\n    condition = A != ""\n  }\n  default = "1"\n}', known);
    expect([...block!.attributes]).toEqual([['default', '1']]);
  });

  it('ends with any text', () => {
    const piece = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      '(',
      ')',
      ',',
      '=',
      ':',
      '"',
      '${',
      '\n',
      ' ',
      'a',
      'target "b"',
      '<<E',
      '/*',
      '#',
      '\\',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        readHcl(pieces.join(''), known);
      }),
    );
  });

  it('brackets without end are not followed', () => {
    expect(readHcl(`a {\n  b = ${'['.repeat(100_000)}`, known)).toHaveLength(1);
  });
});
