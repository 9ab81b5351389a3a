import { type Dockerignore, parseDockerignore } from '../dockerfile/ignore.ts';
import type { Dockerfile, Instruction } from '../dockerfile/model.ts';
import { mountFields } from '../dockerfile/mount.ts';
import { matcherOf } from '../estimate/context/copySources.ts';
import { noEvidence } from '../rules/scene/evidence.ts';
import { type Scene, Scenes } from '../rules/scene/scene.ts';
import { lineBreakAt } from '../rules/edit/lines.ts';
import { formatBytes, type SizeSum } from '../size.ts';
import { type BuildHabits, type Group, groups, type Habit, habits, readBuildHabits } from './ignoreHabits.ts';
import { joined } from './multistage/contextMap.ts';
import type { RefactorOptions } from './options.ts';
import type { Project } from './project.ts';
import { type Note, type Refactoring, refusal } from './refactoring.ts';

/**
 * Leaves out of the build context what is copied with the rest and that no build needs: the lines for a new `.dockerignore`,
 * or those that are missing in the one that counts. Nothing that a `COPY`, a build tool or a script needs is left out; what comes
 * of it is held against every file of the context.
 */
export function createDockerignore(dockerfile: Dockerfile, project: Project, options: RefactorOptions): Refactoring {
  const present = project.ignoreFile;
  const ignore = parseDockerignore(present?.text ?? '');
  const sources = contextSources(dockerfile, options);
  if (sources === undefined) {
    return refusal('unknown-source', 'What a COPY takes from the build context is known only when it is built.', {
      unblock: 'Give the ARG that it names a default.',
    });
  }
  if (!project.complete && ignore.patterns.some(({ negated }) => negated)) {
    return refusal(
      'large-context',
      'The build context is too large to be looked at as a whole, and lines with ! take files back.',
      {
        unblock: 'Leave the largest folders out first.',
      },
    );
  }
  const question: Question = {
    dockerfile,
    project,
    sources,
    ignore,
    build: readBuildHabits(dockerfile, project, options),
    buildOf: perStage((stage) => readBuildHabits(dockerfile, project, options, stage)),
  };
  const sent = project.files.filter((file) => !ignore.ignores(file, false));
  const found = findHabits(sent, (habit, path) => isFree(habit, path, question));
  const lines = linesFor(found, project.complete, sources);
  const text = extended(present?.text, lines);
  const left = parseDockerignore(text);
  const dropped = sent.filter((file) => left.ignores(file, false));
  if (dropped.length === 0) {
    return refusal('no-benefit', 'Nothing in the build context is copied that no build needs.');
  }
  const free = new Set(found.flatMap(({ paths }) => paths));
  const wrong = dropped.find((file) => !isBelowOne(file, free));
  // The lines are made so that this cannot be; a file that is missing in a build is worse than a line that is.
  if (wrong !== undefined)
    return refusal('pattern-too-wide', `The new lines would leave out ${wrong}, which may be needed.`);
  const bytes = dropped.reduce((sum, file) => sum + (project.bytes(file) ?? 0), 0);
  return proposal(present?.path ?? '.dockerignore', text, {
    options,
    bytes,
    count: dropped.length,
    found,
    isNew: present === undefined,
    sources,
  });
}

interface Question {
  readonly dockerfile: Dockerfile;
  readonly project: Project;
  readonly sources: readonly Source[];
  readonly ignore: Dockerignore;
  readonly build: BuildHabits;
  /** The same for one stage. */
  readonly buildOf: (stage: number) => BuildHabits;
}

/** What an instruction takes from the context. */
interface Source {
  /** Relative to the context, cleaned; empty for all of it; perhaps a pattern. */
  readonly path: string;
  readonly instruction: Instruction;
  readonly ships: boolean;
}

/** Undefined where a source is a variable without a value. */
function contextSources(dockerfile: Dockerfile, options: RefactorOptions): readonly Source[] | undefined {
  const scenes = new Scenes(dockerfile, { platform: options.platform, today: options.today, evidence: noEvidence });
  const found: Source[] = [];
  for (const scene of scenes.all) {
    for (const instruction of scene.stage.instructions) {
      const paths = pathsOf(scene, instruction);
      if (paths === undefined) return undefined;
      found.push(
        ...paths.map((path) => ({
          path: joined('', path),
          instruction,
          ships: scene.ships && instruction.keyword !== 'RUN',
        })),
      );
    }
  }
  return found;
}

