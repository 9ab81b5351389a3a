import { describe, expect, it } from 'vitest';
import type { ParseOptions, Stage } from '../../../src/core/dockerfile/model.ts';
import { parseDockerfile } from '../../../src/core/dockerfile/parse.ts';
import { textOf } from '../../helpers/dockerfiles.ts';

function stages(text: string, options?: ParseOptions): readonly Stage[] {
  return parseDockerfile(text, options).stages;
}

describe('base', () => {
  it.each([
    ['FROM node:20', { kind: 'image', reference: 'node:20' }],
    ['FROM "node:20"', { kind: 'image', reference: 'node:20' }],
    ['FROM scratch', { kind: 'scratch' }],
    ['FROM Scratch', { kind: 'image', reference: 'Scratch' }],
    ['FROM', { kind: 'unresolved', text: '', variables: [] }],
    ['FROM $A', { kind: 'unresolved', text: '$A', variables: ['A'] }],
    ['ARG A\nFROM x:${A}', { kind: 'unresolved', text: 'x:${A}', variables: ['A'] }],
    ['ARG A=1 B=$A\nFROM x:$B', { kind: 'image', reference: 'x:1' }],
    ['ARG A=$NOPE\nFROM x:$A', { kind: 'unresolved', text: 'x:$A', variables: ['A'] }],
    ['FROM x:${A:-1}', { kind: 'image', reference: 'x:1' }],
    ['FROM x:$TARGETARCH', { kind: 'image', reference: 'x:amd64' }],
    ['FROM ${', { kind: 'unresolved', text: '${', variables: [] }],
  ])('%j', (text, base) => {
    expect(stages(text)[0]!.base).toEqual(base);
  });

  it('may be an earlier stage, whatever the case', () => {
    expect(stages('FROM a AS Build\nFROM BUILD')[1]!.base).toEqual({ kind: 'stage', stage: 0 });
  });

  it('is no later stage', () => {
    expect(stages('FROM b\nFROM a AS b')[0]!.base).toEqual({ kind: 'image', reference: 'b' });
  });

  it('is no stage by its index', () => {
    expect(stages('FROM a\nFROM 0')[1]!.base).toEqual({ kind: 'image', reference: '0' });
  });

  it('may come from a variable that names a stage', () => {
    expect(stages('ARG B=build\nFROM a AS build\nFROM ${B}')[1]!.base).toEqual({ kind: 'stage', stage: 0 });
  });

  it('is the last stage of a name that is taken twice', () => {
    expect(stages('FROM a AS x\nFROM b AS x\nFROM x')[2]!.base).toEqual({ kind: 'stage', stage: 1 });
  });

  it('does not see the variables of a stage', () => {
    const [, second] = stages('ARG A=1\nFROM a\nARG A=2\nENV A=3\nFROM x:$A');
    expect(second!.base).toEqual({ kind: 'image', reference: 'x:1' });
  });

  it('takes build arguments for declared variables only', () => {
    const options = { buildArgs: { A: '9', B: '8' } };
    expect(stages('ARG A=1\nFROM x:$A', options)[0]!.base).toEqual({ kind: 'image', reference: 'x:9' });
    expect(stages('FROM x:$B', options)[0]!.base).toMatchObject({ kind: 'unresolved', variables: ['B'] });
  });
});

describe('baseSpan', () => {
  it.each([
    ['FROM --platform=linux/arm64 node:20 AS x', 'node:20'],
    ['FROM --platform=$BUILDPLATFORM \\\n  # c\n  ${A}node:20 \\\n  AS x', '${A}node:20'],
    ['FROM \\\r\n\tno\\\r\nde:20 as x', 'no\\\r\nde:20'],
    ['from "node:20"', '"node:20"'],
    ['# escape=`\nFROM `\n node', 'node'],
    ['FROM', ''],
    ['FROM --platform=x ', ''],
  ])('%j', (text, expected) => {
    expect(textOf(text, stages(text)[0]!.baseSpan)).toBe(expected);
  });
});

describe('platform', () => {
  it.each([
    ['FROM --platform=linux/arm64 a', 'linux/arm64'],
    ['FROM --platform=$BUILDPLATFORM a', 'linux/s390x'],
    ['FROM --platform=${TARGETPLATFORM} a', 'linux/arm/v7'],
    ['FROM --platform=linux/${TARGETARCH}${TARGETVARIANT:+/$TARGETVARIANT} a', 'linux/arm/v7'],
    ['FROM --platform=$P a', undefined],
    ['FROM a', undefined],
  ])('%j', (text, expected) => {
    expect(stages(text, { platform: 'linux/arm/v7', buildPlatform: 'linux/s390x' })[0]!.platform).toBe(expected);
  });
});

describe('dependsOn', () => {
  it.each([
    ['FROM a AS b\nFROM b', [0]],
    ['FROM a AS b\nFROM c\nCOPY --from=b x y', [0]],
    ['FROM a AS b\nFROM c\nCOPY --from=B x y', [0]],
    ['FROM a\nFROM c\nCOPY --from=0 x y\nCOPY --from=0 z y', [0]],
    ['FROM a\nFROM c\nCOPY --from=nginx:1 x y', []],
    ['FROM a AS b\nFROM c\nRUN --mount=type=bind,from=b,target=/x y', [0]],
    ['FROM a AS b\nFROM c\nRUN --mount=target=/x,"from=b" --mount=type=cache,target=/z y', [0]],
    ['FROM a\nFROM c\nRUN --mount=from=0,target=/x y', []],
    ['FROM a AS b\nFROM c\nONBUILD COPY --from=b x y', []],
    ['FROM a\nFROM c\nCOPY --from=1 x y', []],
    ['FROM a\nFROM c\nADD --from=0 x y', []],
  ])('%j', (text, expected) => {
    expect(stages(text).at(-1)!.dependsOn).toEqual(expected);
  });

  it('may lead to a later stage by its name', () => {
    const dockerfile = parseDockerfile('FROM a\nCOPY --from=b x y\nFROM c AS b');
    expect(dockerfile.stages[0]!.dependsOn).toEqual([1]);
    expect(dockerfile.problems).toEqual([]);
  });
});

describe('the final stage', () => {
  const text = 'FROM a AS one\nFROM a AS two\nFROM one AS three\nFROM b AS four\nCOPY --from=three x y';

  it.each([
    [undefined, 'four', ['one', 'three', 'four']],
    ['two', 'two', ['two']],
    ['THREE', 'three', ['one', 'three']],
    ['0', 'one', ['one']],
    ['9', 'four', ['one', 'three', 'four']],
  ])('for the target %s is %s and needs %j', (target, final, needed) => {
    const all = stages(text, target === undefined ? {} : { target });
    expect(all.filter(({ isFinal }) => isFinal).map(({ name }) => name)).toEqual([final]);
    expect(all.filter(({ reachesFinal }) => reachesFinal).map(({ name }) => name)).toEqual(needed);
  });
});

it('holds thousands of stages on one another', () => {
  const chain = Array.from({ length: 20_000 }, (_, i) => `FROM s${i} AS s${i + 1}`).join('\n');
  const all = stages(`FROM a AS s0\n${chain}`);
  expect(all.every(({ reachesFinal }) => reachesFinal)).toBe(true);
});
