import { describe, expect, it } from 'vitest';
import { outcomeOf, proposed } from '../../../helpers/conversion.ts';
import type { Files } from '../../../helpers/refactorProject.ts';

function program(run: string, cmd: string, files: Files = {}) {
  return {
    lines: ['FROM haskell:9-slim-bookworm', 'WORKDIR /src', 'COPY . .', `RUN ${run}`, `CMD ${cmd}`],
    files: { 'Main.hs': 'main = pure ()\n', ...files },
  };
}

describe('where the program is', () => {
  it.each([
    ['ghc -O Main.hs', '["./Main"]', '/src/Main'],
    ['ghc Main.hs -o /usr/local/bin/tide', '["tide"]', '/usr/local/bin/tide'],
    ['cabal install --installdir=/opt/bin --install-method=copy', '["/opt/bin/tide"]', '/opt/bin/tide'],
    ['stack install --local-bin-path /usr/local/bin', '["tide"]', '/usr/local/bin/tide'],
  ])('%s', (run, cmd, path) => {
    const { text, proposal } = proposed(program(run, cmd));
    expect(proposal.runBase).toBe('debian:bookworm-slim');
    expect(text).toContain(`COPY --from=build ${path} ${path}`);
  });
});

describe('programs that it starts', () => {
  it.each<[string, string, string]>([
    ['none', 'import System.IO\nsystem x = x\nmain = system y\n', 'converted'],
    ['one by name', 'import System.Process\nmain = callProcess "git" ["status"]\n', 'converted'],
    ['one that only it knows', 'import System.Process\nmain = callCommand line\n', 'refused starts-programs'],
  ])('%s', (_, text, outcome) => {
    expect(outcomeOf(program('ghc Main.hs', '["./Main"]', { 'Main.hs': text }))).toBe(outcome);
  });
});

it('finds no data of a package', () => {
  const files = { 'tide.cabal': 'data-files: list.txt\n', 'Main.hs': 'import Paths_tide (getDataFileName)\n' };
  expect(outcomeOf(program('ghc Main.hs', '["./Main"]', files))).toBe('refused package-data');
});
