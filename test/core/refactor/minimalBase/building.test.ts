import { describe, expect, it } from 'vitest';
import { parseDockerfile } from '../../../../src/core/dockerfile/parse.ts';
import { swapToBase } from '../../../../src/core/refactor/minimalBase/swap.ts';
import type { Consumer } from '../../../../src/core/refactor/project.ts';
import type { Refactoring } from '../../../../src/core/refactor/refactoring.ts';
import { refactors } from '../../../../src/core/refactor/refactors.ts';
import { applyEdits } from '../../../../src/core/text.ts';
import { dockerfileOf, type Files, projectOf, refactorOptions } from '../../../helpers/refactorProject.ts';

const manifest = (scripts: Readonly<Record<string, string>>): string => JSON.stringify({ scripts });
const files: Files = {
  'package.json': manifest({ build: 'tsc -p . && vite build' }),
  'package-lock.json': JSON.stringify({ packages: { 'node_modules/vite': {} } }),
  'requirements.txt': 'tabulate==0.9.0\n',
  'plain.js': 'console.log(1)',
  'calling.js': 'require("node:child_process").execSync("git describe")',
};
const node = ['FROM node:24 AS build', 'WORKDIR /app', 'COPY . .'];
const nginx = ['FROM nginx:1.29-alpine', 'COPY --from=build /app/dist /usr/share/nginx/html'];
const web: Consumer = { file: 'compose.yaml', line: 3, name: 'service web', mounts: [] };

function swap(
  lines: readonly string[],
  {
    stage = 0,
    more = {},
    consumers = [] as readonly Consumer[],
  }: { stage?: number; more?: Files; consumers?: readonly Consumer[] } = {},
): Refactoring {
  const project = projectOf({ ...files, ...more }, consumers);
  return refactors['minimal-base'](dockerfileOf(...lines), project, { ...refactorOptions(), stage });
}

/** `node:24-slim`, or `commands 4` for what stands in the way. */
function gistOf(lines: readonly string[], result: Refactoring): string {
  if (result.kind === 'refusal') return [result.code, result.line].join(' ');
  if (result.kind === 'inquiry') return 'asked';
  return /^FROM (\S+)/.exec(applyEdits(`${lines.join('\n')}\n`, result.edits))![1]!;
}

const cases: readonly {
  readonly of: string;
  readonly lines: readonly string[];
  readonly gist: string;
  readonly more?: Files;
  readonly consumers?: readonly Consumer[];
}[] = [
  { of: 'pages that modules build', lines: [...node, 'RUN npm ci && npm run build', ...nginx], gist: 'node:24-slim' },
  {
    of: 'a virtual environment',
    lines: [
      'FROM python:3.13 AS build',
      'RUN python -m venv /opt/venv',
      'COPY requirements.txt .',
      'RUN /opt/venv/bin/pip install -r requirements.txt',
      'FROM python:3.13-slim',
      'COPY --from=build /opt/venv /opt/venv',
    ],
    gist: 'python:3.13-slim',
  },
  {
    of: 'a download with what the stage installs',
    lines: [
      'FROM debian:13 AS fetch',
      'RUN apt-get update && apt-get install -y curl ca-certificates && curl -fsSLo /x https://example.org/x',
      'FROM debian:13-slim',
      'COPY --from=fetch /x /x',
    ],
    gist: 'debian:13-slim',
  },
  {
    of: 'a stage that is only built by its name',
    lines: [
      'FROM node:24 AS test',
      'WORKDIR /app',
      'COPY . .',
      'RUN npm ci',
      'CMD ["node", "plain.js"]',
      'FROM alpine:3.23',
    ],
    gist: 'node:24-slim',
  },
  { of: 'a script that calls nothing', lines: [...node, 'RUN node plain.js', ...nginx], gist: 'node:24-slim' },
  { of: 'git', lines: [...node, 'RUN git describe > version', ...nginx], gist: 'commands 4' },
  { of: 'make', lines: [...node, 'RUN make', ...nginx], gist: 'commands 4' },
  {
    of: 'Python in an image of another language',
    lines: [...node, 'RUN python3 -m json.tool x', ...nginx],
    gist: 'commands 4',
  },
  { of: 'a script that calls something', lines: [...node, 'RUN node calling.js', ...nginx], gist: 'commands 4' },
  { of: 'a script that nobody can read', lines: [...node, 'RUN node made.js', ...nginx], gist: 'commands 4' },
  { of: 'a shell script', lines: [...node, 'RUN ./build.sh', ...nginx], gist: 'commands 4' },
  {
    of: 'a script of package.json that needs git',
    lines: [...node, 'RUN npm run build', ...nginx],
    more: { 'package.json': manifest({ prebuild: 'git rev-parse HEAD > v', build: 'vite build' }) },
    gist: 'commands 4',
  },
  {
    of: 'a script that the installation runs',
    lines: [...node, 'RUN npm ci', ...nginx],
    more: { 'package.json': manifest({ prepare: 'sh setup.sh' }) },
    gist: 'commands 4',
  },
  {
    of: 'an installation without scripts',
    lines: [...node, 'RUN npm ci --ignore-scripts', ...nginx],
    more: { 'package.json': manifest({ prepare: 'sh setup.sh' }) },
    gist: 'node:24-slim',
  },
  {
    of: 'modules that are compiled',
    lines: [...node, 'RUN npm ci', ...nginx],
    more: { 'package-lock.json': JSON.stringify({ packages: { 'node_modules/bcrypt': { hasInstallScript: true } } }) },
    gist: 'native-modules ',
  },
  {
    of: 'what comes with the base',
    lines: [...node, 'FROM nginx:1.29-alpine', 'COPY --from=build /etc/ssl/certs /etc/ssl/certs'],
    gist: 'commands 5',
  },
  {
    of: 'all of the stage',
    lines: [
      ...node,
      'FROM nginx:1.29-alpine',
      'RUN --mount=from=build,target=/b cp -r /b/app/dist /usr/share/nginx/html',
    ],
    gist: 'commands 5',
  },
  {
    of: 'a health check of Compose',
    lines: ['FROM node:24 AS dev', 'CMD ["node"]', 'FROM alpine:3.23'],
    consumers: [{ ...web, target: 'dev', healthcheck: ['curl', 'localhost'] }],
    gist: 'health-check ',
  },
  {
    of: 'a health check of Compose for another stage',
    lines: ['FROM node:24 AS dev', 'CMD ["node"]', 'FROM alpine:3.23 AS run'],
    consumers: [{ ...web, target: 'run', healthcheck: ['curl', 'localhost'] }],
    gist: 'node:24-slim',
  },
  {
    of: 'a base that the final stage has too',
    lines: [...node, 'RUN npm ci', 'FROM node:24', 'COPY --from=build /app /app'],
    gist: 'no-benefit 5',
  },
  {
    of: 'what only another system could do smaller',
    lines: [
      'FROM golang:1.26 AS build',
      'RUN CGO_ENABLED=0 go build -o /app .',
      'FROM scratch',
      'COPY --from=build /app /app',
    ],
    gist: 'no-benefit 1',
  },
];

