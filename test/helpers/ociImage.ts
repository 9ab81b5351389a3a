import { createHash, randomBytes } from 'node:crypto';
import { gzipSync, zstdCompressSync } from 'node:zlib';

/**
 * Images made in memory: tars, compressed layers, configs, manifests, indexes. Nothing here touches disk or network;
 * `registry.ts` pushes what is made here, unit tests hand it to scripted servers.
 */

export type Compression =
  | 'gzip' // one member, as nearly every builder writes
  | 'gzip-members' // several members end to end: the trailer holds the length of the last one only
  | 'estargz' // a member per entry, a table of contents and the 51-byte footer, as lazily pulled layers have
  | 'zstd' // one frame whose header holds the content size
  | 'zstd-unsized' // one frame that does not, as a streaming compressor writes
  | 'none';

export interface LayerSpec {
  /** Path to content. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  /** A file `blob` of this many random bytes, which do not compress. */
  readonly randomBytes?: number;
  /** A tar of one's own, instead of `files` and `randomBytes`. */
  readonly tar?: Uint8Array;
  /** Default: gzip. */
  readonly compression?: Compression;
  readonly annotations?: Readonly<Record<string, string>>;
  /** Default: by compression and the image's `types`. */
  readonly mediaType?: string;
}

export interface ImageSpec {
  /** Default `linux/amd64`. */
  readonly platform?: string;
  readonly layers: readonly LayerSpec[];
  /** Default `oci`. */
  readonly types?: 'oci' | 'docker';
  /** Merged into the config: `{ config: { Cmd: ['/bin/sh'] }, history: [...] }`. */
  readonly config?: Readonly<Record<string, unknown>>;
}

export interface Blob {
  readonly digest: string;
  readonly bytes: Uint8Array;
}

export interface MadeLayer extends Blob {
  readonly diffId: string;
  readonly tar: Uint8Array;
  readonly mediaType: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface MadeImage {
  readonly platform: string;
  readonly layers: readonly MadeLayer[];
  readonly config: Blob;
  readonly manifest: Blob & { readonly mediaType: string };
  /** Sum of the compressed layers. */
  readonly downloadBytes: number;
  /** Sum of the tars. */
  readonly onDiskBytes: number;
}

export interface MadeIndex extends Blob {
  readonly mediaType: string;
}

export function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

export function makeImage(spec: ImageSpec): MadeImage {
  const platform = spec.platform ?? 'linux/amd64';
  const [os, architecture, variant] = platform.split('/');
  const docker = spec.types === 'docker';
  const layers = spec.layers.map((layer) => makeLayer(layer, docker));
  const config = jsonBlob({
    os,
    architecture,
    ...(variant === undefined ? {} : { variant }),
    rootfs: { type: 'layers', diff_ids: layers.map((layer) => layer.diffId) },
    config: {},
    ...spec.config,
  });
  const mediaType = docker
    ? 'application/vnd.docker.distribution.manifest.v2+json'
    : 'application/vnd.oci.image.manifest.v1+json';
  const manifest = jsonBlob({
    schemaVersion: 2,
    mediaType,
    config: {
      mediaType: docker ? 'application/vnd.docker.container.image.v1+json' : 'application/vnd.oci.image.config.v1+json',
      digest: config.digest,
      size: config.bytes.length,
    },
    layers: layers.map((layer) => ({
      mediaType: layer.mediaType,
      digest: layer.digest,
      size: layer.bytes.length,
      ...(layer.annotations === undefined ? {} : { annotations: layer.annotations }),
    })),
  });
  return {
    platform,
    layers,
    config,
    manifest: { ...manifest, mediaType },
    downloadBytes: layers.reduce((sum, layer) => sum + layer.bytes.length, 0),
    onDiskBytes: layers.reduce((sum, layer) => sum + layer.tar.length, 0),
  };
}

/** An index over images, in the order given. */
export function makeIndex(images: readonly MadeImage[]): MadeIndex {
  const mediaType = 'application/vnd.oci.image.index.v1+json';
  const manifests = images.map((image) => {
    const [os, architecture, variant] = image.platform.split('/');
    return {
      mediaType: image.manifest.mediaType,
      digest: image.manifest.digest,
      size: image.manifest.bytes.length,
      platform: { os, architecture, ...(variant === undefined ? {} : { variant }) },
      ...(os === 'unknown' ? { annotations: { 'vnd.docker.reference.type': 'attestation-manifest' } } : {}),
    };
  });
  return { ...jsonBlob({ schemaVersion: 2, mediaType, manifests }), mediaType };
}

/** What BuildKit puts beside an image in its index: provenance, in the shape of an image for no platform. */
export function makeAttestation(): MadeImage {
  return makeImage({
    platform: 'unknown/unknown',
    layers: [{ tar: Buffer.from('{"_type":"x"}'), compression: 'none', mediaType: 'application/vnd.in-toto+json' }],
  });
}

export function makeLayer(spec: LayerSpec, docker = false): MadeLayer {
  const tar =
    spec.tar ??
    tarOf({ ...spec.files, ...(spec.randomBytes === undefined ? {} : { blob: randomBytes(spec.randomBytes) }) });
  const compression = spec.compression ?? 'gzip';
  const bytes = compress(tar, compression);
  return {
    digest: digestOf(bytes),
    bytes,
    diffId: digestOf(tar),
    tar,
    mediaType: spec.mediaType ?? layerType(compression, docker),
    ...(spec.annotations === undefined ? {} : { annotations: spec.annotations }),
  };
}

/** A ustar archive of regular files, in the order given, ended by two empty blocks. */
export function tarOf(files: Readonly<Record<string, string | Uint8Array>>): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const [path, content] of Object.entries(files)) parts.push(tarEntry(path, Buffer.from(content)));
  return Buffer.concat([...parts, Buffer.alloc(1024)]);
}

