import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Report } from '../../src/core/report.ts';
import { plimsoll } from '../helpers/commandLine.ts';
import { type FakeEngine, startFakeEngine } from '../helpers/fakeEngine.ts';
import { projectFolder } from '../helpers/projectFolder.ts';

const dockerfile = 'FROM debian:13-slim\nCOPY app /srv/app\nRUN chown -R 1000:1000 /srv/app\nCMD ["/srv/app/run"]\n';
const id = `sha256:${'a'.repeat(64)}`;

let server: FakeEngine;
beforeEach(async () => {
  const layers = [
    ['ADD file:a in /', 120_000_000],
    ['COPY app /srv/app # buildkit', 3_000_000],
    ['RUN /bin/sh -c chown -R 1000:1000 /srv/app # buildkit', 3_000_000],
  ] as const;
  server = await startFakeEngine({
    '/images/json': [{ Id: id, RepoTags: ['app:1'], Created: 2 }],
    [`/images/${id}/json`]: {
      ...{ Id: id, RepoTags: ['app:1'], Os: 'linux', Architecture: 'amd64' },
      RootFS: { Layers: layers.map((_, at) => `sha256:${at}`) },
    },
    [`/images/${id}/history`]: layers.map(([CreatedBy, Size]) => ({ Created: 1, CreatedBy, Size })).reverse(),
  });
});
afterEach(() => server[Symbol.asyncDispose]());

interface Found {
  readonly id: string;
  readonly savesBytes?: number;
  readonly basis?: string;
}

/** What `report` finds and what `fix` mends, in a folder with a file of 1 MB where the image has 3 MB. */
async function found(...args: readonly string[]): Promise<{ reported: Found[]; fixed: Found[] }> {
  await using folder = await projectFolder({ Dockerfile: dockerfile, 'app/run': Buffer.alloc(1_000_000) });
  const env = { DOCKER_HOST: server.host, HOME: '/nonexistent', PATH: process.env.PATH ?? '' };
  const run = async (...command: string[]): Promise<unknown> => {
    const { out, err } = await plimsoll([...command, '--json', '--no-cache', ...args, '.'], { cwd: folder.path, env });
    expect(out, err).not.toBe('');
    return JSON.parse(out);
  };
  const { findings } = ((await run('report')) as Report).files[0]!;
  const { applied } = ((await run('fix', '--all')) as { files: [{ applied: Found[] }] }).files[0];
  const of = ({ id: rule, savesBytes, basis }: Found): Found => ({ id: rule, savesBytes: savesBytes!, basis: basis! });
  return { reported: findings.filter(({ fixable }) => fixable).map(of), fixed: applied.map(of) };
}

describe('report finds what fix mends', () => {
  it('measured in the image that was built from the file', async () => {
    const { reported, fixed } = await found('--source', 'engine');
    expect(reported).toEqual([{ id: 'chown-after-copy', savesBytes: 3_000_000, basis: 'measured' }]);
    expect(fixed).toEqual(reported);
  });

  it.each([[['--offline']], [['--offline', '--source', 'engine']], [['--source', 'archive']]])(
    '%j: estimated, and no engine is asked',
    async (args) => {
      const { reported, fixed } = await found(...args);
      expect(reported).toEqual([{ id: 'chown-after-copy', savesBytes: 1_000_000, basis: 'estimated' }]);
      expect(fixed).toEqual(reported);
      expect(server.asked).toEqual([]);
    },
  );
});
