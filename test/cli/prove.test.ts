import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { proveText } from '../../src/cli/print/prove.ts';
import { plain } from '../../src/cli/terminal.ts';
import { proveMarkdown } from '../../src/core/prove/proveMarkdown.ts';
import type { ProvedImage, ProveReport } from '../../src/core/prove/report.ts';
import { plimsoll } from '../helpers/commandLine.ts';
import { temporaryFolder } from '../helpers/temporaryFolder.ts';

it.each([
  ['a file that is not there', ['missing', 'Dockerfile'], 2, /^plimsoll: missing cannot be read \(ENOENT\)\.\n$/],
  ['--offline', ['Dockerfile', 'Dockerfile', '--offline'], 2, /prove cannot do without it/],
  ['--start without a number', ['Dockerfile', 'Dockerfile', '--start=soon'], 2, /It is 1 to 3600 seconds/],
  ['--run with nothing', ['Dockerfile', 'Dockerfile', '--run', ' '], 2, /--run needs a command/],
  ['no engine', ['Dockerfile', 'Dockerfile'], 3, /^plimsoll: No engine runs at \/nonexistent\/engine\.sock\.\n$/],
])('%s', async (_, args, status, expected) => {
  await using folder = await temporaryFolder();
  await writeFile(path.join(folder.path, 'Dockerfile'), 'FROM scratch\n');
  const env = { DOCKER_HOST: 'unix:///nonexistent/engine.sock', HOME: '/nonexistent' };
  const ran = await plimsoll(['prove', ...args], { cwd: folder.path, env });
  expect(ran.status).toBe(status);
  expect(ran.err).toMatch(expected);
});

const image = (more: Partial<ProvedImage>): ProvedImage => ({
  imageId: 'sha256:1',
  platform: 'linux/amd64',
  onDiskBytes: 1_140_000_000,
  finalBytes: 1_100_000_000,
  layers: 9,
  start: {
    command: ['/bin/sh', '-c', './hello'],
    problems: [],
    needs: {
      kind: 'script',
      libc: 'glibc',
      libraries: [],
      interpreters: ['/usr/bin/dash'],
      opensLibraries: false,
      evidence: ['/usr/bin/dash is linked dynamically.'],
    },
  },
  ...more,
});

const report: ProveReport = {
  schema: 1,
  verdict: 'broken',
  reasons: ['/hello needs the library libpq.so.5, which is not there.'],
  remarks: ['The variable GOPATH is gone; it is for builds only.'],
  builder: 'buildkit',
  before: {
    name: 'Dockerfile',
    image: image({ run: { kind: 'ended', exitCode: 0, output: 'hello\n', isCut: false } }),
  },
  after: {
    name: 'Dockerfile.new',
    image: image({
      onDiskBytes: 12_000_000,
      finalBytes: 12_000_000,
      layers: 2,
      run: { kind: 'not-started', message: 'x' },
    }),
  },
  comparison: {
    savedBytes: 1_128_000_000,
    sharedLayers: 0,
    totals: [
      { change: 'same', paths: 1, firstBytes: 5, secondBytes: 5 },
      { change: 'removed', paths: 8000, firstBytes: 1_088_000_000, secondBytes: 0 },
    ],
    paths: [{ change: 'removed', path: '/usr/|\u001b[31m', firstBytes: 1_088_000_000, secondBytes: 0, paths: 8000 }],
    config: [{ field: 'user', severity: 'may-matter', message: 'It runs as app instead of root.' }],
  },
};

describe('the report', () => {
  it('as text', () => {
    expect(proveText(report, plain)).toMatchInlineSnapshot(`
      "Broken: 1.14 GB → 12 MB (−1.13 GB, −99 %)
        /hello needs the library libpq.so.5, which is not there.

               Dockerfile          Dockerfile.new
      on disk  1.14 GB             12 MB
      files    1.1 GB              12 MB
      layers   9                   2
      starts   /bin/sh -c ./hello  /bin/sh -c ./hello
      needs    /usr/bin/dash       /usr/bin/dash
      started  status 0            did not start

      Files
                 paths   before  after
        removed  8,000  1.09 GB    0 B

        −1.09 GB  removed  /usr/|\\x1b[31m

      Configuration
        may matter  It runs as app instead of root.

      Remarks
        The variable GOPATH is gone; it is for builds only.
      "
    `);
  });

  it('as Markdown, in which names from images are no markup', () => {
    expect(proveMarkdown(report)).toMatchInlineSnapshot(`
      "# Broken: 1.14 GB → 12 MB (−1.13 GB, −99 %)

      - /hello needs the library libpq.so.5, which is not there.

      |  | Dockerfile | Dockerfile.new |
      | --- | --- | --- |
      | On disk | 1.14 GB | 12 MB |
      | Files | 1.1 GB | 12 MB |
      | Layers | 9 | 2 |
      | Starts | /bin/sh -c ./hello | /bin/sh -c ./hello |
      | Needs | /usr/bin/dash | /usr/bin/dash |
      | Started | status 0 | did not start |

      ## Files

      |  | Paths | Before | After |
      | --- | --- | --- | --- |
      | removed | 8,000 | 1.09 GB | 0 B |

      | Difference | Change | Path |
      | --- | --- | --- |
      | −1.09 GB | removed | /usr/\\|�\\[31m |

      ## Configuration

      |  | Difference |
      | --- | --- |
      | may matter | It runs as app instead of root. |

      ## What Dockerfile starts

      - /usr/bin/dash is linked dynamically.

      It wrote:

          hello

      ## What Dockerfile.new starts

      - /usr/bin/dash is linked dynamically.

      ## Remarks

      - The variable GOPATH is gone; it is for builds only.
      "
    `);
  });

  it('of a build that failed', () => {
    const failed: ProveReport = {
      schema: 1,
      builder: 'engine',
      verdict: 'not-built',
      reasons: ['after does not build. The builder says: no.'],
      before: { name: 'a' },
      after: { name: 'b', failure: 'The builder says: no.' },
      remarks: [],
    };
    expect(proveText(failed, plain)).toBe('Not built: a → b\n  after does not build. The builder says: no.\n');
  });
});
