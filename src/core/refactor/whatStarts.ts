import type { BaseConfig } from '../base/imageConfig.ts';
import { isPosixShell } from '../dockerfile/interpreter.ts';
import type { Dockerfile, Instruction, Scope } from '../dockerfile/model.ts';
import { shellCommands } from '../dockerfile/shell.ts';
import { readShellText } from '../dockerfile/shellCommands.ts';
import type { ShellScript, ShellWord } from '../dockerfile/shellScript.ts';
import { wrappedCommand } from '../program/commandLine.ts';
import { shellTask } from '../program/startScript.ts';
import { baseName } from '../program/fileSystem.ts';
import { type Program, programsOf, wordTexts } from '../rules/scene/program.ts';
import type { ContextMap } from './multistage/contextMap.ts';
import { type Consumer, type Project, startsElsewhere } from './project.ts';

/** What is started in a container of an image: by the image itself, and by those who use it. */
export interface WhatStarts {
  /** What the image executes, the inherited parts included; undefined where that is not known. */
  readonly argv: readonly string[] | undefined;
  /** All programs, those of the scripts that are reached included. */
  readonly programs: readonly StartedProgram[];
  /** Scripts of the build context that are reached. */
  readonly scripts: readonly ReachedScript[];
  /** Who needs a shell. */
  readonly shellUsers: readonly ShellUser[];
  /** What of the instructions could not be read. */
  readonly problems: readonly StartProblem[];
}

export interface StartedProgram {
  /** As it is called: `./run`, `curl`; with its `$` where a variable names it, which may be another when it starts. */
  readonly name: string;
  readonly args: readonly string[];
  /** `CMD`, `docker-entrypoint.sh`, `service web (compose.yaml, line 4)`: a clause's subject. */
  readonly by: string;
  /** One-based, of the Dockerfile; absent where it is said elsewhere. */
  readonly line?: number;
  readonly isHealth?: true;
  /** The file of the build context that it is, where it is one. */
  readonly contextPath?: string;
}

export interface ReachedScript {
  /** Absolute, in the container. */
  readonly path: string;
  /** Relative to the build context. */
  readonly contextPath: string;
  /** The words behind `#!`: `['/bin/bash']`; the shell, where one is told to read it. */
  readonly interpreter: readonly string[];
}

export interface ShellUser {
  /** A clause: `CMD is in the shell form`. */
  readonly why: string;
  /** One-based, of the Dockerfile; absent where it is said elsewhere. */
  readonly line?: number;
  /** Which one: `sh`, `bash`. */
  readonly shell: string;
  /** The instruction whose shell form could be an exec form, since nothing in it is for a shell; and its words. */
  readonly plain?: { readonly instruction: Instruction; readonly words: readonly string[] };
}

export interface StartProblem {
  readonly kind: 'foreign' | 'syntax';
  readonly message: string;
  readonly line: number;
}

/** A stage whose image is started. */
export interface StartSite {
  readonly dockerfile: Dockerfile;
  readonly project: Project;
  readonly context: ContextMap;
  readonly entrypoint: Instruction | undefined;
  readonly cmd: Instruction | undefined;
  readonly healthcheck: Instruction | undefined;
  /** Of the image at the bottom. */
  readonly config: BaseConfig | undefined;
  /** The folder that the container starts in. */
  readonly workingDir: string;
  /** The folders of `PATH`. */
  readonly searchPath: readonly string[];
  /** The variables at the end of the stage. */
  readonly scope: Scope;
  /** Who starts it besides. */
  readonly consumers: readonly Consumer[];
  absolute(path: string, folder: string): string;
  /** Whether an entry point that is no script of the context comes to start its arguments. */
  handsOn(entrypoint: readonly string[], given: readonly string[]): boolean;
}

/** Reads what is started. Texts of scripts that are not loaded are asked for by reading them. */
export function readWhatStarts(site: StartSite): WhatStarts {
  const reader = new StartReader(site);
  const argv = reader.start();
  if (site.healthcheck) reader.instruction(site.healthcheck, true);
  for (const consumer of site.consumers) reader.consumer(consumer);
  const { programs, scripts, shellUsers, problems } = reader;
  return { argv, programs, scripts, shellUsers, problems };
}

