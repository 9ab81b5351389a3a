import { describe, expect, it } from 'vitest';
import { outcomeOf, proposed } from '../../../helpers/conversion.ts';
import type { Files } from '../../../helpers/refactorProject.ts';

interface Project {
  readonly base?: string;
  readonly before?: readonly string[];
  readonly release?: string;
  readonly start?: string;
  readonly files?: Files;
}

function project({ base, before = [], release, start, files }: Project) {
  return {
    lines: [
      `FROM ${base ?? 'elixir:1.18-slim'}`,
      ...before,
      'WORKDIR /src',
      'COPY . .',
      `RUN ${release ?? 'mix local.hex --force && mix deps.get && mix release'}`,
      start ?? 'CMD ["_build/prod/rel/tides/bin/tides", "start"]',
    ],
    files: { 'mix.exs': 'defmodule Tides.MixProject do\nend\n', ...files },
    answers: { release: 'bookworm' },
  };
}

function run(given: Project): string {
  const { text } = proposed(project(given));
  return text.slice(text.lastIndexOf('\nFROM ') + 1);
}

describe('the release goes along from', () => {
  it.each<[string, string, Project]>([
    ['its usual place', '/src/_build/prod/rel/tides', {}],
    [
      'a place by an option',
      '/opt/tides',
      { release: 'mix release --path /opt/tides', start: 'CMD ["/opt/tides/bin/tides", "start"]' },
    ],
    [
      'rebar3',
      '/src/_build/default/rel/tides',
      {
        base: 'erlang:27-slim',
        release: 'rebar3 release',
        start: 'CMD ["_build/default/rel/tides/bin/tides", "foreground"]',
      },
    ],
  ])('%s', (_, folder, given) => {
    expect(run(given)).toContain(`COPY --from=build ${folder} ${folder}\n`);
  });
});

it('a locale that the file sets stays', () => {
  expect(run({ base: 'erlang:27-slim', before: ['ENV LANG=en_US.UTF-8'] }).match(/^ENV LANG.*$/gm)).toEqual([
    'ENV LANG=en_US.UTF-8',
  ]);
});

describe('refuses', () => {
  it.each<[string, string, Project]>([
    ['a start by mix', 'needs-toolchain', { start: 'CMD ["mix", "phx.server"]' }],
    ['no release', 'artefact-unknown', { start: 'CMD ["iex", "-S", "mix"]' }],
    [
      'a release without Erlang',
      'needs-toolchain',
      { files: { 'mix.exs': 'releases: [tides: [include_erts: false]]' } },
    ],
    ['an image for working in', 'development-image', { before: ['ENV MIX_ENV=dev'] }],
    ['migrations', 'unknown-command', { release: 'mix release && mix ecto.migrate' }],
  ])('%s', (_, code, given) => {
    expect(outcomeOf(project(given))).toBe(`refused ${code}`);
  });
});
