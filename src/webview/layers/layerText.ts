import { fill, type PageStrings } from '../../protocol/strings.ts';
import type { LayerRow } from '../../protocol/explorer.ts';
import type { Format } from '../format.ts';
import { boundedText } from '../visibleText.ts';

interface Words {
  readonly strings: PageStrings;
  readonly format: Format;
}

/** The bytes of a layer; for one that is not yet known, that it is not. */
export function layerSizeText({ strings, format }: Words, layer: LayerRow): string {
  return layer.onDiskBytes === undefined ? strings.unknown : format.bytes(layer.onDiskBytes);
}

/** What else is known of a layer, in short: how far it is, its entries, its line. */
export function layerFacts({ strings, format }: Words, layer: LayerRow): string[] {
  const facts: string[] = [];
  if (layer.state === 'waiting') facts.push(strings.layerWaiting);
  if (layer.state === 'reading') facts.push(strings.layerReading);
  if (layer.state === 'failed') facts.push(strings.layerFailed);
  if (layer.entries !== undefined) facts.push(fill(strings.layerEntries, format.count(layer.entries)));
  if (layer.onDiskBytes === undefined && layer.downloadBytes !== undefined) {
    facts.push(`${strings.download}: ${format.bytes(layer.downloadBytes)}`);
  }
  if (layer.line !== undefined) facts.push(fill(strings.layerLine, layer.line));
  return facts;
}

/** The instruction in one line; what is known instead where the history does not tell. */
export function instructionText({ strings }: Words, layer: LayerRow): string {
  const text = [layer.keyword ?? '', layer.text].filter((part) => part !== '').join(' ');
  return text === '' ? strings.layerUnknown : text;
}

/** What a screen reader says of a layer. */
export function layerLabel(words: Words, layer: LayerRow): string {
  const { strings, format } = words;
  const text = boundedText(instructionText(words, layer), 160);
  const size = layerSizeText(words, layer);
  const label =
    layer.wastedBytes === undefined || layer.wastedBytes === 0
      ? fill(strings.layerLabel, layer.index + 1, text, size)
      : fill(strings.layerLabelWasted, layer.index + 1, text, size, format.bytes(layer.wastedBytes));
  return [label, ...layerFacts(words, layer)].join(', ');
}

/** How sure it is that the instruction made the layer, where that needs saying. */
export function certaintyText({ strings }: Words, layer: LayerRow): string | undefined {
  switch (layer.certainty) {
    case 'exact':
      return undefined;
    case 'inferred':
      return strings.layerInferred;
    case 'squashed':
      return strings.layerSquashed;
    case 'unknown':
      return strings.layerUnknown;
  }
}
