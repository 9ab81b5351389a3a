import { describe, expect, it } from 'vitest';
import { parseDockerfile } from '../../../src/core/dockerfile/parse.ts';
import { stageSizes } from '../../../src/core/estimate/stageSize.ts';
import type { Size } from '../../../src/core/size.ts';

const hundred: Size = { bytes: 100, basis: 'catalogue', asOf: '2026-09-17' };
const seven: Size = { bytes: 7, basis: 'measured' };

describe('stageSizes', () => {
  it.each<[text: string, base: Size | undefined, weight: Size | undefined, sizes: ReturnType<typeof stageSizes>]>([
    ['FROM a', hundred, undefined, [{ ...hundred, complete: true }]],
    ['FROM a\nENV A=1\nCMD a', hundred, undefined, [{ ...hundred, complete: true }]],
    ['FROM a\nRUN a', hundred, undefined, [{ ...hundred, complete: false }]],
    ['FROM a\nRUN a\nCOPY a b', hundred, seven, [{ ...hundred, bytes: 114, complete: true }]],
    ['FROM a\nRUN a', undefined, seven, [{ ...seven, complete: false }]],
    ['FROM a\nRUN a', undefined, undefined, [undefined]],
    ['FROM $A', hundred, undefined, [undefined]],
    ['FROM scratch', undefined, undefined, [{ bytes: 0, basis: 'measured', complete: true }]],
    // “At least 0 B” says nothing.
    ['FROM scratch\nCOPY a b', undefined, undefined, [undefined]],
    ['FROM scratch\nADD a b', undefined, seven, [{ ...seven, complete: true }]],
    [
      'FROM a AS x\nRUN a\nFROM x\nRUN b',
      hundred,
      seven,
      [
        { ...hundred, bytes: 107, complete: true },
        { ...hundred, bytes: 114, complete: true },
      ],
    ],
    [
      'FROM a AS x\nRUN a\nFROM x',
      hundred,
      undefined,
      [
        { ...hundred, complete: false },
        { ...hundred, complete: false },
      ],
    ],
  ])('%j with a base of %j and weights of %j', (text, base, weight, sizes) => {
    const found = stageSizes(
      parseDockerfile(text),
      () => base,
      () => weight,
    );
    expect(found).toEqual(sizes);
  });

  it('asks only for bases that are images and for instructions that add a layer', () => {
    const asked: string[] = [];
    stageSizes(
      parseDockerfile('FROM a AS x\nENV A=1\nRUN a\nFROM x\nWORKDIR /a\nCOPY a b\nFROM scratch\nADD a b\n'),
      (stage) => void asked.push(`base ${stage}`),
      (instruction) => void asked.push(instruction.keyword),
    );
    expect(asked).toEqual(['base 0', 'RUN', 'COPY', 'ADD']);
  });
});
