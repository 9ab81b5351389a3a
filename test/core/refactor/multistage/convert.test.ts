import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseDockerfile } from '../../../../src/core/dockerfile/parse.ts';
import { convertToMultistage } from '../../../../src/core/refactor/multistage/convert.ts';
import { LoadedProject } from '../../../../src/core/refactor/project.ts';
import type { Refactoring } from '../../../../src/core/refactor/refactoring.ts';
import { applyEdits } from '../../../../src/core/text.ts';

const sources: Readonly<Record<string, string>> = {
  'go.mod': 'module example.com/site\n',
  'main.go': 'package main\n\nfunc main() { open("templates/page.html") }\n',
  'hello.c': '#include <stdio.h>\nint main(void) { puts("hello"); }\n',
  'templates/page.html': '<p>\n',
  'entrypoint.sh': '#!/bin/sh\nset -e\nexec "$@"\n',
};

function project(): LoadedProject {
  const files = Object.entries(sources).map(([path, text]) => ({ path, bytes: text.length }));
  return new LoadedProject(files, new Map(Object.entries(sources)));
}

function convert(text: string): Refactoring {
  const answers = { release: 'bookworm', port: '8080' };
  return convertToMultistage(parseDockerfile(text), project(), {
    platform: 'linux/amd64',
    today: '2026-11-21',
    answers,
  });
}

/** Lines that stand in real files, in any order: most of what comes out cannot be converted, and none of it may break. */
const lines = [
  'WORKDIR /src',
  'WORKDIR app',
  'COPY . .',
  'COPY hello.c main.go ./',
  'COPY --from=build /etc/os-release /os-release',
  'COPY --chown=1000:1000 . /srv',
  'ADD https://example.com/tool.tar.gz /opt/',
  'ARG VERSION=1',
  'ENV MODE=prod VERSION=$VERSION',
  'ENV PATH=/opt/bin:$PATH',
  'LABEL version="$VERSION"',
  '# why it is so',
  '',
  'RUN gcc -o hello hello.c',
  'RUN gcc -O2 \\\n    # fast\n    -o /usr/local/bin/hello \\\n    hello.c',
  'RUN CGO_ENABLED=0 go build -o /usr/local/bin/site .',
  'RUN go build -o site . && go test ./...',
  'RUN apt-get update && apt-get install -y build-essential curl && rm -rf /var/lib/apt/lists/*',
  'RUN useradd -m app && mkdir -p /data && chown app:app /data',
  'RUN <<EOF\nmkdir -p /var/lib/site\ntouch /var/lib/site/ready\nEOF',
  'RUN curl -fsSL https://example.com/install.sh | sh',
  'RUN cmake -S . -B build \\',
  'USER app',
  'USER 1000',
  'EXPOSE 8080',
  'VOLUME /data',
  'STOPSIGNAL SIGINT',
  'SHELL ["/bin/bash", "-c"]',
  'HEALTHCHECK --interval=5s CMD curl -f http://localhost:8080/ || exit 1',
  'HEALTHCHECK CMD ["/usr/local/bin/hello"]',
  'ENTRYPOINT ["/src/entrypoint.sh"]',
  'ENTRYPOINT ["hello"]',
  'CMD ["./hello"]',
  'CMD ["hello", "--mode", "a"]',
  'CMD ./site --port 8080',
  'CMD exec "$MODE"',
];
const bases = [
  'gcc',
  'gcc:14',
  'gcc:12-bookworm AS compiler',
  'golang:1.24',
  'golang:1.24-alpine',
  'debian:trixie',
  'alpine:3.22',
  'ubuntu:24.04',
];

const file = fc
  .tuple(
    fc.constantFrom(...bases),
    fc.array(fc.constantFrom(...lines), { minLength: 1, maxLength: 14 }),
    fc.constantFrom('\n', '\r\n'),
    fc.boolean(),
  )
  .map(([base, body, lineBreak, isEnded]) =>
    `FROM ${base}\n${body.join('\n')}${isEnded ? '\n' : ''}`.replaceAll('\n', lineBreak),
  );

describe('any file', { timeout: 60_000 }, () => {
  test('is refused, asked about, or made into one that parses and is converted no further', () => {
    let converted = 0;
    fc.assert(
      fc.property(file, (text) => {
        const result = convert(text);
        if (result.kind === 'refusal') {
          expect(result.message).toMatch(/^[A-Z`/\w].*[.?]$/s);
          return;
        }
        if (result.kind !== 'proposal') return;
        converted++;
        const after = applyEdits(text, result.edits);
        const problems = parseDockerfile(text).problems.length;
        expect(parseDockerfile(after).problems).toHaveLength(problems);
        expect(parseDockerfile(after).stages).toHaveLength(2);
        expect(convert(after)).toMatchObject({ kind: 'refusal', code: 'no-benefit' });
        if (text.includes('\r\n')) expect(after.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
      }),
      { numRuns: 1000 },
    );
    // Else the property would be about nothing.
    expect(converted).toBeGreaterThan(3);
  });

  test('keeps what its image says of itself', () => {
    fc.assert(
      fc.property(file, (text) => {
        const result = convert(text);
        if (result.kind !== 'proposal') return;
        const last = (dockerfile: string, keyword: string): string | undefined => {
          const found = parseDockerfile(dockerfile)
            .stages.at(-1)!
            .instructions.findLast((each) => each.keyword === keyword);
          return found && parseDockerfile(dockerfile).text.slice(found.argsSpan.start, found.argsSpan.end);
        };
        const after = applyEdits(text, result.edits);
        for (const keyword of ['USER', 'EXPOSE', 'VOLUME', 'STOPSIGNAL', 'LABEL']) {
          expect(last(after, keyword), keyword).toBe(last(text, keyword));
        }
      }),
      { numRuns: 400 },
    );
  });
});

describe('speed', () => {
  test('a context of ten thousand files costs no more than looking at their names', () => {
    const files = Array.from({ length: 10_000 }, (_, at) => ({ path: `assets/${at % 100}/${at}.png`, bytes: 1000 }));
    const texts = new Map(Object.entries(sources));
    const many = new LoadedProject([...files, ...Object.keys(sources).map((path) => ({ path, bytes: 1 }))], texts);
    const text = 'FROM golang:1.24\nWORKDIR /src\nCOPY . .\nRUN go build -o site .\nCMD ["./site"]\n';
    const result = convertToMultistage(parseDockerfile(text), many, {
      platform: 'linux/amd64',
      today: '2026-11-21',
      answers: {},
    });
    expect(result.kind).toBe('proposal');
    // Only what says what the program opens is read: no picture.
    expect([...many.wanted].filter((path) => path.startsWith('assets/'))).toEqual([]);
  });
});
