import { mountFields } from '../dockerfile/mount.ts';
import type { Dockerfile, Instruction } from '../dockerfile/model.ts';
import { shellCommands } from '../dockerfile/shell.ts';
import type { ShellCommand } from '../dockerfile/shellScript.ts';
import { type AptCommand, readAptCommand } from './apt/aptCommand.ts';
import type { AptGraph } from './apt/aptGraph.ts';
import { aptWeight } from './apt/aptWeight.ts';
import type { Platform } from '../base/baseSize.ts';
import type { ContextAnswer, ContextQuestion, NodeManager } from './context/contextQuestion.ts';
import type { InstalledModules } from './context/installedModules.ts';
import type { ScriptMemo } from './scriptMemo.ts';
import { moduleCache, type ModulesWeight, modulesWeight, readModulesCommand } from './modulesCommand.ts';
import { type Weight, WeightBuilder } from './weight.ts';

/** What a stage has when an instruction begins, as far as it bears on what that adds. */
export interface StageContents {
  /** The base's package graph: absent while it is being read, or where there is none for the base. */
  readonly apt: AptGraph | undefined;
  /** True where a graph will come. */
  readonly awaitsApt: boolean;
  /** The base leaves documentation out of packages. */
  readonly isSlim: boolean;
  /** Packages that are installed before. */
  readonly packages: readonly string[];
  /** The folder of the context whose `package.json` was copied last. */
  readonly project: string | undefined;
  /** What is built for. */
  readonly platform: Platform;
}

/** Which packages of a lock file are asked about. Its JSON is its identity. */
export interface LockQuestion {
  /** The folder of the context that has the lock file. */
  readonly project: string;
  readonly manager: NodeManager;
  readonly platform: Platform;
}

export interface RunSources {
  /** What is known of the build context at this moment. */
  readonly context: (question: ContextQuestion) => ContextAnswer | undefined;
  /** Scripts that were read before; absent where a file is weighed once. */
  readonly scripts?: ScriptMemo;
  /** What a registry says about the packages of a lock file; absent where none may be asked. */
  readonly locked?: (question: LockQuestion) => InstalledModules | 'awaited' | 'unknown';
}

export interface RunWeight {
  readonly weight: Weight;
  /** Packages that it asks for and keeps. */
  readonly asked: readonly string[];
  /** What is recommended was installed too. */
  readonly recommends: boolean;
  /** What the packages of Node.js that it installs weigh; absent where it installs none. */
  readonly modules?: ModulesWeight;
  /** Some of its commands may write anything anywhere. */
  readonly writesUnknown: boolean;
}

/**
 * What a `RUN` adds, from the commands whose effect is known: packages of apt and of Node.js package managers, and the many
 * that add nothing that counts. Any other command makes it “at least”. Undefined while something is awaited.
 */
export function runWeight(
  dockerfile: Dockerfile,
  instruction: Instruction,
  contents: StageContents,
  known: RunSources,
): RunWeight | undefined {
  const builder = new WeightBuilder('estimated');
  const script = known.scripts?.read(dockerfile, instruction) ?? shellCommands(dockerfile, instruction);
  if (script.kind === 'foreign' || script.problems.length > 0) builder.lack('command', script.interpreter);
  const mounted = mountTargets(instruction);
  const isMounted = (path: string): boolean => mounted.some((target) => `${path}/`.startsWith(`${target}/`));
  const apt = new AptRun(contents);
  let modules: ModulesWeight | undefined;
  for (const command of script.commands) {
    const aptCommand = readAptCommand(command);
    if (aptCommand !== undefined) {
      if (command.conditional && aptCommand.kind === 'install') builder.lack('command', wordsOf(command));
      else apt.take(aptCommand, builder);
      continue;
    }
    const modulesCommand = readModulesCommand(command);
    if (modulesCommand !== undefined) {
      if (contents.project === undefined) {
        builder.lack('modules', wordsOf(command));
        continue;
      }
      const answer = known.context({ kind: 'modules', project: contents.project });
      if (answer?.kind !== 'modules') return undefined;
      const { project, platform } = contents;
      const { manager } = modulesCommand;
      const found = modulesWeight(modulesCommand, {
        installed: answer.modules,
        locked: () => known.locked?.({ project, manager, platform }) ?? 'unknown',
      });
      if (found === 'awaited') return undefined;
      builder.add(found.bytes, found.parts);
      if (!found.complete) builder.lack('modules', manager);
      if (!isMounted(moduleCache(modulesCommand))) builder.lack('cache', manager);
      modules = found;
      continue;
    }
    if (removesLists(command)) apt.removeLists();
    else if (!addsNothing(command)) builder.lack('command', wordsOf(command));
  }
  if (!apt.finish(builder, isMounted('/var/lib/apt') || isMounted('/var/lib/apt/lists'))) return undefined;
  if (script.commands.length > 0) builder.add(0, []);
  return {
    weight: builder.build(),
    asked: apt.packages,
    recommends: apt.recommends,
    ...(modules === undefined ? {} : { modules }),
    writesUnknown: builder.lacks('command'),
  };
}

