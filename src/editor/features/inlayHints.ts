import {
  type Disposable,
  InlayHint,
  type InlayHintsProvider,
  languages,
  MarkdownString,
  type TextDocument,
} from 'vscode';
import type { Weight } from '../../core/estimate/weight.ts';
import type { Guard } from '../guard.ts';
import { dockerfiles } from '../selector.ts';
import { readHintThreshold } from '../settings.ts';
import type { DocumentWeights } from '../weighing/documentWeights.ts';
import { describeWeight } from '../weighing/weightText.ts';
import { hintLabel } from '../weighing/wording.ts';

/** A hint whose tooltip is made when the pointer rests on it. */
class WeightHint extends InlayHint {
  weight: Weight | undefined;
}

/** At the end of each instruction that makes a layer what it adds, unless that is little. */
export function registerInlayHints(weights: DocumentWeights, guard: Guard): Disposable {
  const provider: InlayHintsProvider<WeightHint> = {
    onDidChangeInlayHints: weights.onDidChange,
    provideInlayHints: (document, range) =>
      guard.run('hints', () => hintsOf(document, weights).filter(({ position }) => range.contains(position))),
    resolveInlayHint: (hint) =>
      guard.run('hint', () => {
        if (hint.weight !== undefined) hint.tooltip = new MarkdownString(describeWeight(hint.weight));
        return hint;
      }),
  };
  return languages.registerInlayHintsProvider(dockerfiles, provider);
}

function hintsOf(document: TextDocument, weights: DocumentWeights): WeightHint[] {
  const weighed = weights.of(document);
  if (weighed === undefined) return [];
  const threshold = readHintThreshold(document.uri);
  return weighed.dockerfile.instructions.flatMap(({ index, span }) => {
    const weight = weighed.weights.get(index);
    if (weight?.size === undefined || weight.size.bytes < threshold) return [];
    // The editor's own padding is two pixels: a number must not look like a part of the line.
    const hint = new WeightHint(document.positionAt(span.end), `\u00a0\u00a0${hintLabel(weight.size)}`);
    hint.weight = weight;
    return [hint];
  });
}