describe('a stage that others take from', () => {
  it.each(cases)('$of: $gist', ({ lines, gist, more = {}, consumers = [] }) => {
    expect(gistOf(lines, swap(lines, { more, consumers }))).toBe(gist);
  });

  it.each(cases.filter(({ gist }) => gist.endsWith('-slim')))(
    '$of, a second time',
    ({ lines, more = {}, consumers = [] }) => {
      const result = swap(lines, { more, consumers });
      if (result.kind !== 'proposal') throw new Error(result.kind);
      const once = applyEdits(`${lines.join('\n')}\n`, result.edits)
        .trimEnd()
        .split('\n');
      expect(swap(once, { more, consumers })).toMatchObject({ kind: 'refusal', code: 'no-benefit' });
    },
  );

  it('says what is spared, and of the final image nothing', () => {
    const result = swap([...node, 'RUN npm ci', ...nginx]);
    expect(result).toMatchObject({ kind: 'proposal', title: 'Use node:24-slim as the base of build' });
    expect(result).not.toHaveProperty('runBase');
    expect(result).not.toHaveProperty('before');
    if (result.kind !== 'proposal') return;
    expect(result.spares!.download).toBeGreaterThan(300_000_000);
    expect(result.notes[0]!.text).toMatch(
      /^node:24 becomes node:24-slim\. That is \d+ MB less to download, and \d+ MB less on the disk of whoever builds\. The final image stays as it is\.$/,
    );
  });

  it('spares all of the base where the other is there already', () => {
    const alone = swap([...node, 'RUN npm ci', ...nginx]);
    const shared = swap([...node, 'RUN npm ci', 'FROM node:24-slim', 'COPY --from=build /app /app']);
    if (alone.kind !== 'proposal' || shared.kind !== 'proposal') throw new Error('refused');
    expect(shared.spares!.download! - alone.spares!.download!).toBeGreaterThan(50_000_000);
  });

  it('is the one that is built by its name, where that is asked for', () => {
    const text = `${[...node, 'RUN npm ci', ...nginx].join('\n')}\n`;
    const dockerfile = parseDockerfile(text, { target: 'build' });
    const result = refactors['minimal-base'](dockerfile, projectOf(files), refactorOptions());
    expect(result).toMatchObject({ kind: 'proposal', title: 'Use node:24-slim as the base of build' });
    expect(result).toHaveProperty('spares');
  });

  it('is not moved to another system by hand', () => {
    const dockerfile = dockerfileOf(...node, 'RUN npm ci', ...nginx);
    const result = swapToBase(dockerfile, dockerfile.stages[0]!, 'node:24-alpine', projectOf(files), refactorOptions());
    expect(result).toMatchObject({ kind: 'refusal', code: 'release' });
  });
});
