import type { HistoryEntry, ImageInfo } from '../../src/core/image/image.ts';
import { LayerIndexer } from '../../src/core/image/indexer.ts';
import type { LayerIndex } from '../../src/core/image/layerIndex.ts';
import { type Member, memberBlocks } from './tar.ts';

/** A member whose content has a size and no bytes. */
export type SizedMember = Omit<Member, 'content'>;

/** One layer of a made-up image: the instruction as BuildKit writes it, and what it ships. */
export interface MadeLayer {
  readonly createdBy: string;
  readonly members: readonly SizedMember[];
}

/** Indexes a layer whose contents are not there: they are passed over, as in a source that can seek. */
export function indexSized(members: readonly SizedMember[]): LayerIndex {
  const indexer = new LayerIndexer();
  for (const member of members) {
    for (const block of memberBlocks(member)) if (block.length > 0) indexer.push(block);
    if (indexer.skip > 0) indexer.skipped(indexer.skip);
  }
  indexer.push(new Uint8Array(1024));
  return indexer.finish().index;
}

/** What such layers are to an explorer that has not read them. */
export function infoOf(layers: readonly MadeLayer[], indexes: readonly LayerIndex[], reference: string): ImageInfo {
  const history: HistoryEntry[] = layers.map(({ createdBy }) => ({
    created: '2026-05-04T10:00:00Z',
    createdBy,
    emptyLayer: false,
  }));
  return {
    reference,
    platform: 'linux/amd64',
    imageId: `sha256:${'4f1c'.repeat(16)}`,
    layers: indexes.map((index, at) => ({
      index: at,
      diffId: `sha256:${layers[at]!.createdBy.length.toString(16).padStart(64, '0')}`,
      onDiskBytes: index.tarBytes,
      downloadBytes: Math.round(index.tarBytes * 0.37),
    })),
    history,
    config: { env: [], exposedPorts: [], volumes: [], labels: {}, onBuild: [], cmd: ['node', 'dist/server.js'] },
  };
}

const dockerfileTime = 1_777_888_000;

function file(name: string, size: number, more: Partial<SizedMember> = {}): SizedMember {
  return { name, size, mtime: dockerfileTime, mode: 0o644, ...more };
}

/** A folder's files: their sizes fall from the first on, as they do in real packages. */
function files(
  folder: string,
  names: readonly string[],
  largest: number,
  more: Partial<SizedMember> = {},
): SizedMember[] {
  return names.map((name, at) => file(`${folder}/${name}`, Math.round(largest / (1 + at * 0.8)), more));
}

const modules = ['typescript', 'webpack', 'lodash', 'express', 'react', 'rxjs', 'moment', 'core-js', 'axios', 'sharp'];
const libraries = [
  'libc.so.6',
  'libcrypto.so.3',
  'libicudata.so.72',
  'libpython3.11.so.1.0',
  'libperl.so.5.36',
  'libgcc_s.so.1',
];
const programs = ['perl', 'openssl', 'bash', 'git', 'gpg', 'find', 'tar', 'sed'];

