import { type Disposable, Hover, type HoverProvider, languages, MarkdownString, Range } from 'vscode';
import type { Guard } from '../guard.ts';
import { dockerfiles } from '../selector.ts';
import type { DocumentWeights } from '../weighing/documentWeights.ts';
import { describeWeight } from '../weighing/weightText.ts';

/** On the word `RUN`, `COPY` or `ADD`: what it adds, of what that is, and what is not known. */
export function registerWeightHover(weights: DocumentWeights, guard: Guard): Disposable {
  const provider: HoverProvider = {
    provideHover: (document, position) =>
      guard.run('hover', () => {
        const weighed = weights.of(document);
        const offset = document.offsetAt(position);
        const found = weighed?.dockerfile.instructions.find(
          ({ keywordSpan: { start, end } }) => start <= offset && offset <= end,
        );
        const weight = found && weighed?.weights.get(found.index);
        if (found === undefined || weight === undefined) return undefined;
        const { start, end } = found.keywordSpan;
        const range = new Range(document.positionAt(start), document.positionAt(end));
        return new Hover(new MarkdownString(describeWeight(weight)), range);
      }),
  };
  return languages.registerHoverProvider(dockerfiles, provider);
}
