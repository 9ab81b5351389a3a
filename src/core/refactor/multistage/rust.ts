import { type Program, wordTexts } from '../../rules/scene/program.ts';
import type { TextEdit } from '../../text.ts';
import { fileWith, type Project, textsOf } from '../project.ts';
import { artefacts } from './artefacts.ts';
import { block } from './blocked.ts';
import { conventionalFiles } from './conventions.ts';
import { dataFiles } from './dataFiles.ts';
import type { Ecosystem, PlannedCopy, RunProgram, Where } from './ecosystem.ts';
import { installsHeaders } from './packages.ts';
import type { Reading, Step } from './step.ts';
import type { Subject } from './subject.ts';
import { workFolders } from './workFolders.ts';

/** Crates named like those that link a library, which link none of the system's. */
const ownCrates =
  /^(?:windows|windows-.*|linux-raw|js|web|core-foundation|security-framework|fsevent|kqueue|inotify|ndk|zstd|lz4|mimalloc|tikv-jemalloc|jemalloc|ring|aws-lc|aws-lc-fips|io-kit|mach|system-configuration|dirs|signal-hook|wasi|renameat2|hermit|wasm-bindgen|objc|psl|sha2-asm|blst|secp256k1|errno|esaxx|onig|brotli|mdbx|lmdb-rkv|lmdb-master|libloading|winreg|coreaudio|cfg|fuchsia-zircon)-sys$/;

/** Crates that link a library of the system unless they are told to bring their own. */
const linkingCrates =
  /^name = "(?:openssl-sys|native-tls|pq-sys|mysqlclient-sys|libmysqlclient-sys|libsqlite3-sys|libpq-sys|curl-sys|libgit2-sys|libssh2-sys|zmq-sys|rdkafka-sys|alsa-sys|libudev-sys|libdbus-sys|gtk-sys|gstreamer-sys|opencv|ffmpeg-sys-next|libz-sys|lzma-sys|bzip2-sys|freetype-sys|fontconfig-sys|servo-fontconfig-sys|krb5-sys|libsodium-sys|rocksdb|librocksdb-sys|pyo3-ffi|zmq|sodiumoxide|libxml|magick_rust)"$/m;

const manifestFile = /(?:^|\/)Cargo\.toml$/;

const conventions = [
  { uses: /^rocket\b/m, paths: ['Rocket.toml', 'templates', 'static'] },
  { uses: /^(?:dotenv|dotenvy)\b/m, paths: ['.env'] },
  { uses: /^loco-rs\b/m, paths: ['config', 'assets'] },
];

