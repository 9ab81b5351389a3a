import { EntryKind } from '../../core/image/layerIndex.ts';
import { type StackedTree, treePath } from '../../core/image/stackedTree.ts';
import { baseName, type FileSystem } from '../../core/program/fileSystem.ts';
import { stackedFiles } from '../../core/program/stackedFiles.ts';
import type { EngineConnection } from '../engine/connection.ts';
import { readMember } from '../engine/imageExport.ts';
import { SourceError } from '../error.ts';

/** No program is larger than this. Bytes. */
const largest = 2 ** 30;

/**
 * The final file system of an image of the engine: its shape by its layers, its contents from a container that was made of
 * it and never starts. One file costs one request, where an export would cost the image each time.
 */
export function containerFiles(connection: EngineConnection, container: string, tree: StackedTree): FileSystem {
  return stackedFiles(tree, async ({ layer, entry }, signal) => {
    const wanted = tree.entryBase[layer]! + entry;
    const node = tree.content.findIndex((content, at) => content === wanted && tree.kind[at] === EntryKind.file);
    const size = tree.layers[layer]?.size[entry] ?? 0;
    const path = treePath(tree, node);
    if (size > largest) throw new SourceError('unsupported', `${path} is too large to be read.`);
    const route = `/containers/${container}/archive`;
    const stream = await connection.stream({ method: 'GET', route, query: { path } }, signal);
    const bytes = await readMember(stream, baseName(path), 0, size);
    if (bytes?.length !== size) {
      throw new SourceError('truncated', `The engine does not give ${path} as its layer has it.`);
    }
    return bytes;
  });
}
