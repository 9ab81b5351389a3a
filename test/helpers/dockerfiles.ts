import { readdirSync, readFileSync } from 'node:fs';
import type { Span } from '../../src/core/text.ts';

const folder = new URL('../fixtures/dockerfiles/', import.meta.url);

/** The sample Dockerfiles, by file name. */
export const sampleDockerfiles: ReadonlyMap<string, string> = new Map(
  readdirSync(folder).map((name) => [name, readFileSync(new URL(name, folder), 'utf8')]),
);

/** The text of a span. */
export function textOf(text: string, span: Span): string {
  return text.slice(span.start, span.end);
}
