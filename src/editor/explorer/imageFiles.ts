import {
  commands,
  Disposable as VsDisposable,
  EventEmitter,
  type TextDocumentContentProvider,
  Uri,
  window,
  workspace,
} from 'vscode';
import { type ShownContent, showContent, shownBytes } from '../../core/explorer/fileContent.ts';
import type { OpenImage } from '../../core/image/image.ts';
import type { EntryPlace } from '../../core/image/stackedTree.ts';
import type { ImagePlace } from '../../protocol/explorer.ts';
import { SourceError } from '../../sources/error.ts';
import { imageNotOpen, shownInPart, tooLargeToSave } from './wording.ts';

/** Files of images have addresses of their own: no file, and nothing that could be saved. */
export const imageScheme = 'plimsoll-image';
/** What is read into memory to be copied. */
const savedBytes = 1_000_000_000;

/** One content of one image. */
export interface ImageFile extends EntryPlace {
  /** The image's {@link placeId}. */
  readonly image: string;
  /** The path in the image under which it was asked for. */
  readonly path: string;
  readonly bytes: number;
}

/** The part of an address that says which content is meant; its path is the file's, so that the editor knows its language. */
type Address = Pick<ImageFile, 'layer' | 'entry' | 'bytes'>;

/**
 * The files of images as read-only documents. A text is shown as it is, a binary as the beginning of its hex dump; what was read
 * is kept as long as its document is open. An image that no panel has open takes the way to its files with it.
 */
export class ImageFiles implements TextDocumentContentProvider, VsDisposable {
  readonly #find: (image: string) => OpenImage | undefined;
  readonly #read = new Map<string, Promise<ShownContent>>();
  readonly #changed = new EventEmitter<Uri>();
  readonly #life = new AbortController();
  readonly #subscriptions: VsDisposable;
  readonly onDidChange = this.#changed.event;

  /** @param find an image that some panel has open, by its {@link placeId}. */
  constructor(find: (image: string) => OpenImage | undefined) {
    this.#find = find;
    this.#subscriptions = VsDisposable.from(
      workspace.registerTextDocumentContentProvider(imageScheme, this),
      workspace.onDidCloseTextDocument(({ uri }) => this.#read.delete(uri.toString())),
      this.#changed,
    );
  }

  /** An image has been opened: documents that were restored before it was get their content now. */
  refresh(image: string): void {
    for (const { uri } of workspace.textDocuments) {
      if (uri.scheme === imageScheme && uri.authority === image) this.#changed.fire(uri);
    }
  }

  async provideTextDocumentContent(uri: Uri): Promise<string> {
    const file = fileAt(uri);
    if (file === undefined || this.#find(file.image) === undefined) return imageNotOpen();
    return (await this.#content(uri, file)).text;
  }

  /** Opens a file beside nothing else: as a preview, like the explorer of files does. Throws what reading throws. */
  async open(file: ImageFile): Promise<void> {
    const { uri, shown } = await this.#resolve(file);
    await window.showTextDocument(await workspace.openTextDocument(uri), { preview: true });
    if (shown.bytes < file.bytes) window.setStatusBarMessage(shownInPart(shown.bytes, file.bytes), 10_000);
  }

  /** Shows how two files differ. Throws what reading throws. */
  async diff(first: ImageFile, second: ImageFile, title: string): Promise<void> {
    const [a, b] = await Promise.all([this.#resolve(first), this.#resolve(second)]);
    await commands.executeCommand('vscode.diff', a.uri, b.uri, title, { preview: true });
  }

  /** Writes a copy of a file. Throws what reading and writing throw. */
  async save(file: ImageFile, target: Uri, signal: AbortSignal): Promise<void> {
    if (file.bytes > savedBytes) throw new SourceError('unsupported', tooLargeToSave(savedBytes));
    await workspace.fs.writeFile(target, await this.#readFile(file, file.bytes, signal));
  }

  dispose(): void {
    this.#life.abort(new SourceError('unavailable', imageNotOpen()));
    this.#subscriptions.dispose();
    this.#read.clear();
  }

  /** Reads a file and finds its address: a binary's ends in `.hex`, so that nothing takes its dump for a picture. */
  async #resolve(file: ImageFile): Promise<{ readonly uri: Uri; readonly shown: ShownContent }> {
    const uri = addressOf(file, '');
    const shown = await this.#content(uri, file);
    if (shown.kind === 'text') return { uri, shown };
    const dump = addressOf(file, '.hex');
    this.#read.set(dump.toString(), Promise.resolve(shown));
    this.#read.delete(uri.toString());
    return { uri: dump, shown };
  }

  #content(uri: Uri, file: ImageFile): Promise<ShownContent> {
    const key = uri.toString();
    const known = this.#read.get(key);
    if (known !== undefined) return known;
    const reading = this.#readFile(file, Math.min(file.bytes, shownBytes), this.#life.signal).then(showContent);
    this.#read.set(key, reading);
    // What failed may be tried again.
    reading.catch(() => this.#read.delete(key));
    return reading;
  }

  async #readFile(file: ImageFile, limit: number, signal: AbortSignal): Promise<Uint8Array> {
    const image = this.#find(file.image);
    if (image === undefined) throw new SourceError('unavailable', imageNotOpen());
    return image.readFile(file.layer, file.entry, limit, signal);
  }
}

function addressOf({ image, path, layer, entry, bytes }: ImageFile, ending: string): Uri {
  const address: Address = { layer, entry, bytes };
  return Uri.from({ scheme: imageScheme, authority: image, path: path + ending, query: JSON.stringify(address) });
}

/** The file of an address, which anybody may have written. */
function fileAt(uri: Uri): ImageFile | undefined {
  try {
    const { layer, entry, bytes } = JSON.parse(uri.query) as Partial<Record<keyof Address, unknown>>;
    const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
    if (!isCount(layer) || !isCount(entry) || !isCount(bytes)) return undefined;
    return { image: uri.authority, layer, entry, bytes, path: uri.path };
  } catch {
    return undefined; // No address of ours.
  }
}

/** A name for an image by its place: the same after a reload, so that files that were open find their image again. */
export function placeId(place: ImagePlace): string {
  // FNV-1a, 64 bits: http://www.isthe.com/chongo/tech/comp/fnv/
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(JSON.stringify(place))) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  }
  return hash.toString(16).padStart(16, '0');
}