function pathsOf(scene: Scene, instruction: Instruction): readonly string[] | undefined {
  const { keyword, flags, json, words } = instruction;
  if (keyword === 'RUN') {
    const mounts = flags.filter(({ name }) => name === 'mount').map(({ value }) => mountFields(value ?? ''));
    const bound = mounts.filter((fields) => (fields.get('type') ?? 'bind') === 'bind' && !fields.has('from'));
    return bound.map((fields) => fields.get('source') ?? fields.get('src') ?? '.');
  }
  if ((keyword !== 'COPY' && keyword !== 'ADD') || flags.some(({ name }) => name === 'from')) return [];
  const sources = (json ?? words.map(({ text }) => text)).slice(0, -1).filter((text) => !text.startsWith('<<'));
  const expanded = sources.map((text) => scene.expanded(instruction, text));
  if (expanded.includes(undefined)) return undefined;
  return (expanded as string[]).filter((path) => !/^[a-z+]+:\/\/|^git@/i.test(path));
}

interface Found {
  readonly habit: Habit;
  /** Folders and files that can be left out. */
  readonly paths: readonly string[];
  /** There are others of the same name that cannot. */
  readonly isMixed: boolean;
}

/** Looks for what people have in working copies; each outermost folder once. */
function findHabits(files: readonly string[], isFree: (habit: Habit, path: string) => boolean): readonly Found[] {
  const folders = new Map<string, Habit[]>();
  const names: Habit[] = [];
  for (const habit of habits) {
    if (typeof habit.name === 'string') folders.set(habit.name, [...(folders.get(habit.name) ?? []), habit]);
    else names.push(habit);
  }
  const paths = new Map<Habit, Set<string>>();
  const note = (habit: Habit, path: string): void => {
    const known = paths.get(habit);
    if (known === undefined) paths.set(habit, new Set([path]));
    else known.add(path);
  };
  for (const file of files) {
    const parts = file.split('/');
    const at = parts.findIndex((part) => folders.has(part));
    if (at >= 0)
      for (const habit of folders.get(parts[at]!)!)
        if (at === 0 || habit.rootOnly !== true) note(habit, parts.slice(0, at + 1).join('/'));
    const last = parts.at(-1)!;
    if (at < 0) for (const habit of names) if ((habit.name as RegExp).test(last)) note(habit, file);
  }
  return habits.flatMap((habit): readonly Found[] => {
    const all = [...(paths.get(habit) ?? [])];
    const free = all.filter((path) => isFree(habit, path));
    return free.length === 0 ? [] : [{ habit, paths: free, isMixed: free.length < all.length }];
  });
}

/** Whether something can be left out, by its kind and by who names it. */
function isFree(habit: Habit, path: string, question: Question): boolean {
  const { sources, ignore, project, dockerfile, build, buildOf } = question;
  // What a line with `!` takes back, somebody wants.
  if (project.below(path).some((file) => ignore.decidedBy(file, false)?.negated === true)) return false;
  const isCopied = sources.some((source) => isAbove(source.path, path));
  if (!isCopied || sources.some((source) => names(source.path, path, project))) return false;
  if (habit.isMade !== true && isMentioned(dockerfile, path)) return false;
  if (habit.isMade !== true) return habit.fits(path, build);
  // Whoever gets it from the context must make it, or have it from a stage that does.
  return sources
    .filter((source) => isAbove(source.path, path))
    .every(({ instruction: { stage } }) => isCopiedOver(dockerfile, stage, path) || habit.fits(path, buildOf(stage)));
}

