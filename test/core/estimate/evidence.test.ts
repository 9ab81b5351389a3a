import { expect, test } from 'vitest';
import { parseDockerfile } from '../../../src/core/dockerfile/parse.ts';
import { ContextContent } from '../../../src/core/estimate/context/contextContent.ts';
import { evidenceFrom, type EvidenceSources } from '../../../src/core/estimate/evidence.ts';
import { ImageFiles } from '../../../src/core/estimate/imageFiles.ts';
import { type MeasuredLayer, weigh, type WeightSources } from '../../../src/core/estimate/weights.ts';
import { findFindings } from '../../../src/core/rules/findings.ts';
import { formatSize } from '../../../src/core/size.ts';
import { aptGraphOf } from '../../helpers/aptGraph.ts';
import { treeOf } from '../../helpers/contextTree.ts';
import { layerOf } from '../../helpers/finalTree.ts';

const apt = aptGraphOf({ git: { kib: 40_000 } });
const content = new ContextContent(treeOf({ 'app.tgz': 900, 'src/x': 7_000_000 }), '', () => ({ isArchive: false }));
const layers = [
  new ImageFiles([layerOf({ '/root/.npm/_cacache/x': 30_000_000, '/home/app/.npm/y': 1_000_000, '/app/z': 5 })]),
  new ImageFiles([layerOf({ '/root/.cache/pip/x': 8_000_000 })]),
];
const sources: WeightSources & EvidenceSources = {
  measured: () => undefined,
  apt: () => apt,
  download: () => 4000,
  context: (question) => (question.kind === 'copy' ? { kind: 'copy', ...content.copied(question) } : undefined),
  image: ({ image, layer, ...question }) =>
    (image === 'sha256:app' ? layers[layer ?? -1]?.answer(question) : undefined) ?? { kind: 'unknown' },
};

/** The bytes at some places in the layer of the last instruction. */
function bytesAt(text: string, paths: readonly string[], layer?: number): string {
  const dockerfile = parseDockerfile(text);
  const last = dockerfile.instructions.at(-1)!;
  const measured = (): MeasuredLayer | undefined =>
    layer === undefined ? undefined : { bytes: 1, image: 'app:1', imageId: 'sha256:app', layer };
  const weights = weigh(dockerfile, 'linux/amd64', { ...sources, measured });
  const size = evidenceFrom(weights, sources).bytesAt(last, paths);
  return size === undefined ? 'unknown' : formatSize(size);
}

const base = 'FROM debian:bookworm\n';

test.each<[title: string, text: string, paths: string[], layer: number | undefined, size: string]>([
  ['lists', 'RUN apt-get update', ['/var/lib/apt/lists'], undefined, '≈ 20 MB'],
  ['a cache that nobody has measured', 'RUN npm ci', ['~/.npm'], undefined, 'unknown'],
  ['a cache in the layer, of any user', 'RUN npm ci', ['~/.npm'], 0, '31 MB'],
  ['one of several places', 'RUN pip install flask', ['~/.cache/pip', '/var/cache/pip'], 1, '8 MB'],
  ['a layer that has none', 'RUN pip install flask', ['~/.npm'], 1, '0 B'],
  ['a layer that nobody has read', 'RUN apt-get update', ['/var/lib/apt/lists'], 9, '≈ 20 MB'],
  ['a copied file', 'COPY app.tgz /tmp/', ['/tmp/app.tgz'], undefined, '≈ 900 B'],
  ['a part of a copied folder', 'COPY . /app', ['/app/src'], undefined, '≈ 7 MB'],
  ['a download', 'ADD https://example.com/x.zip /tmp/x.zip', ['/tmp/x.zip'], undefined, '≈ 4 kB'],
  ['another place', 'COPY . /app', ['/opt'], undefined, 'unknown'],
])('%s', (_, text, paths, layer, size) => {
  expect(bytesAt(base + text, paths, layer)).toBe(size);
});

test('a cache that was measured gives the finding its bytes', () => {
  const dockerfile = parseDockerfile('FROM node:24\nRUN npm ci\n');
  const measured = (): MeasuredLayer => ({ bytes: 1, image: 'app:1', imageId: 'sha256:app', layer: 0 });
  const weights = weigh(dockerfile, 'linux/amd64', { ...sources, measured });
  const findings = findFindings(dockerfile, {
    platform: 'linux/amd64',
    today: '2026-11-21',
    evidence: evidenceFrom(weights, sources),
  });
  expect(findings.find(({ rule }) => rule === 'npm-cache-left')?.saves).toEqual({
    bytes: 31_000_000,
    basis: 'measured',
  });
});
