import { describe, expect, it } from 'vitest';
import { outcomeOf, proposed } from '../../../helpers/conversion.ts';
import type { Files } from '../../../helpers/refactorProject.ts';

const manifest = '[package]\nname = "tide"\nversion = "0.1.0"\nedition = "2021"\n';
const locked = (...names: readonly string[]): string =>
  ['version = 3', ...names.map((name) => `[[package]]\nname = "${name}"\nversion = "1.0.0"`)].join('\n\n');

function program(
  run: string,
  files: Files = {},
  { cmd = '["target/release/tide"]', base = 'rust:1.85-trixie', answers = {} } = {},
) {
  return {
    lines: [`FROM ${base}`, 'WORKDIR /src', 'COPY . .', `RUN ${run}`, `CMD ${cmd}`],
    files: { 'Cargo.toml': manifest, 'Cargo.lock': locked('tide'), 'src/main.rs': 'fn main() {}\n', ...files },
    answers,
  };
}

const sqlite = (dependencies: string): Files => ({
  'Cargo.lock': locked('tide', 'rusqlite', 'libsqlite3-sys'),
  'Cargo.toml': `${manifest}\n[dependencies]\n${dependencies}\n`,
});

const bare = 'gcr.io/distroless/cc-debian13';
const whole = 'debian:trixie-slim';

describe('the run base', () => {
  it.each<[string, Files, string]>([
    ['no crates', {}, bare],
    ['crates of Rust', { 'Cargo.lock': locked('serde', 'libc', 'windows-sys', 'linux-raw-sys') }, bare],
    ['crates with C of their own', { 'Cargo.lock': locked('zstd-sys', 'ring') }, bare],
    ['OpenSSL', { 'Cargo.lock': locked('openssl-sys') }, whole],
    ['a crate named like those that link', { 'Cargo.lock': locked('hdf5-sys') }, whole],
    ['no lock file, and no crates', { 'Cargo.lock': '' }, bare],
    [
      'no lock file, and crates',
      { 'Cargo.lock': '', 'Cargo.toml': `${manifest}\n[dependencies]\nserde = "1"\n` },
      whole,
    ],
    [
      'no lock file, and crates of one system',
      { 'Cargo.lock': '', 'Cargo.toml': `${manifest}\n[target.'cfg(unix)'.dependencies]\nx = "1"\n` },
      whole,
    ],
    ['SQLite of the system', sqlite('rusqlite = "0.32"'), whole],
    ['SQLite that is compiled in', sqlite('rusqlite = { version = "0.32", features = ["bundled"] }'), bare],
    [
      'SQLite that is compiled in, in a table',
      sqlite('x = "1"\n\n[dependencies.rusqlite]\nfeatures = ["blob", "bundled"]'),
      bare,
    ],
    [
      'SQLite compiled in for tests',
      sqlite('rusqlite = "0.32"\n\n[dev-dependencies]\nrusqlite = { features = ["bundled"] }'),
      whole,
    ],
    ['SQLite compiled in if wanted', sqlite('rusqlite = { features = ["bundled"], optional = true }'), whole],
    ['SQLite with its ciphers', sqlite('rusqlite = { features = ["bundled-sqlcipher"] }'), whole],
    [
      'SQLite of the system in spite of it',
      {
        ...sqlite('rusqlite = { features = ["bundled"] }'),
        '.cargo/config.toml': '[env]\nLIBSQLITE3_SYS_USE_PKG_CONFIG = "1"\n',
      },
      whole,
    ],
    ['a library of its own sources', { 'src/main.rs': '#[link(name = "z")]\nextern "C" {}\nfn main() {}\n' }, whole],
    ['a build script that links', { 'build.rs': 'fn main() { println!("cargo:rustc-link-lib=z"); }\n' }, whole],
    ['another program', { 'src/main.rs': 'use std::process::Command;\nfn main() { Command::new("git"); }\n' }, whole],
    ['a command of clap', { 'src/main.rs': 'use clap::Command;\nfn main() { Command::new("tide"); }\n' }, bare],
  ])('for %s', (_, files, base) => {
    expect(proposed(program('cargo build --release', files)).proposal.runBase).toBe(base);
  });

  it('for a program of the registry, whose crates nobody sees', () => {
    const conversion = program('cargo install tide', {}, { cmd: '["tide"]' });
    expect(proposed(conversion).proposal.runBase).toBe(whole);
  });
});

