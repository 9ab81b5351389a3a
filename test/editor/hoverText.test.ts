import { expect, test, vi } from 'vitest';
import { lookUp } from '../../src/core/base/catalogue.ts';
import { parseDockerfile } from '../../src/core/dockerfile/parse.ts';
import { viewBase } from '../../src/editor/bases.ts';
import { describeBase } from '../../src/editor/hoverText.ts';

vi.mock('vscode', () => ({
  l10n: {
    t: (message: string, ...values: unknown[]) =>
      message.replace(/\{(\d+)\}/g, (_, index: string) => String(values[Number(index)])),
  },
}));

/** The hover of the last `FROM`, by the catalogue alone. */
function hover(text: string): string {
  const dockerfile = parseDockerfile(text, {});
  const stage = dockerfile.stages.at(-1)!;
  const view = viewBase(dockerfile, stage, 'linux/amd64', (reference, platform) => {
    const answer = lookUp(reference, platform);
    if ('sizes' in answer) return { sizes: answer.sizes, pending: false, reasons: [] };
    return { pending: false, reasons: [{ source: 'catalogue', none: answer.none }] };
  });
  return describeBase(stage, view, (reference) => `command:x?${encodeURIComponent(reference)}`);
}

test('sizes, facts and alternatives of a known base', () => {
  const text = hover('FROM node:24\nRUN npm ci\n');
  expect(text).toContain('**docker\\.io\\/library\\/node\\:24**');
  expect(text).toMatch(/\| linux\\\/amd64 \|.*1\\\.14 GB \|.*409 MB \|.*catalogue 20\d\d\\-\d\d \|/);
  expect(text).toContain('Node\\.js 24 · Debian 12 · glibc · shell · apt · runs as root');
  expect(text).toContain('](command:x?node%3A24-slim "');
});

test('on a stage that runs commands nothing is offered that cannot run them', () => {
  expect(hover('FROM node:24\nRUN npm ci\n')).not.toContain('distroless');
  // Its entry point is node itself: a new FROM alone would break the start command, so there is no link that applies it.
  expect(hover('FROM node:24\nCOPY . .\n')).toMatch(/\| gcr\S+distroless\S+ \\?\(needs another start command\\?\)/);
  expect(hover('FROM node:24 AS build\nCOPY . .\nFROM node:24\nRUN npm ci\n')).not.toContain('distroless');
});

test('a base past its end of life is warned of', () => {
  expect(hover('FROM python:3.9-slim\n')).toMatch(/\$\(warning\) \*\*Python 3\\\.9 is past its end of life since 2025/);
});

test.each([
  'FROM ![x](https://evil.example/x.png)\n',
  'FROM [x](command:workbench.action.terminal.new)\n',
  'FROM <img/src=x>\n',
  'FROM $(trash)x|y`z\n',
  'FROM a/$${x}:`b`\n',
])('%j stays text', (dockerfile) => {
  const text = hover(dockerfile);
  // No unescaped character that opens a link, an image, code, HTML or an icon.
  expect(text.replace(/\\[\\`*_{}[\]()#+\-!~|$.:@/]/g, '')).not.toMatch(/[`<>[\]!|]|\$\(/);
});
