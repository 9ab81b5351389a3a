import { expect, test } from 'vitest';
import type { Progress } from '../../../src/protocol/explorer.ts';
import { englishStrings } from '../../../src/protocol/strings.ts';
import { createFormat } from '../../../src/webview/format.ts';
import { isBusy, progressShare, progressText } from '../../../src/webview/frame/progressText.ts';

const words = { strings: englishStrings, format: createFormat('en') };
const half = { bytes: 50_000_000, layersRead: 3, layerCount: 7 };

test.each<[Progress, string | undefined]>([
  [{ phase: 'open', bytes: 0, layersRead: 0, layerCount: 0 }, 'Opening the image…'],
  [{ phase: 'prepare', ...half }, 'The engine gathers the image… 50 MB'],
  [{ phase: 'prepare', ...half, totalBytes: 100_000_000 }, 'Preparing 50 MB of 100 MB'],
  [{ phase: 'read', ...half }, 'Reading layer 4 of 7… 50 MB'],
  [{ phase: 'read', ...half, totalBytes: 100_000_000 }, 'Reading layer 4 of 7: 50 MB of 100 MB'],
  [{ phase: 'read', ...half, layersRead: 7 }, 'Reading layer 7 of 7… 50 MB'],
  [{ phase: 'stopped', ...half }, 'Reading was stopped: 3 of 7 layers have been read.'],
  [{ phase: 'failed', ...half }, 'Reading failed: 3 of 7 layers have been read.'],
  [{ phase: 'stopped', bytes: 0, layersRead: 0, layerCount: 0 }, 'Opening the image was stopped.'],
  [{ phase: 'failed', bytes: 0, layersRead: 0, layerCount: 0 }, 'The image could not be opened.'],
  [{ phase: 'done', ...half }, undefined],
])('%j', (progress, expected) => {
  expect(progressText(words, progress)).toBe(expected);
});

test('how far it is, where somebody knows', () => {
  expect(progressShare({ phase: 'read', ...half, totalBytes: 100_000_000 })).toBe(0.5);
  expect(progressShare({ phase: 'read', ...half, totalBytes: 10 })).toBe(1);
  expect(progressShare({ phase: 'read', ...half, totalBytes: 0 })).toBeUndefined();
  expect(progressShare({ phase: 'read', ...half })).toBeUndefined();
});

test('what can be stopped', () => {
  const phases = ['open', 'prepare', 'read', 'done', 'stopped', 'failed'] as const;
  expect(phases.filter((phase) => isBusy({ phase }))).toEqual(['open', 'prepare', 'read']);
});
