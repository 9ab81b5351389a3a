import type { ImageProblem } from './image.ts';

/** A million damaged members are not a million messages. */
const LIMIT = 100;

/** The problems of one layer or image, as many of them as a reader can use. */
export class ProblemList {
  readonly #problems: ImageProblem[] = [];
  #count = 0;

  add(code: string, message: string, layer?: number): void {
    this.#count++;
    if (this.#count > LIMIT) return;
    this.#problems.push({ code, message, ...(layer === undefined ? {} : { layer }) });
  }

  /** The problems in the order in which they came; the last one says how many are not listed. */
  finish(): ImageProblem[] {
    const more = this.#count - this.#problems.length;
    if (more === 0) return [...this.#problems];
    return [...this.#problems, { code: 'limit', message: `${more} more problems are not listed.` }];
  }
}
