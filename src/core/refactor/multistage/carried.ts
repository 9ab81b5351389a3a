import { baseName } from '../../program/fileSystem.ts';
import { expand } from '../../dockerfile/expand.ts';
import type { Instruction } from '../../dockerfile/model.ts';
import { isWithin } from '../../rules/scene/places.ts';
import { isStartCommand } from '../whatStarts.ts';
import { block } from './blocked.ts';
import { withInherited } from './contextMap.ts';
import type { Plan, PlannedCopy } from './ecosystem.ts';
import type { Start } from './start.ts';
import type { Subject } from './subject.ts';
import { packageFolders } from './systemFolders.ts';

/** Programs that are copied from other images for the build's own use. */
const buildTools =
  /^(?:composer|uv|uvx|mvn|maven|gradle|go|cargo|rustc|rustup|pnpm|yarn|yarnpkg|npm|npx|corepack|hugo|protoc|buf|golangci-lint|install-php-extensions|xx-\w+|dockerize-build)$/;

/**
 * What the stage takes from other stages, images, addresses and heredocs, each to a place outside of the folders that are built
 * in: it goes along from the build stage, unless it is a tool that only builds.
 *
 * @param plan what goes along already, and what is started.
 */
export function carried(
  subject: Subject,
  start: Start,
  plan: Pick<Plan, 'copies' | 'buildFolders' | 'command'>,
): readonly PlannedCopy[] {
  // What another command takes the place of is started no more.
  const started = new Set(
    start.programs
      .filter((program) => plan.command === undefined || !isStartCommand(program))
      .map(({ name }) => baseName(name)),
  );
  return subject.stage.instructions.flatMap((instruction) => {
    const found = foreignCopy(subject, instruction);
    if (found === undefined) return [];
    return targetsOf(subject, instruction, found).flatMap((path): readonly PlannedCopy[] => {
      if (plan.copies.some((copy) => isWithin(path, copy.path))) return [];
      const name = baseName(path);
      const isTool = buildTools.test(name) || /^\/(?:tmp|usr\/local\/go|root\/\.\w+)(?:\/|$)/.test(path);
      const isBuild = plan.buildFolders.some((folder) => isWithin(path, folder));
      if ((isTool || isBuild) && !started.has(name)) return [];
      return [{ path, isFolder: false, reason: `what the ${instruction.keyword} of line ${instruction.line} brings` }];
    });
  });
}

interface ForeignCopy {
  readonly sources: readonly string[];
  readonly target: string;
}

/** The words of a `COPY` or `ADD` that takes from elsewhere than the context; undefined for others. */
function foreignCopy(
  subject: Subject,
  { keyword, flags, words, json, scope, line }: Instruction,
): ForeignCopy | undefined {
  if (keyword !== 'COPY' && keyword !== 'ADD') return undefined;
  const isFrom = flags.some(({ name }) => name === 'from');
  const values = (json ?? words.map(({ text }) => text)).map((word) => {
    const { value, missing, error } = expand(
      word,
      withInherited(scope, subject.config?.env ?? {}),
      subject.dockerfile.escape,
    );
    if (missing.length > 0 || error !== undefined)
      block('unknown-copy', `What ${keyword} copies is known only when it is built.`, { line });
    return value;
  });
  const sources = values
    .slice(0, -1)
    .filter((value) => isFrom || value.startsWith('<<') || /^[a-z+]+:\/\/|^git@/i.test(value));
  return sources.length === 0 ? undefined : { sources, target: values.at(-1) ?? '.' };
}

function targetsOf(subject: Subject, instruction: Instruction, { sources, target }: ForeignCopy): readonly string[] {
  const at = subject.absolute(target, subject.folderAt(instruction));
  const isFolder = /(?:^|\/)\.{0,2}$/.test(target) || sources.length > 1 || packageFolders.has(at);
  if (!isFolder) return [at];
  return sources.map((source) => {
    const name = baseName(source.replace(/[?#].*$/, '').replace(/\/+$/, ''));
    if (name === '' || name === '.' || /[*?[]/.test(name) || (source.endsWith('/') && packageFolders.has(at))) {
      if (!packageFolders.has(at)) return at;
      block(
        'copied-into-system',
        `What ${instruction.keyword} puts among the system's own files is not known by name.`,
        { line: instruction.line },
      );
    }
    return `${at === '/' ? '' : at}/${name}`;
  });
}
