import { execFile } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { request, type IncomingMessage } from 'node:http';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { createGzip } from 'node:zlib';
import { indexInProcess } from '../../../src/sources/image/inProcess.ts';
import { openArchive, openLayout } from '../../../src/sources/image/openImage.ts';
import { makeArchive } from '../../helpers/archives.ts';
import { loadImage, startEngine, type TestEngine } from '../../helpers/engine.ts';
import { temporaryFolder } from '../../helpers/temporaryFolder.ts';
import { contractImage, contractReference, imageContract } from './contract.ts';

// Archives and layouts as the tools themselves write them: docker, podman and skopeo.

const run = promisify(execFile);
const images = [{ image: contractImage(), names: [contractReference] }];

/** Makes an archive or a folder in `folder` and gives back its path. */
type Maker = (folder: string) => Promise<string>;

function toolContract(title: string, kind: 'archive' | 'layout', make: Maker): void {
  imageContract(title, async () => {
    const folder = await temporaryFolder();
    const made = await make(folder.path);
    const open = kind === 'archive' ? openArchive : openLayout;
    const options = { indexing: indexInProcess(), signal: new AbortController().signal };
    return { open: () => open(made, options), [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() };
  });
}

/** An archive made by hand, which the tools read and write anew. */
async function input(folder: string): Promise<string> {
  const file = path.join(folder, 'input.tar');
  await writeFile(file, makeArchive(images, 'docker-legacy'));
  return file;
}

for (const [title, zip] of [
  ['docker save', false],
  ['docker save | gzip', true],
] as const) {
  toolContract(title, 'archive', async (folder) => {
    await using engine = await startEngine();
    await loadImage(engine, makeArchive(images, 'docker-legacy'));
    const file = path.join(folder, 'saved');
    const saved = await save(engine);
    await (zip ? pipeline(saved, createGzip(), createWriteStream(file)) : pipeline(saved, createWriteStream(file)));
    return file;
  });
}

function save(engine: TestEngine): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath: engine.socket, path: `/images/${contractReference}/get` }, resolve);
    asked.once('error', reject);
    asked.end();
  });
}

for (const [format, kind] of [
  ['docker-archive', 'archive'],
  ['oci-archive', 'archive'],
  ['oci-dir', 'layout'],
] as const) {
  toolContract(`podman save --format ${format}`, kind, async (folder) => {
    const storage = [
      '--root',
      path.join(folder, 'root'),
      '--runroot',
      path.join(folder, 'run'),
      '--storage-driver',
      'vfs',
    ];
    await run('podman', [...storage, 'load', '--input', await input(folder)]);
    const output = path.join(folder, 'saved');
    await run('podman', [...storage, 'save', '--format', format, '--output', output, contractReference]);
    return output;
  });
}

for (const [destination, kind, compression] of [
  ['docker-archive', 'archive', undefined],
  ['oci-archive', 'archive', undefined],
  ['oci-archive', 'archive', 'zstd'],
  ['oci-archive', 'archive', 'zstd:chunked'],
  ['oci', 'layout', 'gzip'],
  ['oci', 'layout', 'zstd'],
] as const) {
  toolContract(`skopeo copy to ${destination}, ${compression ?? 'as it does by itself'}`, kind, async (folder) => {
    const output = path.join(folder, 'copied');
    const compress = compression === undefined ? [] : ['--dest-compress', '--dest-compress-format', compression];
    const from = `docker-archive:${await input(folder)}`;
    await run('skopeo', [
      'copy',
      '--insecure-policy',
      ...compress,
      from,
      `${destination}:${output}:${contractReference}`,
    ]);
    return output;
  });
}
