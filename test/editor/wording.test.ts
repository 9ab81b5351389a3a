import { expect, test, vi } from 'vitest';
import type { BaseSizes } from '../../src/core/base/baseSize.ts';
import type { ImageBaseView, StageBaseView } from '../../src/editor/bases.ts';
import { lensTitle, lensTooltip, statusText } from '../../src/editor/wording.ts';

vi.mock('vscode', () => ({
  l10n: {
    t: (message: string, ...values: unknown[]) =>
      message.replace(/\{(\d+)\}/g, (_, index: string) => String(values[Number(index)])),
  },
}));

function image(text: string, known: ImageBaseView['known']): StageBaseView {
  return { kind: 'image', text, reference: { domain: 'docker.io', path: text }, platform: 'linux/amd64', known };
}

function sized(sizes: Omit<BaseSizes, 'platform'>, pending = false): ImageBaseView['known'] {
  return { sizes: { platform: 'linux/amd64', ...sizes }, pending, reasons: [] };
}

const catalogue = { basis: 'catalogue', asOf: '2026-09-17' } as const;

const titles: readonly [string, StageBaseView][] = [
  [
    'golang:1.26  ·  920 MB on disk  ·  310 MB download  ·  linux/amd64  ·  catalogue 2026-09',
    image(
      'golang:1.26',
      sized({ onDisk: { bytes: 920_000_000, ...catalogue }, download: { bytes: 310_000_000, ...catalogue } }),
    ),
  ],
  [
    'acme/app:1  ·  64.2 MB on disk  ·  21 MB download  ·  linux/amd64  ·  registry',
    image(
      'acme/app:1',
      sized({ onDisk: { bytes: 64_200_000, basis: 'registry' }, download: { bytes: 21_000_000, basis: 'registry' } }),
    ),
  ],
  [
    'acme/app:1  ·  64.2 MB on disk  ·  21 MB download  ·  linux/amd64  ·  measured + registry',
    image(
      'acme/app:1',
      sized({ onDisk: { bytes: 64_200_000, basis: 'measured' }, download: { bytes: 21_000_000, basis: 'registry' } }),
    ),
  ],
  [
    'golang:1.26.3  ·  ≈ 920 MB on disk  ·  linux/amd64  ·  estimated by golang:1.26',
    image('golang:1.26.3', sized({ onDisk: { bytes: 920_000_000, basis: 'estimated' }, by: 'golang:1.26' })),
  ],
  [
    'debian:trixie  ·  49.3 MB download  ·  linux/amd64  ·  catalogue 2026-09',
    image('debian:trixie', sized({ download: { bytes: 49_300_000, ...catalogue } }, true)),
  ],
  ['acme/app:1  ·  asking …', image('acme/app:1', { pending: true, reasons: [] })],
  ['acme/app:1  ·  size unknown', image('acme/app:1', { pending: false, reasons: [] })],
  ['scratch: 0 B', { kind: 'scratch' }],
  ['from stage build', { kind: 'stage', name: 'build' }],
  ['golang:${V}  ·  size unknown', { kind: 'unresolved', text: 'golang:${V}', variables: ['V'] }],
  ['UPPER:1  ·  size unknown', { kind: 'invalid', text: 'UPPER:1', problem: 'no' }],
  ['size unknown', { kind: 'missing' }],
];

test.each(titles)('%s', (title, view) => {
  expect(lensTitle(view)).toBe(title);
});

test('the tooltip says why there is no size, also what is normal', () => {
  const view = image('ghcr.io/acme/app:1', {
    pending: false,
    reasons: [
      { source: 'registry', none: { code: 'denied', message: 'ghcr.io wants credentials for acme/app.' } },
      { source: 'catalogue', none: { code: 'absent', message: 'The catalogue has no size for ghcr.io/acme/app:1.' } },
    ],
  });
  expect(lensTooltip(view).split('\n').slice(0, 2)).toEqual([
    'ghcr.io wants credentials for acme/app.',
    'The catalogue has no size for ghcr.io/acme/app:1.',
  ]);
});

test('where sizes are known, only what kept a better answer away is told', () => {
  const view = image('golang:1.26', {
    ...sized({ onDisk: { bytes: 920_000_000, ...catalogue }, download: { bytes: 310_000_000, ...catalogue } }),
    reasons: [
      { source: 'engine', none: { code: 'absent', message: 'The engine does not have it.' } },
      { source: 'registry', none: { code: 'timeout', message: 'docker.io did not answer in time.' } },
    ],
  });
  expect(lensTooltip(view)).toContain('docker.io did not answer in time.');
  expect(lensTooltip(view)).not.toContain('The engine does not have it.');
});

test('a variable without a value is named with what to do', () => {
  const tooltip = lensTooltip({ kind: 'unresolved', text: 'a:${V}', variables: ['V'] });
  expect(tooltip).toContain('${V}');
  expect(tooltip).toContain('plimsoll.buildArguments');
});

test('the status bar has the size on disk, else the download', () => {
  expect(statusText(image('a:1', sized({ onDisk: { bytes: 5e6, basis: 'measured' } })))).toBe('a:1: 5 MB');
  expect(statusText(image('a:1', { pending: false, reasons: [] }))).toBe('a:1: size unknown');
  expect(statusText({ kind: 'scratch' })).toBe('scratch: 0 B');
});
