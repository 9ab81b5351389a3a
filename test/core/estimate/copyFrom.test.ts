import { describe, expect, it, test } from 'vitest';
import { parseDockerfile } from '../../../src/core/dockerfile/parse.ts';
import { ContextContent } from '../../../src/core/estimate/context/contextContent.ts';
import { installedModules } from '../../../src/core/estimate/context/installedModules.ts';
import { ImageFiles } from '../../../src/core/estimate/imageFiles.ts';
import { weigh, type WeightSources } from '../../../src/core/estimate/weights.ts';
import { formatSize } from '../../../src/core/size.ts';
import { treeOf } from '../../helpers/contextTree.ts';
import { layerOf } from '../../helpers/finalTree.ts';

const tree = treeOf({
  'package.json': 100,
  'package-lock.json': 900,
  'src/index.js': 5_000_000,
  'src/public/logo.png': 2_000_000,
  'src/public/app.js.map': 1_000_000,
  'node_modules/a/x.js': 3_000_000,
  'app.tgz': 1000,
});
const content = new ContextContent(tree, 'node_modules', (path) =>
  path.endsWith('.tgz') ? { isArchive: true, bytes: 8_000_000 } : { isArchive: false },
);
const nginx = new ImageFiles([
  layerOf({
    '/etc/nginx/nginx.conf': 2_000,
    '/usr/sbin/nginx': 1_500_000,
    '/lib': '-> usr/lib',
    '/usr/lib/x.so': 7_000,
  }),
]);
const built = new ImageFiles([layerOf({ '/out/server': 12_000_000, '/src/src/index.js': 5_000_000 })]);

const known: WeightSources = {
  measured: () => undefined,
  apt: () => undefined,
  download: (url) => (url.endsWith('/known.bin') ? 4_000_000 : undefined),
  context: (question) => {
    if (question.kind === 'copy') return { kind: 'copy', ...content.copied(question) };
    if (question.kind !== 'modules') return undefined;
    const modules = installedModules(
      tree.root,
      question.project,
      JSON.stringify({ packages: { 'node_modules/a': {} } }),
    );
    return { kind: 'modules', ...(modules === undefined ? {} : { modules }) };
  },
  image: ({ image, ...question }) => {
    if (image === 'nginx:1') return nginx.answer(question);
    return image === 'sha256:built' ? built.answer(question) : { kind: 'unknown' };
  },
};

/** The weight of the last instruction: its size as it is printed, and what is not known. */
function last(lines: readonly string[], sources = known): string {
  const dockerfile = parseDockerfile(lines.join('\n'));
  const weight = weigh(dockerfile, 'linux/amd64', sources).weights.get(dockerfile.instructions.length - 1);
  if (weight === undefined) return 'awaited';
  const unknown = weight.unknown.map(({ kind, name }) => `${kind} ${name}`.trimEnd()).join(', ');
  return [weight.size === undefined ? 'unknown' : formatSize(weight.size), ...(unknown ? [unknown] : [])].join('; ');
}

/** What a stage `s` made of these lines gives to a `COPY --from=s`. */
const copied = (copy: string, ...stage: string[]): string => last([...stage, 'FROM scratch', copy]);

