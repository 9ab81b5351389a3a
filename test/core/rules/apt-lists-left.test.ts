import { describe, expect, it } from 'vitest';
import { aptListsLeft } from '../../../src/core/rules/apt-lists-left.ts';
import { findingsOf, fixed, marks } from '../../helpers/rules.ts';

const debian = 'FROM debian:bookworm-slim\n';

describe('finds', () => {
  it.each<[string, string[]]>([
    ['RUN apt-get update && apt-get install -y curl', ['apt-get update']],
    ['RUN apt update; apt install -y curl', ['apt update']],
    ['RUN sudo -E apt-get -qq update && sudo apt-get install -y curl', ['sudo -E apt-get -qq update']],
    ['RUN apt-get -o Acquire::Retries=3 update', ['apt-get -o Acquire::Retries=3 update']],
    ['RUN ["apt-get", "update"]', ['"apt-get", "update"']],
    ['RUN <<EOF\napt-get update\napt-get install -y curl\nEOF', ['apt-get update']],
    ['RUN bash -e <<EOF\napt-get update\nEOF', ['apt-get update']],
    ['RUN rm -rf /var/lib/apt/lists/* && apt-get update', ['apt-get update']],
    // Another folder is removed, which satisfies hadolint.
    ['RUN apt-get update && rm -rf /tmp/x', ['apt-get update']],
    ['RUN apt-get update && apt-get install -y curl\nRUN rm -rf /var/lib/apt/lists/*', ['apt-get update']],
    ['RUN --mount=type=cache,target=/var/cache/apt apt-get update', ['apt-get update']],
    [
      'RUN curl -fsSL https://deb.nodesource.com/setup_22.x | bash - && apt-get install -y nodejs',
      ['curl -fsSL https://deb.nodesource.com/setup_22.x'],
    ],
    ['RUN add-apt-repository ppa:x/y', ['add-apt-repository ppa:x/y']],
  ])('%s', (text, expected) => {
    expect(marks(aptListsLeft, debian + text)).toEqual(expected);
  });
});

describe('leaves alone', () => {
  it.each([
    'RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*',
    'RUN apt-get update; apt-get install -y curl; rm -fr /var/lib/apt/lists',
    'RUN apt-get update && apt-get install -y a && rm -r /var/lib/apt/lists/*_*',
    'RUN apt-get update && apt-get clean && rm -rf /var/lib/{apt,dpkg,cache,log}/',
    'RUN apt-get update && rm -rf /tmp/* /var/lib/apt/lists/* /var/tmp/*',
    'RUN apt-get update && find /var/lib/apt/lists -type f -delete',
    'RUN apt-get update && apt-get dist-clean',
    'RUN set -eux; apt-get update; if x; then apt-get install -y a; rm -rf /var/lib/apt/lists/*; fi',
    'RUN clean() { rm -rf /var/lib/apt/lists/*; }; apt-get update && clean',
    'RUN apt-get update && sudo rm -rf "/var/lib/apt/lists/"*',
    'RUN <<EOF\nset -e\napt-get update\nrm -rf /var/lib/apt/lists/*\nEOF',
    'RUN --mount=type=cache,target=/var/lib/apt,sharing=locked --mount=type=cache,target=/var/cache/apt apt-get update',
    'RUN --mount=type=tmpfs,dst=/var/lib/apt/lists apt-get update',
    'ARG D=/var/lib/apt\nRUN --mount=type=cache,target=${D}/lists apt-get update',
    'RUN bash -e <<EOF && rm -rf /var/lib/apt/lists/*\napt-get update\nEOF',
    'RUN echo "apt-get update"',
    'RUN apt-get update && apt-get install -y "unclosed',
    'ONBUILD RUN apt-get update',
    '# plimsoll-ignore apt-lists-left: wanted\nRUN apt-get update',
    '# plimsoll-ignore\nRUN apt-get update',
    '# hadolint ignore=DL3008,DL3009\nRUN apt-get update',
    'RUN a\n# hadolint global ignore=DL3009\nRUN apt-get update',
    'RUN apt-get update\n# plimsoll-ignore-file apt-lists-left, other: reason',
    'RUN true \\\n  # plimsoll-ignore apt-lists-left\n  && apt-get update',
    'SHELL ["pwsh", "-c"]\nRUN apt-get update',
  ])('%s', (text) => {
    expect(marks(aptListsLeft, debian + text)).toEqual([]);
  });

  it('is a hint where the stage does not ship', () => {
    const text = 'FROM debian:12 AS build\nRUN apt-get update\nFROM debian:12\nCOPY --from=build /a /a\n';
    expect(findingsOf(aptListsLeft, text)).toMatchObject([{ severity: 'hint', reachesFinal: false, stage: 0 }]);
    expect(findingsOf(aptListsLeft, text)[0]).not.toHaveProperty('saves');
  });

  it.each([
    'FROM debian:12 AS build\nRUN apt-get update\nFROM build\n',
    'FROM debian:12 AS build\nRUN apt-get update\nFROM scratch\nCOPY --from=build / /\n',
    'FROM debian:12 AS build\nRUN apt-get update\nFROM scratch\nCOPY --from=0 ["/", "/"]\n',
  ])('ships with %j', (text) => {
    expect(findingsOf(aptListsLeft, text)).toMatchObject([{ reachesFinal: true, stage: 0, severity: 'warning' }]);
  });
});

