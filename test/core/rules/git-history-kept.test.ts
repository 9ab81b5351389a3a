import { gitHistoryKept } from '../../../src/core/rules/git-history-kept.ts';
import { checkRule } from '../../helpers/rules.ts';

checkRule(gitHistoryKept, {
  base: 'FROM debian:12',
  finds: [
    ['RUN git clone https://x/a.git', 'git clone https://x/a.git'],
    ['RUN git clone -b v1 https://x/a /opt/a && make -C /opt/a', 'git clone -b v1 https://x/a /opt/a'],
    ['RUN git -c http.sslVerify=false clone https://x/a', 'git -c http.sslVerify=false clone https://x/a'],
    ['RUN git clone https://x/a && rm -rf /tmp/x', 'git clone https://x/a'],
    ['RUN git lfs install && git clone --recurse-submodules https://x/a', 'git clone --recurse-submodules https://x/a'],
  ],
  leaves: [
    'RUN git clone --depth 1 https://x/a',
    'RUN git clone --depth=1 --branch v1 https://x/a',
    'RUN git clone --filter=blob:none https://x/a',
    'RUN git clone https://x/a && cd a && git checkout 1234567',
    'RUN git clone https://x/a /opt/a\nRUN cd /opt/a && git describe --tags',
    'RUN git clone https://x/a && make -C a install && rm -rf a',
    'RUN git clone https://x/a.git /tmp/a && rm -rf /tmp/a/.git',
    'RUN git clone "$URL" && rm -rf "$DIR"',
    'RUN --mount=type=tmpfs,target=/src git clone https://x/a /src/a',
    'WORKDIR /src\nRUN --mount=type=tmpfs,target=/src git clone https://x/a',
    'RUN git clone --mirror https://x/a',
    'RUN git init',
    'RUN git clone https://x/a\nFROM debian:12\nCOPY --from=0 /a/bin /bin',
    '# plimsoll-ignore git-history-kept: wanted\nRUN git clone https://x/a',
  ],
});
