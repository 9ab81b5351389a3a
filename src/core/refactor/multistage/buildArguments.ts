import { parseDockerfile } from '../../dockerfile/parse.ts';
import type { Dockerfile } from '../../dockerfile/model.ts';
import type { RefactorOptions } from '../options.ts';
import type { Consumer, Project } from '../project.ts';
import { type Proposal, type Refactoring, type Refusal, refusal } from '../refactoring.ts';

/**
 * The refusal where somebody builds the file with arguments of which another run stage would come, with another base or other
 * paths; undefined where one is right for all.
 *
 * @param convert what becomes of the file as it is read with other arguments.
 */
export function otherArguments(
  dockerfile: Dockerfile,
  { consumers }: Project,
  { platform }: RefactorOptions,
  { edits }: Proposal,
  convert: (other: Dockerfile) => Refactoring,
): Refusal | undefined {
  const declared = new Set(
    dockerfile.instructions
      .filter(({ keyword }) => keyword === 'ARG')
      .flatMap(({ words }) => words.map(({ text }) => text.split('=')[0]!)),
  );
  const checked = new Set<string>();
  for (const consumer of consumers) {
    // A stage that is built by its name stays what it is.
    if (dockerfile.stages.some((stage) => stage.name !== undefined && stage.name === consumer.target?.toLowerCase()))
      continue;
    const buildArgs = argumentsOf(consumer, declared);
    const key = JSON.stringify(buildArgs);
    if (buildArgs.length === 0 || checked.has(key)) continue;
    checked.add(key);
    const other = convert(parseDockerfile(dockerfile.text, { platform, buildArgs: Object.fromEntries(buildArgs) }));
    if (other.kind === 'proposal' && JSON.stringify(other.edits) === JSON.stringify(edits)) continue;
    const { name, file, line } = consumer;
    const given = buildArgs.map(([argument, value]) => `${argument}=${value}`).join(' ');
    return refusal(
      'build-arguments',
      `${name} (${file}, line ${line}) builds with ${given}, which asks for another run stage than the defaults do.`,
      {
        line: dockerfile.instructions.find(({ keyword }) => keyword === 'ARG')!.line,
        unblock: 'Make these values the defaults of the ARGs, or build with the defaults there.',
      },
    );
  }
  return undefined;
}

function argumentsOf({ buildArgs = {} }: Consumer, declared: ReadonlySet<string>): readonly [string, string][] {
  return Object.entries(buildArgs)
    .filter(([name]) => declared.has(name))
    .sort(([a], [b]) => (a < b ? -1 : 1));
}
