import type { Platform } from '../base/baseSize.ts';
import type { Dockerfile, Instruction } from '../dockerfile/model.ts';
import type { BaseNeeds } from '../program/needs.ts';
import type { Size, SizeSum } from '../size.ts';
import type { Answers } from './refactoring.ts';

/** What is the same for all refactorings of a file. */
export interface RefactorOptions {
  /** For stages without `--platform`. */
  readonly platform: Platform;
  /** `YYYY-MM-DD`: what is past its end of life then is not chosen. */
  readonly today: string;
  readonly answers: Answers;
  /** The index of the stage whose base is in question, where that is not the final one. */
  readonly stage?: number;
  /** What the final image weighs now, where its base is known; and what an instruction adds. */
  readonly finalSize?: SizeSum | undefined;
  readonly weight?: (instruction: Instruction) => Size | undefined;
  /** The bytes at or below an absolute path of the image that was built from the file; undefined where there is none. */
  readonly bytesAt?: (path: string) => number | undefined;
  /** Reads a changed text with the options that the Dockerfile was parsed with; absent for the platform alone. */
  readonly parse?: (text: string) => Dockerfile;
  /** What the start command of the image that was built from this very text uses; undefined where nobody has looked. */
  readonly needs?: () => BaseNeeds | undefined;
}
