import { describe, expect, it, test } from 'vitest';
import { parseDockerfile } from '../../../src/core/dockerfile/parse.ts';
import type { ContextQuestion } from '../../../src/core/estimate/context/contextQuestion.ts';
import { ContextContent } from '../../../src/core/estimate/context/contextContent.ts';
import { installedModules } from '../../../src/core/estimate/context/installedModules.ts';
import { weigh, type WeightSources } from '../../../src/core/estimate/weights.ts';
import { formatSize } from '../../../src/core/size.ts';
import { aptGraphOf } from '../../helpers/aptGraph.ts';
import { ImageFiles } from '../../../src/core/estimate/imageFiles.ts';
import { layerOf } from '../../helpers/finalTree.ts';
import { treeOf } from '../../helpers/contextTree.ts';

const apt = aptGraphOf({
  libc6: { base: true },
  curl: { kib: 10_000, depends: 'libcurl', recommends: 'certs' },
  libcurl: { kib: 5000 },
  certs: { kib: 1000 },
  git: { kib: 40_000, depends: 'libcurl' },
  'python3-x': { kib: 2000 },
});
const tree = treeOf({
  'package.json': 100,
  'package-lock.json': 900,
  'src/index.js': 5_000_000,
  'web/package.json': 100,
  'web/node_modules/a/x.js': 3_000_000,
  'web/node_modules/b/x.js': 7_000_000,
  'app.tgz': 1000,
});
const lock = JSON.stringify({ packages: { 'node_modules/a': {}, 'node_modules/b': { dev: true } } });
const content = new ContextContent(tree, 'web/node_modules', (path) =>
  path.endsWith('.tgz') ? { isArchive: true, bytes: 8000 } : { isArchive: false },
);
const known: WeightSources = {
  measured: () => undefined,
  apt: () => apt,
  download: (url) => (url.endsWith('/known') ? 12_345 : undefined),
  image: () => ({ kind: 'unknown' }),
  context: (question: ContextQuestion) => {
    switch (question.kind) {
      case 'copy':
        return { kind: 'copy', ...content.copied(question) };
      case 'modules': {
        const modules = installedModules(tree.root, question.project, lock);
        return { kind: 'modules', ...(modules === undefined ? {} : { modules }) };
      }
      case 'exclusions':
      case 'lock':
      case 'files':
        return undefined;
    }
  },
};

/** The weight of the last instruction: its size as it is printed, and what is not known. */
function last(text: string, sources = known): string {
  const dockerfile = parseDockerfile(text);
  const weight = weigh(dockerfile, 'linux/amd64', sources).weights.get(dockerfile.instructions.length - 1);
  if (weight === undefined) return 'awaited';
  const unknown = weight.unknown.map(({ kind, name }) => `${kind} ${name}`.trimEnd()).join(', ');
  return [weight.size === undefined ? 'unknown' : formatSize(weight.size), ...(unknown ? [unknown] : [])].join('; ');
}

const debian = 'FROM debian:bookworm\n';

describe('COPY and ADD', () => {
  it.each([
    ['COPY src /src', '≈ 5 MB'],
    ['COPY . .', '≈ 5 MB'],
    ['COPY package*.json ./', '≈ 1 kB'],
    ['COPY ["package.json", "src", "/app/"]', '≈ 5 MB'],
    ['COPY --exclude=*.js src /src', '≈ 0 B'],
    ['ARG D=src\nCOPY ${D} /', '≈ 5 MB'],
    ['ARG D\nCOPY $D/x /', 'unknown; variable $D/x'],
    ['COPY gone package.json /', '≥ 100 B; source gone'],
    ['COPY web/node_modules /', 'unknown; source web/node_modules'],
    ['COPY --from=build /app /app', 'unknown; image build'],
    ['COPY --from=0 /app /app', 'unknown; image 0'],
    ['COPY app.tgz /', '≈ 1 kB'],
    ['ADD app.tgz /', '≈ 8 kB'],
    ['ADD https://example.com/known /', '≈ 12.3 kB'],
    ['ADD https://example.com/other package.json /', '≥ 100 B; url https://example.com/other'],
    ['ADD https://example.com/known.git#main /', 'unknown; url https://example.com/known.git#main'],
    ['COPY <<EOF /a\nhello\nEOF', '≈ 6 B'],
    ['COPY <<-EOF src /a/\n\thello\nEOF', '≈ 5 MB'],
  ])('%s', (instruction, size) => {
    expect(last(debian + instruction)).toBe(size);
  });

  test('while the context is walked, nothing is said', () => {
    expect(last(`${debian}COPY src /`, { ...known, context: () => undefined })).toBe('awaited');
  });
});

