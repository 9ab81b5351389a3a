import {
  type Disposable,
  ProgressLocation,
  type QuickPickItem,
  Uri,
  type WebviewPanel,
  window,
  workspace,
} from 'vscode';
import { formatReference } from '../../core/base/reference.ts';
import { matchScore } from '../../core/image/dockerfileMatch.ts';
import type { ImageInfo } from '../../core/image/image.ts';
import type { ImagePlace } from '../../protocol/explorer.ts';
import type { Engine } from '../../sources/engine/engine.ts';
import { imagesByHistory, type ScoredImage } from '../../sources/engine/localImages.ts';
import { isSourceError } from '../../sources/error.ts';
import type { DockerfileDocuments } from '../documents.ts';
import { abortOn } from './abortOn.ts';
import { placeOfTreeItem } from './containerItem.ts';
import { Explorers } from './explorers.ts';
import { readPlace } from './imagePlaces.ts';
import { imageItems, placeOfFile } from './pickImage.ts';
import {
  builtTitle,
  fitsBy,
  noDockerfile,
  noneBuilt,
  notAskedHere,
  pickFirstTitle,
  pickSecondTitle,
  pickTitle,
  searchingBuilt,
} from './wording.ts';
import type { Guard } from '../guard.ts';
import { isDockerfile } from '../selector.ts';
import type { SizeSources } from '../sizeSources.ts';
import type { StageBases } from '../stageBases.ts';
import { chosenStage, readTarget } from '../commands/target.ts';

/** What the explorer needs of the house. */
export interface ExploreServices {
  /** The extension's folder. */
  readonly extension: Uri;
  readonly bases: StageBases;
  readonly documents: DockerfileDocuments;
  readonly sources: SizeSources;
  readonly guard: Guard;
}

/** The ways into the explorer: from a Dockerfile, the palette, files, and the image tree of another extension. */
export class Entrances implements Disposable {
  readonly #services: ExploreServices;
  readonly #explorers: Explorers;

  constructor(services: ExploreServices) {
    this.#services = services;
    this.#explorers = new Explorers(services.extension, services.sources, services.documents, services.guard);
  }

  /** The base of a stage, a place as another extension may name it, or whatever the user chooses. */
  async exploreImage(argument: unknown): Promise<void> {
    const place = readTarget(argument)
      ? await baseOf(argument, this.#services.bases)
      : (readPlace(argument) ?? (await this.#explorers.pick(pickTitle())));
    if (place !== undefined) this.#explorers.open(place, activeDockerfile());
  }

  /** An archive, or the folder of an OCI layout. */
  async exploreArchive(argument: unknown): Promise<void> {
    const place = argument instanceof Uri ? await placeOfFile(argument) : await this.#explorers.pick(pickTitle());
    if (place !== undefined) this.#explorers.open(place, activeDockerfile());
  }

  /** An item of the image tree of the Container Tools extension, or of its forerunner's. */
  async exploreContainerImage(argument: unknown): Promise<void> {
    const place = placeOfTreeItem(argument) ?? (await this.#explorers.pick(pickTitle()));
    if (place !== undefined) this.#explorers.open(place, activeDockerfile());
  }

  /** Two images that the user chooses one after the other. */
  async compareImages(): Promise<void> {
    const first = await this.#explorers.pick(pickFirstTitle());
    const second = first && (await this.#explorers.pick(pickSecondTitle()));
    if (first !== undefined && second !== undefined) await this.#explorers.open(first).compareWith(second);
  }

  /** Two that are selected: archives in the explorer of files, or items of an image tree. */
  async compareSelected(selected: unknown): Promise<void> {
    const items: readonly unknown[] = Array.isArray(selected) ? selected : [];
    const [first, second] = await Promise.all(items.slice(0, 2).map(placeOfItem));
    if (first !== undefined && second !== undefined) await this.#explorers.open(first).compareWith(second);
  }

  /** The image that was built from a Dockerfile, found among the engine's by its history. */
  async exploreBuiltImage(argument: unknown): Promise<void> {
    const uri = argument instanceof Uri ? argument : activeDockerfile();
    if (uri === undefined) return void window.showInformationMessage(noDockerfile());
    const { engine } = this.#services.sources.images;
    if (engine === undefined) return void window.showInformationMessage(notAskedHere());
    const model = this.#services.documents.get(await workspace.openTextDocument(uri));
    const name = uri.path.replace(/^.*\//, '');
    const found = await searchBuilt(engine, name, (info) => matchScore(info, model));
    if (found === undefined) return;
    const fitting = found.filter(({ score }) => score >= leastScore);
    if (fitting.length === 0) return void window.showInformationMessage(noneBuilt(name));
    const place = await chooseBuilt(fitting);
    if (place !== undefined) this.#explorers.open(place, uri);
  }

  /** A panel of before a reload. */
  restore(panel: WebviewPanel, state: unknown): Promise<void> {
    return this.#explorers.restore(panel, state);
  }

  dispose(): void {
    this.#explorers.dispose();
  }
}

async function placeOfItem(item: unknown): Promise<ImagePlace | undefined> {
  return item instanceof Uri ? placeOfFile(item) : placeOfTreeItem(item);
}

/** The base of the stage that a lens or a menu is about. */
async function baseOf(argument: unknown, bases: StageBases): Promise<ImagePlace | undefined> {
  const view = (await chosenStage(bases, argument))?.view;
  if (view?.kind !== 'image') return undefined;
  return { kind: 'reference', reference: formatReference(view.reference), platform: view.platform };
}

/** The engine's images by how well they fit, with progress; undefined where the search was cancelled or failed. */
async function searchBuilt(
  engine: Engine,
  name: string,
  score: (info: ImageInfo) => number,
): Promise<ScoredImage[] | undefined> {
  const options = { location: ProgressLocation.Notification, title: searchingBuilt(name), cancellable: true };
  return window.withProgress(options, async (_, token) => {
    using stop = abortOn(token);
    try {
      return await imagesByHistory(engine, score, stop.signal);
    } catch (error) {
      if (stop.signal.aborted) return undefined;
      if (!isSourceError(error)) throw error;
      void window.showErrorMessage(error.message);
      return undefined;
    }
  });
}

/** Below this an image has no more than a base in common with a file. */
const leastScore = 0.5;

/** The one image that fits, or the user's choice of several that fit as well. */
async function chooseBuilt(images: readonly ScoredImage[]): Promise<ImagePlace | undefined> {
  const [best, next] = images;
  if (next === undefined || best!.score > next.score) return imageItems(best!)[0]!.choose();
  const items: (QuickPickItem & { readonly choose: () => Promise<ImagePlace | undefined> })[] = images.flatMap(
    (image) => imageItems(image, fitsBy(image.score)),
  );
  return (await window.showQuickPick(items, { title: builtTitle() }))?.choose();
}

function activeDockerfile(): Uri | undefined {
  const document = window.activeTextEditor?.document;
  return document !== undefined && isDockerfile(document) ? document.uri : undefined;
}
