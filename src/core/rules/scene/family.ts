import type { Stage } from '../../dockerfile/model.ts';
import type { Scene } from './scene.ts';

/**
 * Which stages are built on which. A question that rules ask of all stages below or above one is answered for every stage
 * at once, in one pass: in a chain of a thousand stages each would else ask nearly all the others.
 */
export class Family {
  readonly #scenes: readonly Scene[];
  /** The stage that each is built on; -1 where that is none of the file’s. */
  readonly #parents: readonly number[];
  readonly #below = new Map<unknown, readonly boolean[]>();
  readonly #above = new Map<unknown, readonly boolean[]>();

  constructor(scenes: readonly Scene[], stages: readonly Stage[]) {
    this.#scenes = scenes;
    // A stage that is built on a later one, or on itself, is an error of the file.
    this.#parents = stages.map(({ base, index }) => (base.kind === 'stage' && base.stage < index ? base.stage : -1));
  }

  below({ stage }: Scene): Scene | undefined {
    return this.#scenes[this.#parents[stage.index]!];
  }

  /** The stages that are built on one, directly or not, in order. */
  above({ stage }: Scene): readonly Scene[] {
    const within = new Set([stage.index]);
    return this.#scenes.filter(({ stage: { index } }) => {
      const isAbove = within.has(this.#parents[index]!);
      if (isAbove) within.add(index);
      return isAbove;
    });
  }

  /** True if a question holds for a stage below. `key` is what the question is known by: the same for every stage. */
  anyBelow({ stage }: Scene, key: unknown, holds: (scene: Scene) => boolean): boolean {
    let known = this.#below.get(key);
    if (!known) {
      const found: boolean[] = [];
      this.#parents.forEach((parent, index) => {
        found[index] = parent >= 0 && (found[parent]! || holds(this.#scenes[parent]!));
      });
      this.#below.set(key, (known = found));
    }
    return known[stage.index]!;
  }

  /** True if a question holds for a stage above. */
  anyAbove({ stage }: Scene, key: unknown, holds: (scene: Scene) => boolean): boolean {
    let known = this.#above.get(key);
    if (!known) {
      const found = this.#parents.map(() => false);
      for (let index = found.length - 1; index >= 0; index--) {
        const parent = this.#parents[index]!;
        if (parent >= 0 && !found[parent]) found[parent] = found[index]! || holds(this.#scenes[index]!);
      }
      this.#above.set(key, (known = found));
    }
    return known[stage.index]!;
  }
}
