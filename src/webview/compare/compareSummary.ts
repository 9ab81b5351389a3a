import type { ComparedImage, ComparedLayer, Comparison } from '../../protocol/explorer.ts';
import { fill } from '../../protocol/strings.ts';
import type { Context } from '../context.ts';
import { isolate, make, setVariable } from '../dom.ts';
import { icon } from '../icons.ts';
import { visibleText } from '../visibleText.ts';
import { changeWords, sourceWords } from '../words.ts';

/** Two images beside each other, and what became of their paths and bytes. */
export function comparisonSummary(context: Context, comparison: Comparison): HTMLElement[] {
  const { strings, format } = context;
  const { first, second, totals, sharedLayers, sharedBytes, layerCount } = comparison;
  return [
    make(
      'div',
      { class: 'compared' },
      comparedImage(context, strings.compareFirst, first),
      make('span', { class: 'compared-difference' }, format.byteDifference(second.finalBytes - first.finalBytes)),
      comparedImage(context, strings.compareSecond, second),
    ),
    make(
      'ul',
      { class: 'compare-totals' },
      ...totals
        .filter(({ paths }) => paths > 0)
        .map(({ change, paths, firstBytes, secondBytes }) => {
          const bytes = change === 'removed' ? format.bytes(firstBytes) : format.bytes(secondBytes);
          const text = fill(strings.compareTotals, strings[changeWords[change]], format.count(paths), bytes);
          return make('li', { class: `change-${change}` }, icon(change), text);
        }),
    ),
    make('p', { class: 'note' }, fill(strings.compareShared, sharedLayers, layerCount, format.bytes(sharedBytes))),
  ];
}

function comparedImage({ strings, format }: Context, place: string, image: ComparedImage): HTMLElement {
  const facts = [
    image.platform,
    strings[sourceWords[image.source]],
    `${strings.finalSize}: ${format.bytes(image.finalBytes)}`,
  ];
  if (image.downloadBytes !== undefined) facts.push(`${strings.download}: ${format.bytes(image.downloadBytes)}`);
  return make(
    'div',
    { class: 'compared-image' },
    make('span', { class: 'figure-name' }, place),
    make('strong', {}, isolate(image.title)),
    make('span', { class: 'quiet' }, facts.join(' · ')),
  );
}

/** One layer of either image, as a row of a plain table. */
export function comparedLayerRow(
  { strings, format }: Context,
  layer: ComparedLayer,
  largestBytes: number,
): HTMLElement {
  const sides = { both: strings.layerShared, first: strings.layerOnlyFirst, second: strings.layerOnlySecond };
  const number = (index: number | undefined): HTMLElement =>
    make('td', { class: 'number' }, index === undefined ? '' : String(index + 1));
  const bar = make('span', { class: 'bar' }, make('span', { class: 'bar-fill' }));
  setVariable(bar, '--share', String(largestBytes > 0 ? (layer.onDiskBytes ?? 0) / largestBytes : 0));
  const text = make('td', { class: 'instruction-cell', title: `${layer.keyword ?? ''} ${layer.text}`.trim() });
  text.append(
    make('span', { class: 'keyword' }, visibleText(layer.keyword ?? '')),
    ' ',
    make('bdi', { class: 'instruction' }, visibleText(layer.text)),
  );
  return make(
    'tr',
    { class: `side-${layer.side}` },
    number(layer.first),
    number(layer.second),
    make('td', { class: 'side-cell' }, sides[layer.side]),
    text,
    make('td', { class: 'bar-cell' }, bar),
    make(
      'td',
      { class: 'number' },
      layer.onDiskBytes === undefined ? strings.unknown : format.bytes(layer.onDiskBytes),
    ),
  );
}
