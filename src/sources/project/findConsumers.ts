import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { type BakeTarget, bakeBuilds, readBakeFile } from '../../core/refactor/consumers/bakeFile.ts';
import { readBuildCommands } from '../../core/refactor/consumers/buildCommands.ts';
import { type ComposeFile, composeConsumers, composeNames } from '../../core/refactor/consumers/composeConsumers.ts';
import { readComposeServices } from '../../core/refactor/consumers/composeServices.ts';
import {
  type ConsumerFileKind,
  consumerFileKind,
  consumerFolders,
  overlayFolders,
} from '../../core/refactor/consumers/consumerFile.ts';
import { readDevcontainerBuild } from '../../core/refactor/consumers/devcontainerConsumer.ts';
import { imageConsumers, type ImageUser } from '../../core/refactor/consumers/imageUser.ts';
import {
  ImageNamer,
  type PlacedKustomization,
  readKustomization,
} from '../../core/refactor/consumers/kustomization.ts';
import { readManifest } from '../../core/refactor/consumers/kubernetesManifests.ts';
import type { Consumer, PossibleConsumer, Project } from '../../core/refactor/project.ts';
import { readText } from './readText.ts';

/** Where a Dockerfile is and what is built with it. All absolute. */
export interface ProjectPlace {
  readonly dockerfile: string;
  readonly context: string;
  /** The outermost folder in which files that use the image are looked for: the workspace's, or the repository's. */
  readonly root: string;
}

/** A repository has fewer files that build or start images. */
const mostFiles = 200;

/**
 * The repository that a Dockerfile is in: the nearest folder above it with a `.git`. Where there is none, the folder that
 * holds the Dockerfile and its context both, if one holds the other, else the Dockerfile's.
 */
export function repositoryOf(dockerfile: string, context: string): string {
  for (let at = path.dirname(dockerfile); ; at = path.dirname(at)) {
    if (existsSync(path.join(at, '.git'))) return at;
    if (path.dirname(at) === at) break;
  }
  return isWithin(dockerfile, context) ? context : path.dirname(dockerfile);
}

/**
 * Who uses the image of a Dockerfile, as the Compose and bake files, development containers, pipelines and manifests of its
 * project say.
 *
 * @param inContext files of the context that may say so, relative to it
 */
export async function findConsumers(
  place: ProjectPlace,
  inContext: readonly string[],
  signal: AbortSignal,
): Promise<Pick<Project, 'consumers' | 'possible' | 'buildKit'>> {
  const { context, root } = place;
  const found = new Set([
    ...(await filesAround(place, signal)),
    ...inContext.map((name) => path.join(context, ...name.split('/'))),
  ]);
  const kinds = new Map([...found].map((file) => [file, consumerFileKind(file.replaceAll(path.sep, '/'))]));
  const reader = new ConsumerReader(place);
  let left = mostFiles;
  const read = async (file: string, kind: ConsumerFileKind): Promise<void> => {
    signal.throwIfAborted();
    if (left-- <= 0) return;
    const text = await readText(file, isWithin(file, root) ? root : context);
    if (text !== undefined) reader.read(file, kind, text);
  };
  // Of manifests there may be hundreds, and what builds or names an image comes before what starts it by its name.
  for (const [file, kind] of kinds) if (kind !== undefined && kind !== 'manifest') await read(file, kind);
  const manifests = [...kinds].filter(([, kind]) => kind === 'manifest').map(([file]) => file);
  // A kustomization names its manifests, whatever they are called; a folder among them is no text.
  const named = reader.resources.filter((file) => /\.ya?ml$/.test(file) && !kinds.has(file) && isWithin(file, root));
  for (const file of new Set([...manifests, ...named])) await read(file, 'manifest');
  return reader.result();
}

/** Gathers what the files of a project say; what starts images by their names is told apart when all names are known. */
class ConsumerReader {
  readonly #place: ProjectPlace;
  readonly #compose: ComposeFile[] = [];
  readonly #bake = new Map<string, BakeTarget[]>();
  readonly #consumers: Consumer[] = [];
  readonly #users: (ImageUser & { readonly path: string })[] = [];
  readonly #kustomizations: PlacedKustomization[] = [];
  readonly #templates: PossibleConsumer[] = [];
  readonly #ours: string[] = [];
  readonly #others: string[] = [];
  #buildKit = true;

  constructor(place: ProjectPlace) {
    this.#place = place;
  }

