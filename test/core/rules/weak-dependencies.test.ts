import { weakDependencies } from '../../../src/core/rules/weak-dependencies.ts';
import { checkRule } from '../../helpers/rules.ts';

checkRule(weakDependencies, {
  base: 'FROM fedora:43',
  finds: [
    ['RUN dnf -y install gcc', 'dnf -y install gcc'],
    ['RUN microdnf install -y jq && microdnf clean all', 'microdnf install -y jq'],
    ['RUN dnf --setopt=keepcache=1 install jq', 'dnf --setopt=keepcache=1 install jq'],
    ['RUN zypper --non-interactive in jq', 'zypper --non-interactive in jq'],
    ['RUN ["dnf", "install", "-y", "jq"]', '"dnf", "install", "-y", "jq"'],
    ['RUN dnf install -y a\nRUN echo install_weak_deps=False >> /etc/dnf/dnf.conf', 'dnf install -y a'],
  ],
  leaves: [
    'RUN dnf -y install --setopt=install_weak_deps=False gcc',
    'RUN dnf -y --setopt=install_weak_deps=0 install gcc',
    'RUN zypper in --no-recommends jq',
    'RUN zypper in --recommends jq',
    'RUN echo install_weak_deps=False >> /etc/dnf/dnf.conf\nRUN dnf install -y a',
    "RUN sed -i 's/install_weak_deps=True/install_weak_deps=False/' /etc/dnf/dnf.conf && dnf install -y a",
    'RUN dnf update -y',
    'RUN dnf install --downloadonly jq',
    // The yum of Enterprise Linux 7 knows no weak dependencies.
    'RUN yum install -y jq',
    '# plimsoll-ignore weak-dependencies\nRUN dnf install -y jq',
  ],
});