/** Where the kernel would look for a program. */
export function searchedPaths(
  name: string,
  site: Pick<StartSite, 'absolute' | 'workingDir' | 'searchPath'>,
): readonly string[] {
  if (name === '' || name.includes('$')) return [];
  if (name.includes('/')) return [site.absolute(name, site.workingDir)];
  return site.searchPath.filter((folder) => folder.startsWith('/')).map((folder) => site.absolute(name, folder));
}

/** Whether a program is what the image itself starts, and not its health check, a script or somebody else. */
export function isStartCommand({ by }: StartedProgram): boolean {
  return by === 'CMD' || by === 'ENTRYPOINT';
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

/** The command line behind everything that only starts another one: `tini --`, `env NAME=value`, `gosu user`. */
export function unwrapped(argv: readonly string[]): readonly string[] {
  let rest = argv;
  for (let inner = wrappedCommand(rest); inner !== undefined; inner = wrappedCommand(rest)) rest = inner;
  return rest;
}

/** How a program is called: by the variable, where one names it. */
export function calledName({ value, text }: ShellWord): string {
  return value === undefined || text.includes('$') ? text : value;
}

interface Where extends Pick<StartedProgram, 'by' | 'line' | 'isHealth'> {
  /** The folder that somebody starts it in instead of the image's own. */
  readonly folder?: string;
}

class StartReader {
  readonly programs: StartedProgram[] = [];
  readonly scripts: ReachedScript[] = [];
  readonly shellUsers: ShellUser[] = [];
  readonly problems: StartProblem[] = [];
  readonly #site: StartSite;

  constructor(site: StartSite) {
    this.#site = site;
  }

  start(): readonly string[] | undefined {
    const { entrypoint, cmd, config } = this.#site;
    const fixed = entrypoint ? this.instruction(entrypoint, false) : config?.entrypoint;
    // The shell form of ENTRYPOINT takes no arguments.
    if (entrypoint && entrypoint.json === undefined) return fixed;
    const given = cmd ? this.#given(cmd, fixed ?? []) : entrypoint ? [] : config?.cmd;
    return fixed && given && [...fixed, ...given];
  }

  /** What `CMD` executes, or hands to an entry point. */
  #given(cmd: Instruction, fixed: readonly string[]): readonly string[] {
    const isArguments = fixed.length > 0 && !(this.#site.entrypoint === undefined && isPassThrough(fixed));
    if (!isArguments || cmd.json === undefined) return this.instruction(cmd, false, isArguments);
    // The arguments of an entry point are often the program that it starts in the end.
    const isHandedOn = this.scripts.length > 0 || this.#site.handsOn(fixed, cmd.json);
    if (cmd.json[0]?.startsWith('-') === false && isHandedOn) this.#command(cmd.json, { by: 'CMD', line: cmd.line });
    return cmd.json;
  }

  /** What an instruction executes, with all that this starts. */
  instruction(instruction: Instruction, isHealth: boolean, isArguments = false): readonly string[] {
    const { line, keyword } = instruction;
    const where: Where = { by: keyword, line, ...(isHealth ? { isHealth } : {}) };
    const script = shellCommands(this.#site.dockerfile, instruction);
    if (script.kind === 'none') return [];
    if (script.kind === 'exec') {
      const words = script.commands[0]?.words.map(({ value }) => value!) ?? [];
      this.#command(words, where);
      return words;
    }
    const text = this.#text(instruction);
    // As an argument, even a plain command is handed on to a shell.
    const plain = isArguments ? undefined : plainWords(script, text);
    this.#needShell(
      `${keyword} is in the shell form`,
      instruction.shell[0] ?? 'sh',
      where,
      plain && { instruction, words: plain },
    );
    if (script.kind === 'foreign') {
      this.problems.push({ kind: 'foreign', message: `What ${script.interpreter} runs here is not read.`, line });
    } else if (script.problems[0] !== undefined) {
      this.problems.push({ kind: 'syntax', message: script.problems[0].message, line });
    }
    this.#programs(programsOf(script), where);
    return [...instruction.shell, text];
  }

  consumer(consumer: Consumer): void {
    const { file, line, name, command, entrypoint, healthcheck, workingDir: folder } = consumer;
    // The line is another file's, so it is part of the name.
    const where: Where = { by: `${name} (${file}, line ${line})`, ...(folder === undefined ? {} : { folder }) };
    // Compose splits a command itself; only a health check in one text is for a shell.
    for (const text of [entrypoint, command]) if (typeof text === 'string') this.#scriptText(text, where);
    const given = typeof command === 'string' ? undefined : command;
    if (typeof entrypoint !== 'string' && (entrypoint ?? given) !== undefined)
      this.#started(entrypoint ?? this.#ownEntrypoint, given ?? [], where);
    if (folder !== undefined && startsElsewhere(consumer, this.#site.workingDir)) this.#startedIn(folder, where.by);
    const checks: Where = { ...where, isHealth: true };
    if (typeof healthcheck === 'string') {
      this.#needShell(`the health check of ${where.by} is for a shell`, 'sh', checks);
      this.#scriptText(healthcheck, checks);
    } else if (healthcheck !== undefined) this.#command(healthcheck, checks);
  }

  /** What a command is given to where nobody says otherwise; undefined where it is given to nothing. */
  get #ownEntrypoint(): readonly string[] | undefined {
    const { entrypoint, config } = this.#site;
    if (entrypoint) return entrypoint.json;
    const inherited = config?.entrypoint ?? [];
    return isPassThrough(inherited) ? [] : inherited;
  }

  /** A command behind an entry point, which may be none. */
  #started(entrypoint: readonly string[] | undefined, command: readonly string[], where: Where): void {
    if (entrypoint === undefined) return;
    this.#command([...entrypoint, ...command], where);
    if (entrypoint.length === 0 || command[0]?.startsWith('-') !== false) return;
    if (this.scripts.length > 0 || this.#site.handsOn(entrypoint, command)) this.#command(command, where);
  }

  /** What the image itself starts, begun in another folder: other files, where paths are relative. */
  #startedIn(folder: string, by: string): void {
    const elsewhere = new StartReader({ ...this.#site, workingDir: folder });
    elsewhere.start();
    for (const { line, ...program } of elsewhere.programs) {
      const hasMoved = elsewhere.programs.some(({ name, by }) => movesOn(name) && by === program.by);
      const name = hasMoved ? program.name : this.#calledIn(folder, program.name);
      const isKnown = this.programs.some(
        (other) => other.name === name && other.args.join('\0') === program.args.join('\0'),
      );
      if (!isKnown) this.programs.push({ ...program, name, ...(line === undefined ? {} : { by }) });
    }
    this.scripts.push(...elsewhere.scripts.filter(({ path }) => !this.scripts.some((known) => known.path === path)));
    this.shellUsers.push(
      ...elsewhere.shellUsers.filter(({ why }) => !this.shellUsers.some((known) => known.why === why)),
    );
  }

  /** A relative path of a program as an absolute one; the others as they are, and those that only the start knows. */
  #calledIn(folder: string, name: string): string {
    return /^[^/$][^$]*\/[^$]*$/.test(name) ? this.#site.absolute(name, folder) : name;
  }

  #command(words: readonly string[], where: Where): void {
    let rest = words;
    for (let inner = wrappedCommand(rest); inner !== undefined; inner = wrappedCommand(rest)) {
      this.#program(rest[0]!, [], where);
      rest = inner;
    }
    const [name, ...args] = rest;
    if (name === undefined) return;
    const task = shellTask(rest);
    if (task) this.#needShell(`${where.by} starts a shell`, name, where);
    if (task?.kind === 'text') this.#scriptText(task.text, where);
    else this.#program(name, args, where);
  }

  #programs(programs: readonly Program[], { folder, ...told }: Where): void {
    const hasMoved = programs.some(({ nameWord }) => movesOn(calledName(nameWord)));
    const where: Where = { ...told, ...(folder === undefined || hasMoved ? {} : { folder }) };
    for (const { command, args, nameWord } of programs) {
      // Something in front, such as `exec` or `gosu`, is needed as well.
      if (command.words[0] !== nameWord && command.name !== undefined) this.#program(command.name, [], where);
      const words = wordTexts(args);
      this.#program(calledName(nameWord), words, where);
    }
  }

  /** A program that is started: noted, and, where it is a script of the context, read. */
  #program(written: string, args: readonly string[], { folder, ...where }: Where): void {
    const name = folder === undefined ? written : this.#calledIn(folder, written);
    const isKnown = this.programs.some(
      (other) => other.name === name && other.by === where.by && other.args.join('\0') === args.join('\0'),
    );
    if (isKnown) return;
    const isRead = name === '.' || name === 'source';
    const interpreted = isRead || isPosixShell(baseName(name)) ? args.find((word) => !word.startsWith('-')) : undefined;
    const paths = searchedPaths(name, this.#site);
    const contextPath = paths.map((path) => this.#contextPath(path)).find((path) => path !== undefined);
    this.programs.push({ name, args, ...where, ...(contextPath === undefined ? {} : { contextPath }) });
    for (const path of interpreted === undefined ? paths : this.#sourcesOf(interpreted, folder))
      this.#script(path, interpreted === undefined ? undefined : isRead ? 'sh' : name, {
        ...where,
        ...(folder === undefined ? {} : { folder }),
      });
  }

  /** A file that is started: if it is one of the build context, and a script, it is read. */
  #script(path: string, shell: string | undefined, where: Where): void {
    const contextPath = this.#contextPath(path);
    if (contextPath === undefined || this.scripts.some((script) => script.path === path)) return;
    const text = this.#site.project.text(contextPath);
    const interpreter = shell === undefined ? shebang(text ?? '') : [shell];
    if (text === undefined || interpreter === undefined) return;
    this.scripts.push({ path, contextPath, interpreter });
    const [first = '', ...rest] = interpreter;
    const program = baseName(first) === 'env' ? (rest.find((word) => !word.startsWith('-')) ?? '') : first;
    const { isHealth, folder } = where;
    const inside: Where = { by: contextPath, ...(isHealth === undefined ? {} : { isHealth }) };
    if (!isPosixShell(baseName(program))) {
      this.programs.push({ ...inside, name: program, args: [path] });
      return;
    }
    this.#needShell(`${contextPath} is a script for ${baseName(program)}`, program, inside);
    this.#scriptText(text, { ...inside, ...(folder === undefined ? {} : { folder }) });
  }

  #scriptText(text: string, where: Where): void {
    this.#programs(programsOf(readShellText(text, this.#site.scope)), where);
  }

  #needShell(why: string, shell: string, { line }: Where, plain?: ShellUser['plain']): void {
    this.shellUsers.push({
      why,
      shell: baseName(shell),
      ...(line === undefined ? {} : { line }),
      ...(plain === undefined ? {} : { plain }),
    });
  }

  /** Where a shell looks for a script that it is told to read: where it is, before it looks where programs are. */
  #sourcesOf(name: string, folder: string = this.#site.workingDir): readonly string[] {
    const own = name === '' || /[$/]/.test(name) ? [] : [this.#site.absolute(name, folder)];
    return [...own, ...searchedPaths(name, { ...this.#site, workingDir: folder })];
  }

  #contextPath(path: string): string | undefined {
    const { context, project } = this.#site;
    const at = context.contextPath(path);
    return at !== undefined && project.below(at)[0] === at ? at : undefined;
  }

  #text({ argsSpan, words, keyword }: Instruction): string {
    const start = keyword === 'HEALTHCHECK' ? (words[0]?.span.end ?? argsSpan.start) : argsSpan.start;
    return this.#site.dockerfile.text.slice(start, argsSpan.end).trim();
  }
}

/** Whether a command goes to another folder: what a relative path of the same script means is no longer known. */
function movesOn(name: string): boolean {
  return name === 'cd' || name === 'pushd';
}

/** The words behind `#!`. */
function shebang(text: string): readonly string[] | undefined {
  return /^#!\s*([^\r\n]*)/.exec(text)?.[1]?.trim().split(/\s+/);
}

/** The words of a script that a shell would pass on as they are: one simple command, nothing expanded. */
function plainWords({ kind, commands, statements }: ShellScript, text: string): readonly string[] | undefined {
  const [only] = commands;
  if (kind !== 'shell' || only === undefined || commands.length > 1 || statements.length !== 1) return undefined;
  if (statements[0]!.background || statements[0]!.form !== 'command') return undefined;
  if (only.assignments.length > 0 || only.redirections.length > 0) return undefined;
  // A variable may be set otherwise when the container is started.
  if (/[$`*?~{}[\]]/.test(text)) return undefined;
  const words = only.words.map(({ value }) => value);
  // `exec` is no program, and without a shell there is nothing to be replaced.
  const plain = words[0] === 'exec' ? words.slice(1) : words;
  return plain.length === 0 || plain.some((word) => word === undefined) ? undefined : (plain as readonly string[]);
}
