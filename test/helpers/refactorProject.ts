import { parseDockerfile } from '../../src/core/dockerfile/parse.ts';
import type { Dockerfile } from '../../src/core/dockerfile/model.ts';
import type { RefactorOptions } from '../../src/core/refactor/options.ts';
import type { FileText } from '../../src/core/refactor/refactoring.ts';
import { type Consumer, LoadedProject } from '../../src/core/refactor/project.ts';

export type Files = Readonly<Record<string, string>>;

/** A build context of files with their texts, all of them loaded. */
export function projectOf(
  files: Files = {},
  consumers: readonly Consumer[] = [],
  more: { readonly ignoreFile?: FileText; readonly complete?: boolean } = {},
): LoadedProject {
  const known = Object.entries(files).map(([path, text]) => ({ path, bytes: text.length }));
  return new LoadedProject(known, new Map(Object.entries(files)), { consumers, ...more });
}

/** Options of the day for which the catalogue was made. */
export function refactorOptions(answers: Readonly<Record<string, string>> = {}): RefactorOptions {
  return { platform: 'linux/amd64', today: '2026-11-21', answers };
}

/** Lines make a file; the last one is ended too. */
export function dockerfileOf(...lines: readonly string[]): Dockerfile {
  return parseDockerfile(`${lines.join('\n')}\n`, {});
}
