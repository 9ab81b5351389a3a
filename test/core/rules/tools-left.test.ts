import { describe, expect, it } from 'vitest';
import { toolsLeft } from '../../../src/core/rules/tools-left.ts';
import { checkRule, findingsOf, fixed } from '../../helpers/rules.ts';

checkRule(toolsLeft, {
  base: 'FROM debian:12',
  finds: [
    ['RUN apt-get install -y vim jq', 'apt-get install -y vim jq (hint)'],
    ['RUN apk add --no-cache nano=7.2-r1', 'apk add --no-cache nano=7.2-r1 (hint)'],
    ['RUN apt-get install -y curl jq\nCMD ["jq"]', 'apt-get install -y curl jq (hint)'],
    ['RUN dnf install -y less', 'dnf install -y less (hint)'],
    ['LABEL uses="git"\nRUN apt-get install -y git', 'apt-get install -y git (hint)'],
  ],
  leaves: [
    'RUN apt-get install -y curl && curl -O https://x',
    'RUN apt-get install -y curl\nRUN curl -O https://x',
    'RUN apt-get install -y curl\nHEALTHCHECK CMD curl -f http://localhost/',
    'RUN apt-get install -y less\nENV PAGER=less',
    'RUN apt-get install -y vim\nENTRYPOINT ["vim"]',
    // What these call by themselves, or may.
    'RUN apt-get install -y git && go mod download',
    'RUN apt-get install -y git\nRUN npm ci',
    'RUN apt-get install -y curl\nENTRYPOINT ["/entrypoint.sh"]',
    'RUN apt-get install -y curl\nRUN ./setup.sh',
    'RUN apt-get install -y curl\nFROM debian:12',
    'RUN apt-get purge -y vim',
    'RUN apt-get install -y jq',
    'RUN xargs apt-get install -y vim < list',
    '# plimsoll-ignore tools-left: wanted\nRUN apt-get install -y vim jq',
  ],
});

it('counts what a stage on top uses', () => {
  const text = 'FROM debian:12 AS a\nRUN apt-get install -y git jq\nFROM a\nRUN git init\n';
  expect(findingsOf(toolsLeft, text)).toEqual([]);
});

describe('fixes', () => {
  it.each<[string, string]>([
    ['RUN apt-get install -y vim jq', 'RUN apt-get install -y jq'],
    ['RUN apt-get install -y \\\n    jq \\\n    vim \\\n    nano && x', 'RUN apt-get install -y \\\n    jq && x'],
    ['RUN apt-get install -y \\\n    vim \\\n    jq', 'RUN apt-get install -y \\\n    jq'],
    ['RUN apt-get install -y vim nano jq less', 'RUN apt-get install -y jq'],
    ['RUN apt-get install -y jq \\\n    # to look at things\n    vim', 'RUN apt-get install -y jq'],
    ['RUN apt-get install -y jq \\\n    # a\n    vim \\\n    # b\n    nano', 'RUN apt-get install -y jq'],
    ['RUN apt-get install -y \\\n    # all\n    vim \\\n    jq', 'RUN apt-get install -y \\\n    # all\n    jq'],
    ['RUN apt-get install -y jq \\\n  # a\n  vim && x', 'RUN apt-get install -y jq && x'],
    ['RUN apt-get install -y vim', 'RUN apt-get install -y vim'],
    ['RUN ["apt-get", "install", "-y", "vim", "jq"]', 'RUN ["apt-get", "install", "-y", "vim", "jq"]'],
  ])('%j', (text, expected) => {
    expect(fixed(toolsLeft, `FROM debian:12\n${text}\n`)).toBe(`FROM debian:12\n${expected}\n`);
  });
});
