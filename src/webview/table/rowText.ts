import type { Row } from '../../core/explorer/rows.ts';
import { fill, type PageStrings } from '../../protocol/strings.ts';
import type { Format } from '../format.ts';
import { boundedText } from '../visibleText.ts';
import { changeWords, fateWords, kindWords } from '../words.ts';

type Words = Pick<{ readonly strings: PageStrings; readonly format: Format }, 'strings' | 'format'>;

/** What became of a path, and what a later layer does to it, in words. */
export function changeText({ strings }: Words, row: Row): string {
  return row.change === 'same' ? '' : strings[changeWords[row.change]];
}

/** Absent where nothing happens to it later. Layers are counted from 1, as everywhere on the page. */
export function fateText({ strings }: Words, row: Row): string | undefined {
  return row.fate && fill(strings[fateWords[row.fate.cause]], row.fate.layer + 1);
}

/** What a screen reader says of a row: name, kind, size, and what is notable. */
export function rowLabel(words: Words, row: Row): string {
  const { strings, format } = words;
  const parts = [
    fill(strings.rowLabel, boundedText(row.name, 200), strings[kindWords[row.kind]], format.bytes(row.bytes)),
  ];
  const change = changeText(words, row);
  if (change !== '') parts.push(change);
  if (row.wastedBytes > 0) parts.push(fill(strings.wastedHere, format.bytes(row.wastedBytes)));
  const fate = fateText(words, row);
  if (fate !== undefined) parts.push(fate);
  if (row.link !== undefined) parts.push(fill(strings.linkTo, boundedText(row.link, 200)));
  return parts.join(', ');
}

/** `uid:gid`; empty for directories that no layer names. */
export function ownerText(row: Row): string {
  return row.uid === undefined ? '' : `${row.uid}:${row.gid ?? 0}`;
}
