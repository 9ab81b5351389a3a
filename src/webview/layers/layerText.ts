import { fill, type PageStrings } from '../../protocol/strings.ts';
import type { LayerRow } from '../../protocol/explorer.ts';
import type { Format } from '../format.ts';

interface Words {
  readonly strings: PageStrings;
  readonly format: Format;
}

/** The bytes of a layer; for one that is not yet known, that it is not. */
export function layerSizeText({ strings, format }: Words, layer: LayerRow): string {
  return layer.onDiskBytes === undefined ? strings.unknown : format.bytes(layer.onDiskBytes);
}

/** How far a layer is, as long as it has not been read. */
export function layerStateText({ strings }: Pick<Words, 'strings'>, layer: LayerRow): string | undefined {
  switch (layer.state) {
    case 'waiting':
      return strings.layerWaiting;
    case 'reading':
      return strings.layerReading;
    case 'failed':
      return strings.layerFailed;
    case 'read':
      return undefined;
  }
}

/** What else is known of a layer, in short: how far it is, its entries, its line. */
export function layerFacts({ strings, format }: Words, layer: LayerRow): string[] {
  const facts: string[] = [];
  const state = layerStateText({ strings }, layer);
  if (state !== undefined) facts.push(state);
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
