import { cacheLeft, verbOf } from './cacheLeft.ts';
import { removedBy } from './scene/removal.ts';

const gemVerbs = new Set(['install', 'i', 'update']);
const bundleVerbs = new Set(['install', 'update']);

export const gemCacheLeft = cacheLeft({
  id: 'gem-cache-left',
  title: 'Cache of RubyGems and Bundler',
  why: '`gem install` and `bundle install` keep the archive of every gem in the `cache` folder beside the installed gems. Nothing reads it again. Remove it in the same `RUN`.',
  message: 'The archives of the installed gems stay in this layer. Remove them in the same RUN.',
  writes: (program) =>
    program.name === 'gem'
      ? verbOf(program, gemVerbs)
      : program.name === 'bundle'
        ? verbOf(program, bundleVerbs)
        : undefined,
  places: ['/usr/local/bundle/cache'],
  variables: [
    ['BUNDLE_PATH', 'cache'],
    ['GEM_HOME', 'cache'],
  ],
  cleans: (later) =>
    removedBy(later).some((path) => /(?:bundle|gem|ruby|BUNDLE_PATH|GEM_HOME)[^ ]*\/(?:cache|\*\.gem)/i.test(path)) ||
    (later.name === 'find' && later.args.some(({ text }) => text.includes('.gem'))),
  mend: {
    command: (program, run) => {
      const path = run.variable(program, 'BUNDLE_PATH');
      // Where Bundler was told of a folder, the gems are in one of its own below that, named after Ruby's version.
      return program.name === 'bundle' && path !== undefined
        ? 'rm -rf "$BUNDLE_PATH"/cache "$BUNDLE_PATH"/ruby/*/cache'
        : 'rm -rf "$(gem env gemdir)"/cache';
    },
    title: 'Remove the gem archives in this RUN',
    confidence: (program) =>
      program.args.some(({ value }) => value === '--deployment' || value?.startsWith('--path')) ? 'likely' : 'safe',
  },
});
