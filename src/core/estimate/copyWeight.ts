import { expand } from '../dockerfile/expand.ts';
import type { Dockerfile, Flag, Heredoc, Instruction } from '../dockerfile/model.ts';
import type { ContextAnswer, ContextQuestion } from './context/contextQuestion.ts';
import { type Weight, WeightBuilder } from './weight.ts';

export interface CopySources {
  /** What is known of the build context at this moment. */
  readonly context: (question: ContextQuestion) => ContextAnswer | undefined;
  /** The length of what a URL answers, where it is known. Bytes. */
  readonly download: (url: string) => number | undefined;
}

/**
 * What a `COPY` or `ADD` adds: files of the build context, heredocs, downloads. Undefined while the answer of the context
 * is still awaited.
 */
export function copyWeight(dockerfile: Dockerfile, instruction: Instruction, known: CopySources): Weight | undefined {
  const builder = new WeightBuilder('estimated');
  const from = flagValues(dockerfile, instruction, 'from')[0];
  if (from !== undefined) {
    builder.lack(stageNamed(dockerfile, from) ? 'stage' : 'image', from);
    return builder.build();
  }
  const heredocs = [...instruction.heredocs];
  for (const word of instruction.json?.slice(0, -1) ?? instruction.words.slice(0, -1).map(({ text }) => text)) {
    const heredoc = word.startsWith('<<') ? heredocs.shift() : undefined;
    if (heredoc !== undefined) {
      builder.add(bytesOf(dockerfile, heredoc), [
        { kind: 'text', name: heredoc.name, bytes: bytesOf(dockerfile, heredoc) },
      ]);
      continue;
    }
    const { value, missing, error } = expand(word, instruction.scope, dockerfile.escape);
    if (missing.length > 0 || error !== undefined) builder.lack('variable', word);
    else if (instruction.keyword === 'ADD' && isRemote(value)) addDownload(builder, value, known);
  }
  const question = copyQuestion(dockerfile, instruction);
  if (question?.kind === 'copy') {
    const answer = known.context(question);
    if (answer?.kind !== 'copy') return undefined;
    builder.add(
      answer.bytes,
      answer.largest.map(({ path, bytes, isFolder }) => ({ kind: 'path', name: isFolder ? `${path}/` : path, bytes })),
    );
    for (const source of answer.missing) builder.lack('source', source);
    if (!answer.complete && answer.missing.length === 0) builder.lack('link', question.sources.join(' '));
  }
  return builder.build();
}

/** What a `COPY` or `ADD` asks of the build context; undefined where it takes nothing of it, or it is not known what. */
export function copyQuestion(dockerfile: Dockerfile, instruction: Instruction): ContextQuestion | undefined {
  if (flagValues(dockerfile, instruction, 'from').length > 0) return undefined;
  const unpacks = instruction.keyword === 'ADD';
  const sources = (instruction.json ?? instruction.words.map(({ text }) => text))
    .slice(0, -1)
    .filter((word) => !word.startsWith('<<'))
    .map((word) => expand(word, instruction.scope, dockerfile.escape))
    .filter(({ value, missing, error }) => missing.length === 0 && error === undefined && !(unpacks && isRemote(value)))
    .map(({ value }) => value);
  const excludes = flagValues(dockerfile, instruction, 'exclude');
  return sources.length === 0 ? undefined : { kind: 'copy', sources, excludes, unpacks };
}

function isRemote(source: string): boolean {
  return /^(?:https?|ftp|git|ssh):\/\/|^git@/i.test(source);
}

function addDownload(builder: WeightBuilder, url: string, known: CopySources): void {
  // What is fetched from a repository is not what the address answers.
  const bytes = /^https?:\/\/(?!.*\.git(?:[#?]|$))/i.test(url) ? known.download(url) : undefined;
  if (bytes === undefined) builder.lack('url', url);
  else builder.add(bytes, [{ kind: 'download', name: url, bytes }]);
}

function bytesOf({ text }: Dockerfile, { bodySpan, stripTabs }: Heredoc): number {
  const body = text.slice(bodySpan.start, bodySpan.end).replace(/\r\n/g, '\n');
  return new TextEncoder().encode(stripTabs ? body.replace(/^\t+/gm, '') : body).length;
}

function flagValues({ escape }: Dockerfile, { flags, scope }: Instruction, name: string): string[] {
  return flags
    .filter((flag): flag is Flag & { readonly value: string } => flag.name === name && flag.value !== undefined)
    .map(({ value }) => expand(value, scope, escape).value);
}

function stageNamed({ stages }: Dockerfile, from: string): boolean {
  return /^\d+$/.test(from) || stages.some(({ name }) => name === from.toLowerCase());
}
