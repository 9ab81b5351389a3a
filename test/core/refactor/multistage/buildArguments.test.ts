import { expect, it } from 'vitest';
import type { Consumer } from '../../../../src/core/refactor/project.ts';
import { outcomeOf } from '../../../helpers/conversion.ts';

const files = { 'go.mod': 'module example.org/gauge\n', 'main.go': 'package main\n\nfunc main() {}\n' };

function outcome(more: Partial<Consumer>, from = 'FROM golang:1.24-${RELEASE}'): string {
  const consumer = { file: 'compose.yaml', line: 2, name: 'service web', mounts: [], ...more };
  const lines = [
    'ARG RELEASE=trixie',
    from,
    'ARG VERSION=0',
    'WORKDIR /src',
    'COPY . .',
    'RUN go build -ldflags "-X main.version=$VERSION" -o app .',
    'CMD ["./app"]',
  ];
  return outcomeOf({ lines, files, consumers: [consumer] });
}

it.each<[string, Partial<Consumer>, string]>([
  ['none', {}, 'converted'],
  ['one of another release', { buildArgs: { RELEASE: 'bookworm' } }, 'refused build-arguments'],
  ['one of a base that is not converted', { buildArgs: { RELEASE: 'windowsservercore' } }, 'refused build-arguments'],
  ['the default', { buildArgs: { RELEASE: 'trixie' } }, 'converted'],
  ['one that changes nothing here', { buildArgs: { VERSION: '1' } }, 'converted'],
  ['one that the file does not declare', { buildArgs: { OTHER: '1' } }, 'converted'],
])('with %s', (_title, consumer, expected) => expect(outcome(consumer)).toBe(expected));

it('who builds the stage by its name keeps what it had', () => {
  const from = 'FROM golang:1.24-${RELEASE} AS dev';
  expect(outcome({ buildArgs: { RELEASE: 'bookworm' }, target: 'dev' }, from)).toBe('converted');
});
