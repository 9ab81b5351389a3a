import { describe, expect, it } from 'vitest';
import { outcomeOf, proposed } from '../../../helpers/conversion.ts';
import type { Files } from '../../../helpers/refactorProject.ts';

function program(run: string, cmd = '["./tide"]', files: Files = {}, base = 'golang:1.24-bookworm') {
  return {
    lines: [`FROM ${base}`, 'WORKDIR /src', 'COPY . .', `RUN ${run}`, `CMD ${cmd}`],
    files: { 'go.mod': 'module example.com/tide\n', 'main.go': 'package main\nfunc main() {}\n', ...files },
  };
}

describe('where the program is', () => {
  it.each([
    ['go build', '["./tide"]', '/src/tide'],
    ['go build -o bin/x .', '["bin/x"]', '/src/bin/x'],
    ['go build -o /out/ ./...', '["/out/tide"]', '/out/tide'],
    ['go build main.go', '["./main"]', '/src/main'],
    ['go install .', '["tide"]', '/go/bin/tide'],
    ['GOBIN=/usr/local/bin go install .', '["tide"]', '/usr/local/bin/tide'],
    ['cd /src && go build -C . -o tide', '["./tide"]', '/src/tide'],
  ])('%s', (run, cmd, path) => {
    expect(proposed(program(run, cmd)).text).toContain(`COPY --from=build ${path} ${path}`);
  });

  it('by a Makefile, and one in a folder', () => {
    const files = { Makefile: 'all:\n\t$(MAKE) -C cmd\n', 'cmd/Makefile': 'all:\n\tgo build -o ../bin/tide ..\n' };
    expect(proposed(program('make', '["bin/tide"]', files)).text).toContain(
      'COPY --from=build /src/bin/tide /src/bin/tide',
    );
  });
});

describe('the run base', () => {
  it.each<[string, Files, string]>([
    ['Go alone', {}, 'gcr.io/distroless/static-debian12'],
    ['C inside', { 'x.go': 'package main\nimport "C"\n' }, 'gcr.io/distroless/base-nossl-debian12'],
    [
      'a module that is C inside',
      { 'go.mod': 'module x\nrequire github.com/mattn/go-sqlite3 v1.14.24\n' },
      'gcr.io/distroless/base-nossl-debian12',
    ],
    ['another program', { 'x.go': 'package main\nfunc x() { exec.Command("git", "log") }\n' }, 'debian:bookworm-slim'],
    [
      'another program with a context',
      { 'x.go': 'package main\nfunc x() { exec.CommandContext(ctx, "git") }\n' },
      'debian:bookworm-slim',
    ],
    ['a shell', { 'x.go': 'package main\nfunc x() { exec.Command("sh", "-c", "ls | wc -l") }\n' }, 'alpine:'],
    [
      'a test that starts something',
      { 'x_test.go': 'package main\nfunc x() { exec.Command(name) }\n' },
      'gcr.io/distroless/static-debian12',
    ],
  ])('for %s', (_, files, base) => {
    const cmd = files['go.mod'] === undefined ? '["./tide"]' : '["./x"]';
    expect(proposed(program('go build', cmd, files)).proposal.runBase).toContain(base);
  });
});

describe('refused', () => {
  it.each<[string, string, Files, string]>([
    ['a plugin', 'go build -buildmode=plugin -o tide', {}, 'refused go-plugin'],
    ['another path', 'go build -o other', {}, 'refused artefact-unknown'],
    [
      'a program that only it knows',
      'go build',
      { 'x.go': 'package main\nfunc x() { exec.Command(name) }\n' },
      'refused starts-programs',
    ],
    [
      'a shell with a text that only it knows',
      'go build',
      { 'x.go': 'package main\nfunc x() { exec.Command("sh", "-c", line) }\n' },
      'refused starts-programs',
    ],
    [
      'a tool that nobody knows',
      'go build',
      { 'x.go': 'package main\nfunc x() { exec.Command("frobnicate") }\n' },
      'refused unknown-tool',
    ],
  ])('%s', (_, run, files, outcome) => {
    expect(outcomeOf(program(run, undefined, files))).toBe(outcome);
  });
});

describe('files that no source names in full', () => {
  it.each<[string, Files, string]>([
    [
      'settings by their stem',
      { 'x.go': 'package main\nfunc x() { viper.SetConfigName("settings") }\n', 'settings.yaml': '' },
      'settings.yaml',
    ],
    [
      'variables of godotenv',
      { 'go.mod': 'module example.com/tide\nrequire github.com/joho/godotenv v1.5.1\n', '.env': '' },
      '.env',
    ],
    [
      'pages of beego',
      { 'go.mod': 'module example.com/tide\nrequire github.com/beego/beego/v2 v2.3.0\n', 'views/x.tpl': '' },
      'views',
    ],
    [
      'papers that are named',
      { 'x.go': 'package main\nfunc x() { open("docs/index.html") }\n', 'docs/index.html': '' },
      'docs',
    ],
  ])('%s', (_, files, path) => {
    expect(proposed(program('go build', undefined, files)).text).toContain(
      `COPY --from=build /src/${path} /src/${path}`,
    );
  });

  it('are not papers that nobody names', () => {
    expect(proposed(program('go build', undefined, { 'docs/index.html': '', 'README.md': '' })).text).not.toMatch(
      /docs|README/,
    );
  });
});

describe('a program by a variable', () => {
  const files = { 'cmd/a/main.go': 'package main\n', 'cmd/b/main.go': 'package main\n' };
  const lines = [
    'FROM golang:1.24-bookworm',
    'WORKDIR /src',
    'COPY . .',
    'RUN go build -o /out/ ./cmd/...',
    'CMD exec $ROLE',
  ];

  it('is asked about', () => {
    expect(outcomeOf({ lines, files })).toBe('asked artefact');
  });

  it.each([
    ['all', ['/out/a', '/out/b']],
    ['/out/b', ['/out/b']],
  ])('is %s', (artefact, paths) => {
    const { text } = proposed({ lines, files, answers: { artefact } });
    expect([...text.matchAll(/^COPY --from=build (\S+) /gm)].map(([, path]) => path)).toEqual(paths);
  });
});
