import { convertToMultistage } from '../../src/core/refactor/multistage/convert.ts';
import type { Proposal } from '../../src/core/refactor/refactoring.ts';
import type { Consumer } from '../../src/core/refactor/project.ts';
import { applyEdits } from '../../src/core/text.ts';
import { dockerfileOf, type Files, projectOf, refactorOptions } from './refactorProject.ts';
import { gist } from './refactorCorpus.ts';

/** A Dockerfile by its lines with what is beside it. */
export interface Conversion {
  readonly lines: readonly string[];
  readonly files?: Files;
  readonly answers?: Readonly<Record<string, string>>;
  readonly consumers?: readonly Consumer[];
}

/** What becomes of it: `converted`, `asked port`, `refused browser`. */
export function outcomeOf(conversion: Conversion): string {
  return gist(converted(conversion));
}

/** The converted Dockerfile, and the proposal that it comes from. Throws where it is refused or asked about. */
export function proposed(conversion: Conversion): { readonly text: string; readonly proposal: Proposal } {
  const result = converted(conversion);
  if (result.kind !== 'proposal') throw new Error(`${gist(result)}: ${JSON.stringify(result)}`);
  return { text: applyEdits(dockerfileOf(...conversion.lines).text, result.edits), proposal: result };
}

function converted({ lines, files = {}, answers = {}, consumers = [] }: Conversion) {
  return convertToMultistage(dockerfileOf(...lines), projectOf(files, consumers), refactorOptions(answers));
}
