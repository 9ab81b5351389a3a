import { debugBuild } from '../../../src/core/rules/debug-build.ts';
import { checkRule } from '../../helpers/rules.ts';

checkRule(debugBuild, {
  base: 'FROM rust:1',
  finds: [
    ['RUN cargo build', 'cargo build'],
    ['RUN cmake -DCMAKE_BUILD_TYPE=Debug ..', 'cmake -DCMAKE_BUILD_TYPE=Debug ..'],
    ['RUN dotnet publish -c Debug -o /out', 'dotnet publish -c Debug -o /out'],
    ['RUN cargo build\nFROM scratch\nCOPY --from=0 /target/debug/a /a', 'cargo build'],
    ['RUN meson setup b --buildtype=debug', 'meson setup b --buildtype=debug'],
  ],
  leaves: [
    'RUN cargo build --release',
    'RUN cargo build --profile dist',
    'RUN cargo test',
    'RUN cmake -DCMAKE_BUILD_TYPE=Release ..',
    'RUN dotnet publish -c Release',
    'RUN dotnet restore',
    'RUN cargo build\nFROM scratch',
  ],
});
