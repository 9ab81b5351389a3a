import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { Bases } from '../../helpers/builtFixes/bases.ts';
import { buildIn, checkFix } from '../../helpers/builtFixes/builtFix.ts';
import { packageIndex } from '../../helpers/builtFixes/packageIndex.ts';
import { writeProjects } from '../../helpers/builtFixes/projects.ts';
import { big, systemFixes } from '../../helpers/builtFixes/system.ts';
import { toolFixes } from '../../helpers/builtFixes/tools.ts';
import { makeBareDebian, makeDebian } from '../../helpers/debianImage.ts';
import { docker } from '../../helpers/dockerClient.ts';
import { startEngine, type TestEngine } from '../../helpers/engine.ts';
import { tarOf } from '../../helpers/ociImage.ts';
import { temporaryFolder, type TemporaryFolder } from '../../helpers/temporaryFolder.ts';

describe('a fix leaves an image that does the same and is smaller', () => {
  let server: TestEngine;
  let folder: TemporaryFolder;
  let bases: Bases;

  beforeAll(async () => {
    server = await startEngine();
    folder = await temporaryFolder();
    const context = path.join(folder.path, 'context');
    mkdirSync(context);
    const data = randomBytes(big);
    writeFileSync(path.join(context, 'data.bin'), data);
    writeFileSync(path.join(context, 'data.tar'), tarOf({ 'data.bin': data }));
    writeFileSync(path.join(context, 'start.sh'), '#!/bin/sh\necho started\n');
    packageIndex(path.join(context, 'index'));
    writeProjects(context);
    await makeDebian(server, 'bookworm');
    await makeBareDebian(server, 'bullseye', 'debian:11');
    bases = new Bases(server, folder.path);
    await buildIn(
      server,
      folder.path,
      'debian:12',
      'FROM debian:bookworm\nRUN apt-get update && apt-get install -y --no-install-recommends curl && rm -rf /var/lib/apt/lists/*\n',
    );
    await buildIn(
      server,
      folder.path,
      'debian:12-slim',
      'FROM debian:12\nRUN rm -rf /usr/share/doc /usr/share/man /usr/share/locale\n',
    );
    // One layer, as an image that is published slim has it.
    const flat = (await docker(server, ['create', 'debian:12-slim', 'true'])).trim();
    await docker(server, ['export', '-o', path.join(folder.path, 'slim.tar'), flat]);
    await docker(server, ['rm', flat]);
    await docker(server, ['import', path.join(folder.path, 'slim.tar'), 'debian:12-slim']);
  });

  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
  });

  test.each([...systemFixes, ...toolFixes])('$rule', { timeout: 600_000 }, async (fix) => {
    await bases.provide(fix.dockerfile);
    await checkFix(server, folder.path, fix);
  });
});
