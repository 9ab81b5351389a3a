import { mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { SourceError } from '../../../src/sources/error.ts';
import { ImageChoiceError, type Choice } from '../../../src/sources/image/choose.ts';
import { indexInProcess } from '../../../src/sources/image/inProcess.ts';
import { openArchive, openLayout } from '../../../src/sources/image/openImage.ts';
import {
  archiveDialects,
  blobPath,
  makeArchive,
  member,
  writeLayout,
  type NamedImage,
} from '../../helpers/archives.ts';
import { digestOf, makeAttestation, makeImage, makeIndex, type Blob, type MadeImage } from '../../helpers/ociImage.ts';
import { tar, type Member } from '../../helpers/tar.ts';
import { temporaryFolder } from '../../helpers/temporaryFolder.ts';
import { readAll } from './contract.ts';

const app = image('app');
const tool = image('tool');
const arm = image('app', 'linux/arm64');
const armv7 = image('app', 'linux/arm/v7');

function image(content: string, platform = 'linux/amd64'): MadeImage {
  return makeImage({ platform, layers: [{ files: { 'name.txt': content + platform }, compression: 'none' }] });
}

interface Opened {
  readonly reference: string | undefined;
  readonly platform: string;
  readonly imageId: string;
}

async function open(bytes: Uint8Array, choice: Choice = {}): Promise<Opened> {
  await using folder = await temporaryFolder();
  const file = path.join(folder.path, 'archive');
  await writeFile(file, bytes);
  await using opened = await openArchive(file, { ...choice, ...options() });
  const { reference, platform, imageId } = opened.info;
  return { reference, platform, imageId };
}

function options() {
  return { indexing: indexInProcess(), signal: new AbortController().signal };
}

describe.each(archiveDialects)('several images in one archive: %s', (dialect) => {
  const archive = makeArchive(
    [
      { image: app, names: ['app:1', 'registry.example/team/app:1'] },
      { image: tool, names: ['tool:2'] },
    ],
    dialect,
  );

  it.each([
    ['app:1', app],
    ['docker.io/library/app:1', app],
    ['registry.example/team/app:1', app],
    ['tool:2', tool],
    [tool.config.digest, tool],
  ])('%s', async (reference, expected) => {
    expect(await open(archive, { reference })).toMatchObject({ imageId: expected.config.digest, reference });
  });

  it.each([[{}], [{ reference: 'app:2' }], [{ platform: 'linux/amd64' }]])('lists them for %o', async (choice) => {
    const error: unknown = await open(archive, choice).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ImageChoiceError);
    expect((error as ImageChoiceError).choices.map(({ imageId }) => imageId)).toEqual([
      app.config.digest,
      tool.config.digest,
    ]);
    expect((error as Error).message).toContain('tool:2');
  });
});

describe('several platforms', () => {
  const images: NamedImage[] = [app, arm, armv7].map((each) => ({ image: each, names: ['app:1'] }));

  it.each([
    ['linux/amd64', app],
    ['linux/arm64', arm],
    ['linux/arm64/v8', arm],
    ['linux/aarch64', arm],
    ['linux/arm', armv7],
  ])('%s', async (platform, expected) => {
    const archive = makeArchive(images, 'oci');
    expect((await open(archive, { platform, reference: 'app:1' })).imageId).toBe(expected.config.digest);
  });

  it('are listed where none is chosen, or one that is not there', async () => {
    await expect(open(makeArchive(images, 'oci'))).rejects.toThrow(/app:1 \(linux\/amd64\); app:1 \(linux\/arm64\)/);
    await expect(open(makeArchive(images, 'docker-oci'), { platform: 'linux/s390x' })).rejects.toMatchObject({
      code: 'platform',
    });
  });

  it('are found in nested indexes, attestations left out', async () => {
    const attestation = makeAttestation();
    const inner = makeIndex([app, arm, attestation]);
    const blobs: Blob[] = [
      inner,
      ...[app, arm, attestation].flatMap((each) => [each.manifest, each.config, ...each.layers]),
    ];
    const root = {
      manifests: [
        {
          mediaType: inner.mediaType,
          digest: inner.digest,
          size: inner.bytes.length,
          annotations: { 'org.opencontainers.image.ref.name': 'deep:1' },
        },
      ],
    };
    const archive = tar([...blobs.map(blobMember), member('index.json', root)]);
    expect(await open(archive, { platform: 'linux/arm64' })).toMatchObject({
      reference: 'deep:1',
      imageId: arm.config.digest,
    });
  });

  it('of which only one was fetched need no choice', async () => {
    const index = makeIndex([app, arm]);
    const fetched: Blob[] = [index, app.manifest, app.config, ...app.layers, arm.manifest, arm.config];
    const root = { manifests: [{ digest: index.digest, size: index.bytes.length }] };
    expect((await open(tar([...fetched.map(blobMember), member('index.json', root)]))).imageId).toBe(app.config.digest);
  });
});

