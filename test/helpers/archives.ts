import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { digestOf, type Blob, type MadeImage } from './ociImage.ts';
import { tar, type Member } from './tar.ts';

/**
 * Image archives and layout folders in every dialect, made of the images of `ociImage.ts` without any tool:
 * - `docker-legacy`: as `docker save` before 25: `<id>/layer.tar`, a repeated layer as a symbolic link, `manifest.json`.
 * - `docker-flat`: as Podman and skopeo: `<diff id>.tar`, and links to it at the legacy names.
 * - `docker-oci`: as `docker save` since 25: blobs, `index.json` and `manifest.json` beside each other.
 * - `oci`: an OCI layout in a tar.
 */
export const archiveDialects = ['docker-legacy', 'docker-flat', 'docker-oci', 'oci'] as const;
export type ArchiveDialect = (typeof archiveDialects)[number];

export const wholeCompressions = ['none', 'gzip', 'zstd'] as const;
export type WholeCompression = (typeof wholeCompressions)[number];

export interface NamedImage {
  readonly image: MadeImage;
  readonly names?: readonly string[];
}

export function makeArchive(
  images: readonly NamedImage[],
  dialect: ArchiveDialect,
  whole: WholeCompression = 'none',
): Uint8Array {
  return compressWhole(tar(archiveMembers(images, dialect)), whole);
}

export function compressWhole(archive: Uint8Array, whole: WholeCompression): Uint8Array {
  return { none: () => archive, gzip: () => gzipSync(archive), zstd: () => zstdCompressSync(archive) }[whole]();
}

/** The members in the order in which the tools write them: the lists come last. */
export function archiveMembers(images: readonly NamedImage[], dialect: ArchiveDialect): Member[] {
  switch (dialect) {
    case 'docker-legacy':
      return legacyMembers(images);
    case 'docker-flat':
      return flatMembers(images);
    case 'docker-oci':
      return [
        ...blobMembers(images),
        member('index.json', indexOf(images, 'docker')),
        member(
          'manifest.json',
          savedList(images, blobPath, (image) => blobPath(image.config.digest)),
        ),
        member('oci-layout', { imageLayoutVersion: '1.0.0' }),
      ];
    case 'oci':
      return [
        ...blobMembers(images),
        member('index.json', indexOf(images, 'oci')),
        member('oci-layout', { imageLayoutVersion: '1.0.0' }),
      ];
  }
}

/** Writes an OCI layout folder: the members of `oci` as files, and what else is given. */
export async function writeLayout(
  folder: string,
  images: readonly NamedImage[],
  more: readonly Member[] = [],
): Promise<string> {
  for (const { name, content } of [...archiveMembers(images, 'oci'), ...more]) {
    if (typeof name !== 'string' || typeof content === 'number') throw new TypeError('a layout holds named files');
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    if (!name.endsWith('/')) await writeFile(file, content ?? '');
  }
  return folder;
}

/** A member with JSON as its content. */
export function member(name: string, json: unknown): Member {
  return { name, content: JSON.stringify(json) };
}

export function blobPath(digest: string): string {
  return `blobs/${digest.replace(':', '/')}`;
}

function legacyMembers(images: readonly NamedImage[]): Member[] {
  const members: Member[] = [];
  const firstPlace = new Map<string, string>();
  const placesOf = images.map(({ image }, number) =>
    image.layers.map((layer, at) => {
      const folder = hexOf(digestOf(Buffer.from(`${number} ${at} ${layer.diffId}`)));
      members.push({ name: `${folder}/` });
      members.push({ name: `${folder}/VERSION`, content: '1.0' });
      members.push(member(`${folder}/json`, { id: folder }));
      const first = firstPlace.get(layer.digest);
      const name = `${folder}/layer.tar`;
      if (first === undefined) members.push({ name, content: layer.bytes });
      else members.push({ name, type: '2', link: `../${first}` });
      firstPlace.set(layer.digest, first ?? name);
      return name;
    }),
  );
  for (const { image } of images)
    members.push({ name: `${hexOf(image.config.digest)}.json`, content: image.config.bytes });
  const list = images.map(({ image, names }, number) => ({
    Config: `${hexOf(image.config.digest)}.json`,
    RepoTags: names ?? null,
    Layers: placesOf[number],
  }));
  return [...members, member('manifest.json', list), member('repositories', {})];
}

function flatMembers(images: readonly NamedImage[]): Member[] {
  const layers = unique(images.flatMap(({ image }) => image.layers));
  return [
    ...layers.map((layer): Member => ({ name: `${hexOf(layer.diffId)}.tar`, content: layer.bytes })),
    ...layers.map((layer): Member => ({
      name: `${hexOf(layer.digest)}/layer.tar`,
      type: '2',
      link: `../${hexOf(layer.diffId)}.tar`,
    })),
    ...images.map(({ image }): Member => ({ name: `${hexOf(image.config.digest)}.json`, content: image.config.bytes })),
    member(
      'manifest.json',
      savedList(
        images,
        (_, diffId) => `${hexOf(diffId)}.tar`,
        (image) => `${hexOf(image.config.digest)}.json`,
      ),
    ),
  ];
}

function blobMembers(images: readonly NamedImage[]): Member[] {
  const blobs = unique(images.flatMap(({ image }) => [...image.layers, image.config, image.manifest]));
  return [
    { name: 'blobs/' },
    { name: 'blobs/sha256/' },
    ...blobs.map(({ digest, bytes }): Member => ({ name: blobPath(digest), content: bytes })),
  ];
}

function indexOf(images: readonly NamedImage[], style: 'docker' | 'oci'): unknown {
  const manifests = images.flatMap(({ image, names }) =>
    (names ?? [undefined]).map((name) => {
      const [os, architecture, variant] = image.platform.split('/');
      return {
        mediaType: image.manifest.mediaType,
        digest: image.manifest.digest,
        size: image.manifest.bytes.length,
        platform: { os, architecture, ...(variant === undefined ? {} : { variant }) },
        ...(name === undefined ? {} : { annotations: nameAnnotations(name, style) }),
      };
    }),
  );
  return { schemaVersion: 2, mediaType: 'application/vnd.oci.image.index.v1+json', manifests };
}

/** Docker writes the full name beside its bare tag, skopeo and Podman the name as it was given. */
function nameAnnotations(name: string, style: 'docker' | 'oci'): Record<string, string> {
  if (style === 'oci') return { 'org.opencontainers.image.ref.name': name };
  const tag = name.slice(name.lastIndexOf(':') + 1);
  return { 'io.containerd.image.name': `docker.io/library/${name}`, 'org.opencontainers.image.ref.name': tag };
}

function savedList(
  images: readonly NamedImage[],
  layerName: (digest: string, diffId: string) => string,
  configName: (image: MadeImage) => string,
): unknown {
  return images.map(({ image, names }) => ({
    Config: configName(image),
    RepoTags: names ?? null,
    Layers: image.layers.map((layer) => layerName(layer.digest, layer.diffId)),
  }));
}

function unique<T extends Blob>(blobs: readonly T[]): T[] {
  return [...new Map(blobs.map((blob) => [blob.digest, blob])).values()];
}

function hexOf(digest: string): string {
  return digest.slice(digest.indexOf(':') + 1);
}