describe('RUN with apt', () => {
  const records = 180_000 + 770_000;
  const kib = (...sizes: number[]) => sizes.reduce((sum, size) => sum + size * 1024 + 20_000, records);
  const about = (bytes: number) => formatSize({ bytes, basis: 'estimated' });

  it.each<[run: string, size: string]>([
    ['apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*', about(kib(10_000, 5000, 1000))],
    [
      'apt-get update && apt-get install -y --no-install-recommends curl && rm -rf /var/lib/apt/lists/*',
      about(kib(10_000, 5000)),
    ],
    ['apt-get update && apt-get install -y --no-install-recommends curl', about(kib(10_000, 5000) + 20_000_000)],
    ['apt-get update', '≈ 20 MB'],
    ['apt-get update && rm -rf /var/lib/apt', '≈ 0 B'],
    ['--mount=type=cache,target=/var/lib/apt apt-get update', '≈ 0 B'],
    ['apt-get install -y libc6', '≈ 0 B'],
    ['apt-get install -y --no-install-recommends curl git && apt-get purge -y git', about(kib(10_000, 5000))],
    ['apt-get install -y certs nope', `${about(kib(1000)).replace('≈', '≥')}; package nope`],
    ['apt-get install -y certs && make', `${about(kib(1000)).replace('≈', '≥')}; command make`],
    ['test -e /x || apt-get install -y git', 'unknown; command apt-get install -y'],
    ['apt-get install -y python3-x', about(kib(2000) + 0.95 * 2000 * 1024)],
  ])('%s', (run, size) => {
    expect(last(`${debian}RUN ${run}`)).toBe(size);
  });

  it('charges no package twice, through stages too', () => {
    const first = `${debian.replace('\n', ' AS base\n')}RUN apt-get install -y --no-install-recommends curl\n`;
    expect(last(`${first}RUN apt-get install -y git`)).toBe(about(kib(40_000)));
    expect(last(`${first}FROM base\nRUN apt-get install -y git`)).toBe(about(kib(40_000)));
    expect(last(`${first}FROM debian:bookworm\nRUN apt-get install -y git`)).toBe(about(kib(40_000, 5000)));
  });

  it('charges less where the base leaves documentation out', () => {
    const bytes = records + 15_000 * 1024 - 2 * 100_000 + 2 * 20_000;
    expect(last('FROM debian:bookworm-slim\nRUN apt-get install -y --no-install-recommends curl')).toBe(about(bytes));
  });

  it('knows what official images have', () => {
    expect(last('FROM python:3.13-bookworm\nRUN apt-get install -y curl git')).toBe('≈ 0 B');
  });

  it('says nothing of other distributions, and waits for a graph that comes', () => {
    expect(last('FROM ubuntu:24.04\nRUN apt-get install -y curl')).toBe('unknown; release');
    expect(last('FROM acme/x\nRUN apt-get install -y curl')).toBe('unknown; release');
    expect(last(`${debian}RUN apt-get install -y curl`, { ...known, apt: () => undefined })).toBe('awaited');
    expect(last(`${debian}RUN mkdir /x`, { ...known, apt: () => undefined })).toBe('≈ 0 B');
  });
});

describe('RUN with Node.js packages', () => {
  it.each([
    ['npm ci', '≥ 10 MB; cache npm'],
    ['npm ci --omit=dev', '≥ 3 MB; cache npm'],
    ['--mount=type=cache,target=/root/.npm npm ci --omit=dev', '≈ 3 MB'],
    ['npm install --production', '≥ 3 MB; cache npm'],
    ['npm install -g typescript', 'unknown; command npm install -g'],
    ['npm run build', 'unknown; command npm run build'],
    ['--mount=type=cache,target=/usr/local/share/.cache yarn', '≈ 10 MB'],
  ])('%s', (run, size) => {
    expect(last(`FROM node:24\nCOPY web/package*.json ./\nRUN ${run}`)).toBe(size);
  });

  it('needs a project, and packages that are installed in it', () => {
    expect(last('FROM node:24\nRUN npm ci')).toBe('unknown; modules npm ci');
    expect(last('FROM node:24\nCOPY . .\nRUN npm ci')).toBe('unknown; modules npm, cache npm');
    expect(last('FROM node:24\nCOPY web .\nRUN --mount=type=cache,target=/root/.npm npm ci')).toBe('≈ 10 MB');
  });
});

describe('other RUN', () => {
  it.each([
    ['mkdir -p /a && cd /a && echo x > y', '≈ 0 B'],
    ['node --version', '≈ 0 B'],
    ['chown -R app /app', 'unknown; command chown -R app'],
    ['if', 'unknown; command sh'],
    ['["make", "all"]', 'unknown; command "make" "all"'],
    ['A=1', '≈ 0 B'],
  ])('%s', (run, size) => {
    expect(last(`${debian}RUN ${run}`)).toBe(size);
  });
});

test('what was measured goes before what is estimated', () => {
  const layer = { bytes: 374_000_000, image: 'app:1', imageId: 'sha256:1', layer: 3 };
  const measured: WeightSources = { ...known, measured: () => layer };
  const dockerfile = parseDockerfile(`${debian}RUN make\nCOPY src /\n`);
  const { weights } = weigh(dockerfile, 'linux/amd64', measured);
  expect([...weights.keys()]).toEqual([1, 2]);
  expect(weights.get(1)).toEqual({
    size: { bytes: 374_000_000, basis: 'measured', complete: true },
    parts: [{ kind: 'layer', name: 'app:1', bytes: 374_000_000 }],
    unknown: [],
  });
});

test('a measured layer that was read tells its largest paths', () => {
  const files = new ImageFiles([layerOf({ '/usr/lib/big.so': 3_000_000, '/etc/small': 10 })]);
  const weights = weigh(parseDockerfile(`${debian}RUN make\n`), 'linux/amd64', {
    ...known,
    measured: () => ({ bytes: 3_100_000, image: 'app:1', imageId: 'sha256:1', layer: 3 }),
    image: ({ image, layer, ...question }) =>
      image === 'sha256:1' && layer === 3 ? files.answer(question) : { kind: 'unknown' },
  }).weights;
  expect(weights.get(1)).toMatchObject({
    size: { bytes: 3_100_000, basis: 'measured' },
    parts: [{ kind: 'layer' }, { kind: 'path', name: 'usr/lib/big.so', bytes: 3_000_000 }, { name: 'etc/small' }],
  });
});

test('any text is weighed without a throw', () => {
  for (const text of [
    '',
    'RUN x',
    'FROM',
    'FROM a\nCOPY',
    'FROM a\nADD x',
    'FROM a\nRUN',
    'FROM b\nFROM b AS b\nRUN x\nCOPY <<E',
  ]) {
    expect(() => weigh(parseDockerfile(text), 'linux/amd64', known)).not.toThrow();
  }
});
