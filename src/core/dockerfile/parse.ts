import { Lines, type Problem } from '../text.ts';
import { parseDirectives } from './directives.ts';
import { keywordOf, parseInstruction } from './instruction.ts';
import { LineReader } from './logicalLines.ts';
import type { Dockerfile, Instruction, ParseOptions } from './model.ts';
import { closeStages, openStage, type OpenStage, type StageNames } from './stages.ts';
import { defaultShell } from './interpreter.ts';
import { type StageVariables, VariableTracker } from './variables.ts';

/**
 * Reads a Dockerfile in one pass: time is linear in the text, nothing throws, what is wrong is in `problems` (in the order
 * of the text). It follows BuildKit's parser, not dockerfile-ast: that one lets `<<EOF` in quotes, a heredoc whose name has
 * a blank or a number before it, and a doubled backslash at a line's end swallow or split the instructions after them.
 */
export function parseDockerfile(text: string, options: ParseOptions = {}): Dockerfile {
  const lines = new Lines(text);
  const { directives, escape, problems: directiveProblems, end } = parseDirectives(text);
  const reader = new LineReader(text, end, escape);
  const variables = new VariableTracker(options, escape);
  const problems: Problem[] = [...directiveProblems];
  const instructions: Instruction[] = [];
  const stages: OpenStage[] = [];
  const names: StageNames = new Map();
  const left: { readonly variables: StageVariables; readonly shell: readonly string[] }[] = [];
  let shell = defaultShell(options.platform ?? '', '');

  for (let joined = reader.next(); joined; joined = reader.next()) {
    const isFrom = keywordOf(joined) === 'FROM';
    const instruction = parseInstruction(joined, reader, {
      index: instructions.length,
      stage: isFrom ? stages.length : stages.length - 1,
      scope: isFrom ? variables.globalScope : variables.scope,
      shell,
      lines,
      escape,
      problems,
    });
    instructions.push(instruction);
    if (isFrom) {
      if (variables.stage) left.push({ variables: variables.stage, shell });
      const stage = openStage(instruction, stages.length, variables.globalScope, escape, names, problems);
      if (stage.name !== undefined) names.set(stage.name, stage.index);
      stages.push(stage);
      const below = stage.base.kind === 'stage' ? left[stage.base.stage] : undefined;
      variables.enterStage(below?.variables);
      const image = stage.base.kind === 'image' ? stage.base.reference : '';
      shell = below?.shell ?? defaultShell(stage.platform ?? options.platform ?? '', image);
      continue;
    }
    stages.at(-1)?.instructions.push(instruction);
    if (stages.length === 0 && instruction.keyword !== 'ARG') {
      const message = 'Only ARG may stand before the first FROM.';
      problems.push({ code: 'before-first-from', message, span: instruction.keywordSpan });
    }
    variables.follow(instruction);
    if (instruction.keyword === 'SHELL' && instruction.json) shell = instruction.json;
  }

  if (stages.length === 0) {
    const message = 'The file has no FROM, so it builds nothing.';
    problems.push({ code: 'no-stage', message, span: { start: 0, end: 0 } });
  }
  const closed = closeStages(stages, names, options, problems);
  problems.push(...reader.problems);
  problems.sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
  return { text, lines, directives, escape, instructions, stages: closed, comments: reader.comments, problems };
}