describe('bytes', () => {
  it.each<[string, number | undefined]>([
    ['FROM debian:12-slim\nRUN apt-get update', 19_850_000],
    ['FROM python:3.13-bookworm\nRUN apt-get update', 19_850_000],
    ['FROM acme/base\nRUN apt-get update', undefined],
  ])('%j', (text, bytes) => {
    expect(findingsOf(aptListsLeft, text)[0]!.saves?.bytes).toBe(bytes);
  });

  it('are counted once where two RUNs fetch the same lists', () => {
    const found = findingsOf(aptListsLeft, `${debian}RUN apt-get update\nRUN apt-get update`);
    expect(found.map(({ saves }) => saves?.bytes)).toEqual([19_850_000, undefined]);
  });

  it('are taken from the image where it was read', () => {
    const evidence = {
      weight: () => undefined,
      packages: () => undefined,
      context: undefined,
      bytesAt: (_: unknown, paths: readonly string[]) => ({
        bytes: paths.join() === '/var/lib/apt/lists' ? 5e6 : 0,
        basis: 'measured' as const,
      }),
    };
    expect(findingsOf(aptListsLeft, `${debian}RUN apt-get update`, { evidence })[0]!.saves).toEqual({
      bytes: 5e6,
      basis: 'measured',
    });
  });
});

describe('fixes', () => {
  const rm = 'rm -rf /var/lib/apt/lists/*';
  it.each<[string, string]>([
    ['RUN apt-get update && apt-get install -y curl', `RUN apt-get update && apt-get install -y curl && ${rm}`],
    ['RUN apt-get update; apt-get install -y curl', `RUN apt-get update; apt-get install -y curl && ${rm}`],
    ['RUN apt-get update;', `RUN apt-get update && ${rm};`],
    ['RUN set -e; apt-get update; a', `RUN set -e; apt-get update; a; ${rm}`],
    ['RUN sudo apt-get update', `RUN sudo apt-get update && sudo ${rm}`],
    ['RUN apt-get update # why', `RUN apt-get update && ${rm} # why`],
    [
      'RUN apt-get update \\\n && apt-get install -y \\\n  a',
      `RUN apt-get update \\\n && apt-get install -y \\\n  a \\\n && ${rm}`,
    ],
    ['RUN apt-get update && \\\n\ta', `RUN apt-get update && \\\n\ta && \\\n\t${rm}`],
    [
      'RUN apt-get update && apt-get install -y \\\n    a \\\n    b',
      `RUN apt-get update && apt-get install -y \\\n    a \\\n    b && ${rm}`,
    ],
    ['RUN apt-get update || \\\n  a', `RUN apt-get update || \\\n  a \\\n  && ${rm}`],
    ['RUN <<EOF\napt-get update\nEOF', `RUN <<EOF\napt-get update && ${rm}\nEOF`],
    ['RUN <<EOF\nset -e\n  apt-get update # why\nEOF', `RUN <<EOF\nset -e\n  apt-get update # why\n  ${rm}\nEOF`],
    ['RUN <<-EOF\n\tset -e\n\tapt-get update\n\tEOF', `RUN <<-EOF\n\tset -e\n\tapt-get update\n\t${rm}\n\tEOF`],
    ['RUN bash -e <<EOF\napt-get update\nEOF', `RUN bash -e <<EOF && ${rm}\napt-get update\nEOF`],
    ['RUN if a; then apt-get update; fi', `RUN if a; then apt-get update; fi && ${rm}`],
    // Builders would take `EOF;` and `E&&` for the delimiter.
    ['RUN set -e; apt-get update; cat > /a <<E\nx\nE', `RUN set -e; apt-get update; cat > /a <<E ; ${rm}\nx\nE`],
    ['RUN apt-get update&&cat > /a <<E\nx\nE', `RUN apt-get update&&cat > /a <<E &&${rm}\nx\nE`],
    [
      'RUN set -e; \\\n\tapt-get update; \\\n\tcat > /a <<-E\n\tx\n\tE',
      `RUN set -e; \\\n\tapt-get update; \\\n\tcat > /a <<-E ; \\\n\t${rm}\n\tx\n\tE`,
    ],
    ['RUN cat <<E > /a && apt-get update\nx\nE', `RUN cat <<E > /a && apt-get update && ${rm}\nx\nE`],
  ])('%j', (text, expected) => {
    expect(fixed(aptListsLeft, debian + text)).toBe(debian + expected);
    expect(fixed(aptListsLeft, debian + expected)).toBe(debian + expected);
    const crlf = (debian + text).replaceAll('\n', '\r\n');
    expect(fixed(aptListsLeft, crlf)).toBe((debian + expected).replaceAll('\n', '\r\n'));
  });

  it.each([
    'RUN ["apt-get", "update"]',
    'RUN apt-get update &',
    'RUN apt-get update && exec a',
    // The next RUN installs from them.
    'RUN apt-get update\nRUN apt-get install -y curl',
  ])('not %j', (text) => {
    expect(marks(aptListsLeft, debian + text)).toHaveLength(1);
    expect(fixed(aptListsLeft, debian + text)).toBe(debian + text);
  });

  it('not where a stage on top installs from them', () => {
    const text = 'FROM debian:12 AS base\nRUN apt-get update\nFROM base\nRUN apt-get install -y curl\n';
    expect(fixed(aptListsLeft, text)).toBe(text);
  });
});
