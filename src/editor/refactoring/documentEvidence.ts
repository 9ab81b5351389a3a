import { type TextDocument, workspace } from 'vscode';
import { isBuiltFrom } from '../../core/estimate/builtFrom.ts';
import { type OfferedEvidence, offerEvidence } from '../../core/refactor/builtEvidence.ts';
import type { Engine } from '../../sources/engine/engine.ts';
import type { BuiltImageReader } from '../../sources/prove/builtImageReader.ts';
import type { WeighedDocument } from '../weighing/documentWeights.ts';

type Weighed = Pick<WeighedDocument, 'dockerfile' | 'image'>;

export interface EvidenceDeps {
  readonly reader: Pick<BuiltImageReader, 'known' | 'read'>;
  /** Who may be asked at this moment. */
  readonly engine: () => Engine | undefined;
}

/** What the images that were built from open Dockerfiles tell refactorings. */
export class DocumentEvidence {
  readonly #deps: EvidenceDeps;
  /** When a version of a document was written to disk: milliseconds since 1970. */
  readonly #written = new WeakMap<TextDocument, { readonly version: number; readonly at: number }>();
  /** Images that could not be read, by their ids. */
  readonly #silent = new Set<string>();

  constructor(deps: EvidenceDeps) {
    this.#deps = deps;
  }

  /** What is known now; undefined where there is no image, or nobody may look into it. Asks nobody. */
  of(document: TextDocument, { dockerfile, image }: Weighed): OfferedEvidence | undefined {
    if (image === undefined || this.#deps.engine() === undefined || this.#silent.has(image.info.imageId)) {
      return undefined;
    }
    const written = this.#written.get(document);
    const at = written?.version === document.version ? written.at : undefined;
    const isOfThisText = !document.isDirty && isBuiltFrom(image.info, dockerfile, at ?? 0);
    // Before it is known when the file was written it is not known either what the image says of it.
    const isOpen = isOfThisText && at === undefined;
    return offerEvidence(isOpen ? undefined : this.#deps.reader.known(image.info.imageId), image.name, isOfThisText);
  }

  /** Looks into the image of a document; true where something is known afterwards. Throws only the signal's reason. */
  async ask(document: TextDocument, { image }: Weighed, signal: AbortSignal): Promise<boolean> {
    const engine = this.#deps.engine();
    if (image === undefined || engine === undefined) return false;
    const { imageId } = image.info;
    const [found] = await Promise.all([this.#deps.reader.read(engine, imageId, signal), this.#seeWritten(document)]);
    if (found === undefined) this.#silent.add(imageId);
    return found !== undefined;
  }

  /** The engine is another one, or there again: what could not be read may be readable. */
  retry(): void {
    this.#silent.clear();
  }

  async #seeWritten(document: TextDocument): Promise<void> {
    const { version } = document;
    const at = await writtenAt(document);
    // What is typed and not saved has been written by nobody.
    if (!document.isDirty && document.version === version) this.#written.set(document, { version, at });
  }
}

/** A document without a file is newer than any image. */
async function writtenAt({ uri }: TextDocument): Promise<number> {
  try {
    return (await workspace.fs.stat(uri)).mtime;
  } catch {
    return Infinity; // Untitled, or deleted meanwhile.
  }
}
