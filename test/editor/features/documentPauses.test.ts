import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { TextDocument } from 'vscode';
import { DocumentPauses } from '../../../src/editor/features/documentPauses.ts';

const [one, other] = [{}, {}] as [TextDocument, TextDocument];
let followed: TextDocument[];
let pauses: DocumentPauses;

beforeEach(() => {
  vi.useFakeTimers();
  followed = [];
  pauses = new DocumentPauses(100, (document) => followed.push(document));
});
afterEach(() => vi.useRealTimers());

test('each document has its own pause, which begins anew with every key', () => {
  pauses.typed(one);
  vi.advanceTimersByTime(60);
  pauses.typed(one);
  pauses.typed(other);
  vi.advanceTimersByTime(99);
  expect(followed).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(followed).toEqual([one, other]);
});

test('nothing follows in a document that is forgotten, and in none after the end', () => {
  pauses.typed(one);
  pauses.typed(other);
  pauses.forget(one);
  vi.advanceTimersByTime(100);
  expect(followed).toEqual([other]);
  pauses.typed(one);
  pauses.dispose();
  vi.advanceTimersByTime(100);
  expect(followed).toEqual([other]);
});