function blobMember({ digest, bytes }: Blob): Member {
  return { name: blobPath(digest), content: bytes };
}

describe('what is no image, or a strange one', () => {
  it('an index that names itself, by another index', async () => {
    // A digest cannot be in what it names: the circle goes over a manifest list whose bytes do not match.
    const names = (digest: string) => ({
      manifests: [{ mediaType: 'application/vnd.oci.image.index.v1+json', digest, size: 1 }],
    });
    const first = digestOf(Buffer.from('first'));
    const second = digestOf(Buffer.from('second'));
    const archive = tar([
      member(blobPath(first), names(second)),
      member(blobPath(second), names(first)),
      member('index.json', names(first)),
    ]);
    await expect(open(archive)).rejects.toMatchObject({ name: 'SourceError', code: 'invalid' });
  });

  it.each<[string, Member[], RegExp]>([
    ['a root file system', [{ name: 'etc/passwd', content: 'root' }], /neither manifest.json nor index.json/],
    ['docker before 1.10', [member('repositories', {})], /before 1\.10/],
    ['an empty list', [member('manifest.json', [])], /lists no image/],
    ['a list that is no JSON', [{ name: 'manifest.json', content: '[{' }], /damaged/],
    ['a list of something else', [member('manifest.json', [{ Config: 7 }])], /damaged/],
    ['an index of a signature', signature(), /No image/],
    ['a name outside', [member('manifest.json', [{ Config: '../../etc/passwd', Layers: ['/etc/shadow'] }])], /./],
  ])('%s', async (_, members, message) => {
    const result: unknown = await open(tar(members)).catch((reason: unknown) => reason);
    if (result instanceof Error) expect(result.message).toMatch(message);
    else expect(result).toMatchObject({ platform: 'unknown/unknown' });
  });

  it('a manifest.json of many megabytes', async () => {
    const archive = tar([{ name: 'manifest.json', content: 20_000_000 }]);
    await expect(open(archive)).rejects.toThrow(/20000000 bytes/);
  });

  it('something that is no tar', async () => {
    await expect(open(Buffer.from('MZ and so on'.repeat(100)))).rejects.toMatchObject({ code: 'unsupported' });
    await expect(open(new Uint8Array(0))).rejects.toMatchObject({ code: 'unsupported' });
  });

  it('a file that does not exist', async () => {
    await expect(openArchive('/does/not/exist.tar', options())).rejects.toMatchObject({ code: 'absent' });
    await expect(openLayout('/does/not/exist', options())).rejects.toBeInstanceOf(SourceError);
  });

  it('a config with fields of other types', async () => {
    const config = {
      os: 'linux',
      architecture: 'amd64',
      config: { Env: null, Cmd: 'sh', Labels: { a: 1 } },
      history: [{ created_by: 7 }, null],
      rootfs: { diff_ids: ['no digest'] },
    };
    const archive = tar([
      member('c.json', config),
      { name: 'l.tar', content: app.layers[0]!.tar },
      member('manifest.json', [{ Config: 'c.json', RepoTags: null, Layers: ['./l.tar'], LayerSources: 'x' }]),
    ]);
    expect(await open(archive)).toMatchObject({
      platform: 'linux/amd64',
      imageId: digestOf(Buffer.from(JSON.stringify(config))),
    });
  });
});

function signature(): Member[] {
  const config: Blob = { bytes: Buffer.from('{}'), digest: digestOf(Buffer.from('{}')) };
  const bytes = Buffer.from(
    JSON.stringify({
      config: { mediaType: 'application/vnd.oci.empty.v1+json', digest: config.digest, size: 2 },
      layers: [],
    }),
  );
  const manifest: Blob = { bytes, digest: digestOf(bytes) };
  return [
    blobMember(config),
    blobMember(manifest),
    member('index.json', { manifests: [{ digest: manifest.digest, size: 1 }] }),
  ];
}

describe('a layout folder', () => {
  it('with blobs that are links, as Bazel makes them', async () => {
    await using folder = await temporaryFolder();
    const real = path.join(folder.path, 'real');
    const linked = path.join(folder.path, 'linked');
    await writeLayout(real, [{ image: app, names: ['app:1'] }]);
    await mkdir(linked);
    for (const name of ['blobs', 'index.json', 'oci-layout'])
      await symlink(path.join(real, name), path.join(linked, name));
    await using opened = await openLayout(linked, options());
    expect((await readAll(opened)).calls).toEqual([0]);
  });

  it('without a layer', async () => {
    await using folder = await temporaryFolder();
    const withoutBlobs = { ...app, layers: [] };
    await writeLayout(folder.path, [{ image: withoutBlobs, names: ['app:1'] }]);
    await using opened = await openLayout(folder.path, options());
    const { problems, calls } = await readAll(opened);
    expect(calls).toEqual([]);
    expect(problems).toMatchObject([{ layer: 0, code: 'missing-layer' }]);
  });
});
