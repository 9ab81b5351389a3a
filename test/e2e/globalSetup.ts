import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { buildVsix } from '../tools/vsix.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The extension, packed: a file. */
    readonly vsix: string;
  }
}

/** Before any file of the suite: builds the extension, once, or takes the package that `PLIMSOLL_VSIX` names. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env.PLIMSOLL_VSIX;
  const folder = await mkdtemp(path.join(os.tmpdir(), 'plimsoll-vsix-'));
  const vsix = given ?? path.join(folder, 'plimsoll.vsix');
  if (given === undefined) buildVsix(vsix);
  project.provide('vsix', vsix);
  return () => rm(folder, { recursive: true, force: true });
}
