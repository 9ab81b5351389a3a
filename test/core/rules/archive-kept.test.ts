import { archiveKept } from '../../../src/core/rules/archive-kept.ts';
import { checkRule } from '../../helpers/rules.ts';

checkRule(archiveKept, {
  base: 'FROM debian:12',
  finds: [
    ['RUN curl -LO https://x/a.tar.gz && tar xzf a.tar.gz', 'tar xzf a.tar.gz'],
    ['RUN wget https://x/a.zip -O /tmp/b.zip && unzip /tmp/b.zip', 'unzip /tmp/b.zip'],
    ['RUN curl -fsSLo a.deb https://x/y && dpkg -i a.deb', 'dpkg -i a.deb'],
    ['COPY a.tgz /tmp/\nRUN tar -C /opt -xf /tmp/a.tgz', 'tar -C /opt -xf /tmp/a.tgz'],
    ['ADD https://x/a.tgz /a.tgz\nRUN tar xf /a.tgz', 'tar xf /a.tgz'],
    ['RUN curl https://x/a.tgz > a.tgz; tar xf a.tgz', 'tar xf a.tgz'],
  ],
  leaves: [
    'RUN curl -LO https://x/a.tar.gz && tar xzf a.tar.gz && rm a.tar.gz',
    'RUN curl -LO https://x/a.tar.gz && tar xzf a.tar.gz && rm *.tar.gz',
    'RUN cd /tmp && wget https://x/a.zip && unzip a.zip && rm -rf /tmp/*',
    'RUN curl -L https://x/a.tgz | tar xz',
    'RUN tar xf /given.tar',
    'RUN wget -qO- https://x/a.tgz | tar xzf -',
    'RUN curl -o "$f.tgz" https://x && tar xf "$f.tgz" && rm "$f.tgz"',
    'RUN d=$(mktemp -d) && curl -o $d/a.tgz https://x && tar xf $d/a.tgz && rm -rf $d',
    'RUN --mount=type=bind,source=a.tgz,target=/a.tgz tar xf /a.tgz',
    'RUN curl -LO https://x/a.tgz && tar czf b.tgz a.tgz',
    '# hadolint ignore=DL3010\nRUN curl -LO https://x/a.tgz && tar xf a.tgz',
  ],
});
