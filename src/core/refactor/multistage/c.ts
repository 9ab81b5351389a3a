import { baseName } from '../../program/fileSystem.ts';
import { isWithin } from '../../rules/scene/places.ts';
import { type Program, wordTexts } from '../../rules/scene/program.ts';
import type { TextEdit } from '../../text.ts';
import { fileWith, textsOf } from '../project.ts';
import { artefacts } from './artefacts.ts';
import { block } from './blocked.ts';
import { dataFiles, sourceFolders } from './dataFiles.ts';
import type { Build, Ecosystem, PlannedCopy, RunProgram, Where } from './ecosystem.ts';
import { installations } from './installation.ts';
import { localLibraries, localListing } from './libraries.ts';
import { readMake } from './made.ts';
import { installsHeaders } from './packages.ts';
import { readRecipes } from './recipes.ts';
import type { Reading, Step } from './step.ts';
import type { Subject } from './subject.ts';

const compilers =
  /^(?:(?:[\w]+-linux-(?:gnu|musl)\w*-)?(?:gcc|g\+\+|cpp)(?:-\d+)?|cc|c\+\+|c99|c11|clang(?:\+\+)?(?:-\d+)?|musl-gcc|ld|tcc)$/;
const cxxCompilers = /(?:\+\+)/;
/** Tools that leave nothing but files of the build where they run. */
const helpers =
  /^(?:ar|ranlib|strip|objcopy|nm|autoreconf|autoconf|automake|aclocal|autoheader|libtoolize|pkg-config|pkgconf|flex|bison|yacc|lex|m4|cppcheck|clang-tidy|clang-format|autogen\.sh|bootstrap|bootstrap\.sh)$/;
const builders = /^(?:make|gmake|cmake|ninja|ninja-build|meson|ctest|cpack|configure)$/;

