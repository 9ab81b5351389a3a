import { CodeLens, type CodeLensProvider, type Disposable, languages, Range, type TextDocument } from 'vscode';
import type { Dockerfile, Instruction, Stage } from '../../core/dockerfile/model.ts';
import { chainOf } from '../../core/estimate/sizeChange.ts';
import { addsLayer } from '../../core/estimate/stageSize.ts';
import type { Guard } from '../guard.ts';
import { dockerfiles } from '../selector.ts';
import type { DocumentWeights, WeighedDocument } from '../weighing/documentWeights.ts';
import { contextTitle, contextTooltip, finalTitle, finalTooltip, linkSentence } from '../weighing/wording.ts';

/** Above the final stage what the whole image weighs; above what copies the whole context what that sends. */
export function registerWeightLens(weights: DocumentWeights, guard: Guard): Disposable {
  const provider: CodeLensProvider = {
    onDidChangeCodeLenses: weights.onDidChange,
    provideCodeLenses: (document) =>
      guard.run('weight lens', () => {
        const weighed = weights.of(document);
        return weighed && [...finalLens(document, weighed), ...contextLenses(document, weighed, weights)];
      }),
  };
  return languages.registerCodeLensProvider(dockerfiles, provider);
}

function finalLens(document: TextDocument, weighed: WeighedDocument): CodeLens[] {
  const { dockerfile, sizes } = weighed;
  const final = dockerfile.stages.find(({ isFinal }) => isFinal);
  // What only takes a base over weighs what the lens of the base says.
  if (final === undefined || !addsToBase(dockerfile, final)) return [];
  const image = { ...weighed, size: sizes[final.index], pending: weighed.pending };
  return [
    new CodeLens(rangeOf(document, final.from), {
      title: finalTitle(image),
      tooltip: [finalTooltip(image.size), linkSentence(image.image)].join('\n'),
      command: 'plimsoll.linkImage',
      arguments: [document.uri.toString()],
    }),
  ];
}

/** Whether a stage, or one of the file that it is built on, has something of its own. */
function addsToBase({ stages }: Pick<Dockerfile, 'stages'>, { base, instructions, index }: Stage): boolean {
  if (instructions.some(addsLayer)) return true;
  const below = base.kind === 'stage' && base.stage < index ? stages[base.stage] : undefined;
  return below !== undefined && addsToBase({ stages }, below);
}

function contextLenses(document: TextDocument, weighed: WeighedDocument, weights: DocumentWeights): CodeLens[] {
  const shipped = new Set(chainOf(weighed.dockerfile).map(({ index }) => index));
  return weighed.dockerfile.instructions.filter(copiesContext).flatMap((instruction) => {
    const [sent, copied] = [weighed.sent(), weighed.copied(instruction)];
    if (sent === undefined || copied === undefined) return [];
    const ships = shipped.has(instruction.stage) ? { shippedBytes: copied.bytes } : {};
    const title = contextTitle({ sent, ...ships });
    // Without a command a lens is text.
    const tooltip = contextTooltip(weights.contextOf(document)?.ignoreFile?.name);
    return [new CodeLens(rangeOf(document, instruction), { title, tooltip, command: '' })];
  });
}

/** `COPY . .` and its spellings. */
function copiesContext({ keyword, words, json, flags }: Instruction): boolean {
  if ((keyword !== 'COPY' && keyword !== 'ADD') || flags.some(({ name }) => name === 'from')) return false;
  const sources = (json ?? words.map(({ text }) => text)).slice(0, -1);
  return sources.some((source) => /^(?:\.?\/*|\.\/\.?)$/.test(source) && source !== '');
}

function rangeOf(document: TextDocument, { keywordSpan }: Instruction): Range {
  return new Range(document.positionAt(keywordSpan.start), document.positionAt(keywordSpan.end));
}
