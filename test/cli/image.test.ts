import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ImageReport } from '../../src/core/image/imageReport.ts';
import { archiveDialects, makeArchive, wholeCompressions, writeLayout } from '../helpers/archives.ts';
import { plimsoll } from '../helpers/commandLine.ts';
import { makeImage, type MadeImage } from '../helpers/ociImage.ts';
import { tar } from '../helpers/tar.ts';
import { temporaryFolder } from '../helpers/temporaryFolder.ts';

/**
 * A base of 3,000 bytes; a layer with an apt list (400), a file (1,000) and a folder (700); one that deletes the folder,
 * rewrites the file with another owner, and writes over 50 bytes of the base. What is wasted: 700 + 1,000 + 50.
 */
function wastefulImage(): MadeImage {
  return makeImage({
    layers: [
      { tar: tar([{ name: 'etc/' }, { name: 'etc/conf', content: 50 }, { name: 'bin/app', content: 2950 }]) },
      {
        tar: tar([
          { name: 'var/lib/apt/lists/deb.list', content: 400 },
          { name: 'data', content: 1000, mtime: 7, uid: 0 },
          { name: 'gone/a', content: 300 },
          { name: 'gone/b', content: 400 },
        ]),
      },
      {
        tar: tar([
          { name: '.wh.gone', content: '' },
          { name: 'data', content: 1000, mtime: 7, uid: 1000 },
          { name: 'etc/conf', content: 60 },
        ]),
      },
    ],
    config: {
      config: { Cmd: ['/bin/app'] },
      history: [
        { created_by: 'COPY rootfs / # buildkit' },
        { created_by: 'RUN /bin/sh -c apt-get update # buildkit' },
        { created_by: 'CMD ["/bin/app"]', empty_layer: true },
        { created_by: 'RUN /bin/sh -c rm -r /gone && chown 1000 /data # buildkit' },
      ],
    },
  });
}

const dockerfile = `FROM scratch
COPY rootfs /
RUN apt-get update
CMD ["/bin/app"]
RUN rm -r /gone && chown 1000 /data
`;

async function inFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  await using folder = await temporaryFolder();
  return await use(folder.path);
}

async function reportOf(bytes: Uint8Array, ...flags: string[]): Promise<ImageReport> {
  return inFolder(async (folder) => {
    const file = path.join(folder, 'image');
    await writeFile(file, bytes);
    await writeFile(path.join(folder, 'Dockerfile'), dockerfile);
    const ran = await plimsoll(['image', file, '--json', '--offline', '--no-cache', ...flags], { cwd: folder });
    expect(ran).toMatchObject({ status: 0, err: '' });
    return JSON.parse(ran.out) as ImageReport;
  });
}

describe('image --json', () => {
  it('accounts for every byte', async () => {
    const image = wastefulImage();
    const report = await reportOf(makeArchive([{ image, names: ['app:1'] }], 'oci'), '--dockerfile', 'Dockerfile');
    expect(report).toMatchObject({
      schema: 1,
      source: 'archive',
      platform: 'linux/amd64',
      imageId: image.config.digest,
      totals: {
        layers: 3,
        onDiskBytes: image.onDiskBytes,
        downloadBytes: image.downloadBytes,
        finalBytes: 2950 + 400 + 1000 + 60,
        wastedBytes: 1750,
        removableBytes: 400,
        dive: { wastedBytes: 50 + 60 + 2000 },
      },
      problems: [],
    });
    const shipped = report.layers.map(({ fileBytes }) => fileBytes!);
    expect(shipped).toEqual([3000, 2100, 1060]);
    const total = shipped.reduce((sum, bytes) => sum + bytes, 0);
    expect(report.totals.finalBytes + report.totals.wastedBytes).toBe(total);
    expect(report.totals.efficiency).toBe(report.totals.finalBytes / total);
    expect(report.layers.map(({ diffId }) => diffId)).toEqual(image.layers.map(({ diffId }) => diffId));
    expect(report.layers.map(({ createdBy, line }) => [createdBy, line])).toEqual([
      ['COPY rootfs /', 2],
      ['RUN apt-get update', 3],
      ['RUN rm -r /gone && chown 1000 /data', 5],
    ]);
    expect(report.waste).toEqual([
      { cause: 'metadata-only', path: '/data', bytes: 1000, layer: 1, byLayer: 2, line: 5 },
      { cause: 'deleted', path: '/gone', bytes: 700, layer: 1, byLayer: 2, line: 5 },
      { cause: 'overwritten', path: '/etc/conf', bytes: 50, layer: 0, byLayer: 2, line: 5 },
    ]);
    expect(report.removable).toMatchObject([
      { kind: 'apt-lists', path: '/var/lib/apt/lists', bytes: 400, layer: 1, line: 3, safety: 'safe' },
    ]);
  });

  it('lists as many rows of waste as --top asks for, and all with 0', async () => {
    const archive = makeArchive([{ image: wastefulImage() }], 'oci');
    expect((await reportOf(archive, '--top', '1')).waste.map(({ path }) => path)).toEqual(['/data']);
    expect((await reportOf(archive, '--top', '0')).waste).toHaveLength(3);
  });

  const forms = archiveDialects.flatMap((dialect) => wholeCompressions.map((whole) => [dialect, whole] as const));
  it.each(forms)('gives the same account of an archive of the form %s, compressed by %s', async (dialect, whole) => {
    const image = wastefulImage();
    const report = await reportOf(makeArchive([{ image, names: ['app:1'] }], dialect, whole));
    const usual = await reportOf(makeArchive([{ image, names: ['app:1'] }], 'docker-oci'));
    expect(report.waste).toEqual(usual.waste);
    expect(report.removable).toEqual(usual.removable);
    expect(report.totals.finalBytes).toBe(usual.totals.finalBytes);
  });

  it('reads a layout folder, and one image of several by its name', async () => {
    await inFolder(async (folder) => {
      const other = makeImage({ layers: [{ files: { a: 'a' } }] });
      const images = [
        { image: wastefulImage(), names: ['app:1'] },
        { image: other, names: ['other:2'] },
      ];
      await mkdir(path.join(folder, 'layout'));
      await writeLayout(path.join(folder, 'layout'), images);
      const place = path.join(folder, 'layout');
      const several = await plimsoll(['image', place, '--json', '--offline']);
      expect(several.status).toBe(2);
      expect(several.err).toContain('other:2');
      const one = await plimsoll(['image', `${place}:other:2`, '--json', '--offline', '--no-cache']);
      expect(JSON.parse(one.out)).toMatchObject({ source: 'layout', imageId: other.config.digest });
    });
  });

  it('shows the healthy layers of a damaged image and says what is wrong', async () => {
    const image = wastefulImage();
    const archive = makeArchive([{ image }], 'oci');
    const broken = Buffer.from(archive);
    const blob = Buffer.from(image.layers[1]!.bytes);
    const at = broken.indexOf(blob);
    broken.fill(0xff, at + 20, at + blob.length);
    const report = await reportOf(broken);
    expect(report.layers[0]!.fileBytes).toBe(3000);
    expect(report.layers[1]).not.toHaveProperty('fileBytes');
    expect(report.layers[2]!.fileBytes).toBe(1060);
    expect(report.problems).toMatchObject([{ layer: 1 }]);
  });

  it('gives the same bytes for the same input', async () => {
    const archive = makeArchive([{ image: wastefulImage() }], 'oci');
    expect(JSON.stringify(await reportOf(archive))).toBe(JSON.stringify(await reportOf(archive)));
  });
});

