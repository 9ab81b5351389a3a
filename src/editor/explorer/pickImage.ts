import { QuickPickItemKind, type QuickPickItem, Uri, window } from 'vscode';
import { parseReference } from '../../core/base/reference.ts';
import { formatBytes } from '../../core/size.ts';
import type { ImagePlace } from '../../protocol/explorer.ts';
import type { Engine } from '../../sources/engine/engine.ts';
import { type LocalImage, localImages } from '../../sources/engine/localImages.ts';
import { isSourceError } from '../../sources/error.ts';
import type { ImageChoice } from '../../sources/image/choose.ts';
import { imageKindAt } from '../../sources/image/openImage.ts';
import {
  allFilesFilter,
  archiveDetail,
  archiveFilter,
  archiveItem,
  chooseInArchive,
  elsewhereHeading,
  engineHeading,
  layoutItem,
  noEngineImages,
  notAnImage,
  notAskedHere,
  pickPlaceholder,
  referenceDetail,
  referenceItem,
  searchingEngine,
} from './wording.ts';

/** An image of the engine as a list shows it. */
export interface ImageItem extends QuickPickItem {
  readonly choose: () => Promise<ImagePlace | undefined>;
}

/**
 * Has the user choose an image: one that the engine has, a reference that is typed, an archive, a layout folder. The list is there
 * at once; what the engine has is added when it has answered. Undefined where nothing was chosen.
 *
 * @param engine absent where it may not be asked.
 */
export function pickImage(title: string, engine: Engine | undefined): Promise<ImagePlace | undefined> {
  const pick = window.createQuickPick<ImageItem>();
  const stop = new AbortController();
  const elsewhere = elsewhereItems();
  let found: ImageItem[] = [];
  const show = (): void => {
    pick.items = [...typedItems(pick.value, found), ...found, ...elsewhere];
  };
  pick.title = title;
  pick.placeholder = pickPlaceholder();
  pick.matchOnDescription = true;
  pick.matchOnDetail = true;
  return new Promise<ImagePlace | undefined>((resolve, reject) => {
    pick.onDidChangeValue(show);
    pick.onDidAccept(() => {
      const [item] = pick.selectedItems;
      if (item === undefined) return;
      // Dialogs take the focus, and a list that loses it is gone: it must not answer for them.
      item.choose().then(resolve, reject);
      pick.hide();
    });
    pick.onDidHide(() => {
      stop.abort();
      if (pick.selectedItems.length === 0) resolve(undefined);
      pick.dispose();
    });
    if (engine === undefined) {
      found = [note(notAskedHere())];
    } else {
      pick.busy = true;
      found = [note(searchingEngine())];
      void engineItems(engine, stop.signal).then((items) => {
        if (stop.signal.aborted) return;
        found = items;
        pick.busy = false;
        show();
      });
    }
    show();
    pick.show();
  });
}

/** The engine's images; a note where it has none, or cannot be asked. */
async function engineItems(engine: Engine, signal: AbortSignal): Promise<ImageItem[]> {
  try {
    const images = await localImages(engine, signal);
    if (images.length === 0) return [note(noEngineImages())];
    return [heading(engineHeading()), ...images.flatMap((image) => imageItems(image))];
  } catch (error) {
    return [note(isSourceError(error) ? error.message : String(error))];
  }
}

/** An item for each name of an image. */
export function imageItems({ imageId, names, bytes, created }: LocalImage, detail?: string): ImageItem[] {
  const day = created === undefined ? '' : new Date(created * 1000).toISOString().slice(0, 10);
  const id = imageId.replace('sha256:', '').slice(0, 12);
  const description = [bytes === undefined ? '' : formatBytes(bytes), day, id]
    .filter((part) => part !== '')
    .join('  ·  ');
  return (names.length > 0 ? names : [imageId]).map((reference) => ({
    label: names.length > 0 ? reference : id,
    description,
    ...(detail === undefined ? {} : { detail }),
    choose: () => Promise.resolve({ kind: 'reference', reference, source: 'engine' }),
  }));
}

/** What is typed, where it is a reference that the list does not have. */
function typedItems(value: string, found: readonly ImageItem[]): ImageItem[] {
  const reference = value.trim();
  if (reference === '' || found.some(({ label }) => label === reference) || 'problem' in parseReference(reference))
    return [];
  return [
    {
      label: referenceItem(reference),
      description: referenceDetail(),
      alwaysShow: true,
      choose: () => Promise.resolve({ kind: 'reference', reference }),
    },
  ];
}

function elsewhereItems(): ImageItem[] {
  return [
    heading(elsewhereHeading()),
    { label: `$(file-zip) ${archiveItem()}`, description: archiveDetail(), alwaysShow: true, choose: chooseArchive },
    { label: `$(folder) ${layoutItem()}`, alwaysShow: true, choose: chooseLayout },
  ];
}

async function chooseArchive(): Promise<ImagePlace | undefined> {
  const [chosen] =
    (await window.showOpenDialog({
      filters: { [archiveFilter()]: ['tar', 'gz', 'tgz', 'zst'], [allFilesFilter()]: ['*'] },
    })) ?? [];
  return chosen && placeOfFile(chosen);
}

async function chooseLayout(): Promise<ImagePlace | undefined> {
  const [chosen] = (await window.showOpenDialog({ canSelectFolders: true, canSelectFiles: false })) ?? [];
  return chosen && placeOfFile(chosen);
}

/** The image in a file or folder, by what is in it; says so and answers undefined where there is none. */
export async function placeOfFile(uri: Uri): Promise<ImagePlace | undefined> {
  // The file that marks a layout stands for its folder.
  const place = /\/(?:oci-layout|index\.json)$/.test(uri.path) ? Uri.joinPath(uri, '..') : uri;
  const kind = uri.scheme === 'file' ? await imageKindAt(place.fsPath) : undefined;
  // A compressed archive shows only when it is read that it is one.
  const isCompressed = kind === undefined && /\.(?:gz|tgz|zst)$/.test(place.path);
  if (kind === undefined && !isCompressed) {
    void window.showWarningMessage(notAnImage());
    return undefined;
  }
  return { kind: kind ?? 'archive', uri: place.toString() };
}

/** Which of the images of an archive is meant. */
export async function chooseInside(choices: readonly ImageChoice[]): Promise<ImageChoice | undefined> {
  const items = choices.map((choice) => ({
    label: choice.reference ?? choice.imageId,
    description: choice.platform ?? '',
    choice,
  }));
  // The panel that has just been opened takes the focus; the question stays.
  return (await window.showQuickPick(items, { title: chooseInArchive(), ignoreFocusOut: true }))?.choice;
}

function heading(label: string): ImageItem {
  return { label, kind: QuickPickItemKind.Separator, choose: () => Promise.resolve(undefined) };
}

function note(label: string): ImageItem {
  return { label: `$(info) ${label}`, alwaysShow: true, choose: () => Promise.resolve(undefined) };
}
