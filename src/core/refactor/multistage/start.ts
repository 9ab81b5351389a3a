import { isPosixShell } from '../../dockerfile/interpreter.ts';
import { JoinedText } from '../../dockerfile/joinedText.ts';
import type { Instruction, Scope } from '../../dockerfile/model.ts';
import { shellCommands } from '../../dockerfile/shell.ts';
import { readCommands } from '../../dockerfile/shellCommands.ts';
import type { ShellScript, ShellWord } from '../../dockerfile/shellScript.ts';
import { baseName, type Program, programsOf } from '../../rules/scene/program.ts';
import type { Consumer } from '../project.ts';
import { block } from './blocked.ts';
import type { Subject } from './subject.ts';
import { builtins } from './tools.ts';

/** What the container starts, and what others start in it. */
export interface Start {
  /** `ENTRYPOINT` and `CMD` of the stage, where it has them: the last of each. */
  readonly entrypoint?: Instruction;
  readonly cmd?: Instruction;
  readonly healthcheck?: Instruction;
  /** What is executed, wrappers such as `tini --` taken off: the program first. For the shell form its first command. */
  readonly argv: readonly string[];
  /** Absolute paths that the program's name may stand for, best first. */
  readonly paths: readonly string[];
  /** The line that says what starts. One-based. */
  readonly line: number;
  /** All programs that are started: by the start command, the health check, the scripts that they reach, and by others. */
  readonly programs: readonly Started[];
  /** Scripts of the build context that are reached; absolute paths in the container. */
  readonly scripts: readonly ReachedScript[];
  /** Who needs a shell, as a clause: `the health check is for a shell`; empty where nobody does. */
  readonly shellUsers: readonly ShellUser[];
}

export interface Started {
  /** As it is called: `./run`, `curl`. */
  readonly name: string;
  readonly args: readonly string[];
  /** `the start command`, `docker-entrypoint.sh`, `service web in compose.yaml`. */
  readonly by: string;
}

export interface ReachedScript {
  readonly path: string;
  /** Relative to the build context. */
  readonly contextPath: string;
  /** The words behind `#!`: `['/bin/bash']`. */
  readonly interpreter: readonly string[];
}

export interface ShellUser {
  readonly reason: string;
  /** One-based, of the Dockerfile; absent where it is said elsewhere. */
  readonly line?: number;
  /** The shell form that could be an exec form: nothing in it is for a shell. */
  readonly rewritable?: { readonly instruction: Instruction; readonly words: readonly string[] };
  /** The shell that it needs, where it is not any POSIX one: `bash`. */
  readonly shell?: string;
}

/** Programs that only start what follows them. */
const launchers = new Set(['tini', 'dumb-init', 'catatonit', 'su-exec', 'gosu', 'setpriv']);

/** What the stage starts, read when it is first asked. Blocks where it starts nothing of its own. */
export function readStart(subject: Subject): Start {
  return subject.once(startOf);
}

function startOf(subject: Subject): Start {
  const last = (keyword: string): Instruction | undefined =>
    subject.scene.lineage
      .flatMap(({ stage }) => stage.instructions.filter((instruction) => instruction.keyword === keyword).toReversed())
      .at(0);
  const entrypoint = last('ENTRYPOINT');
  // An ENTRYPOINT takes the place of what is inherited, CMD included; within one stage their order does not matter.
  const cmd = last('CMD');
  const healthcheck = last('HEALTHCHECK');
  return new StartReader(subject).read(entrypoint, cmd, healthcheck);
}

class StartReader {
  readonly #subject: Subject;
  readonly #programs: Started[] = [];
  readonly #scripts: ReachedScript[] = [];
  readonly #shellUsers: ShellUser[] = [];

  constructor(subject: Subject) {
    this.#subject = subject;
  }

  read(entrypoint: Instruction | undefined, cmd: Instruction | undefined, healthcheck: Instruction | undefined): Start {
    const main = this.#argv(entrypoint, cmd);
    if (healthcheck) this.#follow(healthcheck, 'the health check');
    for (const consumer of this.#subject.project.consumers) this.#readConsumer(consumer);
    const argv = withoutLaunchers(main.words);
    return {
      ...(entrypoint === undefined ? {} : { entrypoint }),
      ...(cmd === undefined ? {} : { cmd }),
      ...(healthcheck === undefined ? {} : { healthcheck }),
      argv,
      paths: argv[0] === undefined ? [] : this.#pathsOf(argv[0]),
      line: main.line,
      programs: this.#programs,
      scripts: this.#scripts,
      shellUsers: this.#shellUsers,
    };
  }

  #argv(entrypoint: Instruction | undefined, cmd: Instruction | undefined) {
    const { stage, config } = this.#subject;
    const fixed = entrypoint
      ? this.#follow(entrypoint, 'the start command')
      : isPassThrough(config?.entrypoint ?? [])
        ? []
        : (config?.entrypoint ?? []);
    const isShellForm = entrypoint !== undefined && entrypoint.json === undefined;
    // The shell form of ENTRYPOINT takes no arguments.
    const given = cmd && !isShellForm ? this.#arguments(cmd, fixed.length > 0) : [];
    const words = [...fixed, ...given];
    const line = (cmd ?? entrypoint ?? stage.from).line;
    if (entrypoint === undefined && cmd === undefined) {
      const inherited = [...fixed, ...(config?.cmd ?? [])];
      if (isServer(config?.cmd ?? [])) {
        this.#readExec(inherited, 'the start command');
        return { words: inherited, line };
      }
      block(
        'no-start-command',
        'The stage has neither ENTRYPOINT nor CMD, so nothing says what must be in the image.',
        {
          line: stage.from.line,
          unblock: 'Add the CMD that the image is started with.',
        },
      );
    }
    if (words.length === 0) block('no-start-command', 'What the container starts is not known.', { line });
    return { words, line };
  }

