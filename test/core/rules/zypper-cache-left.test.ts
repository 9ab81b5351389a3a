import { zypperCacheLeft } from '../../../src/core/rules/zypper-cache-left.ts';
import { checkRule } from '../../helpers/rules.ts';

checkRule(zypperCacheLeft, {
  base: 'FROM opensuse/leap:15.6',
  finds: [
    ['RUN zypper in -y jq', 'zypper in -y jq'],
    ['RUN zypper -n refresh', 'zypper -n refresh'],
  ],
  leaves: [
    'RUN zypper in -y jq && zypper clean',
    'RUN zypper in -y jq; zypper cc -a',
    'RUN --mount=type=cache,target=/var/cache/zypp zypper in -y jq',
    'RUN zypper search jq',
    'RUN zypper in -y jq && rm -rf /var/cache/zypp/*',
  ],
});
