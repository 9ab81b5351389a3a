import { describe, expect, it } from 'vitest';
import { documentationKept } from '../../../src/core/rules/documentation-kept.ts';
import { type Evidence, noEvidence } from '../../../src/core/rules/scene/evidence.ts';
import { checkRule, findingsOf, fixed } from '../../helpers/rules.ts';

const evidence: Evidence = {
  ...noEvidence,
  packages: ({ what }) => (what === 'documentation' ? { bytes: 5e6, basis: 'estimated' } : undefined),
};

checkRule(
  documentationKept,
  {
    base: 'FROM debian:12',
    finds: [
      ['RUN apt-get update && apt-get install -y gcc', 'apt-get install -y gcc'],
      ['RUN apt-get install -y a && apt-get install -y b', 'apt-get install -y b'],
      ['RUN dnf install -y jq', 'dnf install -y jq'],
      ['RUN yum -y install a\nRUN microdnf install b', 'yum -y install a', 'microdnf install b'],
      [
        'RUN apt-get install -y a\nRUN echo path-exclude=/usr/share/man/* > /etc/dpkg/dpkg.cfg.d/x',
        'apt-get install -y a',
      ],
    ],
    leaves: [
      'RUN echo "path-exclude /usr/share/doc/*" > /etc/dpkg/dpkg.cfg.d/01_nodoc && apt-get install -y gcc',
      'COPY nodoc /etc/dpkg/dpkg.cfg.d/nodoc\nRUN apt-get install -y gcc',
      'RUN echo tsflags=nodocs >> /etc/dnf/dnf.conf\nRUN dnf install -y jq',
      'RUN dnf install -y --nodocs jq',
      'RUN dnf --setopt=tsflags=nodocs install -y jq',
      'RUN dnf clean all',
      'RUN apt-get update',
      '# plimsoll-ignore documentation-kept\nRUN apt-get install -y gcc',
    ],
  },
  { evidence },
);

describe('for apt', () => {
  it('nothing is said where nobody knows how much it is', () => {
    expect(findingsOf(documentationKept, 'FROM debian:12\nRUN apt-get install -y gcc\n')).toEqual([]);
  });

  it.each([
    'FROM debian:12\nUSER app\nRUN apt-get install -y gcc\n',
    'FROM debian:12\nSHELL ["/usr/bin/python3", "-c"]\nRUN ["apt-get", "install", "-y", "gcc"]\n',
  ])('nothing is written in %j', (text) => {
    expect(findingsOf(documentationKept, text, { evidence })).toHaveLength(1);
    expect(fixed(documentationKept, text, { evidence })).toBe(text);
  });

  it('one file is written, before the first install', () => {
    const text = 'FROM debian:12\n# tools\nRUN apt-get install -y gcc\nRUN apt-get install -y jq\n';
    const after = fixed(documentationKept, text, { evidence });
    expect(after.split('\n')).toHaveLength(6);
    expect(after).toMatch(
      /^FROM debian:12\n# tools\nRUN printf '%s\\n' 'path-exclude [^\n]+ > \/etc\/dpkg\/dpkg\.cfg\.d\/\S+\nRUN apt/,
    );
    expect(fixed(documentationKept, after, { evidence })).toBe(after);
  });
});
