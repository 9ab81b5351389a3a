import { isPosixShell } from '../../dockerfile/interpreter.ts';
import { JoinedText } from '../../dockerfile/joinedText.ts';
import type { Instruction } from '../../dockerfile/model.ts';
import { shellCommands } from '../../dockerfile/shell.ts';
import { readCommands } from '../../dockerfile/shellCommands.ts';
import type { ShellScript } from '../../dockerfile/shellScript.ts';
import { wrappedCommand } from '../../program/commandLine.ts';
import { shellTask } from '../../program/startScript.ts';
import { type Program, programsOf } from '../../rules/scene/program.ts';
import type { Consumer } from '../project.ts';
import { ContextMap } from '../multistage/contextMap.ts';
import { lastOf, type SwapSubject } from './subject.ts';

/** What is started in a container of the image: by the image itself, and by those who use it. */
export interface Uses {
  readonly entrypoint?: Instruction;
  readonly cmd?: Instruction;
  readonly healthcheck?: Instruction;
  /** What the image executes, the inherited parts included; undefined where that is not known. */
  readonly argv: readonly string[] | undefined;
  readonly programs: readonly UsedProgram[];
  /** Who needs a shell. */
  readonly shells: readonly ShellUse[];
}

export interface UsedProgram {
  /** As it is called. */
  readonly name: string;
  readonly args: readonly string[];
  /** `CMD`, `docker-entrypoint.sh`, `service web in compose.yaml`: a clause's subject. */
  readonly by: string;
  readonly line?: number;
  readonly isHealth: boolean;
  /** The file of the build context that it is, where it is one. */
  readonly contextPath?: string;
}

export interface ShellUse {
  /** A clause: `CMD is in the shell form`. */
  readonly why: string;
  readonly line?: number;
  /** `sh`, `bash`: which one. */
  readonly shell: string;
  /** The instruction whose shell form is one plain command, with its words. */
  readonly plain?: { readonly instruction: Instruction; readonly words: readonly string[] };
}

/** Reads what is started. Texts of scripts that are not loaded are asked for by reading them. */
export function readUses(subject: SwapSubject): Uses {
  const entrypoint = lastOf(subject, 'ENTRYPOINT');
  const lastCmd = lastOf(subject, 'CMD');
  // An ENTRYPOINT empties the CMD of the stages below its own; within a stage their order does not matter.
  const cmd = entrypoint && lastCmd && lastCmd.stage < entrypoint.stage ? undefined : lastCmd;
  const healthcheck = lastOf(subject, 'HEALTHCHECK');
  const reader = new UsesReader(subject);
  const argv = reader.start(entrypoint, cmd);
  if (healthcheck) reader.instruction(healthcheck, 'HEALTHCHECK', true);
  if (subject.ships) for (const consumer of subject.project.consumers) reader.consumer(consumer);
  return {
    ...(entrypoint === undefined ? {} : { entrypoint }),
    ...(cmd === undefined ? {} : { cmd }),
    ...(healthcheck === undefined ? {} : { healthcheck }),
    argv,
    programs: reader.programs,
    shells: reader.shells,
  };
}

type Where = Omit<UsedProgram, 'name' | 'args'>;

class UsesReader {
  readonly programs: UsedProgram[] = [];
  readonly shells: ShellUse[] = [];
  readonly #subject: SwapSubject;
  readonly #context: ContextMap;
  readonly #read = new Set<string>();