describe('what was copied into a stage is copied on', () => {
  it.each<[copy: string, size: string, ...stage: string[]]>([
    ['COPY --from=s /app /', '≈ 8 MB', 'COPY . /app'],
    ['COPY --from=s /app/src/public /', '≈ 3 MB', 'COPY . /app'],
    ['COPY --from=s / /', '≈ 8 MB', 'COPY . /app'],
    ['COPY --from=s app/src /', '≈ 8 MB', 'WORKDIR /app', 'COPY src src'],
    ['COPY --from=s /app/../app/./src/ /', '≈ 8 MB', 'WORKDIR /', 'WORKDIR app', 'COPY src/ ./src'],
    ['COPY --from=s /app/package.json /', '≈ 100 B', 'COPY package*.json /app/'],
    ['COPY --from=s /app/*.json /', '≈ 1 kB', 'COPY . /app'],
    ['COPY --from=s /app/src/public/*.map /', '≈ 1 MB', 'COPY . /app'],
    ['COPY --from=s --exclude=*.map /app/src/public /', '≈ 2 MB', 'COPY . /app'],
    ['COPY --from=s /app /', '≈ 7 MB', 'COPY --exclude=**/*.map . /app'],
    ['COPY --from=s /app /', '≈ 8 MB', 'COPY package.json /app/', 'COPY . /app'],
    ['COPY --from=s /app /', '≈ 8 MB', 'COPY src /app/src', 'COPY . /app'],
    ['COPY --from=s /app /', '≈ 5 MB', 'COPY src/index.js /app/main.js'],
    ['COPY --from=s /app/gone /', 'unknown; source /app/gone', 'COPY . /app'],
    ['COPY --from=s /other /', 'unknown; source /other', 'COPY . /app'],
    ['COPY --from=s /app /', '≈ 8 MB', 'ADD app.tgz /app'],
    ['COPY --from=s /app/known.bin /', '≈ 4 MB', 'ADD https://example.com/known.bin /app/'],
    ['COPY --from=s /app /', 'unknown; stage s', 'ADD https://example.com/other.bin /app/'],
    ['COPY --from=s /a /', '≈ 6 B', 'COPY <<EOF /a', 'hello', 'EOF'],
    ['COPY --from=s $X /', 'unknown; variable $X', 'COPY . /app'],
    ['COPY --from=s /app /', 'unknown; stage s', 'COPY $X /app'],
  ])('%s: %s', (copy, size, ...stage) => {
    expect(copied(copy, 'FROM scratch AS s', ...stage)).toBe(size);
  });

  it('is at least that where commands ran of which nobody knows what they write', () => {
    expect(copied('COPY --from=s /app /', 'FROM scratch AS s', 'COPY . /app', 'RUN make')).toBe('≥ 8 MB; stage s');
    expect(copied('COPY --from=s /app/dist /', 'FROM scratch AS s', 'COPY . /app', 'RUN make')).toBe(
      'unknown; stage s',
    );
    expect(copied('COPY --from=s /app /', 'FROM scratch AS s', 'COPY . /app', 'RUN mkdir /x')).toBe('≈ 8 MB');
  });

  it('through stages, by number, and from one that stands on another', () => {
    const stages = ['FROM scratch AS a', 'COPY . /app', 'FROM a AS b', 'COPY --from=a /app/src /copy', 'FROM scratch'];
    expect(last([...stages, 'COPY --from=1 /copy/public /'])).toBe('≈ 3 MB');
    expect(last([...stages, 'COPY --from=B /app /'])).toBe('≈ 8 MB');
  });

  it('with the packages that a stage installs', () => {
    const stage = ['FROM scratch AS s', 'WORKDIR /app', 'COPY package*.json .', 'RUN npm ci'];
    expect(copied('COPY --from=s /app/node_modules /', ...stage)).toBe('≈ 3 MB');
    expect(copied('COPY --from=s /app /', ...stage)).toBe('≈ 3 MB');
    expect(copied('COPY --from=s /app/node_modules/a /', ...stage)).toBe('unknown; stage s');
  });

  it('stops following where a file is made to be followed for ever', () => {
    const stages = ['FROM scratch AS s0', 'COPY . /'];
    for (let at = 1; at < 12; at++) {
      stages.push(`FROM scratch AS s${at}`, ...Array<string>(40).fill(`COPY --from=s${at - 1} / /`));
    }
    expect(last([...stages, 'FROM scratch', 'COPY --from=s11 / /'])).toBe('unknown; stage s11');
  });
});

describe('files of images', () => {
  it.each([
    ['COPY --from=nginx:1 /etc/nginx /x', '≈ 2 kB'],
    ['COPY --from=nginx:1 /lib/x.so /x', '≈ 7 kB'],
    ['COPY --from=nginx:1 /usr/*/nginx /x', '≈ 1.5 MB'],
    ['COPY --from=nginx:1 /gone /x', 'unknown; source /gone'],
    ['COPY --from=other /etc /x', 'unknown; image other'],
  ])('%s: %s', (copy, size) => {
    expect(last(['FROM scratch', copy])).toBe(size);
  });

  it('of the base of a stage, together with what was copied', () => {
    const stage = ['FROM nginx:1 AS s', 'COPY src/index.js /etc/nginx/conf.d/'];
    expect(copied('COPY --from=s /etc/nginx /', ...stage)).toBe('≈ 5 MB');
    expect(copied('COPY --from=s /usr/sbin /', ...stage)).toBe('≈ 1.5 MB');
    expect(copied('COPY --from=s /usr /', 'FROM other AS s')).toBe('unknown; stage s');
  });

  it('of an image that holds what the stage makes', () => {
    const stage = ['FROM golang AS s', 'COPY . /src', 'RUN go build -o /out/server', 'FROM scratch'];
    const sources = {
      ...known,
      stageImage: ({ name }: { name?: string }) => (name === 's' ? 'sha256:built' : undefined),
    };
    expect(last([...stage, 'COPY --from=s /out/server /'], sources)).toBe('≈ 12 MB');
    expect(last([...stage, 'COPY --from=s /out/server /'])).toBe('unknown; stage s');
  });
});

test('while an answer is awaited, nothing is said', () => {
  const lines = ['FROM scratch AS s', 'COPY . /app', 'FROM scratch', 'COPY --from=s /app /'];
  expect(last(lines, { ...known, context: () => undefined })).toBe('awaited');
  expect(last(['FROM scratch', 'COPY --from=nginx:1 /etc /'], { ...known, image: () => undefined })).toBe('awaited');
});