describe('image', () => {
  it('prints tables for people, with names that cannot disturb the terminal', async () => {
    await inFolder(async (folder) => {
      const image = makeImage({
        layers: [
          { tar: tar([{ name: 'a\u001b[31mred', content: 500 }]) },
          { tar: tar([{ name: '.wh.a\u001b[31mred', content: '' }]) },
        ],
      });
      const file = path.join(folder, 'image.tar');
      await writeFile(file, makeArchive([{ image, names: ['app:1'] }], 'docker-oci'));
      const ran = await plimsoll(['image', file, '--offline', '--no-cache']);
      expect(ran.status).toBe(0);
      expect(ran.out).toMatch(/^ +500 B +deleted +0 +1 +\/a\\x1b\[31mred$/m);
      expect(ran.out).not.toContain('\u001b');
    });
  });

  it('prints comma-separated values and Markdown', async () => {
    await inFolder(async (folder) => {
      const file = path.join(folder, 'image.tar');
      const image = makeImage({
        layers: [{ files: { 'a,"b"': 'x', '|c|': 'yy' } }, { files: { '.wh.a,"b"': '', '.wh.|c|': '' } }],
      });
      await writeFile(file, makeArchive([{ image, names: ['app:1'] }], 'docker-oci'));
      const csv = await plimsoll(['image', file, '--csv', '--offline', '--no-cache']);
      expect(csv.out.split('\r\n')).toEqual([
        'section,kind,path,bytes,entries,layer,byLayer,line',
        'layer,,,3,2,0,,',
        'layer,,,0,2,1,,',
        'waste,deleted,/|c|,2,,0,1,',
        'waste,deleted,"/a,""b""",1,,0,1,',
        '',
      ]);
      const markdown = await plimsoll(['image', file, '--markdown', '--offline', '--no-cache']);
      expect(markdown.out).toContain('| 2 B | deleted | 0 | 1 | /\\|c\\| |');
    });
  });

  it.each<[args: string[], status: number, err: RegExp]>([
    [['image', './nosuch.tar'], 2, /nosuch\.tar does not exist/],
    // No registry is asked for what is an archive to everybody.
    [['image', 'nosuch.tar'], 2, /nosuch\.tar does not exist/],
    [['image', 'nosuch:1', '--offline'], 3, /neither engine nor registry may be asked/],
    [['image', 'UP per'], 2, /no reference/],
    [['image', '.', '--top', 'x'], 2, /number of rows/],
    [['image', '.', '--csv', '--json'], 2, /cannot be used with/],
    [['image', '.', '--csv', '--markdown'], 2, /cannot be used with/],
    [['image', '.', '--dockerfile', 'nowhere'], 2, /nowhere cannot be read: there is no such file/],
    [['image', '.', '--dockerfile', '.'], 2, /\. cannot be read: it is a folder/],
    [['diff', '.', '.', '--csv', '--json'], 2, /cannot be used with/],
    [['image'], 2, /source/],
  ])('%j ends with %i', async (args, status, err) => {
    const ran = await plimsoll(args);
    expect(ran).toMatchObject({ status, out: '' });
    expect(ran.err).toMatch(err);
  });
});