  constructor(subject: SwapSubject) {
    this.#subject = subject;
    const { top, project, config } = subject;
    this.#context = new ContextMap(
      top,
      project,
      (instruction) => top.folderAt(instruction) ?? config?.workingDir ?? '/',
    );
  }

  start(entrypoint: Instruction | undefined, cmd: Instruction | undefined): readonly string[] | undefined {
    const { config } = this.#subject;
    const fixed = entrypoint ? this.instruction(entrypoint, 'ENTRYPOINT', false) : config?.entrypoint;
    // The shell form of ENTRYPOINT takes no arguments.
    if (entrypoint && entrypoint.json === undefined) return fixed;
    const isWhole = fixed?.length === 0;
    const given = cmd
      ? cmd.json && !isWhole && entrypoint
        ? this.#passedOn(cmd.json, cmd.line)
        : this.instruction(cmd, 'CMD', false)
      : entrypoint
        ? []
        : config?.cmd;
    return fixed && given && [...fixed, ...given];
  }

  /** What an instruction executes, with all that this starts. */
  instruction(instruction: Instruction, by: string, isHealth: boolean): readonly string[] {
    const where: Where = { by, line: instruction.line, isHealth };
    const script = shellCommands(this.#subject.dockerfile, instruction);
    if (script.kind === 'exec') {
      const words = script.commands[0]?.words.map(({ value }) => value!) ?? [];
      this.#command(words, where);
      return words;
    }
    if (script.kind === 'none') return [];
    const plain = plainWords(script, this.#text(instruction));
    this.shells.push({
      why: `${by} is in the shell form`,
      line: instruction.line,
      shell: instruction.shell[0] === undefined ? 'sh' : lastPart(instruction.shell[0]),
      ...(plain === undefined ? {} : { plain: { instruction, words: plain } }),
    });
    this.#programs(programsOf(script), where);
    return [...instruction.shell, this.#text(instruction)];
  }

  consumer({ file, line, name, command, entrypoint, healthcheck }: Consumer): void {
    for (const [what, isHealth] of [
      [entrypoint, false],
      [command, false],
      [healthcheck, true],
    ] as const) {
      if (what === undefined) continue;
      // The line is another file's, so it is part of the name.
      const where: Where = { by: `${name} (${file}, line ${line})`, isHealth };
      if (typeof what !== 'string') this.#command(what, where);
      else {
        if (isHealth) this.shells.push({ why: `the health check of ${where.by} is for a shell`, shell: 'sh' });
        this.#scriptText(what, where);
      }
    }
  }

  /** The arguments of an entry point are often the program that it starts in the end. */
  #passedOn(words: readonly string[], line: number): readonly string[] {
    if (words[0]?.startsWith('-') === false) this.#command(words, { by: 'CMD', line, isHealth: false });
    return words;
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
    if (task?.kind === 'text') {
      this.#shell(`${where.by} starts a shell`, name, where.line);
      this.#scriptText(task.text, where);
    } else if (task?.kind === 'file') {
      this.#shell(`${where.by} starts a shell`, name, where.line);
      this.#file(task.file, where);
    } else this.#program(name, args, where);
  }

  #programs(programs: readonly Program[], where: Where): void {
    for (const { command, args, nameWord } of programs) {
      if (command.words[0] !== nameWord && command.name !== undefined) this.#program(command.name, [], where);
      const words = args.map(({ value, text }) => value ?? text);
      this.#program(nameWord.value ?? nameWord.text, words, where);
    }
  }

  #program(name: string, args: readonly string[], where: Where): void {
    const paths = name.includes('/') ? [name] : searched.map((folder) => `${folder}/${name}`);
    const contextPath = paths.map((path) => this.#contextPath(path)).find((path) => path !== undefined);
    this.programs.push({ name, args, ...where, ...(contextPath === undefined ? {} : { contextPath }) });
    for (const path of paths) this.#file(path, where);
  }

  #contextPath(path: string): string | undefined {
    const { top, config, project } = this.#subject;
    const last = top.stage.instructions.at(-1);
    const folder = (last && folderAfter(this.#subject, last)) ?? config?.workingDir ?? '/';
    const at = this.#context.contextPath(top.absolute(path, folder)!);
    return at !== undefined && project.below(at)[0] === at ? at : undefined;
  }

  /** A file of the build context that is started: a script is read. */
  #file(path: string, where: Where): void {
    const { project } = this.#subject;
    const at = this.#contextPath(path);
    if (at === undefined || this.#read.has(at)) return;
    this.#read.add(at);
    const text = project.text(at);
    const line = /^#!\s*([^\r\n]*)/
      .exec(text ?? '')?.[1]
      ?.trim()
      .split(/\s+/);
    if (text === undefined || line === undefined) return;
    const named = lastPart(line[0]!) === 'env' ? line.find((word, i) => i > 0 && !word.startsWith('-')) : line[0];
    const interpreter = lastPart(named ?? '');
    if (!isPosixShell(interpreter)) {
      this.programs.push({ ...where, name: named ?? '', args: [path], by: at });
      return;
    }
    this.#shell(`${at} is a script for ${interpreter}`, interpreter, undefined);
    this.#scriptText(text, { by: at, isHealth: where.isHealth });
  }

  #scriptText(text: string, where: Where): void {
    const script = readCommands(new JoinedText(text, [{ start: 0, end: text.length }]), nothingSet);
    this.#programs(programsOf({ kind: 'shell', interpreter: 'sh', ...script }), where);
  }

  #shell(why: string, shell: string, line: number | undefined): void {
    this.shells.push({ why, shell: lastPart(shell), ...(line === undefined ? {} : { line }) });
  }

  #text({ argsSpan, words, keyword }: Instruction): string {
    const start = keyword === 'HEALTHCHECK' ? (words[0]?.span.end ?? argsSpan.start) : argsSpan.start;
    return this.#subject.dockerfile.text.slice(start, argsSpan.end).trim();
  }
}

const nothingSet = { get: () => undefined, has: () => false };

/** Folders of `PATH` where programs are put that are started by name. */
export const searched = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

function folderAfter({ top, config }: SwapSubject, last: Instruction): string | undefined {
  const before = top.folderAt(last) ?? config?.workingDir ?? '/';
  if (last.keyword !== 'WORKDIR') return before;
  const path = top.expanded(last, top.dockerfile.text.slice(last.argsSpan.start, last.argsSpan.end));
  return path === undefined ? undefined : top.absolute(path, before);
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
  const plain = words[0] === 'exec' ? words.slice(1) : words;
  return plain.length === 0 || plain.some((word) => word === undefined) ? undefined : (plain as readonly string[]);
}

export function lastPart(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
