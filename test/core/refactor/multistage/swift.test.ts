import { describe, expect, it } from 'vitest';
import { proposed } from '../../../helpers/conversion.ts';
import type { Files } from '../../../helpers/refactorProject.ts';

const manifest = '// swift-tools-version:6.0\nlet package = Package(name: "tide")\n';

function program(files: Files = {}, { base = 'swift:6.1-noble', build = 'swift build -c release' } = {}) {
  return {
    lines: [`FROM ${base}`, 'WORKDIR /src', 'COPY . .', `RUN ${build}`, 'CMD [".build/release/tide"]'],
    files: { 'Package.swift': manifest, 'Sources/tide/main.swift': 'print("ebb")\n', ...files },
  };
}

describe('the run base', () => {
  it.each([
    ['swift:6.1-noble', 'swift build -c release', 'swift:6.1-noble-slim'],
    ['swift:6.1-bookworm', 'swift build -c release', 'swift:6.1-bookworm-slim'],
    ['swift:6.1-noble', 'swift build -c release --static-swift-stdlib', 'ubuntu:24.04'],
  ])('of %s with %s', (base, build, expected) => {
    expect(proposed(program({}, { base, build })).proposal.runBase).toBe(expected);
  });
});

describe('what goes along', () => {
  it.each<[string, Files, string]>([
    ['the program', {}, 'COPY --from=build /src/.build/release/tide /src/.build/release/tide'],
    [
      'resources',
      { 'Package.swift': `${manifest}// resources: [.process("x")]\n` },
      'COPY --from=build /run-resources/ /src/.build/release/',
    ],
    [
      'pages of Vapor',
      { 'Package.swift': `${manifest}// vapor/vapor.git\n`, 'Public/index.html': '<p>' },
      'COPY --from=build /src/Public /src/Public',
    ],
  ])('%s', (_, files, line) => {
    expect(proposed(program(files)).text).toContain(line);
  });
});
