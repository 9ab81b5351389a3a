import { CodeLens, type CodeLensProvider, type Disposable, languages, Range, type TextDocument } from 'vscode';
import type { Dockerfile, Instruction, Stage } from '../../core/dockerfile/model.ts';
import { addsLayer } from '../../core/estimate/stageSize.ts';
import type { Guard } from '../guard.ts';
import { dockerfiles } from '../selector.ts';
import type { DocumentWeights, WeighedDocument } from '../weighing/documentWeights.ts';
import { contextTitle, contextTooltip, finalTitle, finalTooltip } from '../weighing/wording.ts';

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

function finalLens(document: TextDocument, { dockerfile, sizes, pending }: WeighedDocument): CodeLens[] {
  const final = dockerfile.stages.find(({ isFinal }) => isFinal);
  // What only takes a base over weighs what the lens of the base says.
  if (final === undefined || !addsToBase(dockerfile, final)) return [];
  const size = sizes[final.index];
  return [textLens(document, final.from, finalTitle(size, pending), finalTooltip(size))];
}

/** Whether a stage, or one of the file that it is built on, has something of its own. */
function addsToBase({ stages }: Pick<Dockerfile, 'stages'>, { base, instructions, index }: Stage): boolean {
  if (instructions.some(addsLayer)) return true;
  const below = base.kind === 'stage' && base.stage < index ? stages[base.stage] : undefined;
  return below !== undefined && addsToBase({ stages }, below);
}

function contextLenses(document: TextDocument, weighed: WeighedDocument, weights: DocumentWeights): CodeLens[] {
  return weighed.dockerfile.instructions.filter(copiesContext).flatMap((instruction) => {
    const answer = weighed.copied(instruction);
    if (answer === undefined) return [];
    const ignoreFile = weights.contextOf(document)?.ignoreFile;
    const name = ignoreFile === undefined ? undefined : ignoreFile.name;
    return [
      textLens(document, instruction, contextTitle(answer.bytes, answer.files, answer.largest), contextTooltip(name)),
    ];
  });
}

/** `COPY . .` and its spellings. */
function copiesContext({ keyword, words, json, flags }: Instruction): boolean {
  if ((keyword !== 'COPY' && keyword !== 'ADD') || flags.some(({ name }) => name === 'from')) return false;
  const sources = (json ?? words.map(({ text }) => text)).slice(0, -1);
  return sources.some((source) => /^(?:\.?\/*|\.\/\.?)$/.test(source) && source !== '');
}

/** Without a command a lens is text. */
function textLens(document: TextDocument, { keywordSpan }: Instruction, title: string, tooltip: string): CodeLens {
  const range = new Range(document.positionAt(keywordSpan.start), document.positionAt(keywordSpan.end));
  return new CodeLens(range, { title, tooltip, command: '' });
}
