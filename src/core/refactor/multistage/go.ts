import { lineBreakAt } from '../../rules/edit/lines.ts';
import { firstOperand, type Program, splitArguments } from '../../rules/scene/program.ts';
import type { TextEdit } from '../../text.ts';
import { fileWith, textsOf } from '../project.ts';
import { artefacts } from './artefacts.ts';
import { block } from './blocked.ts';
import { conventionalFiles } from './conventions.ts';
import { dataFiles } from './dataFiles.ts';
import type { Build, Ecosystem, PlannedCopy, RunProgram, Where } from './ecosystem.ts';
import { readMake } from './made.ts';
import { installsHeaders } from './packages.ts';
import type { Reading, Step } from './step.ts';
import type { Subject } from './subject.ts';
import { workFolders } from './workFolders.ts';

/** Modules that do not work, or do other things, without cgo. */
const cgoModules =
  /^\s*(?:require\s+)?(github\.com\/(?:mattn\/go-sqlite3|confluentinc\/confluent-kafka-go|marcboeker\/go-duckdb|h2non\/bimg|libgit2\/git2go|google\/gopacket|veandco\/go-sdl2|go-gl\/\S+|linxGnu\/grocksdb|tecbot\/gorocksdb|davidbyttow\/govips|bytecodealliance\/wasmtime-go|miekg\/pkcs11|karalabe\/hid|gen2brain\/\S+|mutecomm\/go-sqlcipher|DataDog\/zstd|valyala\/gozstd|rwcarlsen\/goexif-c)|gocv\.io\/x\/gocv|gopkg\.in\/gographics\/imagick\S*|github\.com\/gographics\/imagick)\S*\s/m;
/** Of these, those that are in C++. */
const cxxModules = /go-duckdb|gocv|grocksdb|gorocksdb/;

const conventions = [
  { uses: /joho\/godotenv/, paths: ['.env'] },
  { uses: /beego\/beego/, paths: ['conf', 'views', 'static'] },
];