describe('where the program is', () => {
  it.each([
    ['cargo build --release', 'target/release/tide'],
    ['cargo build -r --target x86_64-unknown-linux-gnu', 'target/x86_64-unknown-linux-gnu/release/tide'],
    ['cargo build --profile dist', 'target/dist/tide'],
    ['CARGO_TARGET_DIR=/out cargo build --release', '/out/release/tide'],
    ['cargo build --release --bin tide', 'target/release/tide'],
    ['cargo install --path . --root /opt', '/opt/bin/tide'],
    ['rustc -o tide src/main.rs', './tide'],
  ])('%s', (run, path) => {
    const absolute = path.startsWith('/') ? path : `/src/${path.replace('./', '')}`;
    const { text } = proposed(program(run, {}, { cmd: JSON.stringify([path]) }));
    expect(text).toContain(`COPY --from=build ${absolute} ${absolute}`);
  });
});

describe('a program that a variable names', () => {
  const two = { 'Cargo.toml': manifest, 'src/main.rs': 'fn main() {}\n', 'src/bin/ebb.rs': 'fn main() {}\n' };
  const cmd = 'exec target/release/$TIDE';
  it.each<[string, string, Files, string]>([
    ['of those of the package', 'cargo build --release', two, 'asked artefact'],
    [
      'of those of a workspace',
      'cargo build --release',
      { ...two, 'x/Cargo.toml': manifest },
      'refused artefact-unknown',
    ],
    [
      'of those that a feature leaves out',
      'cargo build --release',
      { ...two, 'Cargo.toml': `${manifest}\n[[bin]]\nname = "ebb"\nrequired-features = ["x"]\n` },
      'refused artefact-unknown',
    ],
    ['of the examples', 'cargo build --release --examples', two, 'refused artefact-unknown'],
    ['of one', 'cargo build --release --bin ebb', two, 'asked artefact'],
    ['of the registry', 'cargo install tide', two, 'refused artefact-unknown'],
  ])('%s', (_, run, files, outcome) => expect(outcomeOf(program(run, files, { cmd }))).toBe(outcome));
});

describe('refused', () => {
  it.each<[string, string, Files, string]>([
    ['a name that no manifest has', 'cargo build --release --bin other', {}, 'refused artefact-unknown'],
    [
      'what is left in a mount',
      '--mount=type=cache,target=/src/target cargo build --release',
      {},
      'refused artefact-unknown',
    ],
    [
      'crates linked dynamically',
      'cargo build --release',
      { '.cargo/config.toml': '[build]\nrustflags = ["-C", "prefer-dynamic"]\n' },
      'refused dynamic-crates',
    ],
    [
      'a library of Rust',
      'cargo build --release',
      { 'x/Cargo.toml': '[lib]\ncrate-type = ["rlib", "dylib"]\n' },
      'refused dynamic-crates',
    ],
    [
      'a program that only it knows',
      'cargo build --release',
      { 'src/main.rs': 'use std::process::{self, Command};\nfn main() { Command::new(name); }\n' },
      'refused starts-programs',
    ],
  ])('%s', (_, run, files, outcome) => {
    expect(outcomeOf(program(run, files))).toBe(outcome);
  });
});

describe('a build for debugging', () => {
  const debug = { cmd: '["target/debug/tide"]' };

  it('stays, and release is offered', () => {
    const { text, proposal } = proposed(program('cargo build', {}, debug));
    expect(text).toContain('COPY --from=build /src/target/debug/tide /src/target/debug/tide');
    expect(proposal.options.map(({ key }) => key)).toContain('release-build');
  });

  it('becomes one for release where somebody wants that', () => {
    const answers = { 'release-build': 'yes' };
    const { text } = proposed(program('cargo build --locked', {}, { ...debug, answers }));
    expect(text).toContain('RUN cargo build --release --locked');
    expect(text).toContain('COPY --from=build /src/target/release/tide /src/target/debug/tide');
  });

  it('is not offered where it is one for release already', () => {
    const { proposal } = proposed(program('cargo build --release'));
    expect(proposal.options.map(({ key }) => key)).not.toContain('release-build');
  });
});
