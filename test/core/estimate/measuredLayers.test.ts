import { expect, test } from 'vitest';
import { parseDockerfile } from '../../../src/core/dockerfile/parse.ts';
import { measuredLayers } from '../../../src/core/estimate/measuredLayers.ts';
import type { ImageInfo } from '../../../src/core/image/image.ts';

const instructions = ['RUN apt-get update', 'COPY a /a # buildkit', 'ENV X=1', 'RUN make all'];
const info: ImageInfo = {
  platform: 'linux/amd64',
  imageId: 'sha256:aa',
  layers: [1000, 20, 3, 400].map((onDiskBytes, index) => ({ index, onDiskBytes })),
  history: [
    { createdBy: '/bin/sh -c #(nop) ADD file:aa in /', emptyLayer: false },
    ...instructions.map((createdBy) => ({ createdBy, emptyLayer: createdBy.startsWith('ENV') })),
  ],
  config: { env: [], exposedPorts: [], volumes: [], labels: {}, onBuild: [] },
};

function measured(...lines: string[]): [line: number, bytes: number][] {
  const dockerfile = parseDockerfile(['FROM debian', ...lines].join('\n'));
  const layers = measuredLayers(dockerfile, { name: 'app:1', info });
  return [...layers].map(([index, { bytes }]) => [dockerfile.instructions[index]!.line, bytes]);
}

test.each<[title: string, lines: string[], found: [number, number][]]>([
  [
    'as it was built',
    ['RUN apt-get update', 'COPY a /a', 'ENV X=1', 'RUN make all'],
    [
      [2, 20],
      [3, 3],
      [5, 400],
    ],
  ],
  [
    'the last changed',
    ['RUN apt-get update', 'COPY a /a', 'ENV X=1', 'RUN make some'],
    [
      [2, 20],
      [3, 3],
    ],
  ],
  [
    'one put in between: what is below is built anew',
    ['RUN apt-get update', 'RUN new', 'COPY a /a', 'ENV X=1', 'RUN make all'],
    [[2, 20]],
  ],
  ['another file', ['RUN x', 'RUN y', 'COPY z /z', 'RUN make all'], []],
])('%s', (_, lines, found) => {
  expect(measured(...lines)).toEqual(found);
});