function tarEntry(path: string, content: Uint8Array): Uint8Array {
  const header = Buffer.alloc(512);
  header.write(path, 0, 100);
  header.write('0000644\0', 100);
  header.write('0000000\0', 108);
  header.write('0000000\0', 116);
  header.write(`${content.length.toString(8).padStart(11, '0')}\0`, 124);
  header.write('00000000000\0', 136);
  header.write('        ', 148);
  header.write('0', 156);
  header.write('ustar\x0000', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return Buffer.concat([header, content, Buffer.alloc((512 - (content.length % 512)) % 512)]);
}

function compress(tar: Uint8Array, compression: Compression): Uint8Array {
  switch (compression) {
    case 'none':
      return tar;
    case 'gzip':
      return gzipSync(tar);
    case 'gzip-members': {
      const middle = Math.floor(tar.length / 1024) * 512;
      return Buffer.concat([gzipSync(tar.subarray(0, middle)), gzipSync(tar.subarray(middle))]);
    }
    case 'estargz':
      return estargz(tar);
    case 'zstd':
      return zstdCompressSync(tar);
    case 'zstd-unsized': {
      // A frame with a window descriptor, no content size, and one raw block (RFC 8878, section 3.1.1).
      const block = Buffer.alloc(3);
      block.writeUIntLE((tar.length << 3) | 1, 0, 3);
      return Buffer.concat([Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58]), block, tar]);
    }
  }
}

/** Members for the head, the rest and the table of contents, then the footer: an empty member that says where the table is. */
function estargz(tar: Uint8Array): Uint8Array {
  const members = [
    gzipSync(tar.subarray(0, 512)),
    gzipSync(tar.subarray(512)),
    gzipSync(tarOf({ 'stargz.index.json': '{"version":1,"entries":[]}' })),
  ];
  const tocOffset = members[0]!.length + members[1]!.length;
  const extra = Buffer.from(`SG\x16\x00${tocOffset.toString(16).padStart(16, '0')}STARGZ`, 'latin1');
  const footer = Buffer.concat([
    Buffer.from([0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 0xff, extra.length, 0]),
    extra,
    Buffer.from([1, 0, 0, 0xff, 0xff]),
    Buffer.alloc(8),
  ]);
  return Buffer.concat([...members, footer]);
}

function layerType(compression: Compression, docker: boolean): string {
  if (compression.startsWith('zstd')) return 'application/vnd.oci.image.layer.v1.tar+zstd';
  if (compression === 'none') {
    return docker ? 'application/vnd.docker.image.rootfs.diff.tar' : 'application/vnd.oci.image.layer.v1.tar';
  }
  return docker ? 'application/vnd.docker.image.rootfs.diff.tar.gzip' : 'application/vnd.oci.image.layer.v1.tar+gzip';
}

function jsonBlob(value: unknown): Blob {
  const bytes = Buffer.from(JSON.stringify(value));
  return { digest: digestOf(bytes), bytes };
}