/** apt's commands of one `RUN`, whose effect is the state that they leave. */
class AptRun {
  readonly #contents: StageContents;
  #asked: string[] = [];
  #recommends = true;
  #hasLists = false;
  #isUsed = false;

  constructor(contents: StageContents) {
    this.#contents = contents;
  }

  get packages(): readonly string[] {
    return this.#asked;
  }

  get recommends(): boolean {
    return this.#recommends;
  }

  take(command: AptCommand, builder: WeightBuilder): void {
    switch (command.kind) {
      case 'update':
        this.#isUsed = this.#hasLists = true;
        break;
      case 'install':
        this.#isUsed = true;
        this.#asked.push(...command.packages);
        this.#recommends = command.recommends ?? true;
        for (const word of command.unknown) builder.lack('package', word);
        break;
      case 'remove':
        // What is removed in the instruction that brought it was never there; from lower layers nothing is freed.
        this.#asked = this.#asked.filter((name) => !command.packages.includes(name));
        break;
      case 'upgrade':
        builder.lack('command', 'apt-get upgrade');
        break;
      case 'nothing':
        break;
    }
  }

  removeLists(): void {
    this.#hasLists = false;
  }

  /** Adds what is left at the end. False while the package graph is awaited. */
  finish(builder: WeightBuilder, listsAreMounted: boolean): boolean {
    const { apt, awaitsApt, packages, isSlim } = this.#contents;
    if (!this.#isUsed) return true;
    if (apt === undefined) {
      builder.lack('release', '');
      return !awaitsApt;
    }
    if (this.#asked.length > 0) {
      const closure = apt.install(this.#asked, { recommends: this.#recommends, installed: packages });
      const { bytes, parts } = aptWeight(closure, apt.release, isSlim);
      builder.add(bytes, parts);
      for (const name of closure.unknown) builder.lack('package', name);
    }
    if (this.#hasLists && !listsAreMounted) {
      builder.add(apt.listsBytes, [{ kind: 'lists', name: '/var/lib/apt/lists', bytes: apt.listsBytes }]);
    }
    return true;
  }
}

/** Where something is mounted, so that what is written there is in no layer. */
function mountTargets({ flags }: Instruction): string[] {
  return flags
    .filter(({ name }) => name === 'mount')
    .map(({ value }) => mountFields(value ?? ''))
    .flatMap((fields) => fields.get('target') ?? fields.get('dst') ?? fields.get('destination') ?? [])
    .map((target) => target.replace(/\/+$/, ''));
}

const aptLists = /^\/var\/lib\/apt(?:\/lists(?:\/\*+)?)?\/?$|^\/var\/lib\/apt\/\*$/;

function removesLists({ name, words }: ShellCommand): boolean {
  return name === 'rm' && words.some(({ value }) => value !== undefined && aptLists.test(value));
}

/** Commands that write nothing, or so little that it does not count; `chmod` and `chown` do not belong to them. */
const lightCommands = new Set([
  ...[
    ':',
    '.',
    '[',
    '[[',
    'addgroup',
    'adduser',
    'alias',
    'apt-mark',
    'break',
    'cat',
    'cd',
    'command',
    'continue',
    'corepack',
  ],
  ...[
    'dirname',
    'echo',
    'egrep',
    'env',
    'exit',
    'export',
    'false',
    'grep',
    'groupadd',
    'head',
    'hostname',
    'id',
    'ldd',
    'ln',
  ],
  ...[
    'ls',
    'mkdir',
    'mktemp',
    'popd',
    'printf',
    'pushd',
    'pwd',
    'read',
    'readlink',
    'realpath',
    'return',
    'rm',
    'rmdir',
    'sed',
  ],
  ...[
    'set',
    'shift',
    'sleep',
    'sort',
    'tail',
    'test',
    'touch',
    'tr',
    'trap',
    'true',
    'type',
    'umask',
    'uname',
    'uniq',
    'unset',
  ],
  ...['useradd', 'usermod', 'wc', 'which', 'whoami'],
]);

function addsNothing({ name, words, assignments }: ShellCommand): boolean {
  if (name === undefined) return words.length === 0 && assignments.length > 0;
  if (lightCommands.has(name)) return true;
  // Asking a program for its version is how builds check that it is there.
  return (
    words.length === 2 && ['--version', '-version', '-v', '-V', 'version', '--help'].includes(words[1]!.value ?? '')
  );
}

function wordsOf({ words }: ShellCommand): string {
  return words
    .slice(0, 3)
    .map(({ text }) => text)
    .join(' ');
}