export const rust: Ecosystem = {
  id: 'rust',
  name: 'Rust',
  calls: {
    isProgram: /(?<!(?:^|\/)build)\.rs$/,
    // Clap has a Command as well.
    gate: /\bprocess::(?:Command\b|\{[^}]*\bCommand\b)/,
    programs: /\bCommand::new\s*\(/g,
  },

  detect(subject) {
    return subject.scene.runs.some((run) =>
      run.programs.some(
        (program) =>
          (program.name === 'cargo' && /^(?:build|install|b|rustc)$/.test(verbOf(program))) ||
          (program.name === 'rustc' && program.args.some(({ text }) => text.endsWith('.rs'))),
      ),
    );
  },

  read(program, where) {
    if (program.name === 'cargo') return readCargo(program, where);
    if (program.name === 'rustc') return { kind: 'compile', writes: rustcOutput(program) };
    if (/^(?:rustup|rustup-init|cargo-chef|trunk|wasm-pack|sqlx|cross)$/.test(program.name))
      return { kind: 'toolchain' };
    return undefined;
  },

  plan(build) {
    const { subject, start, steps } = build;
    const compiling = steps.filter(({ kind }) => kind === 'compile');
    checkCaches(subject, compiling, start.line);
    const programs = artefacts(
      build,
      compiling.flatMap(({ writes }) => writes),
      () => false,
      surelyBuilt(subject, compiling),
    );
    const folders = workFolders(subject, compiling).filter((folder) => folder !== '/');
    const released = releaseBuild(subject, compiling, programs);
    const data = dataFiles(subject, {
      start,
      isSource:
        /\.rs$|(?:^|\/)(?:Cargo\.(?:toml|lock)|rust-toolchain(?:\.toml)?|rustfmt\.toml|clippy\.toml|build\.rs)$|(?:^|\/)(?:\.cargo|target|benches)\//,
      isProgram: /\.rs$/,
    });
    return {
      program: programOf(
        subject,
        steps,
        compiling,
        released.copies.map(({ path, from }) => from ?? path),
      ),
      edits: released.edits,
      copies: [...released.copies, ...data, ...conventionalFiles(subject, manifestFile, conventions)],
      buildFolders: [
        ...folders,
        ...(subject.config?.env.CARGO_HOME === undefined ? [] : [subject.config.env.CARGO_HOME]),
      ],
      buildOnly: /^(?:CARGO_\w*|RUSTFLAGS|RUSTUP_\w*|RUST_VERSION|SQLX_OFFLINE|CC_\w*|AR_\w*)$/,
      buildPackages: /^(?:cargo|rustc|rustup|musl-tools|lld|mold|clang|llvm.*|protobuf-compiler|protoc|cmake|perl)$/,
    };
  },
};

function verbOf({ args }: Program): string {
  return args.find(({ text }) => !text.startsWith('-') && !text.startsWith('+'))?.value ?? '';
}

function optionOf({ args }: Program, names: readonly string[]): string | undefined {
  const at = args.findIndex(({ text }) => names.includes(text));
  if (at >= 0) return args[at + 1]?.value;
  const joined = args.find(({ text }) => names.some((name) => name.startsWith('--') && text.startsWith(`${name}=`)));
  return joined?.value?.slice(joined.value.indexOf('=') + 1);
}

function readCargo(program: Program, where: Where): Reading | undefined {
  switch (verbOf(program)) {
    case 'build':
    case 'b':
    case 'rustc':
      return { kind: 'compile', writes: built(program, where) };
    case 'install':
      return { kind: 'compile', writes: installed(program, where) };
    case 'fetch':
    case 'vendor':
    case 'update':
    case 'generate-lockfile':
    case 'chef':
      return { kind: 'fetch' };
    case 'test':
    case 't':
    case 'check':
    case 'c':
    case 'clippy':
    case 'fmt':
    case 'bench':
    case 'doc':
      return { kind: 'test' };
    case 'init':
    case 'new':
    case 'clean':
    case 'add':
      return { kind: 'compile' };
    case '':
    case 'version':
    case 'metadata':
    case 'tree':
      return { kind: 'neutral' };
    default:
      return undefined;
  }
}

/** The programs of a `cargo build`: those of the project's binaries, in the folder of the profile. */
function built(program: Program, where: Where): readonly string[] {
  const { subject, run, folder } = where;
  const root = optionOf(program, ['--target-dir']) ?? run.variable(program, 'CARGO_TARGET_DIR') ?? 'target';
  const triple = optionOf(program, ['--target']) ?? run.variable(program, 'CARGO_BUILD_TARGET');
  const release = program.args.some(({ text }) => text === '--release' || text === '-r');
  const profile = optionOf(program, ['--profile']) ?? (release ? 'release' : 'debug');
  const at = [
    subject.absolute(root, folder),
    ...(triple === undefined ? [] : [triple]),
    profile === 'dev' ? 'debug' : profile,
  ].join('/');
  const only = optionOf(program, ['--bin']);
  return (only === undefined ? binaries(subject, folder) : [only]).map((name) => `${at}/${name}`);
}

function installed(program: Program, { subject, run, folder }: Where): readonly string[] {
  const root =
    optionOf(program, ['--root']) ??
    run.variable(program, 'CARGO_INSTALL_ROOT') ??
    run.variable(program, 'CARGO_HOME') ??
    subject.config?.env.CARGO_HOME ??
    '/root/.cargo';
  const path = optionOf(program, ['--path']);
  const at = subject.absolute(root, folder);
  const crate = program.args.find(
    ({ text }, index) => index > 0 && !text.startsWith('-') && text !== 'install' && text !== path,
  )?.value;
  const names =
    path === undefined
      ? crate === undefined
        ? binaries(subject, folder)
        : [crate]
      : binaries(subject, subject.absolute(path, folder));
  return names.map((name) => `${at}/bin/${name}`);
}

function manifestsOf({ files }: Project): readonly string[] {
  return files.filter((file) => manifestFile.test(file));
}

/** Names of the programs that the manifests of the context make: packages, `[[bin]]` tables and files of `src/bin`. */
function binaries(subject: Subject, folder: string): readonly string[] {
  const { project, context } = subject;
  const root = context.contextPath(folder) ?? '';
  const names = new Set<string>();
  for (const file of project.below(root).filter((each) => manifestFile.test(each))) {
    const text = project.text(file) ?? '';
    for (const [, table, body] of text.matchAll(/^\[+(package|bin)\]+\s*$([\s\S]*?)(?=^\[|(?![\s\S]))/gm)) {
      const name = /^\s*name\s*=\s*"([^"]+)"/m.exec(body!)?.[1];
      if (name !== undefined && (table === 'bin' || project.has(file.replace(/Cargo\.toml$/, 'src/main.rs'))))
        names.add(name);
    }
    const bins = `${file.replace(/Cargo\.toml$/, '')}src/bin`;
    for (const each of project.below(bins)) {
      const inner = each.slice(bins.length + 1);
      const name = /^([\w-]+)(?:\.rs|\/main\.rs)$/.exec(inner)?.[1];
      if (name !== undefined) names.add(name);
    }
  }
  return [...names];
}

