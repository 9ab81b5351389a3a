import { describe, expect, it } from 'vitest';
import type { Consumer } from '../../../../src/core/refactor/project.ts';
import { outcomeOf, proposed } from '../../../helpers/conversion.ts';
import type { Conversion } from '../../../helpers/conversion.ts';

const entry = '#!/bin/sh\nexec "$@"\n';

function used(more: Partial<Consumer>, start = 'ENTRYPOINT ["/app/gauge"]'): Conversion {
  const consumer = { file: 'k8s/web.yaml', line: 9, name: 'container web', mounts: [], ...more };
  return {
    lines: ['FROM golang:1.24-trixie', 'WORKDIR /app', 'COPY . .', 'RUN go build -o gauge .', start],
    files: { 'go.mod': 'module example.org/gauge\n', 'main.go': 'package main\n\nfunc main() {}\n', 'entry.sh': entry },
    consumers: [consumer],
  };
}

describe('the run base', () => {
  const script = 'ENTRYPOINT ["/app/entry.sh"]\nCMD ["/app/gauge"]';
  it.each<[string, Partial<Consumer>, string | undefined, string]>([
    ['arguments', { command: ['--port', '80'] }, undefined, 'gcr.io/distroless/static-debian13'],
    ['arguments that look like a program', { command: ['sh'] }, undefined, 'gcr.io/distroless/static-debian13'],
    ['arguments of a shell form', { command: ['curl'] }, 'ENTRYPOINT /app/gauge', 'gcr.io/distroless/static-debian13'],
    ['an entry point', { entrypoint: ['sh', '-c'], command: ['date; /app/gauge'] }, undefined, 'alpine:3.24'],
    ['a command', { command: ['sh', '-c', '/app/gauge'] }, 'CMD ["/app/gauge"]', 'alpine:3.24'],
    ['a program for a script', { command: ['wget', 'x'] }, script, 'alpine:3.24'],
    ['a package for a script', { command: ['curl', 'x'] }, script, 'debian:trixie-slim'],
    ['a probe with a shell', { healthcheck: ['sh', '-c', 'true'] }, undefined, 'alpine:3.24'],
    ['a probe with curl', { healthcheck: ['curl', '-f', 'localhost'] }, undefined, 'debian:trixie-slim'],
    [
      'a probe with the program',
      { healthcheck: ['/app/gauge', 'ping'] },
      undefined,
      'gcr.io/distroless/static-debian13',
    ],
  ])('for %s', (_title, consumer, start, base) => {
    expect(proposed(used(consumer, start)).proposal.runBase).toBe(base);
  });

  it('what nobody knows is refused with its line', () => {
    expect(outcomeOf(used({ healthcheck: ['grpc_health_probe'] }))).toBe('refused unknown-tool');
  });
});

describe('users', () => {
  it.each([
    ['www-data', true],
    ['www-data:www-data', true],
    ['nonroot', false],
    ['1000:3000', false],
    ['${ME}', false],
  ])('%s: the list of users goes along: %s', (user, goes) => {
    expect(proposed(used({ user })).text.includes('/etc/passwd')).toBe(goes);
  });
});
