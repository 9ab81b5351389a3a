import { aptRecommends } from '../../../src/core/rules/apt-recommends.ts';
import { checkRule } from '../../helpers/rules.ts';

checkRule(aptRecommends, {
  base: 'FROM debian:12',
  finds: [
    ['RUN apt-get install -y jq', 'apt-get install -y jq'],
    ['RUN apt install -y jq vim; apt-get install less', 'apt install -y jq vim', 'apt-get install less'],
    ['RUN xargs apt-get install -y < packages.txt', 'xargs apt-get install -y < packages.txt'],
    [
      'RUN DEBIAN_FRONTEND=noninteractive apt-get -qq install -y jq=1.6-2',
      'DEBIAN_FRONTEND=noninteractive apt-get -qq install -y jq=1.6-2',
    ],
  ],
  leaves: [
    'RUN apt-get install -y --no-install-recommends jq',
    'RUN apt-get --no-install-recommends install -y jq',
    'RUN apt-get -o APT::Install-Recommends=false install jq',
    'RUN apt-get -o APT::Install-Recommends=0 install jq',
    'RUN apt-get install --install-recommends jq',
    'RUN echo \'APT::Install-Recommends "false";\' > /etc/apt/apt.conf.d/a\nRUN apt-get install -y jq',
    'RUN apt-get build-dep x',
    'RUN apt-get install -y',
    'RUN aptitude install jq',
    '# hadolint ignore=DL3015\nRUN apt-get install jq',
    'RUN apt-get install ./local.deb',
  ],
});
