import { EventEmitter, type Memento, type Uri } from 'vscode';

const key = 'linkedImages';

/** The images that the user has linked to Dockerfiles of this workspace, by name, so that one built anew stays linked. */
export class ImageLinks {
  readonly #memory: Memento;
  readonly #changed = new EventEmitter<void>();

  readonly onDidChange = this.#changed.event;

  constructor(memory: Memento) {
    this.#memory = memory;
  }

  /** The name of the image, or the id of one that has none. */
  of(uri: Uri): string | undefined {
    return this.#all()[uri.toString()];
  }

  /** Takes the link away where `image` is undefined. */
  async set(uri: Uri, image: string | undefined): Promise<void> {
    const others = Object.entries(this.#all()).filter(([other]) => other !== uri.toString());
    await this.#memory.update(
      key,
      Object.fromEntries([...others, ...(image === undefined ? [] : [[uri.toString(), image] as const])]),
    );
    this.#changed.fire();
  }

  dispose(): void {
    this.#changed.dispose();
  }

  /** What an older version or a hand has left there may be of any form. */
  #all(): Readonly<Record<string, string>> {
    const kept = this.#memory.get<unknown>(key);
    if (typeof kept !== 'object' || kept === null) return {};
    return Object.fromEntries(
      Object.entries(kept).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
    );
  }
}
