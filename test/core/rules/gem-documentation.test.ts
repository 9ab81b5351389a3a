import { describe, expect, it } from 'vitest';
import { gemDocumentation } from '../../../src/core/rules/gem-documentation.ts';
import { checkRule, findingsOf } from '../../helpers/rules.ts';

describe('on Debian', () => {
  checkRule(gemDocumentation, {
    base: 'FROM debian:12',
    finds: [
      ['RUN gem install rails', 'gem install rails'],
      ['RUN gem update && gem install rake -v 13', 'gem update', 'gem install rake -v 13'],
      ['RUN gem install a\nRUN echo "gem: --no-document" > ~/.gemrc', 'gem install a'],
    ],
    leaves: [
      'RUN gem install --no-document rails',
      'RUN gem install -N rails',
      'RUN gem install --no-ri --no-rdoc rails',
      'RUN gem install --document ri rails',
      'RUN gem update --system',
      'RUN echo "gem: --no-document" >> ~/.gemrc && gem install rails',
      'COPY gemrc /etc/gemrc\nRUN gem install rails',
      'RUN bundle install',
      'RUN gem list',
      '# plimsoll-ignore gem-documentation\nRUN gem install rails',
    ],
  });
});

it('leaves the official image alone, which makes none', () => {
  expect(findingsOf(gemDocumentation, 'FROM ruby:3.4\nRUN gem install rails\n')).toEqual([]);
});
