import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { type BakeTarget, bakeBuilds, readBakeFile } from '../../core/refactor/consumers/bakeFile.ts';
import { readBuildCommands } from '../../core/refactor/consumers/buildCommands.ts';
import { type ComposeFile, composeConsumers, composeNames } from '../../core/refactor/consumers/composeConsumers.ts';
import { readComposeServices } from '../../core/refactor/consumers/composeServices.ts';
import { consumerFileKind, consumerFolders } from '../../core/refactor/consumers/consumerFile.ts';
import { readDevcontainerBuild } from '../../core/refactor/consumers/devcontainerConsumer.ts';
import { imageConsumers, type ImageUser } from '../../core/refactor/consumers/imageUser.ts';
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
  const { context, dockerfile, root } = place;
  const found = new Set([
    ...(await filesAround(place, signal)),
    ...inContext.map((name) => path.join(context, ...name.split('/'))),
  ]);
  const files = [...found].map((file) => ({ file, kind: consumerFileKind(file.replaceAll(path.sep, '/')) }));
  // Of manifests there may be hundreds, and what builds an image comes before what starts it by its name.
  const first = [
    ...files.filter(({ kind }) => kind !== 'manifest'),
    ...files.filter(({ kind }) => kind === 'manifest'),
  ];
  const compose: ComposeFile[] = [];
  const bake = new Map<string, BakeTarget[]>();
  const consumers: Consumer[] = [];
  const users: ImageUser[] = [];
  const templates: PossibleConsumer[] = [];
  const ours: string[] = [];
  const others: string[] = [];
  let buildKit = true;
  for (const { file, kind } of first.slice(0, mostFiles)) {
    signal.throwIfAborted();
    const text = await readText(file, isWithin(file, root) ? root : context);
    if (text === undefined) continue;
    const folder = path.dirname(file);
    const name = path.relative(isWithin(file, root) ? root : context, file).replaceAll(path.sep, '/');
    switch (kind) {
      case 'compose':
        compose.push({ folder, services: readComposeServices(name, text) });
        break;
      case 'bake':
        bake.set(folder, [...(bake.get(folder) ?? []), ...readBakeFile(name, text)]);
        break;
      case 'devcontainer': {
        const build = readDevcontainerBuild(name, text);
        if (build !== undefined && path.resolve(folder, build.dockerfile) === dockerfile)
          consumers.push(build.consumer);
        break;
      }
      case 'commands': {
        const { withoutBuildKit, targets, images } = readBuildCommands(text);
        if (withoutBuildKit) buildKit = false;
        for (const { target, line, dockerfile: named } of targets) {
          if (named === undefined || mayName(named, dockerfile))
            consumers.push({ file: name, line, name: 'build command', target, mounts: [] });
        }
        for (const { image, context: at, dockerfile: named } of images) {
          const isOurs = [folder, root].some(
            (from) => path.resolve(from, named ?? path.join(at, 'Dockerfile')) === dockerfile,
          );
          (isOurs ? ours : others).push(image);
        }
        break;
      }
      case 'manifest': {
        const { users: started, template } = readManifest(name, text);
        users.push(...started);
        if (template !== undefined) templates.push(template);
        break;
      }
      case undefined:
    }
  }
  for (const [folder, targets] of bake) {
    for (const build of bakeBuilds(targets)) {
      // Bake runs in its file's folder, or in the repository's with that file named.
      const isOurs = [folder, root].some((from) => path.resolve(from, build.context, build.dockerfile) === dockerfile);
      if (isOurs) consumers.push(build.consumer);
      (isOurs ? ours : others).push(...build.tags);
    }
  }
  const builds = (folder: string, build: { readonly context: string; readonly dockerfile: string }): boolean =>
    path.resolve(folder, build.context, build.dockerfile) === dockerfile;
  const named = composeNames(compose, builds);
  const started = imageConsumers(users, { ours: [...named.ours, ...ours], others: [...named.others, ...others] });
  return {
    consumers: [...composeConsumers(compose, builds), ...consumers, ...started.consumers],
    possible: [...started.possible, ...templates],
    buildKit,
  };
}

/** The files beside the Dockerfile, beside its context and in the folders above them that may say who uses an image. */
async function filesAround({ dockerfile, context, root }: ProjectPlace, signal: AbortSignal): Promise<string[]> {
  const folders = new Set<string>();
  for (const start of [path.dirname(dockerfile), context]) {
    for (let at = start; isWithin(at, root) && !folders.has(at); at = path.dirname(at)) folders.add(at);
  }
  const found: string[] = [];
  for (const folder of folders) {
    for (const below of consumerFolders) {
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
