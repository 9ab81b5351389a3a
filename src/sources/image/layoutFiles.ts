import { stat } from 'node:fs/promises';
import path from 'node:path';
import { isFileError } from './fileError.ts';
import type { FileRange, ImageFiles } from './files.ts';
import { LayerError } from './layerError.ts';
import { cleanName } from './names.ts';
import { readDocument, storedLayer } from './storedLayer.ts';

/**
 * The files of an OCI layout folder. Names come from digests and stay inside; links that the user's own tools made are
 * followed (Bazel's layouts consist of them).
 */
export function layoutFiles(folder: string, signal: AbortSignal): ImageFiles {
  const range = async (name: string): Promise<FileRange | undefined> => {
    const clean = cleanName(name);
    if (clean === undefined) return undefined;
    const file = path.join(folder, clean);
    try {
      const found = await stat(file);
      // A device or a pipe would be read for ever.
      return found.isFile() ? { path: file, start: 0, length: found.size } : undefined;
    } catch (error) {
      if (!isFileError(error)) throw error;
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
      throw new LayerError('unreadable', `${file} cannot be read (${error.code}).`, { cause: error });
    }
  };
  return {
    path: folder,
    readDocument: async (name) => {
      const found = await range(name);
      return found && readDocument(name, found, signal);
    },
    layer: async (name) => {
      const found = await range(name);
      if (found === undefined) {
        throw new LayerError('missing-layer', `A layer is missing in ${folder}: ${name} is not there.`);
      }
      return storedLayer(found.path, found, signal);
    },
    has: async (name) => (await range(name)) !== undefined,
  };
}
