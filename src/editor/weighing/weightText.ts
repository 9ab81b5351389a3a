import type { Weight } from '../../core/estimate/weight.ts';
import { formatBytes } from '../../core/size.ts';
import { escapeMarkdown, markdownTable } from '../markdown.ts';
import { partName, partsHead, unknownSentence, weightHeading } from './wording.ts';

/** How many unknown parts are told: a script of a hundred commands is unknown a hundred times. */
const toldUnknown = 5;

/** The Markdown that says how a weight came about. Names from files are escaped. */
export function describeWeight(weight: Weight): string {
  const rows = weight.parts.map((part) => [escapeMarkdown(partName(part)), escapeMarkdown(formatBytes(part.bytes))]);
  return [
    escapeMarkdown(weightHeading(weight)),
    ...(rows.length > 0 ? [markdownTable(partsHead(), ['left', 'right'], rows)] : []),
    ...weight.unknown.slice(0, toldUnknown).map((part) => escapeMarkdown(unknownSentence(part))),
  ].join('\n\n');
}