/** An image of a web service as people build it who did not think of its size: with every kind of waste. */
export const wastefulService: readonly MadeLayer[] = [
  {
    createdBy: "# debian.sh --arch 'amd64' out/ 'bookworm' '@1777000000'",
    members: [
      { name: 'etc/', mode: 0o755, mtime: dockerfileTime },
      ...files('etc', ['passwd', 'group', 'debian_version', 'os-release'], 1200),
      ...files('usr/lib/x86_64-linux-gnu', libraries, 31_000_000, { mode: 0o755 }),
      ...files('usr/bin', programs, 3_900_000, { mode: 0o755 }),
      ...files('usr/share/doc', ['perl/copyright', 'openssl/changelog.gz', 'bash/README'], 900_000),
      ...files('usr/share/locale', ['de/LC_MESSAGES/bash.mo', 'fr/LC_MESSAGES/bash.mo'], 300_000),
      { name: 'bin', type: '2', link: 'usr/bin', mode: 0o777, mtime: dockerfileTime },
      { name: 'tmp/', mode: 0o1777, mtime: dockerfileTime },
      file('usr/bin/su', 72_000, { mode: 0o4755 }),
    ],
  },
  {
    createdBy:
      'RUN /bin/sh -c groupadd --gid 1000 node && useradd --uid 1000 --gid node --shell /bin/bash --create-home node # buildkit',
    members: [
      file('etc/passwd', 1300),
      file('etc/group', 640),
      { name: 'home/node/', mode: 0o755, uid: 1000, gid: 1000 },
    ],
  },
  {
    createdBy:
      'RUN /bin/sh -c ARCH=x64 && curl -fsSLO https://nodejs.org/dist/node.tar.xz && tar -xJf node.tar.xz -C /usr/local # buildkit',
    members: [
      file('usr/local/bin/node', 96_400_000, { mode: 0o755 }),
      ...files('usr/local/lib/node_modules/npm/lib', ['cli.js', 'npm.js', 'install.js', 'audit.js'], 400_000),
      ...files('usr/local/include/node', ['v8.h', 'node_api.h', 'uv.h', 'openssl/ssl.h'], 900_000),
    ],
  },
  {
    createdBy: 'RUN /bin/sh -c apt-get update && apt-get install -y build-essential python3 git curl # buildkit',
    members: [
      ...files('usr/lib/gcc/x86_64-linux-gnu/12', ['cc1', 'cc1plus', 'lto1', 'libgcc.a', 'collect2'], 34_000_000, {
        mode: 0o755,
      }),
      ...files('usr/bin', ['x86_64-linux-gnu-gcc-12', 'x86_64-linux-gnu-g++-12', 'python3.11', 'make'], 7_000_000, {
        mode: 0o755,
      }),
      ...files(
        'var/lib/apt/lists',
        ['mirror.example_debian_dists_bookworm_main_binary-amd64_Packages.lz4', 'mirror.example_InRelease'],
        18_000_000,
      ),
      ...files(
        'var/cache/apt/archives',
        ['gcc-12_12.2.0_amd64.deb', 'g++-12_12.2.0_amd64.deb', 'python3.11_amd64.deb'],
        19_000_000,
      ),
      ...files('usr/share/doc', ['gcc-12/changelog.gz', 'python3/copyright'], 500_000),
    ],
  },
  {
    createdBy: 'COPY . /app # buildkit',
    members: [
      ...files('app', ['package.json', 'package-lock.json', 'server.ts', 'README.md'], 480_000),
      ...files('app/.git/objects/pack', ['pack-8f2a.pack', 'pack-8f2a.idx'], 41_000_000),
      ...files('app/fixtures', ['orders.json', 'customers.json', 'prices.csv'], 12_000_000),
      ...files('app/src', ['index.ts', 'orders.ts', 'customers.ts', 'pricing.ts'], 48_000),
    ],
  },
  {
    createdBy: 'RUN /bin/sh -c npm ci # buildkit',
    members: [
      ...modules.flatMap((name, at) =>
        files(
          `app/node_modules/${name}`,
          ['dist/bundle.js', 'lib/index.js', 'package.json', 'README.md', 'LICENSE'],
          Math.round(21_000_000 / (at + 1)),
        ),
      ),
      ...files('root/.npm/_cacache/content-v2/sha512', ['0a/b1', '1c/d2', '2e/f3', '3a/c4'], 16_000_000),
    ],
  },
  {
    createdBy: 'RUN /bin/sh -c npm run build && npm prune --omit=dev # buildkit',
    members: [
      ...files('app/dist', ['server.js', 'server.js.map', 'vendor.js'], 3_400_000),
      { name: 'app/node_modules/.wh.typescript', mtime: dockerfileTime },
      { name: 'app/node_modules/.wh.webpack', mtime: dockerfileTime },
      file('app/package-lock.json', 310_000),
    ],
  },
  {
    createdBy: 'RUN /bin/sh -c chown -R node:node /app/fixtures /app/dist # buildkit',
    members: [
      ...files('app/fixtures', ['orders.json', 'customers.json', 'prices.csv'], 12_000_000, { uid: 1000, gid: 1000 }),
      ...files('app/dist', ['server.js', 'server.js.map', 'vendor.js'], 3_400_000, { uid: 1000, gid: 1000 }),
    ],
  },
  {
    createdBy: 'RUN /bin/sh -c rm -rf /var/lib/apt/lists/* /root/.npm && apt-get clean # buildkit',
    members: [
      { name: 'var/lib/apt/lists/.wh..wh..opq', mtime: dockerfileTime },
      { name: 'root/.wh..npm', mtime: dockerfileTime },
      { name: 'var/cache/apt/archives/.wh.gcc-12_12.2.0_amd64.deb', mtime: dockerfileTime },
    ],
  },
];

/** Names that archives of ill will have: HTML, control characters, directions turned, thousands of characters. */
export const hostileNames: readonly string[] = [
  '<img src=x onerror=alert(1)>',
  'line\nbreak\ttab\u001b[31m',
  'invoice\u202Efdp.exe',
  'x'.repeat(4000),
  '"quote\'s & ampersand;',
  '\u05e9\u05dc\u05d5\u05dd',
];

export const hostileLayer: MadeLayer = {
  createdBy: `RUN /bin/sh -c echo "<script>alert(1)</script>\u202e" && ${'y'.repeat(4000)} # buildkit`,
  members: hostileNames.map((name, at) => file(`odd/${name}`, 1000 * (at + 1))),
};
