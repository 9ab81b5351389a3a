import { describe, expect, it } from 'vitest';
import { outcomeOf, proposed } from '../../../helpers/conversion.ts';

interface Project {
  readonly base?: string;
  readonly before?: readonly string[];
  readonly install?: string;
  readonly then?: readonly string[];
  readonly start?: string;
}

function project({ base, before = [], install, then = [], start }: Project) {
  return {
    lines: [
      `FROM ${base ?? 'ruby:3.3-bookworm'}`,
      'WORKDIR /app',
      ...before,
      'COPY Gemfile ./',
      `RUN ${install ?? 'bundle install'}`,
      'COPY app.rb ./',
      ...then,
      start ?? 'CMD ["bundle", "exec", "ruby", "app.rb"]',
    ],
    files: { Gemfile: 'gem "rack"\n', 'app.rb': 'require "rack"\n' },
  };
}

function run(given: Project): string {
  const { text } = proposed(project(given));
  return text.slice(text.lastIndexOf('\nFROM ') + 1);
}

describe('gems go along from', () => {
  it.each<[string, readonly string[], Project]>([
    ['their home', ['/usr/local/bundle', '/app'], {}],
    [
      'the folder of the application',
      ['/usr/local/bundle', '/app'],
      { install: 'bundle config set --local path vendor/bundle && bundle install' },
    ],
    ['a folder by an option', ['/usr/local/bundle', '/app'], { install: 'bundle install --path vendor/bundle' }],
    ['a folder by a variable', ['/usr/local/bundle', '/gems', '/app'], { before: ['ENV BUNDLE_PATH=/gems'] }],
    [
      'a folder by a setting',
      ['/usr/local/bundle', '/gems', '/app'],
      { install: 'bundle config set path /gems && bundle install' },
    ],
    [
      'their home by gem',
      ['/usr/local/bundle', '/app/Gemfile', '/app/app.rb'],
      { install: 'gem install rack', start: 'CMD ["ruby", "app.rb"]' },
    ],
  ])('%s', (_, expected, given) => {
    const copies = run(given).match(/^COPY --from=build .*$/gm)!;
    expect(copies.map((line) => line.split(' ').at(-1))).toEqual(expected);
  });
});

it.each([
  ['ruby:3.3-bookworm', 'ruby:3.3-slim-bookworm'],
  ['ruby:3.3.6-trixie', 'ruby:3.3.6-slim-trixie'],
])('the run stage of %s is %s', (base, expected) => {
  expect(run({ base }).split('\n')[0]).toBe(`FROM ${expected}`);
});

it('the search path is the one of the base', () => {
  expect(run({})).not.toMatch(/^ENV PATH/m);
});

describe('refuses', () => {
  it.each<[string, string, Project]>([
    ['gems in the root folder', 'application-in-system', { before: ['ENV BUNDLE_PATH=/'] }],
    ['migrations', 'daemon', { then: ['RUN bundle exec rails db:migrate'] }],
    ['a task that nobody knows', 'unknown-command', { then: ['RUN bundle exec rake seed'] }],
    ['gems at the start', 'needs-toolchain', { start: 'CMD bundle install && ruby app.rb' }],
    ['a gem at the start', 'needs-toolchain', { start: 'CMD gem install rack && ruby app.rb' }],
    ['a prompt', 'interactive', { start: 'CMD ["bundle", "exec", "rails", "console"]' }],
    ['a watcher', 'interactive', { start: 'CMD ["bundle", "exec", "guard"]' }],
    ['an image for working in', 'development-image', { before: ['ENV RAILS_ENV=development'] }],
    ['a place that a variable gives', 'other-place', { install: 'bundle config set path $GEMS && bundle install' }],
    ['slim with nothing to build', 'no-benefit', { base: 'ruby:3.3-slim-bookworm' }],
  ])('%s', (_, code, given) => {
    expect(outcomeOf(project(given))).toBe(`refused ${code}`);
  });
});
