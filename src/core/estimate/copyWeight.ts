import type { Dockerfile, Instruction } from '../dockerfile/model.ts';
import type { ContextQuestion } from './context/contextQuestion.ts';
import { flagValues, heredocBytes, isRemote, sourcesOf } from './copyWords.ts';
import {
  absolutePath,
  type FileSources,
  filesOfImage,
  filesOfStage,
  pathParts,
  type StageFiles,
} from './placedFiles.ts';
import { type Weight, WeightBuilder } from './weight.ts';

export interface CopySources extends FileSources {
  /** The length of what a URL answers, where it is known. Bytes. */
  readonly download: (url: string) => number | undefined;
}

/**
 * What a `COPY` or `ADD` adds: files of the build context, of a stage or an image, heredocs, downloads. Undefined while an
 * answer is still awaited.
 *
 * @param stageOf what is known of the stage that `--from` names; undefined where it names an image
 */
export function copyWeight(
  dockerfile: Dockerfile,
  instruction: Instruction,
  stageOf: (name: string) => StageFiles | undefined,
  known: CopySources,
): Weight | undefined {
  const builder = new WeightBuilder('estimated');
  const from = flagValues(dockerfile, instruction, 'from')[0];
  if (from !== undefined) return copiedFrom(from, stageOf(from), dockerfile, instruction, known);
  const heredocs = [...instruction.heredocs];
  for (const { text, value } of sourcesOf(dockerfile, instruction)) {
    const heredoc = text.startsWith('<<') ? heredocs.shift() : undefined;
    if (heredoc !== undefined) {
      const bytes = heredocBytes(dockerfile, heredoc);
      builder.add(bytes, [{ kind: 'text', name: heredoc.name, bytes }]);
    } else if (value === undefined) builder.lack('variable', text);
    else if (instruction.keyword === 'ADD' && isRemote(value)) addDownload(builder, value, known);
  }
  const question = copyQuestion(dockerfile, instruction);
  if (question?.kind === 'copy') {
    const answer = known.context(question);
    if (answer?.kind !== 'copy') return undefined;
    builder.add(answer.bytes, pathParts(answer));
    for (const source of answer.missing) builder.lack('source', source);
    if (!answer.complete && answer.missing.length === 0) builder.lack('link', question.sources.join(' '));
  }
  return builder.build();
}

function copiedFrom(
  from: string,
  stage: StageFiles | undefined,
  dockerfile: Dockerfile,
  instruction: Instruction,
  known: CopySources,
): Weight | undefined {
  const builder = new WeightBuilder('estimated');
  const excludes = flagValues(dockerfile, instruction, 'exclude');
  const kind = stage === undefined ? 'image' : 'stage';
  for (const { text, value } of sourcesOf(dockerfile, instruction)) {
    if (value === undefined) {
      builder.lack('variable', text);
      continue;
    }
    const found =
      stage === undefined
        ? filesOfImage(from, value, excludes, known)
        : filesOfStage(stage, absolutePath(value), excludes, known);
    if (found.kind === 'awaited') return undefined;
    if (found.kind === 'nothing') {
      // Commands of the stage may make it; else nobody does.
      if (stage?.hasUnknown === true) builder.lack(kind, from);
      else builder.lack('source', value);
      continue;
    }
    builder.add(found.bytes, found.parts);
    if (!found.complete) builder.lack(kind, from);
  }
  return builder.build();
}

/** What a `COPY` or `ADD` asks of the build context; undefined where it takes nothing of it, or it is not known what. */
export function copyQuestion(dockerfile: Dockerfile, instruction: Instruction): ContextQuestion | undefined {
  if (flagValues(dockerfile, instruction, 'from').length > 0) return undefined;
  const unpacks = instruction.keyword === 'ADD';
  const sources = sourcesOf(dockerfile, instruction)
    .filter(({ text }) => !text.startsWith('<<'))
    .flatMap(({ value }) => (value === undefined || (unpacks && isRemote(value)) ? [] : [value]));
  const excludes = flagValues(dockerfile, instruction, 'exclude');
  return sources.length === 0 ? undefined : { kind: 'copy', sources, excludes, unpacks };
}

function addDownload(builder: WeightBuilder, url: string, known: CopySources): void {
  // What is fetched from a repository is not what the address answers.
  const bytes = /^https?:\/\/(?!.*\.git(?:[#?]|$))/i.test(url) ? known.download(url) : undefined;
  if (bytes === undefined) builder.lack('url', url);
  else builder.add(bytes, [{ kind: 'download', name: url, bytes }]);
}
