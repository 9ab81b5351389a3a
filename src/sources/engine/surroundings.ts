import { access, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import type { Files, Surroundings } from './candidates.ts';

/** This machine. `env` is the environment of the process unless another is given. */
export function thisMachine(env: NodeJS.ProcessEnv = process.env): Surroundings {
  return { env, home: homedir(), platform: process.platform, files };
}

const files: Files = {
  readText: (file) =>
    readFile(file, 'utf8').then(
      (text) => text,
      // Missing or not ours to read: either way it says nothing about engines.
      () => undefined,
    ),
  exists: (file) =>
    access(file).then(
      () => true,
      () => false,
    ),
};
