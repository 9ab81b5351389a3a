import { expand } from '../dockerfile/expand.ts';
import type { Dockerfile, Flag, Heredoc, Instruction } from '../dockerfile/model.ts';

/** A word of a `COPY` or `ADD` that names what is copied. */
export interface CopySource {
  /** As written. */
  readonly text: string;
  /** Variables put in; absent where one has no value. */
  readonly value?: string;
}

export function sourcesOf({ escape }: Dockerfile, { json, words, scope }: Instruction): readonly CopySource[] {
  return (json ?? words.map(({ text }) => text)).slice(0, -1).map((text) => {
    const { value, missing, error } = expand(text, scope, escape);
    return missing.length > 0 || error !== undefined ? { text } : { text, value };
  });
}

/** The values of a flag, variables put in. */
export function flagValues({ escape }: Dockerfile, { flags, scope }: Instruction, name: string): string[] {
  return flags
    .filter((flag): flag is Flag & { readonly value: string } => flag.name === name && flag.value !== undefined)
    .map(({ value }) => expand(value, scope, escape).value);
}

/** True for what `ADD` fetches. */
export function isRemote(source: string): boolean {
  return /^(?:https?|ftp|git|ssh):\/\/|^git@/i.test(source);
}

/** The length of the file that a heredoc makes. */
export function heredocBytes({ text }: Dockerfile, { bodySpan, stripTabs }: Heredoc): number {
  const body = text.slice(bodySpan.start, bodySpan.end).replace(/\r\n/g, '\n');
  return new TextEncoder().encode(stripTabs ? body.replace(/^\t+/gm, '') : body).length;
}
