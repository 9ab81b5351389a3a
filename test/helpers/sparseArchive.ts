import { createHash } from 'node:crypto';
import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import type { MadeLayer } from './explorerImage.ts';
import { memberBlocks } from './tar.ts';

/** Bytes of a tar's unit. */
const block = 512;

/**
 * Writes a `docker save` archive of a made-up image. Contents are holes, so that hundreds of megabytes take a few kilobytes on
 * disk; headers are where they would be.
 */
export function writeSparseArchive(file: string, reference: string, layers: readonly MadeLayer[]): void {
  const archive = openSync(file, 'w');
  try {
    let position = 0;
    const write = (blocks: readonly Uint8Array[]): void => {
      for (const bytes of blocks) {
        writeSync(archive, bytes, 0, bytes.length, position);
        position += bytes.length;
      }
    };
    const named = layers.map((layer, at) => {
      const diffId = createHash('sha256').update(`${at} ${layer.createdBy}`).digest('hex');
      const blocks = layer.members.map((member) => ({
        header: memberBlocks(member),
        content: Math.ceil((member.size ?? 0) / block) * block,
      }));
      const length = blocks.reduce(
        (sum, { header, content }) => sum + content + header.reduce((bytes, { length: of }) => bytes + of, 0),
        2 * block,
      );
      return { diffId, name: `${diffId}/layer.tar`, blocks, length };
    });
    for (const { name, blocks, length } of named) {
      write(memberBlocks({ name, size: length }));
      const end = position + length;
      for (const { header, content } of blocks) {
        write(header);
        position += content;
      }
      position = end;
    }
    const config = {
      os: 'linux',
      architecture: 'amd64',
      config: { Cmd: ['node', 'dist/server.js'] },
      rootfs: { type: 'layers', diff_ids: named.map(({ diffId }) => `sha256:${diffId}`) },
      history: layers.map(({ createdBy }) => ({ created: '2026-05-04T10:00:00Z', created_by: createdBy })),
    };
    const manifest = [{ Config: 'config.json', RepoTags: [reference], Layers: named.map(({ name }) => name) }];
    write(memberBlocks({ name: 'config.json', content: JSON.stringify(config) }));
    write(memberBlocks({ name: 'manifest.json', content: JSON.stringify(manifest) }));
    ftruncateSync(archive, position + 2 * block);
  } finally {
    closeSync(archive);
  }
}
