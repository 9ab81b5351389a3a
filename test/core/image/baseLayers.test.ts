import { describe, expect, test } from 'vitest';
import { baseLayers } from '../../../src/core/image/baseLayers.ts';
import type { HistoryEntry } from '../../../src/core/image/image.ts';
import { historyFixture, historyOf, imageInfo } from '../../helpers/historyFixture.ts';

describe('the base of images that real builders made', () => {
  test.each([
    ['legacy', { count: 1, evidence: 'stated' }],
    ['legacy-squash', { count: 1, evidence: 'stated' }],
    ['buildkit', { count: 1, evidence: 'stated' }],
    ['docker-commit', { count: 1, evidence: 'stated' }],
    ['legacy-child', { count: 10, evidence: 'history' }],
    ['buildkit-child', { count: 10, evidence: 'history' }],
    ['podman', { count: 1, evidence: 'stated', reference: 'localhost/mini:1' }],
    ['podman-squash', { count: 1, evidence: 'stated', reference: 'localhost/mini:1' }],
    ['podman-one-layer', { count: 1, evidence: 'stated', reference: 'localhost/mini:1' }],
    ['podman-child', { count: 9, evidence: 'stated', reference: 'localhost/parent:1' }],
    ['buildah', { count: 1, evidence: 'stated', reference: 'localhost/mini:1' }],
    ['buildkit-modern', { count: 0 }],
  ])('%s', (name, expected) => expect(baseLayers(historyFixture(name).info)).toEqual(expected));
});

describe('a base that is known', () => {
  const info = imageInfo(['sha256:a', 'sha256:b', 'sha256:c'], historyOf('RUN a', 'RUN b', 'RUN c'));
  const known = (reference: string, ...diffIds: string[]) => ({ reference, diffIds });
  test.each([
    ['one layer', [known('small', 'sha256:a')], { count: 1, evidence: 'diff-ids', reference: 'small' }],
    [
      'the longest of several',
      [known('small', 'sha256:a'), known('large', 'sha256:a', 'sha256:b')],
      { count: 2, evidence: 'diff-ids', reference: 'large' },
    ],
    ['another image', [known('other', 'sha256:x')], { count: 0 }],
    ['the image itself', [known('self', 'sha256:a', 'sha256:b', 'sha256:c')], { count: 0 }],
    ['an image without layers', [known('empty')], { count: 0 }],
  ])('%s', (_, bases, expected) => expect(baseLayers(info, bases)).toEqual(expected));
});

describe('a base told by the history', () => {
  const dated = (day: string, createdBy: string): HistoryEntry => ({
    createdBy,
    created: `2026-${day}T00:00:00Z`,
    emptyLayer: false,
  });
  test.each<[string, number, HistoryEntry[], object]>([
    [
      'the last CMD that layers follow',
      4,
      historyOf(
        'ADD rootfs /',
        '(CMD ["bash"])',
        'RUN python',
        '(CMD ["python3"])',
        'COPY . .',
        'RUN pip',
        '(CMD ["app"])',
      ),
      { count: 2, evidence: 'history' },
    ],
    [
      'an own image without a CMD',
      2,
      historyOf('ADD rootfs /', '(CMD ["bash"])', 'RUN a'),
      { count: 1, evidence: 'history' },
    ],
    ['FROM scratch', 2, historyOf('COPY a /', 'RUN b', '(CMD ["a"])'), { count: 0 }],
    [
      'a change of spelling',
      2,
      [...historyOf('/bin/sh -c make'), { createdBy: 'RUN /bin/sh -c test # buildkit', emptyLayer: false }],
      { count: 1, evidence: 'history' },
    ],
    [
      'the widest gap between dates',
      3,
      [dated('01-01', 'RUN a'), dated('01-03', 'RUN b'), dated('05-01', 'RUN c')],
      { count: 2, evidence: 'dates' },
    ],
    ['one day of work', 2, [dated('01-01', 'RUN a'), dated('01-01', 'RUN b')], { count: 0 }],
    ['a history that does not fit the layers', 3, historyOf('ADD rootfs /', '(CMD ["bash"])', 'RUN a'), { count: 0 }],
    [
      "Podman's comment, with another builder's layers on top",
      3,
      [
        ...historyOf('/bin/sh -c #(nop) ADD file:x in /', '(/bin/sh -c #(nop)  CMD ["sh"])'),
        { createdBy: '/bin/sh -c make', comment: 'FROM debian:12', emptyLayer: false },
        { createdBy: '/bin/sh -c #(nop) CMD ["make"]', comment: 'FROM 0123456789ab', emptyLayer: true },
        { createdBy: 'RUN /bin/sh -c test # buildkit', comment: 'buildkit.dockerfile.v0', emptyLayer: false },
      ],
      { count: 2, evidence: 'history' },
    ],
  ])('%s', (_, layers, history, expected) => expect(baseLayers(imageInfo(layers, history))).toEqual(expected));

  test('labels give the name to look up, not the number', () => {
    const labels = {
      'org.opencontainers.image.base.name': 'docker.io/library/debian:12',
      'org.opencontainers.image.base.digest': 'sha256:d',
    };
    expect(baseLayers(imageInfo(1, historyOf('RUN a'), { labels }))).toEqual({
      count: 0,
      reference: 'docker.io/library/debian:12',
      digest: 'sha256:d',
    });
  });
});
