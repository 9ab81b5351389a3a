import { l10n } from 'vscode';
import type { UnknownPart, Weight, WeightPart } from '../../core/estimate/weight.ts';
import type { WeighedPath } from '../../core/estimate/context/contextContent.ts';
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

/** Above the last stage: what the build makes. */
export function finalTitle(size: SizeSum | undefined, pending: boolean): string {
  if (size === undefined) return pending ? l10n.t('the image: weighing …') : l10n.t('the image: size unknown');
  return [l10n.t('the image: {0}', formatSize(size)), ...(pending ? [l10n.t('weighing …')] : [])].join(dot);
}

export function finalTooltip(size: SizeSum | undefined): string {
  if (size === undefined || size.complete) return l10n.t('The base and what the instructions of the final stage add.');
  return l10n.t(
    'The base and what the instructions of the final stage add, as far as it is known: at least that much.',
  );
}

/** Above an instruction that copies the whole build context. */
export function contextTitle(bytes: number, files: number, largest: readonly WeighedPath[]): string {
  return [
    files === 1 ? l10n.t('{0} in one file', formatBytes(bytes)) : l10n.t('{0} in {1} files', formatBytes(bytes), files),
    ...largest.slice(0, 3).map(({ path, bytes: own, isFolder }) => `${path}${isFolder ? '/' : ''} ${formatBytes(own)}`),
  ].join(dot);
}

export function contextTooltip(ignoreFile: string | undefined): string {
  return ignoreFile === undefined
    ? l10n.t('What of the build context is copied. There is no .dockerignore.')
    : l10n.t('What of the build context is copied after {0}.', ignoreFile);
}

/** What a pattern of an ignore file keeps out. */
export function exclusionSentence(bytes: number, files: number): string {
  if (files === 0) return l10n.t('Keeps nothing out of the build context.');
  if (files === 1) return l10n.t('Keeps {0} in one file out of the build context.', formatBytes(bytes));
  return l10n.t('Keeps {0} in {1} files out of the build context.', formatBytes(bytes), files);
}

export function exceptionSentence(): string {
  return l10n.t('Takes back what patterns above it keep out.');
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
