import type { Alternative } from '../core/base/alternatives.ts';
import type { BaseSizes } from '../core/base/baseSize.ts';
import { type LifeStatus, lifeStatus } from '../core/base/endOfLife.ts';
import { type BaseFacts, baseFacts } from '../core/base/facts.ts';
import { formatReference } from '../core/base/reference.ts';
import type { Stage } from '../core/dockerfile/model.ts';
import { formatBytes, formatSize, type Size } from '../core/size.ts';
import { isOneLineSwap } from '../core/base/stageAlternatives.ts';
import { alternativesFor, today } from './alternatives.ts';
import type { ImageBaseView, StageBaseView } from './bases.ts';
import { escapeMarkdown, markdownTable } from './markdown.ts';
import {
  alternativeDetail,
  alternativeHead,
  needsOtherStart,
  changesOf,
  endSentence,
  factWords,
  origin,
  reasons,
  sizeHead,
} from './wording.ts';

/** How many alternatives a hover shows; the menu has all. */
const shownAlternatives = 6;

/**
 * The Markdown that says all about a base. Only what Plimsoll itself writes is Markdown: names from the file are escaped.
 *
 * @param linkTo the address that applies an alternative.
 */
export function describeBase(stage: Stage, view: StageBaseView, linkTo: (reference: string) => string): string {
  if (view.kind !== 'image') return reasons(view).map(escapeMarkdown).join('\n\n');
  const facts = baseFacts(view.reference);
  return [
    `**${escapeMarkdown(formatReference(view.reference))}**`,
    ...sizeTable(view),
    ...(facts === undefined ? [] : factLines(facts)),
    ...alternativeTable(alternativesFor(stage, view), linkTo),
  ].join('\n\n');
}

function sizeTable(view: ImageBaseView): string[] {
  const { sizes } = view.known;
  if (sizes === undefined) return reasons(view).map(escapeMarkdown);
  const row = [view.platform, cell(sizes.onDisk), cell(sizes.download), origin(sizes)].map(escapeMarkdown);
  return [markdownTable(sizeHead(), ['left', 'right', 'right', 'left'], [row])];
}

function cell(size: Size | undefined): string {
  return size === undefined ? '–' : formatSize(size);
}

/** What is in it; then what warns, a paragraph each; then the rest in one, because hovers are low. */
function factLines(facts: BaseFacts): string[] {
  const ends = facts.ends.map((end) => ({ end, status: lifeStatus(end, today()) }));
  const isPast = ({ status }: { status: LifeStatus }): boolean => status === 'past';
  const warnings = [
    ...ends.filter(isPast).map(({ end, status }) => endSentence(end, status)),
    ...(facts.deprecated === undefined ? [] : [facts.deprecated]),
  ].filter((sentence) => sentence !== undefined);
  const remarks = [
    ...ends.filter((end) => !isPast(end)).map(({ end, status }) => endSentence(end, status)),
    ...facts.caveats,
  ].filter((sentence) => sentence !== undefined);
  return [
    factWords(facts).map(escapeMarkdown).join(' · '),
    ...warnings.map((sentence) => `$(warning) **${escapeMarkdown(sentence)}**`),
    remarks.map(escapeMarkdown).join(' '),
  ].filter((line) => line !== '');
}

function alternativeTable(offered: readonly Alternative[], linkTo: (reference: string) => string): string[] {
  if (offered.length === 0) return [];
  const rows = offered
    .slice(0, shownAlternatives)
    .map((alternative) => [
      isOneLineSwap(alternative)
        ? linkWithCaveats(alternative, linkTo(alternative.written))
        : escapeMarkdown(`${alternative.written} ${needsOtherStart()}`),
      escapeMarkdown(weight(alternative.sizes)),
      escapeMarkdown(saving(alternative)),
      changesOf(alternative).map(escapeMarkdown).join(', '),
    ]);
  return [markdownTable(alternativeHead(), ['left', 'right', 'right', 'left'], rows)];
}

/** Before a click as in the menu: what to know before choosing it. */
function linkWithCaveats(alternative: Alternative, address: string): string {
  const caveats = escapeMarkdown(alternativeDetail(alternative)).replaceAll('"', '&quot;');
  return `[${escapeMarkdown(alternative.written)}](${address} "${caveats}")`;
}

function weight(sizes: BaseSizes | undefined): string {
  return cell(sizes?.onDisk ?? sizes?.download);
}

function saving({ saving: { onDisk, download } }: Alternative): string {
  const bytes = onDisk ?? download;
  return bytes === undefined ? '–' : formatBytes(bytes);
}
