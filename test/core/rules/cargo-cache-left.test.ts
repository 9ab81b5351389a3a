import { cargoCacheLeft } from '../../../src/core/rules/cargo-cache-left.ts';
import { checkRule } from '../../helpers/rules.ts';

checkRule(cargoCacheLeft, {
  base: 'FROM rust:1',
  finds: [
    ['RUN cargo build --release', 'cargo build --release'],
    ['RUN cargo install x', 'cargo install x'],
  ],
  leaves: [
    'RUN cargo build && rm -rf /usr/local/cargo/registry',
    'RUN --mount=type=cache,target=/usr/local/cargo/registry cargo build',
    'RUN cargo --version',
    'RUN cargo build\nCMD ["cargo", "run"]',
    'RUN cargo build\nFROM scratch',
    'ENV CARGO_HOME=/c\nRUN --mount=type=cache,target=/c cargo build',
  ],
});