export const c: Ecosystem = {
  id: 'c',
  name: 'C and C++',
  calls: {
    isProgram: /\.(?:c|h|cc|cpp|cxx|c\+\+|hh|hpp|hxx)$/i,
    programs: /\bexec(?:lp?|le|vp?|vpe|ve)\s*\(|\bposix_spawnp?\s*\([^,;]*,/g,
    shell: /(?<![.>:]\s*)\b(?:system|popen)\s*\(/g,
  },

  detect(subject) {
    return (
      subject.scene.runs.some((run) => run.programs.some(compiles)) &&
      subject.project.files.some(
        (file) => sources.test(file) || /(?:^|\/)(?:CMakeLists\.txt|meson\.build|configure(?:\.ac)?)$/.test(file),
      )
    );
  },

  read: readC,

  plan(build) {
    const { subject, start, steps } = build;
    const compiling = steps.filter(({ kind }) => kind === 'compile');
    const folders = buildFolders(build);
    const isBuilt = (path: string): boolean => folders.some((folder) => isWithin(path, folder) && path !== folder);
    const outputs = compiling.flatMap(({ writes }) => writes);
    const installs = installations(subject, steps, readC, folders);
    const isInstalled = (path: string): boolean => installs.some(({ prefix }) => isWithin(path, `${prefix}/bin`));
    const named = start.programs.map(({ name }) => baseName(name));
    const all = [...outputs, ...installs.flatMap(({ prefix }) => named.map((name) => `${prefix}/bin/${name}`))];
    const programs = artefacts(build, all, (path) => isBuilt(path) || isInstalled(path), linked(compiling));
    checkSources(build);
    const texts = buildTexts(build);
    const program = programOf(build, texts, programs);
    const data = dataFiles(subject, { start, isSource: notData, isProgram: sources });
    const installed = installs.flatMap(({ copies }) => copies);
    // What was installed once more is not what stands where it was installed first.
    const isTaken = ({ path }: PlannedCopy): boolean =>
      installed.some((copy) => isWithin(path, copy.path.replace(/\/$/, ''))) && !isMadeDirectly(steps, path);
    const gathers = gathersLibraries(subject, program, texts);
    const own = environmentLibraries(subject);
    const searched = [
      ...(gathers && own.length === 0 ? ['/usr/local/lib'] : []),
      ...(program.kind === 'static' ? [] : installs.flatMap(({ libraries }) => libraries)),
    ];
    const missing = [...new Set(searched)].filter((folder) => !own.includes(folder));
    return {
      program,
      edits: [...staticEdits(build, program), ...installs.flatMap(({ edits }) => edits)],
      tail: [
        ...installs.flatMap(({ tail }) => tail),
        ...(gathers ? [localListing(programs.map(({ path }) => path))] : []),
      ],
      copies: [
        ...programs.filter((copy) => !isTaken(copy)),
        ...installed,
        ...(gathers ? [localLibraries(own.at(-1) ?? '/usr/local/lib')] : []),
        ...data,
      ],
      ...(missing.length === 0 ? {} : { environment: { LD_LIBRARY_PATH: [...own, ...missing].join(':') } }),
      buildFolders: folders,
      buildPackages: /^(?:gcc|g\+\+|clang|llvm|lld|meson|ninja-build|autopoint|libtool-bin|check|cmocka|libcunit1.*)/,
    };
  },
};

/** A compiler, or what calls one. */
export function compiles({ name }: Program): boolean {
  return compilers.test(name) || /^(?:make|gmake|cmake|ninja|meson)$/.test(name);
}

/** The programs that commands of the Dockerfile itself link. */
function linked(compiling: readonly Step[]): readonly string[] {
  return compiling
    .filter(({ program: { name, args } }) => compilers.test(name) && !args.some(({ text }) => text === '-shared'))
    .flatMap(({ writes }) => writes)
    .filter((path) => !/\.(?:o|so|a|obj|gch|pch)(?:\.[\d.]+)?$/.test(path));
}

/** Whether a command of the Dockerfile itself makes a path, and no installation. */
function isMadeDirectly(steps: readonly Step[], path: string): boolean {
  return steps.some(({ program, writes }) => !builders.test(program.name) && writes.includes(path));
}

/** Where the file itself says that libraries are. */
function environmentLibraries({ scope }: Subject): readonly string[] {
  const value = scope.get('LD_LIBRARY_PATH') ?? '';
  return value.split(':').filter((folder) => folder.startsWith('/'));
}

const sources = /\.(?:c|h|cc|cpp|cxx|c\+\+|hh|hpp|hxx|ipp|inl|S|s|asm|l|y|ll|yy)$/i;
const notData =
  /\.(?:c|h|cc|cpp|cxx|c\+\+|hh|hpp|hxx|ipp|inl|S|s|asm|l|y|ll|yy|o|a|so|in|am|ac|m4|cmake|mk|pc|map|ld|sln|vcxproj)$|(?:^|\/)(?:CMakeLists\.txt|CMakePresets\.json|meson\.build|meson_options\.txt|configure|config\.(?:guess|sub)|install-sh|depcomp|missing|compile|ltmain\.sh|conanfile\.\w+|vcpkg\.json|compile_commands\.json|build|autogen\.sh|bootstrap(?:\.sh)?)$/i;

/** Reads compilers, and the tools that call them. */
export function readC(program: Program, where: Where): Reading | undefined {
  const { name } = program;
  if (compilers.test(name)) return { kind: 'compile', writes: compiled(program) };
  if (helpers.test(name)) return { kind: 'compile' };
  if (builders.test(name)) return readBuilder(program, where);
  return undefined;
}

/** What a compiler writes: `-o`, else `a.out`; objects are of no interest to anyone but the linker. */
function compiled({ args }: Program): readonly string[] {
  const words = wordTexts(args);
  const at = words.indexOf('-o');
  const joined = words.find((word) => /^-o./.test(word));
  if (at >= 0 && words[at + 1] !== undefined) return [words[at + 1]!];
  if (joined !== undefined) return [joined.slice(2)];
  return words.some((word) => /^-[cSEM]/.test(word)) ? [] : ['a.out'];
}

function readBuilder(program: Program, where: Where): Reading | undefined {
  const { name } = program;
  if (name === 'ctest') return { kind: 'test' };
  if (name === 'configure') return { kind: 'compile' };
  if (name === 'make' || name === 'gmake') {
    const call = readMake(program, where);
    // Without a Makefile in the context one was made by what ran before.
    if (call === undefined) return { kind: 'compile' };
    return { kind: 'compile', writes: readRecipes(call, where, readC).writes };
  }
  if (name === 'cmake') return { kind: 'compile', writes: cmakeTargets(program, where) };
  return { kind: 'compile' };
}

/** Programs that `cmake --build` makes, by the `add_executable`s of the context, in the folder of the build. */
function cmakeTargets(program: Program, { subject, folder }: Where): readonly string[] {
  const words = wordTexts(program.args);
  const at = words.indexOf('--build');
  if (at < 0) return [];
  const build = subject.absolute(words[at + 1] ?? '.', folder);
  return cmakeFiles(subject).flatMap(({ path, text }) => {
    const inner = path.includes('/') ? `/${path.slice(0, path.lastIndexOf('/'))}` : '';
    const project = /^\s*project\s*\(\s*"?([\w.-]+)/im.exec(text)?.[1] ?? '';
    return [...text.matchAll(/^\s*add_executable\s*\(\s*"?([\w.${}-]+)/gim)].flatMap(([, name]) => {
      const known = name!.replaceAll('${PROJECT_NAME}', project);
      return known.includes('$') ? [] : [`${build}${inner}/${known}`, `${build}/${known}`, `${build}/bin/${known}`];
    });
  });
}

function cmakeFiles(subject: Subject): readonly { readonly path: string; readonly text: string }[] {
  return subject.project.files
    .filter((file) => /(?:^|\/)CMakeLists\.txt$/.test(file))
    .map((path) => ({ path, text: subject.project.text(path) ?? '' }));
}

/** The folders that sources are copied into, and those that commands run in. */
function buildFolders({ subject, steps }: Build): readonly string[] {
  const running = steps.filter(({ kind }) => kind === 'compile').map(({ folder }) => folder);
  return [...new Set([...sourceFolders(subject, notData), ...running])].filter(
    (folder) => folder !== '' && folder !== '/',
  );
}

/** What a static or a moved program could not do. */
function checkSources({ subject, start }: Build): void {
  const loading = fileWith(subject.project, sources, /\bdlopen\s*\(/);
  if (loading !== undefined) {
    block('dynamic-loading', `${loading} loads libraries by name when it runs, and nothing tells which.`, {
      line: start.line,
    });
  }
}

/** All that says what is linked: the commands, the Makefiles and their like. */
function buildTexts({ subject, steps }: Build): string {
  const files = textsOf(
    subject.project,
    /(?:^|\/)(?:(?:GNU)?[mM]akefile(?:\.am|\.in)?|CMakeLists\.txt|meson\.build|configure\.ac)$|\.(?:mk|cmake)$/,
  );
  const commands = steps
    .filter(({ kind }) => kind === 'compile')
    .map(({ program }) => wordTexts(program.command.words).join(' '));
  return [...commands, ...files].join('\n');
}

/** Libraries that are parts of the C library. */
const ofLibc = new Set(['c', 'm', 'pthread', 'dl', 'rt', 'util', 'resolv', 'anl']);

function programOf(build: Build, texts: string, programs: readonly PlannedCopy[]): RunProgram {
  const { subject, steps } = build;
  const isMusl = subject.facts?.distribution?.name === 'alpine';
  const isCxx =
    subject.project.files.some((file) => /\.(?:cc|cpp|cxx|c\+\+)$/i.test(file)) ||
    steps.some(({ program }) => cxxCompilers.test(program.name) && compilers.test(program.name));
  const linksOthers = otherLibraries(texts) || installsHeaders(steps);
  if (/(?:^|\s)(?:-static|-DCMAKE_EXE_LINKER_FLAGS="?-static)(?:\s|"|$)/m.test(texts))
    return { kind: 'static', isPlain: isPlain(subject) };
  const direct = directCommands(build);
  if (!linksOthers && direct.length > 0 && canBeStatic(subject)) {
    const answer = subject.ask({
      key: 'static-link',
      prompt: 'Link the program statically?',
      choices: [
        { value: 'no', label: 'No: it stays as it is built now' },
        { value: 'yes', label: 'Yes: one file that needs nothing' },
      ],
      default: 'no',
      detail:
        'A static program needs no C library in the image; plugins, character sets of iconv and name services of NSS do not work in it.',
    });
    if (answer === 'yes') return { kind: 'static', isPlain: isPlain(subject), linksStatically: true };
  }
  const libraries = isCxx ? 'libstdc++' : 'libc';
  if (linksOthers) return { kind: 'dynamic', libraries, computed: programs.map(({ path }) => path) };
  return isMusl && isCxx
    ? { kind: 'dynamic', libraries, computed: programs.map(({ path }) => path) }
    : { kind: 'dynamic', libraries };
}

/** Whether anything is linked beside the C library and the compiler's own. */
function otherLibraries(texts: string): boolean {
  const named = [...texts.matchAll(/(?:^|\s)-l([\w+.-]+)/g)].map(([, name]) => name!);
  if (named.some((name) => !ofLibc.has(name) && !/^(?:stdc\+\+|gcc)$/.test(name))) return true;
  return /\bpkg-config\b|-fopenmp\b|-fsanitize\b|\bOpenMP\b|\bgfortran\b|\bpkg_check_modules\b|\bfind_package\s*\(\s*(?!Threads\b)|\bdependency\s*\(\s*'(?!threads')|\bPKG_CHECK_MODULES\b|\bAC_CHECK_LIB\b|\bAC_SEARCH_LIBS\b/.test(
    texts,
  );
}

/** Calls of a compiler in the Dockerfile itself that link a program: where a flag can be added. */
function directCommands({ subject, steps }: Build): readonly Step[] {
  return steps.filter(
    ({ program, instruction }) =>
      compilers.test(program.name) &&
      subject.scene.run(instruction).script.kind === 'shell' &&
      !program.args.some(({ text }) => /^-[cSE]$|^-shared$/.test(text)),
  );
}

/** glibc before 2.34 loads its name services even where it is linked statically. */
function canBeStatic(subject: Subject): boolean {
  const { name, release } = subject.distribution ?? {};
  if (name === 'alpine') return true;
  if (release === undefined) return false;
  if (name === 'debian') return Number(release) >= 12;
  return name === 'ubuntu' && Number(release) >= 22.04;
}

/** Headers of what needs neither files nor names nor zones to work. */
const plainHeaders = new Set(
  'stdio.h stdlib.h string.h strings.h ctype.h math.h limits.h stdint.h stdbool.h stddef.h stdarg.h float.h inttypes.h iso646.h complex.h assert.h errno.h signal.h setjmp.h tgmath.h iostream string vector map set algorithm numeric utility memory functional array deque list queue stack unordered_map unordered_set iterator sstream iomanip cmath cstdio cstdlib cstring cctype cstdint climits cassert tuple optional variant string_view ranges span bitset limits'.split(
    ' ',
  ),
);

/** True if the sources cannot look for certificates, time zones, users or `/tmp`, so that they need nothing beside them. */
function isPlain({ project }: Subject): boolean {
  if (!project.complete) return false;
  return project.files
    .filter((file) => sources.test(file))
    .every((file) => {
      const text = project.text(file);
      if (
        text === undefined ||
        /\b(?:tmpfile|tmpnam|mkstemp|mktemp|setlocale|getenv|fopen|open|system|popen)\s*\(/.test(text)
      )
        return false;
      return [...text.matchAll(/^\s*#\s*include\s*<([^>]+)>/gm)].every(([, header]) => plainHeaders.has(header!));
    });
}

/** The flags that the build stage's own commands get. */
function staticEdits(build: Build, program: RunProgram): readonly TextEdit[] {
  if (program.kind !== 'static' || program.linksStatically !== true) return [];
  return directCommands(build).map(({ program: compiler, instruction }) => {
    const at = compiler.nameWord.span.end;
    build.subject.note('changed', 'The program is linked statically.', instruction.line);
    return { start: at, end: at, newText: ' -static' };
  });
}

/** Makes a shared library of the project itself: in the words of compilers, CMake, Meson and Automake. */
const sharing =
  /(?:^|\s)-shared\b|\badd_library\s*\([^)]*\bSHARED\b|\bBUILD_SHARED_LIBS\b|\bshared_library\s*\(|\blibrary\s*\(|\bLTLIBRARIES\b|\bLT_INIT\b/m;

/**
 * Whether the program may link libraries that no package brings: the `gcc` image has a newer libstdc++ below /usr/local than any
 * package of its release, and a project may make some of its own.
 */
function gathersLibraries({ image }: Subject, program: RunProgram, texts: string): boolean {
  if (program.kind !== 'dynamic') return false;
  return (image === 'gcc' && program.libraries !== 'libc') || program.computed !== undefined || sharing.test(texts);
}
