import { execFile } from 'node:child_process';
import { readdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { parseDockerfile } from '../../../src/core/dockerfile/parse.ts';
import { makeDebian } from '../debianImage.ts';
import { docker } from '../dockerClient.ts';
import type { TestEngine } from '../engine.ts';
import { distributions } from './distributions.ts';
import { distroless } from './distroless.ts';
import { languages } from './languages.ts';
import { nodeClients, type Recipe } from './recipe.ts';
import { wantedOf } from './reference.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { servers } from './servers.ts';

const recipes: Readonly<Record<string, Recipe>> = { ...distributions, ...distroless, ...languages, ...servers };

/** Milliseconds that one image may take; several are made side by side. */
const patience = 1_500_000;

/**
 * Base images for real builds where none can be pulled: made from Debian's packages, tagged and configured like the real
 * ones. They are near the real ones in size, not equal. Made when they are asked for; an engine that is kept keeps them.
 */
export class StandIns {
  readonly #engine: TestEngine;
  readonly #made = new Map<string, Promise<void>>();

  constructor(engine: TestEngine) {
    this.#engine = engine;
  }

  /** Makes what a Dockerfile builds on. Throws where there is no stand-in for a base. */
  async provideFor(dockerfile: string): Promise<void> {
    for (const { base } of parseDockerfile(dockerfile).stages) {
      if (base.kind === 'image') await this.provide(base.reference);
      if (base.kind === 'unresolved') throw new Error(`nobody knows what ${base.text} is`);
    }
  }

  /** Makes one image. Throws where there is no stand-in for it. */
  provide(reference: string): Promise<void> {
    let made = this.#made.get(reference);
    if (made === undefined) {
      made = this.#make(reference);
      this.#made.set(reference, made);
    }
    return made;
  }

  async #make(reference: string): Promise<void> {
    const wanted = wantedOf(reference);
    if (wanted.repository === 'debian' && wanted.tag === wanted.release) {
      await makeDebian(this.#engine, wanted.release);
      return;
    }
    const recipe = recipes[wanted.repository]?.(wanted);
    if (recipe === undefined) throw new Error(`there is no stand-in for ${reference}`);
    await this.provideFor(recipe);
    await using context = await temporaryFolder();
    await writeFile(path.join(context.path, 'Dockerfile'), recipe);
    if (wanted.repository === 'node') await packNodeClients(context.path);
    // With BuildKit, which makes a step once for all tags that begin alike, those that are built at this moment too.
    const args = ['build', '--network=host', '--quiet', '--tag', reference, context.path];
    await docker(this.#engine, args, { DOCKER_BUILDKIT: '1' }, patience);
  }
}

/** Puts the archives of the clients into a build context, as `<name>.tgz`. */
async function packNodeClients(context: string): Promise<void> {
  const wanted = Object.entries(nodeClients).map(([name, version]) => `${name}@${version}`);
  await promisify(execFile)('npm', ['pack', '--silent', ...wanted], { cwd: context });
  for (const file of (await readdir(context)).filter((name) => name.endsWith('.tgz'))) {
    await rename(path.join(context, file), path.join(context, `${file.slice(0, file.lastIndexOf('-'))}.tgz`));
  }
}