  #arguments(cmd: Instruction, isForEntrypoint: boolean): readonly string[] {
    if (!isForEntrypoint) return this.#follow(cmd, 'the start command');
    if (cmd.json) {
      // The arguments of an entrypoint script are often the program that it starts in the end.
      const [first, ...rest] = cmd.json;
      const isHandedOn = this.#scripts.length > 0;
      if (first !== undefined && !first.startsWith('-') && isHandedOn) this.#start(first, rest, 'the start command');
      return cmd.json;
    }
    return ['/bin/sh', '-c', this.#subject.argumentsOf(cmd)];
  }

  /** Notes what an instruction starts and says what it executes. */
  #follow(instruction: Instruction, by: string): readonly string[] {
    const script = shellCommands(this.#subject.dockerfile, instruction);
    const { line } = instruction;
    switch (script.kind) {
      case 'none':
        return [];
      case 'foreign':
        return block('foreign-script', `What ${script.interpreter} runs here is not read.`, { line });
      case 'exec': {
        const words = script.commands[0]?.words.map(({ value }) => value!) ?? [];
        this.#readExec(words, by, line);
        return words;
      }
      case 'shell':
        return this.#readShell(script, instruction, by);
    }
  }

  #readExec(words: readonly string[], by: string, line?: number): void {
    const rest = withoutLaunchers(words);
    const [first] = rest;
    if (first === undefined) return;
    const script = shellText(rest);
    if (script !== undefined) {
      this.#needShell(by, line, first);
      this.#readText(script, by);
      return;
    }
    for (const word of words.slice(0, words.length - rest.length))
      if (launchers.has(baseName(word))) this.#start(word, [], by);
    this.#start(first, rest.slice(1), by);
  }

  #readShell(script: ShellScript, instruction: Instruction, by: string): readonly string[] {
    const { line } = instruction;
    if (script.problems.length > 0) block('shell-syntax', script.problems[0]!.message, { line });
    const plain = plainWords(script, this.#subject.argumentsOf(instruction));
    this.#shellUsers.push({
      reason: `${by} is in the shell form`,
      line,
      ...(plain === undefined ? {} : { rewritable: { instruction, words: plain } }),
      ...(instruction.shell[0] === undefined || baseName(instruction.shell[0]) === 'sh'
        ? {}
        : { shell: baseName(instruction.shell[0]) }),
    });
    this.#readPrograms(programsOf(script), by);
    const named = script.commands.filter(({ name, substitution }) => name !== undefined && !substitution);
    // `a || exit 1` and `cd x && a` start `a`.
    const main = named.findLast(({ name, conditional }) => !conditional && !builtins.has(name!)) ?? named[0];
    const words = main?.words.map((word, at) => (at === 0 ? calledName(word) : (word.value ?? word.text))) ?? [];
    return words[0] === 'exec' ? [calledName(main!.words[1] ?? main!.words[0]!), ...words.slice(2)] : words;
  }

  #readText(text: string, by: string): void {
    const scope: Scope = this.#subject.stage.instructions.at(-1)?.scope ?? { get: () => undefined, has: () => false };
    const joined = new JoinedText(text, [{ start: 0, end: text.length }]);
    const script: ShellScript = { kind: 'shell', interpreter: 'sh', ...readCommands(joined, scope) };
    this.#readPrograms(programsOf(script), by);
  }

  #readPrograms(programs: readonly Program[], by: string): void {
    for (const { command, args, nameWord } of programs) {
      // Something in front, such as `exec` or `gosu`, is needed as well.
      if (command.words[0] !== nameWord && command.name !== undefined) this.#start(command.name, [], by);
      this.#start(
        calledName(nameWord),
        args.map(({ value, text }) => value ?? text),
        by,
      );
    }
  }

  /** A program that is started: noted, and, where it is a script of the context, read. */
  #start(name: string, args: readonly string[], by: string): void {
    if (
      this.#programs.some(
        (other) => other.name === name && other.by === by && other.args.join('\0') === args.join('\0'),
      )
    )
      return;
    this.#programs.push({ name, args, by });
    const reads = isPosixShell(baseName(name)) || name === '.' || name === 'source';
    const interpreted = reads ? args.find((word) => !word.startsWith('-')) : undefined;
    for (const path of this.#pathsOf(interpreted ?? name))
      this.#readScript(
        path,
        interpreted === undefined ? undefined : reads && name.length > 1 && name !== 'source' ? name : 'sh',
      );
  }

  #readScript(path: string, shell: string | undefined): void {
    const { context, project } = this.#subject;
    const contextPath = context.contextPath(path);
    if (contextPath === undefined || this.#scripts.some((script) => script.path === path)) return;
    const text = project.text(contextPath);
    const shebang = /^#!\s*([^\r\n]*)/
      .exec(text ?? '')?.[1]
      ?.trim()
      .split(/\s+/);
    const interpreter = shell === undefined ? shebang : [shell];
    if (text === undefined || interpreter === undefined) return;
    this.#scripts.push({ path, contextPath, interpreter });
    const program =
      baseName(interpreter[0]!) === 'env'
        ? (interpreter.find((word, at) => at > 0 && !word.startsWith('-')) ?? '')
        : interpreter[0]!;
    if (!isPosixShell(baseName(program))) {
      this.#programs.push({ name: program, args: [path], by: contextPath });
      return;
    }
    this.#needShell(`${contextPath} is a shell script`, undefined, program, true);
    this.#readText(text, contextPath);
  }

  #needShell(by: string, line: number | undefined, shell: string, isClause = false): void {
    const name = baseName(shell);
    this.#shellUsers.push({
      reason: isClause ? by : `${by} starts a shell`,
      ...(line === undefined ? {} : { line }),
      ...(name === 'sh' || name === 'ash' || name === 'dash' ? {} : { shell: name }),
    });
  }

  #readConsumer({ file, name, command, entrypoint, healthcheck }: Consumer): void {
    const by = `${name} in ${file}`;
    for (const [what, isHealth] of [
      [entrypoint, false],
      [command, false],
      [healthcheck, true],
    ] as const) {
      if (what === undefined) continue;
      if (typeof what !== 'string') this.#readExec(what, by);
      else {
        // Compose splits a command itself; only a health check in one text is for a shell.
        if (isHealth) this.#needShell(`the health check of ${by} is for a shell`, undefined, 'sh', true);
        this.#readText(what, by);
      }
    }
  }

  /** Where the kernel would look for a program. */
  #pathsOf(name: string): readonly string[] {
    const { workingDir } = this.#subject;
    if (name === '' || name.includes('$')) return [];
    if (name.includes('/')) return [this.#subject.absolute(name, workingDir)];
    return this.#subject.searchPath
      .filter((folder) => folder.startsWith('/'))
      .map((folder) => this.#subject.absolute(name, folder));
  }
}