export const go: Ecosystem = {
  id: 'go',
  name: 'Go',
  calls: {
    isProgram: /(?<!_test)\.go$/,
    programs: /\bexec\.Command(?:Context\s*\([^,;()]*(?:\(\))?\s*,|\s*\()|\bsyscall\.Exec\s*\(/g,
  },

  detect(subject) {
    const programs = subject.scene.runs.flatMap((run) => run.programs);
    if (programs.some((program) => program.name === 'go' && /^(?:build|install)$/.test(firstOperand(program))))
      return true;
    return (
      subject.image === 'golang' && programs.some(({ name }) => name === 'make' || name === 'mage' || name === 'task')
    );
  },

  read(program, where) {
    if (program.name === 'make') return readGoMake(program, where);
    if (program.name === 'gofmt' || program.name === 'golangci-lint' || program.name === 'staticcheck')
      return { kind: 'test' };
    return program.name === 'go' ? readGo(program, where) : undefined;
  },

  plan(build) {
    const { subject, start, steps } = build;
    const compiling = steps.filter(
      ({ kind, program }) => kind === 'compile' && (program.name === 'go' || program.name === 'make'),
    );
    if (compiling.length === 0)
      block('artefact-unknown', 'No command of the stage builds a program.', { line: start.line });
    checkModes(compiling);
    const outputs = compiling.flatMap(({ writes }) => writes);
    const programs = artefacts(build, outputs, () => false, outputs);
    const usesCgo = needsCgo(build, compiling);
    const buildFolders = [...new Set([...workFolders(subject, steps), '/go'])].filter((folder) => folder !== '/');
    const data = dataFiles(subject, {
      start,
      isSource: /\.go$|(?:^|\/)go\.(?:mod|sum|work|work\.sum)$|(?:^|\/)vendor\//,
      isProgram: /(?<!_test)\.go$/,
    });
    return {
      program: programOf(build, usesCgo, programs),
      copies: [...programs, ...data, ...conventionalFiles(subject, /(?:^|\/)go\.mod$/, conventions)],
      edits: usesCgo ? [] : withoutCgo(subject, compiling),
      buildFolders,
      buildOnly: /^(?:GO\w*|CGO_\w*)$/,
      buildPackages: /^(?:golang.*|go|musl-dev|upx.*)$/,
    };
  },
};

function readGo(program: Program, where: Where): Reading | undefined {
  switch (firstOperand(program)) {
    case 'build':
      return { kind: 'compile', writes: outputOf(program, where) ?? [] };
    case 'install':
      return { kind: 'compile', writes: installed(program, where) };
    case 'generate':
    case 'run':
    case 'tool':
      return { kind: 'compile' };
    case 'mod':
    case 'get':
    case 'work':
      return { kind: 'fetch' };
    case 'test':
    case 'vet':
    case 'fmt':
    case 'fix':
      return { kind: 'test' };
    case 'env':
    case 'version':
    case 'list':
    case 'clean':
    case 'help':
      return { kind: 'neutral' };
    default:
      return undefined;
  }
}

function readGoMake(program: Program, where: Where): Reading | undefined {
  const call = readMake(program, where);
  if (call === undefined) return undefined;
  const readings = call.programs.map(({ program: each, folder }) => {
    const reading = each.name === 'go' ? readGo(each, { ...where, folder }) : undefined;
    return reading && { ...reading, writes: reading.writes?.map((path) => where.subject.absolute(path, folder)) ?? [] };
  });
  const writes = readings.flatMap((reading) => reading?.writes ?? []);
  const kinds = new Set(readings.map((reading) => reading?.kind));
  if (kinds.has('compile')) return { kind: 'compile', writes };
  return kinds.has('fetch') ? { kind: 'fetch' } : kinds.has('test') ? { kind: 'test' } : undefined;
}

const taking =
  /^-(?:o|p|C|asmflags|buildmode|compiler|gccgoflags|gcflags|installsuffix|ldflags|mod|modfile|overlay|pgo|pkgdir|tags|toolexec|covermode|coverpkg)$/;

/** Where `go build` writes: `-o`, else the name of the package in the folder. */
function outputOf(program: Program, { subject, folder }: Where): readonly string[] | undefined {
  const { options, operands } = splitArguments(program.args, taking);
  const packages = operands.slice(1).map(({ value }) => value);
  if (packages.some((name) => name === undefined)) return undefined;
  const at = valueOf(options, '-C') === undefined ? folder : subject.absolute(valueOf(options, '-C')!, folder);
  const names = (packages.length === 0 ? ['.'] : (packages as readonly string[])).flatMap((name) =>
    packageName(subject, name, at),
  );
  const target = valueOf(options, '-o');
  if (target === undefined) return names.map((name) => subject.absolute(name, at));
  const folderOf = subject.absolute(target, at);
  // Where the target is a folder, the program keeps its own name in it.
  return target.endsWith('/') || packages.length > 1
    ? names.map((name) => `${folderOf}/${name}`)
    : [folderOf, ...names.map((name) => `${folderOf}/${name}`)];
}

function installed(program: Program, { subject, run, folder }: Where): readonly string[] {
  const { operands } = splitArguments(program.args, taking);
  const packages = operands.slice(1).flatMap(({ value }) => value ?? []);
  const goPath = run.variable(program, 'GOPATH') ?? subject.config?.env.GOPATH ?? '/root/go';
  const bin = run.variable(program, 'GOBIN') ?? `${goPath}/bin`;
  return (packages.length === 0 ? ['.'] : packages)
    .flatMap((name) => packageName(subject, name, folder))
    .map((name) => `${bin}/${name}`);
}

/** What a program built from a package is called; the names of all commands for `./cmd/...`. */
function packageName(subject: Subject, name: string, folder: string): readonly string[] {
  if (name.endsWith('.go')) return [name.slice(name.lastIndexOf('/') + 1, -3)];
  const bare = name.replace(/@.*$/, '');
  if (bare.endsWith('/...')) return commandsBelow(subject, subject.absolute(bare.slice(0, -4), folder));
  if (bare === '.' || bare === './') {
    const module = moduleName(subject, folder);
    return [lastElement(module ?? folder)];
  }
  return [lastElement(bare)];
}

/** The last element of a package's path, a version such as `/v2` left out. */
function lastElement(path: string): string {
  return path
    .replace(/\/+$/, '')
    .replace(/\/v\d+$/, '')
    .replace(/^.*\//, '');
}

/** The path of the package in a folder, by the go.mod there or above. */
function moduleName(subject: Subject, folder: string): string | undefined {
  const source = subject.context.contextPath(folder);
  if (source === undefined) return undefined;
  for (let at = source; ; at = at.includes('/') ? at.slice(0, at.lastIndexOf('/')) : '') {
    const module = /^\s*module\s+(\S+)/m.exec(subject.project.text(at === '' ? 'go.mod' : `${at}/go.mod`) ?? '')?.[1];
    if (module !== undefined) return at === source ? module : source;
    if (at === '') return undefined;
  }
}

function commandsBelow(subject: Subject, folder: string): readonly string[] {
  const source = subject.context.contextPath(folder);
  if (source === undefined) return [];
  const mains = subject.project
    .below(source)
    .filter((file) => /(?<!_test)\.go$/.test(file) && /^package main\b/m.test(subject.project.text(file) ?? ''));
  const folders = new Set(mains.map((file) => file.slice(source.length).replace(/^\/|\/?[^/]*$/g, '')));
  return [...folders].map((each) => lastElement(each === '' ? (moduleName(subject, folder) ?? folder) : each));
}

function valueOf(
  options: readonly { readonly text: string; readonly value?: string }[],
  name: string,
): string | undefined {
  const at = options.findIndex(({ text }) => text === name);
  if (at >= 0) return options[at + 1]?.value;
  return options.find(({ text }) => text.startsWith(`${name}=`))?.value?.slice(name.length + 1);
}

function checkModes(compiling: readonly Step[]): void {
  for (const { program, instruction } of compiling) {
    const mode = program.args.map(({ text }) => text).join(' ');
    if (/-buildmode[= ](?:plugin|c-shared|c-archive|shared)/.test(mode)) {
      block('go-plugin', 'Go plugins must be built and loaded by the very same toolchain and libraries.', {
        line: instruction.line,
      });
    }
  }
}

function needsCgo({ subject, steps }: Build, compiling: readonly Step[]): boolean {
  const { project, scene } = subject;
  const set = compiling.map(({ program, instruction }) => scene.run(instruction).variable(program, 'CGO_ENABLED'));
  if (set.length > 0 && set.every((value) => value === '0')) return false;
  if (
    set.includes('1') ||
    compiling.some(({ program }) => program.args.some(({ text }) => text === '-race' || text === '-msan'))
  )
    return true;
  // Without a C compiler cgo is off: Alpine's variant of the image has none.
  const hasCompiler = steps.some(({ packages = [] }) =>
    packages.some((name) => /^(?:gcc|g\+\+|build-base|build-essential|clang|musl-dev)$/.test(name)),
  );
  if (subject.facts?.distribution?.name === 'alpine' && !hasCompiler) return false;
  if (installsHeaders(steps)) return true;
  const needing = textsOf(project, /(?:^|\/)go\.mod$/)
    .map((text) => cgoModules.exec(text)?.[1])
    .find((name) => name !== undefined);
  if (needing !== undefined) {
    subject.note('assumed', `${needing} needs cgo, so the program stays linked with the C library.`);
    return true;
  }
  return fileWith(project, /\.go$/, /^\s*import\s+"C"|^\s*"C"$/m) !== undefined;
}

function programOf({ subject, steps }: Build, usesCgo: boolean, programs: readonly PlannedCopy[]): RunProgram {
  if (!usesCgo) return { kind: 'static' };
  const isCxx =
    subject.project.files.some((file) => /\.(?:cc|cpp|cxx)$/.test(file)) ||
    fileWith(subject.project, /go\.mod$/, cxxModules) !== undefined;
  const isStatic = steps.some(
    ({ kind, program }) => kind === 'compile' && program.args.some(({ text }) => /-extldflags[^-]*-static/.test(text)),
  );
  if (isStatic) return { kind: 'static' };
  const libraries = isCxx ? 'libstdc++' : 'libc';
  return installsHeaders(steps)
    ? { kind: 'dynamic', libraries, computed: programs.map(({ path }) => path) }
    : { kind: 'dynamic', libraries };
}

/** `CGO_ENABLED=0` in front of what builds: with a C compiler beside it, Go links `net` and `os/user` with the C library. */
function withoutCgo(subject: Subject, compiling: readonly Step[]): readonly TextEdit[] {
  const open = compiling.filter(
    ({ program, instruction }) => subject.scene.run(instruction).variable(program, 'CGO_ENABLED') !== '0',
  );
  const [first] = open;
  if (first === undefined) return [];
  subject.note(
    'changed',
    'The program is built with CGO_ENABLED=0, so it links nothing: names are resolved by Go itself, without nsswitch.conf and mDNS.',
    first.instruction.line,
  );
  // In front of make it would be the Makefile's to hand it on, which it does with its environment.
  return open
    .filter((step, at) => open.findIndex((other) => other.program.command === step.program.command) === at)
    .map(({ program, instruction }) => {
      const isExec = subject.scene.run(instruction).script.kind === 'exec';
      const at = isExec ? instruction.span.start : program.command.words[0]!.span.start;
      const lineBreak = lineBreakAt(subject.dockerfile.text, at);
      return { start: at, end: at, newText: isExec ? `ENV CGO_ENABLED=0${lineBreak}` : 'CGO_ENABLED=0 ' };
    });
}
