import type { ImageConfig } from '../image/image.ts';
import { entryFile, wrappedCommand } from './commandLine.ts';
import { type ElfFile, readElf } from './elf.ts';
import { baseName, type FileSystem, followToFile, inFolder, readText } from './fileSystem.ts';
import {
  type Libc,
  libraryClosure,
  type LibraryClosure,
  type LibraryProblem,
  type LoadedLibrary,
} from './libraries.ts';
import { type BaseNeeds, baseNeeds } from './needs.ts';
import { type NativeModule, nativeModules } from './nativeModules.ts';
import { defaultPath } from './searchPath.ts';
import { readShebang, scriptCommand, shebangBytes } from './shebang.ts';
import { readScript, shellTask } from './startScript.ts';

/** A file that is run, or given to an interpreter, when a container starts. */
export interface ReachedFile {
  /** Links followed. */
  readonly path: string;
  /** The word that named it. */
  readonly name: string;
  /**
   * - `start`: the first word of what is started. `health`: of the health check.
   * - `interpreter`: what a `#!` line names. `wrapped`: what `tini`, `env` and their like start.
   * - `command`: a command of a script. `loader`: the interpreter of an ELF file. `entry`: the file an interpreter runs.
   * - `module`: a compiled module that an interpreter of a language may load.
   */
  readonly role: 'start' | 'health' | 'interpreter' | 'wrapped' | 'command' | 'loader' | 'entry' | 'module';
  /** The file that led to it. */
  readonly by?: string;
  readonly format: 'elf' | 'script' | 'other';
  readonly elf?: ElfFile;
  /** Of a script: what its `#!` line says. */
  readonly shebang?: string;
}

export interface StartProblem {
  readonly code:
    | LibraryProblem['code']
    | 'no-command'
    | 'not-found'
    | 'not-executable'
    | 'not-a-program'
    | 'interpreter-missing'
    | 'entry-missing'
    | 'unreadable';
  /** `breaks`: it cannot start, or not do its work; `may-break`: only in some cases, or in the health check. */
  readonly severity: 'breaks' | 'may-break';
  /** What is missing or wrong: a path, a command, a library. */
  readonly subject: string;
  /** Of `version-missing`. */
  readonly version?: string;
  /** One sentence. */
  readonly message: string;
}

/** What a container of an image starts, and whether it finds what it needs. */
export interface StartTrace {
  /** Entrypoint and command. */
  readonly command: readonly string[];
  /** In the order in which it was come upon, each file once. */
  readonly reached: readonly ReachedFile[];
  readonly libraries: readonly LoadedLibrary[];
  readonly libc: readonly Libc[];
  readonly problems: readonly StartProblem[];
  readonly needs: BaseNeeds;
}

const scriptLimit = 1 << 18;
/** As many levels of scripts and wrappers within each other as nobody writes, and commands as no start script has. */
const deepest = 12;
const mostCommands = 200;
/** Python alone has sixty, and an engine takes a while for each file. */
const modulesAtOnce = 8;
/** As many `#!` lines the kernel follows. */
const shebangLevels = 5;

/**
 * Follows what the engine starts for an image, as kernel, shell and loader would, in a view of its final file system.
 * Nothing is run. What a program does by its own code (opening libraries by name, starting others) is not seen. Rejects
 * with the signal's reason only: a file that cannot be read is a problem of its own.
 */
export async function traceStart(files: FileSystem, config: ImageConfig, signal: AbortSignal): Promise<StartTrace> {
  const tracer = new StartTracer(files, config, signal);
  await tracer.trace();
  const { reached, libraries, problems } = tracer;
  const libc = [...new Set(tracer.libc)];
  return {
    command: tracer.command,
    reached,
    libraries,
    libc,
    problems,
    needs: baseNeeds({ reached, libraries, problems }),
  };
}

interface Task {
  readonly argv: readonly string[];
  readonly role: ReachedFile['role'];
  readonly by?: string;
  readonly folder?: string;
  readonly severity: StartProblem['severity'];
  readonly depth: number;
  /** `#!` lines that led to it. */
  readonly scripts: number;
  /** A shell starts it: then a text without `#!` is a script for a shell. */
  readonly fromShell: boolean;
}

