import type { Platform } from '../base/baseSize.ts';
import type { Instruction } from '../dockerfile/model.ts';
import type { Size, SizeSum } from '../size.ts';
import type { Answers } from './refactoring.ts';

/** What is the same for all refactorings of a file. */
export interface RefactorOptions {
  /** For stages without `--platform`. */
  readonly platform: Platform;
  /** `YYYY-MM-DD`: what is past its end of life then is not chosen. */
  readonly today: string;
  readonly answers: Answers;
  /** What the final image weighs now, and what an instruction adds, as far as it is known. */
  readonly finalSize?: SizeSum | undefined;
  readonly weight?: (instruction: Instruction) => Size | undefined;
  /** The bytes at or below an absolute path of the image that was built from the file; undefined where there is none. */
  readonly bytesAt?: (path: string) => number | undefined;
}
