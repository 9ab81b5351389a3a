import { l10n } from 'vscode';
import type { UnknownPart, Weight, WeightPart } from '../../core/estimate/weight.ts';
import type { CopyAnswer } from '../../core/estimate/context/contextContent.ts';
import type { Finding } from '../../core/finding.ts';
import { formatBytes, formatSize, type SizeSum } from '../../core/size.ts';

/** Between the parts of a lens. */
const dot = '  ·  ';

/** At the end of an instruction: `+374 MB`, `≈ 19 MB`, `≥ 2 GB`. */
export function hintLabel(size: SizeSum): string {
  const text = formatSize(size);
  return /^\d/.test(text) ? `+${text}` : text;
}

/** What the hover of a weight begins with. */
export function weightHeading({ size }: Weight): string {
  if (size === undefined) return l10n.t('What this adds to the image is not known before it is built.');
  switch (size.basis) {
    case 'measured':
      return l10n.t('Adds {0}, measured in the image that was built from this file.', formatBytes(size.bytes));
    default:
      return size.complete
        ? l10n.t('Adds about {0}, by an estimate.', formatBytes(size.bytes))
        : l10n.t('Adds at least {0}, by an estimate of the parts that are known.', formatBytes(size.bytes));
  }
}

export function partsHead(): string[] {
  return [l10n.t('largest'), l10n.t('size')];
}

export function partName({ kind, name }: WeightPart): string {
  switch (kind) {
    case 'layer':
      return l10n.t('the layer in {0}', name);
    case 'lists':
      return l10n.t('package lists left in {0}', name);
    case 'records':
      return l10n.t('records of the package manager');
    case 'bytecode':
      return l10n.t('compiled Python modules');
    case 'text':
      return l10n.t('the text {0}', name);
    case 'path':
    case 'package':
    case 'module':
    case 'download':
      return name;
  }
}

/** Why a weight is “at least”, or unknown: one sentence. */
export function unknownSentence({ kind, name }: UnknownPart): string {
  switch (kind) {
    case 'command':
      return l10n.t('What {0} writes is known only when it runs.', name);
    case 'package':
      return l10n.t('The package {0} is not in the package graph.', name);
    case 'release':
      return l10n.t('Packages can be weighed on Debian 12 and 13; this base is another one, or not known.');
    case 'source':
      return l10n.t('{0} is not in the build context, or is ignored.', name);
    case 'stage':
      return l10n.t('What stage {0} has made is known only when it is built.', name);
    case 'image':
      return l10n.t('What {0} holds is not looked up.', name);
    case 'url':
      return l10n.t('The length of {0} is not known.', name);
    case 'link':
      return l10n.t(
        'Something in {0} could not be weighed: a link, an archive, or a folder that cannot be read.',
        name,
      );
    case 'modules':
      return l10n.t('{0}: not all packages are installed in the build context, so they cannot be weighed.', name);
    case 'cache':
      return l10n.t('The cache that {0} leaves behind is not counted.', name);
    case 'variable':
      return l10n.t('{0} is known only when it is built.', name);
  }
}

/** What the lens above the last stage tells. */
export interface FinalImage {
  readonly size: SizeSum | undefined;
  readonly pending: boolean;
  /** By how many bytes it differs from what the saved text makes. */
  readonly change?: number;
  readonly image?: { readonly name: string; readonly isLinked: boolean };
}

/** Above the last stage: what the build makes. */
export function finalTitle({ size, pending, change }: FinalImage): string {
  if (size === undefined) return pending ? l10n.t('the image: weighing …') : l10n.t('the image: size unknown');
  return [
    l10n.t('the image: {0}', formatSize(size)),
    ...(change === undefined || change === 0 ? [] : [l10n.t('{0} since it was saved', signedBytes(change))]),
    ...(pending ? [l10n.t('weighing …')] : []),
  ].join(dot);
}

function signedBytes(bytes: number): string {
  return `${bytes > 0 ? '+' : ''}${formatBytes(bytes)}`;
}

export function finalTooltip(size: SizeSum | undefined): string {
  if (size === undefined || size.complete) return l10n.t('The base and what the instructions of the final stage add.');
  return l10n.t(
    'The base and what the instructions of the final stage add, as far as it is known: at least that much.',
  );
}

/** Which image was measured, and what a click does. */
export function linkSentence(image: FinalImage['image']): string {
  if (image === undefined) return l10n.t('Click to say which image was built from this file.');
  return image.isLinked
    ? l10n.t('Measured in {0}, which you have linked. Click to link another image.', image.name)
    : l10n.t('Measured in {0}. Click to link another image.', image.name);
}

