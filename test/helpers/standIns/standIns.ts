import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { parseDockerfile } from '../../../src/core/dockerfile/parse.ts';
import { makeDebian } from '../debianImage.ts';
import { docker } from '../dockerClient.ts';
import { buildImage, type TestEngine } from '../engine.ts';
import { distributions } from './distributions.ts';
import { distroless } from './distroless.ts';
import { languages } from './languages.ts';
import { nodeClients, type Recipe } from './recipe.ts';
import { wantedOf } from './reference.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { servers } from './servers.ts';

const recipes: Readonly<Record<string, Recipe>> = { ...distributions, ...distroless, ...languages, ...servers };

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
      // Everything else is built with the engine's cache, which makes nothing twice; this has no recipe to be cached by.
      if (!(await this.#has(reference))) await makeDebian(this.#engine, wanted.release);
      return;
    }
    const recipe = recipes[wanted.repository]?.(wanted);
    if (recipe === undefined) throw new Error(`there is no stand-in for ${reference}`);
    await this.provideFor(recipe);
    await buildImage(this.#engine, reference, recipe, wanted.repository === 'node' ? await packNodeClients() : {});
  }

  async #has(reference: string): Promise<boolean> {
    return (await docker(this.#engine, ['image', 'ls', '--quiet', reference])).trim() !== '';
  }
}

/** The archives of the clients, as `<name>.tgz`. */
async function packNodeClients(): Promise<Readonly<Record<string, Uint8Array>>> {
  await using folder = await temporaryFolder();
  const wanted = Object.entries(nodeClients).map(([name, version]) => `${name}@${version}`);
  await promisify(execFile)('npm', ['pack', '--silent', ...wanted], { cwd: folder.path });
  const names = await readdir(folder.path);
  const archives = names.map(async (file): Promise<[string, Uint8Array]> => {
    return [`${file.slice(0, file.lastIndexOf('-'))}.tgz`, await readFile(path.join(folder.path, file))];
  });
  return Object.fromEntries(await Promise.all(archives));
}
