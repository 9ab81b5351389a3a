import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { instructionText, readHistoryEntry } from '../../../src/core/image/createdBy.ts';

describe('an entry of the history in its normal form', () => {
  const hash = '7a379d0ef3d363574f9a38cf03a78aa104889c30582434cdb486f5c62436edb0';
  test.each([
    ['RUN /bin/sh -c make   all # buildkit', 'RUN make all'],
    ['RUN |2 A=1 B=two words /bin/sh -c make # buildkit', 'RUN make'],
    ['RUN |1 A= /bin/bash -o pipefail -c make | tee log # buildkit', 'RUN make | tee log'],
    ['RUN |1 A=x /usr/bin/make all # buildkit', 'RUN /usr/bin/make all'],
    ['/bin/sh -c apt-get update && apt-get install -y curl', 'RUN apt-get update && apt-get install -y curl'],
    ['|1 V=1 /bin/sh -c echo $V', 'RUN echo $V'],
    ['/bin/sh -c #(nop)  CMD ["sh" "-c" "a b"]', 'CMD ["sh", "-c", "a b"]'],
    ['/bin/sh -c #(nop) CMD ["sh", "-c"]', 'CMD ["sh", "-c"]'],
    ['/bin/bash -o pipefail -c #(nop)  ENV A=b', 'ENV A=b'],
    ['cmd /S /C #(nop)  WORKDIR C:\\app', 'WORKDIR C:\\app'],
    ['cmd /S /C dir', 'RUN dir'],
    ["powershell -Command $ErrorActionPreference = 'Stop'; #(nop) COPY file:" + hash + ' in C:\\', 'COPY <file> C:\\'],
    [`/bin/sh -c #(nop) COPY file:${hash} in /dst `, 'COPY <file> /dst'],
    [`/bin/sh -c #(nop) COPY --chown=1:1multi:${hash} in /dst/ `, 'COPY --chown=1:1 <files> /dst/'],
    [`/bin/sh -c #(nop) ADD dir:${hash} in /two words `, 'ADD <dir> /two words'],
    ['COPY --from=build /a /b', 'COPY --from=build /a /b'],
    ['EXPOSE map[80/tcp:{} 90/udp:{}]', 'EXPOSE 80/tcp 90/udp'],
    ['EXPOSE [443/tcp 80/tcp]', 'EXPOSE 443/tcp 80/tcp'],
    ['VOLUME [/a /b]', 'VOLUME /a /b'],
    ['SHELL [/bin/sh -ec]', 'SHELL ["/bin/sh", "-ec"]'],
    [
      'HEALTHCHECK &{["CMD-SHELL" "curl \\"x\\""] "5s" "0s" "1m0s" \'\\x03\'}',
      'HEALTHCHECK --interval=5s --start-period=1m0s CMD curl "x"',
    ],
    ['HEALTHCHECK &{["NONE"] "0s" "0s" "0s" \'\\x00\'}', 'HEALTHCHECK NONE'],
    ["RUN /bin/sh -c echo 'two  blanks'   x # buildkit", "RUN echo 'two  blanks' x"],
    ['RUN /bin/sh -c cat <<EOF > /x\none\n  two\nEOF # buildkit', 'RUN cat <<EOF > /x\none\n  two\nEOF'],
    [
      "# debian.sh --arch 'amd64' out/ 'bookworm' '@1733702400'",
      "# debian.sh --arch 'amd64' out/ 'bookworm' '@1733702400'",
    ],
    ['ko build ko://example.org/cmd', 'ko build ko://example.org/cmd'],
    ['/bin/sh', '/bin/sh'],
    ['', ''],
  ])('%j', (createdBy, expected) => {
    expect(instructionText(readHistoryEntry({ createdBy, emptyLayer: false }))).toBe(expected);
  });

  test('a command without a shell known by name is read with the SHELL in force', () => {
    const entry = { createdBy: 'RUN /opt/fish --login -c echo hi # buildkit', emptyLayer: false };
    expect(readHistoryEntry(entry, '/opt/fish --login -c')).toMatchObject({
      text: 'echo hi',
      shell: '/opt/fish --login -c',
    });
  });

  test('the values of ARGs stay apart from the command', () => {
    const entry = { createdBy: '|2 A=1 B=two words /bin/sh -c make', emptyLayer: false };
    expect(readHistoryEntry(entry).buildArgs).toEqual(['A=1', 'B=two words']);
  });

  test('any text is read without an error, and none is lost in a plain one', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (createdBy) => {
        const read = readHistoryEntry({ createdBy, emptyLayer: false });
        expect(typeof read.text).toBe('string');
        if (read.spelling === 'plain') expect(read.text.replace(/\s/g, '')).toBe(createdBy.replace(/\s/g, ''));
      }),
    );
  });
});