/** What the lens above an instruction that copies the whole build context tells. */
export interface SentContext {
  /** Of all that is sent to the builder. */
  readonly sent: Pick<CopyAnswer, 'bytes' | 'files' | 'largest'>;
  /** What of it is in the final image by this instruction; absent in a stage of which only parts are copied on. */
  readonly shippedBytes?: number;
}

/** Above an instruction that copies the whole build context. */
export function contextTitle({ sent: { bytes, files, largest }, shippedBytes }: SentContext): string {
  return [
    files === 1
      ? l10n.t('sends {0} in one file', formatBytes(bytes))
      : l10n.t('sends {0} in {1} files', formatBytes(bytes), files),
    shippedBytes === undefined
      ? l10n.t('ships none by itself')
      : shippedBytes === bytes
        ? l10n.t('ships all')
        : l10n.t('ships {0}', formatBytes(shippedBytes)),
    ...largest.slice(0, 3).map(({ path, bytes: own, isFolder }) => `${path}${isFolder ? '/' : ''} ${formatBytes(own)}`),
  ].join(dot);
}

export function contextTooltip(ignoreFile: string | undefined): string {
  const told = l10n.t(
    'What is sent to the builder, what of it is in the final image by this instruction, and the largest paths. From a stage that is not part of the image only what a later stage copies gets there.',
  );
  return ignoreFile === undefined
    ? `${told}\n${l10n.t('There is no .dockerignore.')}`
    : `${told}\n${l10n.t('{0} is taken into account.', ignoreFile)}`;
}

/** What a pattern of an ignore file keeps out. */
export function exclusionSentence(bytes: number, files: number): string {
  if (files === 0) return l10n.t('Keeps nothing out of the build context.');
  if (files === 1) return l10n.t('Keeps {0} in one file out of the build context.', formatBytes(bytes));
  return l10n.t('Keeps {0} in {1} files out of the build context.', formatBytes(bytes), files);
}

/** What an exception of an ignore file takes back. */
export function exceptionSentence(bytes: number, files: number): string {
  if (files === 0) return l10n.t('Takes nothing back into the build context.');
  if (files === 1) return l10n.t('Takes {0} in one file back into the build context.', formatBytes(bytes));
  return l10n.t('Takes {0} in {1} files back into the build context.', formatBytes(bytes), files);
}

/** Faded in an ignore file. */
export function uselessPatternMessage(): string {
  return l10n.t(
    'This pattern keeps nothing out that others do not: there is no such file now, or a later pattern decides.',
  );
}

export function uselessExceptionMessage(): string {
  return l10n.t('This exception takes nothing back: nothing that it names is kept out.');
}

/** In a Dockerfile, on a source of `COPY` or `ADD`. */
export function hiddenSourceMessage(source: string, ignoreFile: string): string {
  return l10n.t('{0} is there, but {1} keeps it out of the build context: the build fails here.', source, ignoreFile);
}

export function linkTitle(): string {
  return l10n.t('Which image was built from this Dockerfile?');
}

/** @param score 0 to 1 */
export function fitDescription(score: number): string {
  return l10n.t('fits by {0} %', Math.round(score * 100));
}

export function namedDescription(): string {
  return l10n.t('named in a Compose file');
}

export function linkedDescription(): string {
  return l10n.t('linked');
}

export function unlinkLabel(image: string): string {
  return l10n.t('No longer link {0}', image);
}

export function noLinkHere(): string {
  return l10n.t('Plimsoll: open a Dockerfile first.');
}

export function noEngineToLink(): string {
  return l10n.t('Plimsoll: no container engine can be asked for its images.');
}

export function noImagesToLink(): string {
  return l10n.t('Plimsoll: the container engine has no images.');
}

/** In the list of problems. */
export function findingMessage({ message, saves }: Finding): string {
  return saves === undefined ? message : l10n.t('{0} Saves {1}.', message, formatSize(saves));
}

/** The title of a quick fix. */
export function fixTitle(title: string, saves: Finding['saves']): string {
  return saves === undefined ? title : l10n.t('{0} (saves {1})', title, formatSize(saves));
}

export function fixAllTitle(count: number): string {
  return count === 1
    ? l10n.t('Fix the size smell of this file …')
    : l10n.t('Fix all {0} size smells of this file …', count);
}

export function fixAllPreviewTitle(file: string): string {
  return l10n.t('{0} without its size smells?', file);
}

export function nothingToFix(): string {
  return l10n.t('Plimsoll: there is nothing here that can be made smaller without asking.');
}

export function ignoreTitle(rule: string): string {
  return l10n.t('Ignore {0} here', rule);
}
