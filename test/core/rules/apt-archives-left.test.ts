import { aptArchivesLeft } from '../../../src/core/rules/apt-archives-left.ts';
import { checkRule } from '../../helpers/rules.ts';

checkRule(aptArchivesLeft, {
  base: 'FROM debian:12\nRUN rm /etc/apt/apt.conf.d/docker-clean',
  finds: [
    ['RUN apt-get update && apt-get install -y jq', 'apt-get install -y jq'],
    ['RUN --mount=type=cache,target=/var/lib/apt apt-get install -y jq', 'apt-get install -y jq'],
    ['RUN apt-get clean && apt-get install -y jq', 'apt-get install -y jq'],
  ],
  leaves: [
    'RUN apt-get install -y jq && apt-get clean',
    'RUN --mount=type=cache,target=/var/cache/apt apt-get install -y jq',
    'RUN apt-get install -y jq && rm -rf /var/cache/apt/*',
    'FROM debian:12\nRUN apt-get install -y jq',
    'FROM acme/base\nRUN apt-get install -y jq',
  ],
});
