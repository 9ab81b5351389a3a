import fc from 'fast-check';
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

/** Any text at all, halves of surrogate pairs too; mostly the characters that mean something somewhere. */
export const anyText: fc.Arbitrary<string> = fc
  .array(fc.oneof(fc.nat({ max: 0x7f }), fc.nat({ max: 0xffff }), fc.constantFrom(10, 13, 32, 35, 42, 47, 91, 92)), {
    maxLength: 100,
  })
  .map((codes) => String.fromCharCode(...codes));
