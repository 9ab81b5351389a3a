import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { instructionText } from '../../../src/core/image/createdBy.ts';
import { matchHistory } from '../../../src/core/image/history.ts';
import { historyFixture, historyOf, imageInfo } from '../../helpers/historyFixture.ts';

describe('layers of images that real builders made', () => {
  const textsOf = (name: string) =>
    matchHistory(historyFixture(name).info).map(({ certainty, instruction, covers }) =>
      instruction ? instructionText(instruction) : `${certainty} ${(covers ?? []).join(',')}`,
    );

  test.each([
    ['legacy', 'COPY <files> ./', "RUN echo 'shell form' > /srv/shell"],
    ['buildkit', 'COPY a.txt b.txt ./', "RUN echo 'shell form' > /srv/shell"],
  ])('%s: one instruction for each layer', (name, second, last) => {
    const texts = textsOf(name);
    expect(texts).toHaveLength(10);
    expect(texts[0]).toBe('Imported from -');
    expect(texts[1]).toBe('WORKDIR /srv/app');
    expect(texts[2]).toBe(second);
    expect(texts[9]).toBe(last);
  });

  test('podman: WORKDIR makes no layer, so the numbers differ', () => {
    expect(textsOf('podman').slice(0, 2)).toEqual(['ADD <file> /', 'COPY <files> ./']);
  });

  test.each([
    ['podman-squash', ['ADD <file> /', 'squashed 5,6,7,8,9,10,11,13']],
    ['podman-one-layer', ['ADD <file> /', 'squashed 5,6,7,8,9,10,11,13']],
    ['legacy-squash', ['Imported from -', 'squashed 4,5,6,7']],
    ['buildah', ['ADD <file> /', 'squashed 1,2']],
    ['docker-commit', ['Imported from -', 'touch /committed']],
  ])('%s', (name, expected) => expect(textsOf(name)).toEqual(expected));

  test('a RUN of the first builder that changed nothing is no squash', () => {
    expect(textsOf('legacy-child').at(-1)).toBe('COPY <file> /');
  });

  const names = readdirSync(new URL('../../fixtures/history', import.meta.url)).map((file) =>
    file.replace('.json', ''),
  );
  test.each(names)('%s: every layer is told, in the order of the entries', (name) => {
    const { info } = historyFixture(name);
    const layers = matchHistory(info);
    expect(layers.map((at) => at.layer)).toEqual(info.layers.map((at) => at.index));
    expect(layers.every((at) => at.certainty !== 'unknown')).toBe(true);
    const entries = layers.map((at) => at.entry!);
    expect(entries).toEqual([...entries].sort((a, b) => a - b));
  });
});

describe('layers and a history that do not fit', () => {
  test.each([
    ['no history', 2, historyOf(), ['unknown', 'unknown']],
    ['fewer entries than layers', 3, historyOf('RUN a', 'RUN b'), ['unknown', 'unknown', 'unknown']],
    ['more entries than layers', 1, historyOf('RUN a', 'RUN b'), ['unknown']],
    [
      'a tool that marks no entry as empty',
      2,
      historyOf('RUN a', 'ENV X=1', 'RUN b', 'CMD x'),
      ['inferred', 'inferred'],
    ],
    ['marked as it should be', 2, historyOf('RUN a', '(ENV X=1)', 'RUN b'), ['exact', 'exact']],
    ['no layers at all', 0, historyOf('(ENV X=1)'), []],
  ])('%s', (_, layers, history, expected) => {
    const matched = matchHistory(imageInfo(layers, history));
    expect(matched.map((at) => at.certainty)).toEqual(expected);
    for (const at of matched) expect(at.certainty === 'unknown').toBe(at.entry === undefined);
  });

  test('the date of a layer is that of its entry', () => {
    const created = '2026-01-02T03:04:05Z';
    const [layer] = matchHistory(imageInfo(1, [{ createdBy: 'RUN a', created, emptyLayer: false }]));
    expect(layer).toMatchObject({ entry: 0, created });
  });
});