  read(file: string, kind: ConsumerFileKind, text: string): void {
    const { context, dockerfile, root } = this.#place;
    const folder = path.dirname(file);
    const name = path.relative(isWithin(file, root) ? root : context, file).replaceAll(path.sep, '/');
    switch (kind) {
      case 'compose':
        this.#compose.push({ folder, services: readComposeServices(name, text) });
        break;
      case 'bake':
        this.#bake.set(folder, [...(this.#bake.get(folder) ?? []), ...readBakeFile(name, text)]);
        break;
      case 'devcontainer': {
        const build = readDevcontainerBuild(name, text);
        if (build !== undefined && path.resolve(folder, build.dockerfile) === dockerfile)
          this.#consumers.push(build.consumer);
        break;
      }
      case 'commands':
        this.#readCommands(name, folder, text);
        break;
      case 'kustomization': {
        const { resources, components, images } = readKustomization(text);
        const resolved = (paths: readonly string[]): string[] => paths.map((each) => path.resolve(folder, each));
        const placed = { resources: resolved(resources), components: resolved(components) };
        this.#kustomizations.push({ folder, images, ...placed });
        break;
      }
      case 'manifest': {
        const { users, template } = readManifest(name, text);
        this.#users.push(...users.map((user) => ({ ...user, path: file })));
        if (template !== undefined) this.#templates.push(template);
      }
    }
  }

  /** What the kustomizations take up that were read; absolute. */
  get resources(): readonly string[] {
    return this.#kustomizations.flatMap(({ resources }) => resources);
  }

  result(): Pick<Project, 'consumers' | 'possible' | 'buildKit'> {
    for (const [folder, targets] of this.#bake) {
      for (const { context, dockerfile, tags, consumer } of bakeBuilds(targets)) {
        const isOurs = this.#isOurs(folder, path.join(context, dockerfile));
        if (isOurs) this.#consumers.push(consumer);
        (isOurs ? this.#ours : this.#others).push(...tags);
      }
    }
    const builds = (folder: string, build: { readonly context: string; readonly dockerfile: string }): boolean =>
      path.resolve(folder, build.context, build.dockerfile) === this.#place.dockerfile;
    const named = composeNames(this.#compose, builds);
    const namer = new ImageNamer(this.#kustomizations);
    const users = this.#users.map((user) => ({ ...user, names: namer.namesOf(user.path, user.image) }));
    const started = imageConsumers(users, {
      ours: [...named.ours, ...this.#ours],
      others: [...named.others, ...this.#others],
    });
    return {
      consumers: [...composeConsumers(this.#compose, builds), ...this.#consumers, ...started.consumers],
      possible: [...started.possible, ...this.#templates],
      buildKit: this.#buildKit,
    };
  }

  #readCommands(file: string, folder: string, text: string): void {
    const { withoutBuildKit, targets, images } = readBuildCommands(text);
    if (withoutBuildKit) this.#buildKit = false;
    for (const { target, line, dockerfile } of targets) {
      if (dockerfile === undefined || mayName(dockerfile, this.#place.dockerfile))
        this.#consumers.push({ file, line, name: 'build command', target, mounts: [] });
    }
    for (const { image, context, dockerfile = path.join(context, 'Dockerfile') } of images)
      (this.#isOurs(folder, dockerfile) ? this.#ours : this.#others).push(image);
  }

  /** Commands and bake run in their file's folder or in one above it: at the top of the package, or of the repository. */
  #isOurs(folder: string, named: string): boolean {
    for (let at = folder; ; at = path.dirname(at)) {
      if (path.resolve(at, named) === this.#place.dockerfile) return true;
      if (at === path.dirname(at) || !isWithin(path.dirname(at), this.#place.root)) return false;
    }
  }
}

/** The files beside the Dockerfile, beside its context and in the folders above them that may say who uses an image. */
async function filesAround({ dockerfile, context, root }: ProjectPlace, signal: AbortSignal): Promise<string[]> {
  const folders = new Set<string>();
  for (const start of [path.dirname(dockerfile), context]) {
    for (let at = start; isWithin(at, root) && !folders.has(at); at = path.dirname(at)) folders.add(at);
  }
  const found: string[] = [];
  for (const folder of folders) {
    const overlays: string[] = [];
    for (const below of overlayFolders)
      for (const name of await namesIn(path.join(folder, below))) overlays.push(`${below}/${name}`);
    for (const below of [...consumerFolders, ...overlays]) {
      signal.throwIfAborted();
      const at = path.join(folder, below);
      for (const name of await namesIn(at)) {
        const file = path.join(at, name);
        if (consumerFileKind(file.replaceAll(path.sep, '/')) !== undefined) found.push(file);
      }
    }
  }
  return found;
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch {
    return []; // Most projects lack most of these folders.
  }
}

/** A path in a command is relative to where that runs, which nobody knows: its last parts must be the Dockerfile's. */
function mayName(named: string, dockerfile: string): boolean {
  const parts = named.split(/[\\/]/).filter((part) => part !== '.' && part !== '..' && !/[$*{]/.test(part));
  return `/${dockerfile.replaceAll(path.sep, '/')}`.endsWith(`/${parts.join('/')}`);
}

function isWithin(file: string, folder: string): boolean {
  const relative = path.relative(folder, file);
  return relative === '' || (!relative.startsWith(`..${path.sep}`) && relative !== '..' && !path.isAbsolute(relative));
}
