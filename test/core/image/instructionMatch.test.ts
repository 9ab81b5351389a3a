import { describe, expect, test } from 'vitest';
import { parseDockerfile } from '../../../src/core/dockerfile/parse.ts';
import { readHistoryEntry } from '../../../src/core/image/createdBy.ts';
import { comparisonOf } from '../../../src/core/image/instructionMatch.ts';

describe('one instruction in every spelling', () => {
  const hash = '7a379d0ef3d363574f9a38cf03a78aa104889c30582434cdb486f5c62436edb0';
  test.each([
    ['RUN --mount=type=cache,target=/c make', 'RUN /bin/sh -c make # buildkit', 'same'],
    ['RUN make', '/bin/sh -c make', 'same'],
    ['RUN make', 'RUN make', 'same'],
    ['RUN make', '|2 A=1 B=2 /bin/sh -c make', 'same'],
    ['RUN make', 'RUN /bin/sh -c make test # buildkit', 'similar'],
    ['RUN make', 'RUN /bin/sh -c cmake # buildkit', undefined],
    ['RUN ["a", "b c"]', 'RUN a b c # buildkit', 'same'],
    ['RUN ["a", "b c"]', '/bin/sh -c ["a", "b c"]', 'same'],
    ['RUN something --long', 'RUN /opt/fish -l something --long # buildkit', 'same'],
    ['RUN <<E\na\nb\nE', 'RUN /bin/sh -c a\nb\n # buildkit', 'same'],
    ['RUN <<E\na\nc d e f\nE', 'RUN /bin/sh -c a\nb\n # buildkit', undefined],
    ['COPY a b', `/bin/sh -c #(nop) COPY file:${hash} in b `, 'same'],
    ['COPY a c b', `/bin/sh -c #(nop) COPY file:${hash} in b `, 'similar'],
    ['COPY *.txt b/', `/bin/sh -c #(nop) COPY multi:${hash} in b/ `, 'same'],
    ['COPY a b', `/bin/sh -c #(nop) COPY file:${hash} in c `, undefined],
    ['COPY --from=x --chown=1 a b', 'COPY a b # buildkit', 'same'],
    ['COPY --from=x a b', 'COPY --from=x a b', 'same'],
    ['COPY ["a b", "c"]', 'COPY a b c # buildkit', 'same'],
    ['ARG D\nCOPY a $D/x', 'COPY a /anything/x # buildkit', 'same'],
    ['ARG D\nCOPY a $D/x', 'COPY a /anything/y # buildkit', undefined],
    ['ENV D=/opt\nCOPY a ${D}/x', 'COPY a /opt/x # buildkit', 'same'],
    ['ENV D=/opt\nCOPY a ${D}/x', `/bin/sh -c #(nop) COPY file:${hash} in \${D}/x `, 'same'],
    ['ADD https://example.org/a.tgz /d', 'ADD https://example.org/a.tgz /d # buildkit', 'same'],
    ['WORKDIR /srv/', 'WORKDIR /srv', 'same'],
    ['WORKDIR sub', 'WORKDIR /srv/sub', 'same'],
    ['WORKDIR sub', 'WORKDIR /srv/other', undefined],
    ['ENV A b c', 'ENV A=b c', 'same'],
    ['ENV A="b c" D=e', '/bin/sh -c #(nop)  ENV A=b c D=e', 'same'],
    ['ENV A=1', 'ENV A=2', 'similar'],
    ['LABEL a="b c"', '/bin/sh -c #(nop) LABEL a="b c"', 'same'],
    ['ARG V=1', 'ARG V=2', 'same'],
    ['ARG V', 'ARG W', undefined],
    ['EXPOSE 80 443/tcp', 'EXPOSE map[443/tcp:{} 80/tcp:{}]', 'same'],
    ['EXPOSE 80', 'EXPOSE map[81/tcp:{}]', 'similar'],
    ['CMD a b', 'CMD ["/bin/sh" "-c" "a b"]', 'same'],
    ['CMD ["a"]', 'CMD ["b"]', 'similar'],
    ['USER $U', 'USER app', 'same'],
    ['USER a', 'USER b', undefined],
    ['HEALTHCHECK --interval=3s CMD true', 'HEALTHCHECK &{["CMD-SHELL" "true"] "3s" "0s" "0s" \'\\x00\'}', 'same'],
    ['SHELL ["/bin/bash", "-c"]', 'SHELL [/bin/bash -c]', 'same'],
    ['STOPSIGNAL SIGINT', 'STOPSIGNAL SIGINT', 'same'],
  ])('%j and %j', (instruction, entry, expected) => {
    const file = parseDockerfile(`FROM x\n${instruction}`);
    const compare = comparisonOf(file.instructions.at(-1)!, file);
    expect(compare(readHistoryEntry({ createdBy: entry, emptyLayer: false }))).toBe(expected);
  });
});