class StartTracer {
  readonly command: readonly string[];
  readonly reached: ReachedFile[] = [];
  readonly libraries: LoadedLibrary[] = [];
  readonly libc: Libc[] = [];
  readonly problems: StartProblem[] = [];
  readonly #files: FileSystem;
  readonly #config: ImageConfig;
  readonly #signal: AbortSignal;
  readonly #env: ReadonlyMap<string, string>;
  readonly #workingDir: string;
  readonly #seen = new Set<string>();
  /** Files whose libraries were looked for. */
  readonly #loaded = new Set<string>();

  constructor(files: FileSystem, config: ImageConfig, signal: AbortSignal) {
    this.#files = files;
    this.#config = config;
    this.#signal = signal;
    this.command = [...(config.entrypoint ?? []), ...(config.cmd ?? [])];
    this.#env = new Map(config.env.map((pair) => [pair.replace(/=.*/s, ''), pair.replace(/^[^=]*=?/, '')]));
    this.#workingDir = inFolder('/', config.workingDir ?? '/');
  }

  async trace(): Promise<void> {
    const first = { folder: this.#workingDir, depth: 0, scripts: 0, fromShell: false } as const;
    if (this.command.length === 0) {
      this.#report('no-command', 'breaks', '', 'The image says nothing of what a container starts.');
    } else {
      await this.#run({ ...first, argv: this.command, role: 'start', severity: 'breaks' });
    }
    const [how, ...test] = this.#config.healthcheck ?? [];
    if (how !== 'CMD' && how !== 'CMD-SHELL') return;
    const argv = how === 'CMD' ? test : [...(this.#config.shell ?? ['/bin/sh', '-c']), ...test];
    if (argv.length > 0) await this.#run({ ...first, argv, role: 'health', severity: 'may-break' });
  }

  async #run(task: Task): Promise<void> {
    this.#signal.throwIfAborted();
    const key = JSON.stringify([task.argv, task.folder, task.severity]);
    if (task.depth > deepest || this.#seen.size >= mostCommands || this.#seen.has(key)) return;
    this.#seen.add(key);
    const name = task.argv[0]!;
    const path = this.#find(name, task);
    if (path === undefined) return;
    try {
      await this.#started(path, name, task);
    } catch (error) {
      this.#signal.throwIfAborted();
      const said = error instanceof Error ? error.message : String(error);
      this.#report('unreadable', 'may-break', path, `${path} could not be read: ${said}`);
    }
  }

  /** The file that a word means, on `PATH` or as a path; undefined and a problem where there is none that can be run. */
  #find(name: string, task: Task): string | undefined {
    const isPath = name.includes('/');
    if (isPath && !name.startsWith('/') && task.folder === undefined) return undefined;
    const search = (this.#env.get('PATH') ?? defaultPath).split(':').map((folder) => folder || '.');
    const folder = task.folder ?? this.#workingDir;
    const candidates = isPath ? [inFolder(folder, name)] : search.map((on) => inFolder(inFolder(folder, on), name));
    let refused: string | undefined;
    for (const candidate of candidates) {
      const place = followToFile(this.#files, candidate);
      if (place === undefined) continue;
      if ((place.entry.mode & 0o111) !== 0) return place.path;
      refused ??= place.path;
    }
    const { severity } = task;
    if (refused !== undefined) {
      this.#report('not-executable', severity, refused, `${refused} is not executable: its mode lacks the x.`);
    } else if (task.role === 'interpreter' && !isPath) {
      this.#report(
        'interpreter-missing',
        severity,
        name,
        `${task.by ?? 'A script'} is run by ${shown(name)}, which is not on PATH.`,
      );
    } else if (task.role === 'interpreter') {
      const why = name.endsWith('\r') ? ' (its #! line ends in a carriage return)' : '';
      this.#report(
        'interpreter-missing',
        severity,
        name,
        `${task.by ?? 'A script'} is run by ${shown(name)}, which is not there${why}.`,
      );
    } else {
      const whose = task.by === undefined ? 'The image starts' : `${task.by} runs`;
      const whoseHealth = task.role === 'health' ? 'The health check runs' : whose;
      const where = isPath ? 'which is not there' : 'which is not on PATH';
      this.#report('not-found', severity, name, `${whoseHealth} ${shown(name)}, ${where}.`);
    }
    return undefined;
  }

  async #started(path: string, name: string, task: Task): Promise<void> {
    const file = await this.#files.open(path, this.#signal);
    const elf = await readElf(file);
    const by = task.by === undefined ? {} : { by: task.by };
    const base = { path, name, role: task.role, ...by };
    if (elf.kind === 'damaged') {
      this.#reach({ ...base, format: 'other' });
      this.#report('damaged', task.severity, path, `${path} is a damaged ELF file: ${elf.message}`);
      return;
    }
    if (elf.kind === 'elf') {
      this.#reach({ ...base, format: 'elf', elf });
      await this.#load(path, elf, task.severity);
      await this.#follow(path, task);
      return;
    }
    const head = await file.read(0, shebangBytes);
    const shebang = readShebang(head);
    if (shebang !== undefined) {
      this.#reach({
        ...base,
        format: 'script',
        shebang: [shebang.interpreter, ...(shebang.argument === undefined ? [] : [shebang.argument])].join(' '),
      });
      if (task.scripts >= shebangLevels) {
        this.#report(
          'not-a-program',
          task.severity,
          path,
          `${path} is a script for a script, deeper than Linux allows.`,
        );
        return;
      }
      const argv = scriptCommand(shebang, path, task.argv.slice(1));
      await this.#run({
        ...task,
        argv,
        role: 'interpreter',
        by: path,
        depth: task.depth + 1,
        scripts: task.scripts + 1,
      });
      return;
    }
    this.#reach({ ...base, format: 'other' });
    if (task.fromShell && !head.includes(0)) {
      await this.#script(
        await readText(this.#files, path, scriptLimit, this.#signal),
        path,
        task.argv.slice(1),
        '',
        task,
      );
      return;
    }
    this.#report('not-a-program', task.severity, path, `${path} is neither an ELF file nor a script with a #! line.`);
  }

  /** The loader and the libraries of an ELF file. */
  async #load(path: string, elf: ElfFile, severity: StartProblem['severity']): Promise<void> {
    if (elf.interpreter === undefined || this.#loaded.has(path)) return;
    this.#loaded.add(path);
    const loader = followToFile(this.#files, elf.interpreter)?.path;
    if (loader === undefined) {
      this.#report(
        'interpreter-missing',
        severity,
        elf.interpreter,
        `${path} is loaded by ${elf.interpreter}, which is not there.`,
      );
    } else {
      this.#reach({ path: loader, name: elf.interpreter, role: 'loader', by: path, format: 'elf' });
    }
    const closure = await this.#closure(path, elf, elf.interpreter, loader);
    this.libc.push(closure.libc);
    this.#take(closure, severity);
    await this.#modules(path, elf, elf.interpreter, loader);
  }

  #closure(path: string, elf: ElfFile, interpreter: string, loader: string | undefined): Promise<LibraryClosure> {
    return libraryClosure(this.#files, path, elf, {
      interpreter,
      ...(loader === undefined ? {} : { loader }),
      env: this.#env,
      workingDir: this.#workingDir,
      signal: this.#signal,
    });
  }

  #take({ libraries, problems }: LibraryClosure, severity: StartProblem['severity']): void {
    for (const library of libraries) {
      if (!this.libraries.some((known) => known.path === library.path)) this.libraries.push(library);
    }
    for (const { code, library, version, message } of problems) this.#report(code, severity, library, message, version);
  }

  /** Which of its modules a program loads is not known: what one of them lacks may break it. */
  async #modules(by: string, program: ElfFile, interpreter: string, loader: string | undefined): Promise<void> {
    const lacking: { readonly packageFolder: string; readonly closure: LibraryClosure }[] = [];
    const complete = new Set<string>();
    const modules = nativeModules(this.#files, by);
    const examine = async ({ path, packageFolder }: NativeModule) => {
      const elf = await readElf(await this.#files.open(path, this.#signal));
      // Packages bring builds for other systems along, which nobody loads.
      if (elf.kind !== 'elf' || elf.machine !== program.machine || elf.bits !== program.bits) return [];
      return [{ path, packageFolder, elf, closure: await this.#closure(path, elf, interpreter, loader) }];
    };
    for (let at = 0; at < modules.length; at += modulesAtOnce) {
      this.#signal.throwIfAborted();
      const examined = await Promise.all(modules.slice(at, at + modulesAtOnce).map(examine));
      for (const { path, packageFolder, elf, closure } of examined.flat()) {
        if (closure.problems.length > 0) {
          lacking.push({ packageFolder, closure });
          continue;
        }
        complete.add(packageFolder);
        this.#reach({ path, name: path, role: 'module', by, format: 'elf', elf });
        this.#take(closure, 'may-break');
      }
    }
    for (const { packageFolder, closure } of lacking) {
      if (!complete.has(packageFolder)) this.#take(closure, 'may-break');
    }
  }

  /** What a program that is started is told to run in its turn. */
  async #follow(path: string, task: Task): Promise<void> {
    const { argv } = task;
    const next = { ...task, by: path, depth: task.depth + 1, scripts: 0, fromShell: false };
    const wrapped = wrappedCommand(argv);
    if (wrapped !== undefined && baseName(argv[0]!) === 'busybox') {
      await this.#follow(path, { ...task, argv: wrapped });
      return;
    }
    if (wrapped !== undefined) {
      // What `env` of a `#!` line starts is the script's interpreter.
      const isInterpreter = task.role === 'interpreter';
      await this.#run({
        ...next,
        argv: wrapped,
        ...(isInterpreter ? { role: 'interpreter', by: task.by! } : { role: 'wrapped' }),
      });
      return;
    }
    const shell = shellTask(argv);
    if (shell?.kind === 'text') await this.#script(shell.text, path, shell.args, shell.flags, task);
    else if (shell !== undefined) await this.#scriptFile(shell.file, shell.args, shell.flags, path, task);
    else this.#entry(path, task);
  }

  async #scriptFile(name: string, args: readonly string[], flags: string, by: string, task: Task): Promise<void> {
    if (task.folder === undefined && !name.startsWith('/')) return;
    const place = followToFile(this.#files, inFolder(task.folder ?? '/', name));
    if (place === undefined) {
      this.#report('entry-missing', task.severity, name, `${by} runs ${shown(name)}, which is not there.`);
      return;
    }
    this.#reach({ path: place.path, name, role: 'entry', by, format: 'script' });
    const text = await readText(this.#files, place.path, scriptLimit, this.#signal);
    const own = /^#![^\n]*\s-([a-z]+)/.exec(text)?.[1] ?? '';
    await this.#script(text, place.path, args, flags + own, task);
  }

  async #script(text: string, by: string, args: readonly string[], flags: string, task: Task): Promise<void> {
    const { commands, changesPath } = readScript(text, args, this.#env, task.folder ?? this.#workingDir, flags);
    for (const { argv, folder, decides, kind } of commands) {
      const severity = decides && !changesPath ? task.severity : 'may-break';
      const next: Task = {
        argv,
        role: 'command',
        by,
        ...(folder === undefined ? {} : { folder }),
        severity,
        depth: task.depth + 1,
        scripts: 0,
        fromShell: true,
      };
      if (kind !== 'source') await this.#run(next);
      else if (next.depth <= deepest && !this.#seen.has(`source ${argv[0]!}`)) {
        this.#seen.add(`source ${argv[0]!}`);
        await this.#scriptFile(argv[0]!, argv.slice(1), '', by, next);
      }
    }
  }

  #entry(by: string, task: Task): void {
    const entry = entryFile(task.argv);
    if (entry === undefined || (task.folder === undefined && !entry.name.startsWith('/'))) return;
    for (const candidate of entry.candidates) {
      const place = followToFile(this.#files, inFolder(task.folder ?? '/', candidate));
      if (place === undefined) continue;
      this.#reach({ path: place.path, name: entry.name, role: 'entry', by, format: 'other' });
      return;
    }
    this.#report('entry-missing', task.severity, entry.name, `${by} runs ${shown(entry.name)}, which is not there.`);
  }

  #reach(file: ReachedFile): void {
    if (!this.reached.some(({ path, role }) => path === file.path && (role === file.role || role !== 'entry'))) {
      this.reached.push(file);
    }
  }

  #report(
    code: StartProblem['code'],
    severity: StartProblem['severity'],
    subject: string,
    message: string,
    version?: string,
  ): void {
    const known = this.problems.findIndex((problem) => problem.message === message);
    if (known >= 0) {
      if (severity === 'breaks') this.problems[known] = { ...this.problems[known]!, severity };
      return;
    }
    this.problems.push({ code, severity, subject, ...(version === undefined ? {} : { version }), message });
  }
}

/** A word for a sentence: control characters would not be seen. */
function shown(word: string): string {
  return JSON.stringify(word).slice(1, -1);
}