/**
 * Whether an entry point of a language's image only prepares something for its own image and then starts what it is given: in
 * another image it is not missed.
 */
export function isPassThrough(entrypoint: readonly string[]): boolean {
  const [only, ...rest] = entrypoint;
  return (
    rest.length === 0 &&
    /^(?:\/usr\/local\/bin\/)?(?:docker-entrypoint\.sh|mvn-entrypoint\.sh|docker-php-entrypoint)$|^\/__cacert_entrypoint\.sh$/.test(
      only ?? '',
    )
  );
}

/** Whether what an image starts by itself is a server, and not a prompt that waits for somebody. */
export function isServer([only, ...rest]: readonly string[]): boolean {
  return rest.length === 0 && /^(?:apache2-foreground|php-fpm)$/.test(only ?? '');
}

/** A program that is named by a variable may be another one when the container starts, whatever the file says. */
function calledName({ value, text }: ShellWord): string {
  return value === undefined || text.includes('$') ? text : value;
}

function withoutLaunchers(words: readonly string[]): readonly string[] {
  let at = 0;
  while (words[at] !== undefined && launchers.has(baseName(words[at]!))) {
    const takesUser = /^(?:su-exec|gosu)$/.test(baseName(words[at]!));
    at++;
    while (words[at]?.startsWith('-') === true) at++;
    if (takesUser) at++;
  }
  return words.slice(at);
}

/** What `sh -c` is given; undefined for anything else. */
function shellText(words: readonly string[]): string | undefined {
  if (words[0] === undefined || !isPosixShell(baseName(words[0]))) return undefined;
  const option = words.findIndex((word, at) => at > 0 && /^-[a-z]*c$/.test(word));
  return option < 0 ? undefined : words[option + 1];
}

/** The words of a script that a shell would pass on as they are: one simple command, nothing expanded. */
function plainWords({ commands, statements }: ShellScript, text: string): readonly string[] | undefined {
  const [only] = commands;
  if (only === undefined || commands.length > 1 || statements.length !== 1 || statements[0]!.background)
    return undefined;
  if (statements[0]!.form !== 'command' || only.assignments.length > 0 || only.redirections.length > 0)
    return undefined;
  // A variable may be set otherwise when the container is started.
  if (/[$`*?~{}[\]]/.test(text)) return undefined;
  const words = only.words.map(({ value }) => value);
  // `exec` is no program, and without a shell there is nothing to be replaced.
  const plain = words[0] === 'exec' ? words.slice(1) : words;
  return plain.length === 0 || plain.some((word) => word === undefined) ? undefined : (plain as readonly string[]);
}
