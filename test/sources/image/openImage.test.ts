import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll } from 'vitest';
import { indexInProcess } from '../../../src/sources/image/inProcess.ts';
import type { Indexing } from '../../../src/sources/image/jobs.ts';
import { openArchive, openLayout } from '../../../src/sources/image/openImage.ts';
import { indexInWorkers } from '../../../src/sources/image/workerIndexing.ts';
import {
  archiveDialects,
  makeArchive,
  wholeCompressions,
  writeLayout,
  type ArchiveDialect,
  type WholeCompression,
} from '../../helpers/archives.ts';
import type { Compression } from '../../helpers/ociImage.ts';
import { temporaryFolder } from '../../helpers/temporaryFolder.ts';
import { contractImage, contractReference, type ContractSubject, imageContract } from './contract.ts';

const here = indexInProcess();
const workers = indexInWorkers(new URL('../../../src/sources/image/worker.ts', import.meta.url));
afterAll(() => workers[Symbol.asyncDispose]());

const layerCompressions: readonly Compression[] = ['none', 'gzip-members', 'zstd'];

for (const dialect of archiveDialects) {
  for (const whole of wholeCompressions) {
    for (const compression of layerCompressions) archiveContract(dialect, compression, whole, here, 'in process');
  }
}
for (const whole of wholeCompressions) {
  for (const compression of layerCompressions) archiveContract('docker-oci', compression, whole, workers, 'in workers');
}
for (const compression of layerCompressions) {
  layoutContract(compression, here, 'in process');
  layoutContract(compression, workers, 'in workers');
}

function archiveContract(
  dialect: ArchiveDialect,
  compression: Compression,
  whole: WholeCompression,
  indexing: Indexing,
  where: string,
): void {
  imageContract(`${dialect}, ${compression} layers, archive ${whole}, ${where}`, async () => {
    const folder = await temporaryFolder();
    const file = path.join(folder.path, 'any-name');
    await writeFile(
      file,
      makeArchive([{ image: contractImage(compression), names: [contractReference] }], dialect, whole),
    );
    return subject(folder, () => openArchive(file, { indexing, signal: new AbortController().signal }));
  });
}

function layoutContract(compression: Compression, indexing: Indexing, where: string): void {
  imageContract(`layout folder, ${compression} layers, ${where}`, async () => {
    const folder = await temporaryFolder();
    await writeLayout(folder.path, [{ image: contractImage(compression), names: [contractReference] }]);
    return subject(folder, () => openLayout(folder.path, { indexing, signal: new AbortController().signal }));
  });
}

function subject(folder: AsyncDisposable, open: ContractSubject['open']): ContractSubject {
  return { open, [Symbol.asyncDispose]: () => Promise.resolve(folder[Symbol.asyncDispose]()) };
}
