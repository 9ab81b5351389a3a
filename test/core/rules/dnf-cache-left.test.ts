import { dnfCacheLeft } from '../../../src/core/rules/dnf-cache-left.ts';
import { checkRule } from '../../helpers/rules.ts';

checkRule(dnfCacheLeft, {
  base: 'FROM fedora:43',
  finds: [
    ['RUN dnf install -y jq', 'dnf install -y jq'],
    ['RUN yum -y update && yum -y install jq', 'yum -y install jq'],
    ['RUN microdnf install jq && rm -rf /tmp/x', 'microdnf install jq'],
    ['RUN dnf clean all && dnf install -y jq', 'dnf install -y jq'],
    ['RUN dnf --enablerepo crb install -y jq', 'dnf --enablerepo crb install -y jq'],
  ],
  leaves: [
    'RUN dnf install -y jq && dnf clean all',
    'RUN yum install -y jq; yum clean packages metadata',
    'RUN dnf install -y jq && rm -rf /var/cache/dnf',
    'RUN dnf install -y jq && rm -rf /var/cache/*',
    'RUN --mount=type=cache,target=/var/cache/libdnf5 dnf install -y jq',
    'RUN dnf repolist',
    'RUN dnf --installroot /mnt install -y jq',
    '# hadolint ignore=DL3040\nRUN dnf install -y jq',
    'RUN dnf install -y jq && find /var/cache/dnf -delete',
  ],
});
