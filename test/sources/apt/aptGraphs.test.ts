import { statSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { aptReleases } from '../../../src/core/estimate/weights.ts';
import { AptGraphs } from '../../../src/sources/apt/aptGraphs.ts';

const folder = path.join(import.meta.dirname, '..', '..', '..', 'media', 'apt');
const graphs = new AptGraphs(folder);

test('all graphs that ship are less than 600 kB', () => {
  const bytes = aptReleases.map((release) => statSync(path.join(folder, `${release}.bin`)).size);
  expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThan(600_000);
});

test('a graph is read once, and known from then on', async () => {
  const own = new AptGraphs(folder);
  expect(own.known('trixie')).toBeUndefined();
  const [first, second] = await Promise.all([own.load('trixie'), own.load('trixie')]);
  expect(second).toBe(first);
  expect(own.known('trixie')).toBe(first);
  await expect(own.load('jessie')).rejects.toThrow('jessie.bin');
});

describe.each(aptReleases)('%s', (release) => {
  const common = [
    ...[
      'build-essential',
      'ca-certificates',
      'chromium',
      'cmake',
      'cron',
      'curl',
      'default-jdk-headless',
      'dumb-init',
      'ffmpeg',
    ],
    ...[
      'g++',
      'gettext',
      'git',
      'gnupg',
      'gosu',
      'graphviz',
      'htop',
      'imagemagick',
      'iproute2',
      'iputils-ping',
      'jq',
      'less',
    ],
    ...[
      'libgl1',
      'libglib2.0-0',
      'libmagickwand-dev',
      'libpq-dev',
      'libreoffice-writer',
      'libsm6',
      'libxext6',
      'libxml2-dev',
    ],
    ...[
      'locales',
      'lsb-release',
      'make',
      'nano',
      'net-tools',
      'nginx',
      'nodejs',
      'npm',
      'openssh-client',
      'openssl',
      'pandoc',
    ],
    ...[
      'php-cli',
      'pkg-config',
      'postgresql-client',
      'procps',
      'python3',
      'python3-dev',
      'python3-numpy',
      'python3-pip',
    ],
    ...[
      'python3-venv',
      'redis-tools',
      'rsync',
      'ruby',
      'sqlite3',
      'sudo',
      'supervisor',
      'telnet',
      'tini',
      'tzdata',
      'unzip',
    ],
    ...[
      'vim',
      'wget',
      'xvfb',
      'xz-utils',
      'zip',
      'zlib1g-dev',
      'libssl-dev',
      'default-libmysqlclient-dev',
      'fonts-liberation',
    ],
    ...['libnss3', 'libgtk-3-0', 'libasound2', 'texlive-latex-base', 'wkhtmltopdf', 'tesseract-ocr', 'poppler-utils'],
  ];

  it('has what Dockerfiles install', async () => {
    const graph = await graphs.load(release);
    const gone = release === 'trixie' ? ['wkhtmltopdf'] : [];
    expect(graph.install(common, { recommends: false, installed: [] }).unknown).toEqual(gone);
  });

  it('has sizes that fit: build-essential is some 330 MB, and the base adds nothing', async () => {
    const graph = await graphs.load(release);
    const bytes = (...names: string[]) =>
      graph
        .install(names, { recommends: false, installed: [] })
        .packages.reduce((sum, { installedBytes }) => sum + installedBytes, 0);
    expect(bytes('build-essential') / 1e6).toBeGreaterThan(300);
    expect(bytes('build-essential') / 1e6).toBeLessThan(360);
    expect(bytes('bash', 'coreutils', 'apt')).toBe(0);
  });
});
