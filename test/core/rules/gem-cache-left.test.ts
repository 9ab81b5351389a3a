import { gemCacheLeft } from '../../../src/core/rules/gem-cache-left.ts';
import { checkRule } from '../../helpers/rules.ts';

checkRule(gemCacheLeft, {
  base: 'FROM ruby:3.4',
  finds: [
    ['RUN gem install rails', 'gem install rails'],
    ['RUN bundle install', 'bundle install'],
    ['RUN gem update --system && bundle install', 'bundle install'],
  ],
  leaves: [
    'RUN bundle install && rm -rf /usr/local/bundle/cache',
    'RUN bundle install && rm -rf /usr/local/bundle/cache/*.gem',
    'RUN bundle install && rm -rf ~/.bundle/ "${BUNDLE_PATH}"/ruby/*/cache',
    "RUN bundle install && find /usr/local/bundle -name '*.gem' -delete",
    'RUN --mount=type=cache,target=/usr/local/bundle bundle install',
    'RUN bundle exec rake',
    'RUN bundle config set x y',
    'RUN gem list',
  ],
});