/**
 * The programs that are there whatever the features are: those of the only manifest, in which nothing is left out, or those that a
 * command names.
 */
function surelyBuilt({ project }: Subject, compiling: readonly Step[]): readonly string[] {
  const manifests = manifestsOf(project);
  const text = manifests.length === 1 ? (project.text(manifests[0]!) ?? '') : '';
  const isWhole = text !== '' && !/^\s*(?:required-features|autobins|path)\s*=|^\[workspace\]/m.test(text);
  return compiling.flatMap(({ program, writes }) => {
    const names = optionOf(program, ['--bin']) !== undefined;
    const selects = program.args.some(({ text: word }) =>
      /^--(?:lib|examples?|tests?|benches|bench)(?:=|$)/.test(word),
    );
    const isOwn = program.name === 'rustc' || names || (isWhole && !selects);
    return isOwn && (verbOf(program) !== 'install' || optionOf(program, ['--path']) !== undefined) ? writes : [];
  });
}

function rustcOutput(program: Program): readonly string[] {
  const named = optionOf(program, ['-o']);
  if (named !== undefined) return [named];
  return program.args.flatMap(({ value }) =>
    value?.endsWith('.rs') === true ? [value.replace(/^.*\//, '').slice(0, -3)] : [],
  );
}

/** What is written into a cache mount is in no layer. */
function checkCaches(subject: Subject, compiling: readonly Step[], line: number): void {
  if (compiling.length === 0) block('artefact-unknown', 'No command of the stage builds a program.', { line });
  const shared = fileWith(
    subject.project,
    /(?:^|\/)(?:\.cargo\/config(?:\.toml)?|Cargo\.toml)$/,
    /prefer-dynamic|crate-type\s*=\s*\[[^\]]*"dylib"/,
  );
  if (shared !== undefined) {
    block('dynamic-crates', `${shared} has crates linked dynamically, so that libraries of the build are needed.`, {
      line,
    });
  }
  const dynamic = compiling.find(({ program }) => program.args.some(({ text }) => text.includes('prefer-dynamic')));
  if (dynamic !== undefined || (subject.scope.get('RUSTFLAGS') ?? '').includes('prefer-dynamic')) {
    block(
      'dynamic-crates',
      'The program links the standard library of Rust dynamically, which only the toolchain brings.',
      { line },
    );
  }
}

function lockOf({ project }: Subject): string {
  return textsOf(project, /(?:^|\/)Cargo\.lock$/).join('\n');
}

/**
 * Whether any library of the system may be linked: by a crate that is known for it or named like one, by the project itself, or by
 * crates of which no lock file tells.
 */
function linksLibraries(subject: Subject, compiling: readonly Step[]): boolean {
  const { project } = subject;
  const lock = bundlesSqlite(subject) ? lockOf(subject).replace(/^name = "libsqlite3-sys"$/gm, '') : lockOf(subject);
  if (linkingCrates.test(lock)) return true;
  const named = [...lock.matchAll(/^name = "([\w-]+-sys)"$/gm)].map(([, name]) => name!);
  if (named.some((name) => !ownCrates.test(name))) return true;
  // A program of the registry has a lock file that is not here.
  if (compiling.some((step) => verbOf(step.program) === 'install' && optionOf(step.program, ['--path']) === undefined))
    return true;
  const depending = lock === '' && fileWith(project, manifestFile, /^\[(?:[^\]\n]*\.)?dependencies\b/m) !== undefined;
  return depending || fileWith(project, /\.rs$/, /#\[link\s*\(|cargo:{1,2}rustc-link-(?:lib|arg)/) !== undefined;
}

/**
 * Whether SQLite is compiled into the program: the manifest asks for it, and there is no other one that could ask for less.
 * https://github.com/rusqlite/rusqlite#notes-on-building-rusqlite-and-libsqlite3-sys
 */
function bundlesSqlite({ project, dockerfile }: Subject): boolean {
  const [manifest, ...others] = manifestsOf(project);
  if (manifest === undefined || others.length > 0) return false;
  const texts = [dockerfile.text, ...textsOf(project, /(?:^|\/)\.cargo\/config(?:\.toml)?$/)];
  if (texts.some((text) => text.includes('LIBSQLITE3_SYS_USE_PKG_CONFIG'))) return false;
  const tables = (project.text(manifest) ?? '').split(/^(?=\[)/m);
  const crate = '(?:rusqlite|libsqlite3-sys)';
  const own = tables.flatMap((table) =>
    table.startsWith('[dependencies]')
      ? [...table.matchAll(new RegExp(`^${crate}\\s*=\\s*\\{[^}]*\\}`, 'gm'))].map(([whole]) => whole)
      : new RegExp(`^\\[dependencies\\.${crate}\\]`).test(table)
        ? [table.replace(/^\s*#.*$/gm, '')]
        : [],
  );
  return own.some((text) => /"bundled(?:-full)?"/.test(text) && !/\boptional\b/.test(text));
}

/** Programs that are built for debugging: with the optimizer they are smaller by far, where somebody wants that. */
function releaseBuild(
  subject: Subject,
  compiling: readonly Step[],
  programs: readonly PlannedCopy[],
): { readonly copies: readonly PlannedCopy[]; readonly edits: readonly TextEdit[] } {
  const debug = compiling.filter(
    ({ program }) =>
      /^(?:build|b)$/.test(verbOf(program)) &&
      optionOf(program, ['--profile']) === undefined &&
      !program.args.some(({ text }) => text === '--release' || text === '-r'),
  );
  const isDebug = ({ path }: PlannedCopy): boolean =>
    /\/debug\/[^/]+$/.test(path) && debug.some(({ writes }) => writes.includes(path));
  if (!programs.some(isDebug)) return { copies: programs, edits: [] };
  const answer = subject.ask({
    key: 'release-build',
    prompt: 'Build with --release?',
    choices: [
      { value: 'no', label: 'No: as it is built now, for debugging' },
      { value: 'yes', label: 'Yes: optimized, smaller and faster' },
    ],
    default: 'no',
    detail: 'Checks for debugging, such as those for arithmetic overflow, are not in a release build.',
  });
  if (answer !== 'yes') return { copies: programs, edits: [] };
  return {
    copies: programs.map((copy) =>
      isDebug(copy) ? { ...copy, from: copy.path.replace(/\/debug(\/[^/]+)$/, '/release$1') } : copy,
    ),
    edits: debug.map(({ program, instruction }) => {
      const at = program.args.find(({ text }) => text === 'build' || text === 'b')!.span.end;
      const isExec = subject.scene.run(instruction).script.kind === 'exec';
      subject.note('changed', 'The program is built for release.', instruction.line);
      return { start: at, end: at, newText: isExec ? ', "--release"' : ' --release' };
    }),
  };
}

function programOf(
  subject: Subject,
  steps: readonly Step[],
  compiling: readonly Step[],
  programs: readonly string[],
): RunProgram {
  const flags = subject.scope.get('RUSTFLAGS') ?? '';
  const words = compiling.flatMap(({ program }) => wordTexts(program.args)).join(' ');
  const isMusl = subject.facts?.distribution?.name === 'alpine' || words.includes('-linux-musl');
  // On Alpine and for a musl target the C library is linked statically unless somebody says otherwise.
  if (isMusl && !flags.includes('crt-static')) {
    if (!linksLibraries(subject, compiling) && !installsHeaders(steps)) return { kind: 'static' };
  }
  if (/[+]crt-static/.test(flags)) return { kind: 'static' };
  const links = linksLibraries(subject, compiling) || installsHeaders(steps);
  return links
    ? { kind: 'dynamic', libraries: 'libgcc', computed: programs }
    : { kind: 'dynamic', libraries: 'libgcc' };
}
