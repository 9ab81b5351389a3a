import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { Bases } from '../../helpers/builtFixes/bases.ts';
import { checkFix } from '../../helpers/builtFixes/builtFix.ts';
import { packageIndex } from '../../helpers/builtFixes/packageIndex.ts';
import { writeProjects } from '../../helpers/builtFixes/projects.ts';
import { big, systemFixes } from '../../helpers/builtFixes/system.ts';
import { toolFixes } from '../../helpers/builtFixes/tools.ts';
import { makeBareDebian } from '../../helpers/debianImage.ts';
import type { TestEngine } from '../../helpers/engine.ts';
import { tarOf } from '../../helpers/ociImage.ts';
import { suiteEngine } from '../../helpers/suiteEngine.ts';
import { temporaryFolder, type TemporaryFolder } from '../../helpers/temporaryFolder.ts';

describe('a fix leaves an image that does the same and is smaller', () => {
  let server: TestEngine;
  let folder: TemporaryFolder;
  let bases: Bases;

  beforeAll(async () => {
    server = await suiteEngine();
    folder = await temporaryFolder();
    const context = path.join(folder.path, 'context');
    mkdirSync(context);
    const data = randomBytes(big);
    writeFileSync(path.join(context, 'data.bin'), data);
    writeFileSync(path.join(context, 'data.tar'), tarOf({ 'data.bin': data }));
    writeFileSync(path.join(context, 'start.sh'), '#!/bin/sh\necho started\n');
    packageIndex(path.join(context, 'index'));
    writeProjects(context);
    await makeBareDebian(server, 'bullseye', 'debian:11');
    bases = new Bases(server, folder.path);
    await bases.provide('FROM debian:12-slim\n');
  });

  afterAll(() => folder[Symbol.asyncDispose]());

  test.each([...systemFixes, ...toolFixes])('$rule', { timeout: 600_000 }, async (fix) => {
    await bases.provide(fix.dockerfile);
    await checkFix(server, folder.path, fix);
  });
});
