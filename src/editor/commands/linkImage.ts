import {
  commands,
  Disposable,
  type QuickPickItem,
  QuickPickItemKind,
  type TextDocument,
  Uri,
  window,
  workspace,
} from 'vscode';
import { matchScore } from '../../core/image/dockerfileMatch.ts';
import { formatBytes } from '../../core/size.ts';
import type { Engine } from '../../sources/engine/engine.ts';
import { imagesByHistory, type ScoredImage } from '../../sources/engine/localImages.ts';
import { isSourceError } from '../../sources/error.ts';
import type { DockerfileDocuments } from '../documents.ts';
import type { Guard } from '../guard.ts';
import { isDockerfile } from '../selector.ts';
import type { SizeSources } from '../sizeSources.ts';
import { composeNames } from '../weighing/composeNames.ts';
import type { DocumentWeights } from '../weighing/documentWeights.ts';
import type { ImageLinks } from '../weighing/imageLinks.ts';
import {
  fitDescription,
  linkedDescription,
  linkTitle,
  namedDescription,
  noEngineToLink,
  noImagesToLink,
  noLinkHere,
  unlinkLabel,
} from '../weighing/wording.ts';

const linkCommand = 'plimsoll.linkImage';
const unlinkCommand = 'plimsoll.unlinkImage';

export interface LinkImageDeps {
  readonly documents: DockerfileDocuments;
  readonly weights: DocumentWeights;
  readonly links: ImageLinks;
  readonly sources: Pick<SizeSources, 'images'>;
  readonly guard: Guard;
}

interface ImageItem extends QuickPickItem {
  /** What is linked; undefined takes the link away. */
  readonly image?: string;
}

/** The user says which of the engine's images was built from a Dockerfile, where the history alone does not tell. */
export function registerLinkImage({ documents, weights, links, sources, guard }: LinkImageDeps): Disposable {
  return Disposable.from(
    commands.registerCommand(linkCommand, (argument: unknown) =>
      guard.runAsync('link image', async () => {
        const document = await dockerfileOf(argument);
        if (document === undefined) return void window.setStatusBarMessage(noLinkHere(), 5000);
        const { engine } = sources.images;
        const images = engine && (await imagesFor(engine, document, documents));
        if (images === undefined) return void window.showInformationMessage(noEngineToLink());
        if (images.length === 0) return void window.showInformationMessage(noImagesToLink());
        const items = itemsOf(
          images,
          await composeNames(document),
          links.of(document.uri),
          weights.of(document)?.image?.name,
        );
        const chosen = await window.showQuickPick(items, { title: linkTitle(), matchOnDescription: true });
        if (chosen !== undefined) await links.set(document.uri, chosen.image);
      }),
    ),
    commands.registerCommand(unlinkCommand, (argument: unknown) =>
      guard.runAsync('unlink image', async () => {
        const document = await dockerfileOf(argument);
        if (document === undefined) return void window.setStatusBarMessage(noLinkHere(), 5000);
        await links.set(document.uri, undefined);
      }),
    ),
  );
}

/** Those that fit best first; undefined where there is no engine that answers. */
async function imagesFor(
  engine: Engine,
  document: TextDocument,
  documents: DockerfileDocuments,
): Promise<readonly ScoredImage[] | undefined> {
  const dockerfile = documents.get(document);
  try {
    // One that does not fit at all may be chosen too: a squashed one has no history.
    return await imagesByHistory(engine, (info) => matchScore(info, dockerfile) + 1, new AbortController().signal);
  } catch (error) {
    if (isSourceError(error)) return undefined;
    throw error;
  }
}

function itemsOf(
  images: readonly ScoredImage[],
  names: readonly string[],
  linked: string | undefined,
  found: string | undefined,
): ImageItem[] {
  const items = images.map(({ names: own, imageId, bytes, score }): ImageItem & { readonly rank: number } => {
    const image = own[0] ?? imageId;
    const isNamed = own.some((name) => names.includes(name));
    const description = [
      ...(bytes === undefined ? [] : [formatBytes(bytes)]),
      ...(score > 1 ? [fitDescription(score - 1)] : []),
      ...(isNamed ? [namedDescription()] : []),
      ...(own.includes(linked ?? '') || imageId === linked ? [linkedDescription()] : []),
    ].join('  ·  ');
    const label = own[0] ?? imageId.slice(0, 19);
    return {
      label: `${label === found ? '$(check) ' : ''}${label}`,
      description,
      image,
      rank: score + (isNamed ? 1 : 0),
    };
  });
  const sorted: ImageItem[] = items.sort((a, b) => b.rank - a.rank);
  if (linked === undefined) return sorted;
  return [
    { label: `$(debug-disconnect) ${unlinkLabel(linked)}` },
    { label: '', kind: QuickPickItemKind.Separator },
    ...sorted,
  ];
}

/** The Dockerfile that a lens or a menu names, else the one in front. */
async function dockerfileOf(argument: unknown): Promise<TextDocument | undefined> {
  const uri = typeof argument === 'string' ? Uri.parse(argument) : argument instanceof Uri ? argument : undefined;
  const document = uri === undefined ? window.activeTextEditor?.document : await workspace.openTextDocument(uri);
  return document !== undefined && isDockerfile(document) ? document : undefined;
}