/** A stage that copies what has the same name from another one. */
function isCopiedOver({ stages }: Dockerfile, stage: number, path: string): boolean {
  const name = path.replace(/^.*\//, '');
  return (stages[stage]?.instructions ?? []).some(
    ({ keyword, flags, words }) =>
      keyword === 'COPY' &&
      flags.some((flag) => flag.name === 'from') &&
      words.slice(0, -1).some(({ text }) => text.replace(/\/$/, '').endsWith(`/${name}`)),
  );
}

function perStage(read: (stage: number) => BuildHabits): (stage: number) => BuildHabits {
  const known = new Map<number, BuildHabits>();
  return (stage) => {
    const found = known.get(stage) ?? read(stage);
    known.set(stage, found);
    return found;
  };
}

/** A source that has a path below it: the whole context, or a folder. */
function isAbove(source: string, path: string): boolean {
  if (source === '' || source === '*') return true;
  return !/[*?[\\]/.test(source) && path.startsWith(`${source}/`);
}

/** A source that is a path, or something in it. */
function names(source: string, path: string, project: Project): boolean {
  if (source === path || source.startsWith(`${path}/`)) return true;
  if (source === '*' || !/[*?[\\]/.test(source)) return false;
  const matchers = source.split('/').map(matcherOf);
  return [path, ...project.below(path)].some((file) => {
    const parts = file.split('/');
    return (
      parts.length >= matchers.length &&
      matchers.every((fits, at) => (typeof fits === 'string' ? fits === parts[at] : fits?.(parts[at]!) === true))
    );
  });
}

/** A command, or the start of the container, says the name. */
function isMentioned({ instructions, text }: Dockerfile, path: string): boolean {
  const name = path.replace(/^.*\//, '').replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  const pattern = new RegExp(`(?:^|[\\s/"'=,])${name}(?=$|[\\s/"',;&|])`);
  return instructions.some(
    ({ keyword, span }) =>
      /^(?:RUN|CMD|ENTRYPOINT|HEALTHCHECK)$/.test(keyword) && pattern.test(text.slice(span.start, span.end)),
  );
}

interface Line {
  readonly group: Group;
  readonly pattern: string;
}

/** One line where it means nothing else; else one for each path. */
function linesFor(found: readonly Found[], isComplete: boolean, sources: readonly Source[]): readonly Line[] {
  return found.flatMap(({ habit, paths, isMixed }): readonly Line[] => {
    const { group, pattern, rootOnly } = habit;
    if (rootOnly === true) return [{ group, pattern }];
    // What a COPY names may not be there now, and must not be left out once it is.
    const isNamed = sources.some(({ path }) =>
      path.split('/').some((part) => (typeof habit.name === 'string' ? habit.name === part : habit.name.test(part))),
    );
    const isPlain = !isMixed && !isNamed && isComplete;
    if (isPlain && typeof habit.name === 'string')
      return [{ group, pattern: paths.every((path) => !path.includes('/')) ? pattern : `**/${pattern}` }];
    // Names of files are patterns that may meet others: `.env` is one file, and `.env.local` another.
    if (isPlain && pattern.startsWith('*')) return [{ group, pattern: `**/${pattern}` }];
    return paths.filter((path) => !/[*?[\]\\!#]/.test(path)).map((path) => ({ group, pattern: path }));
  });
}

/** The old text with its comments, and behind it the new lines under comments of their own. */
function extended(old: string | undefined, lines: readonly Line[]): string {
  const lineBreak = old === undefined ? '\n' : lineBreakAt(old, 0);
  const parts = (Object.keys(groups) as Group[]).flatMap((group) => {
    const own = [...new Set(lines.filter((line) => line.group === group).map(({ pattern }) => pattern))];
    return own.length === 0 ? [] : [[`# ${groups[group]}`, ...own].join(lineBreak)];
  });
  if (parts.length === 0) return old ?? '';
  const start = old === undefined || old === '' ? '' : /[\r\n]$/.test(old) ? old : old + lineBreak;
  return start + parts.map((part) => part + lineBreak).join('');
}

function isBelowOne(file: string, free: ReadonlySet<string>): boolean {
  if (free.has(file)) return true;
  for (let end = file.lastIndexOf('/'); end > 0; end = file.lastIndexOf('/', end - 1))
    if (free.has(file.slice(0, end))) return true;
  return false;
}

interface Outcome {
  readonly options: RefactorOptions;
  readonly bytes: number;
  readonly count: number;
  readonly found: readonly Found[];
  readonly isNew: boolean;
  readonly sources: readonly Source[];
}

function proposal(path: string, text: string, { options, bytes, count, found, isNew, sources }: Outcome): Refactoring {
  const notes: Note[] = found.map(({ habit, paths }) => ({
    kind: 'moved',
    text: `${paths.slice(0, 3).join(', ')}${paths.length > 3 ? ` and ${paths.length - 3} more` : ''}: ${groups[habit.group].toLowerCase()}.`,
  }));
  const whole = sources.find((source) => source.ships && source.path === '');
  const before = whole === undefined ? undefined : options.finalSize;
  const after: SizeSum | undefined = before && {
    ...before,
    bytes: Math.max(0, before.bytes - bytes),
    basis: 'estimated',
  };
  return {
    kind: 'proposal',
    title: isNew ? `Create ${path}` : `Complete ${path}`,
    edits: [],
    files: [{ path, text }],
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
    notes: [
      {
        kind: 'changed',
        text: `The build context is ${formatBytes(bytes)} smaller, by ${count === 1 ? 'one file' : `${count} files`}${whole === undefined ? '' : ', and so is what is copied into the image'}.`,
        ...(whole === undefined ? {} : { line: whole.instruction.line }),
      },
      ...notes,
      { kind: 'test', text: 'Build the image: whatever is missing shows in the build or at the start.' },
    ],
    options: [],
  };
}
