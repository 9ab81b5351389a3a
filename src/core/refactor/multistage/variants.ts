import { familyOf } from '../../base/family.ts';
import { block } from './blocked.ts';
import type { ImageBase } from './ecosystem.ts';
import { pinned } from './runBase.ts';
import type { Subject } from './subject.ts';

/**
 * The `-slim` variant of the same image, version and release; the very same image where it is slim or Alpine's already, or has no
 * smaller variant: what is then left behind is what the build stage installs. Blocks for an image of another publisher.
 *
 * @param language as people write it: `Node.js`.
 */
export function slimVariant(subject: Subject, language: string): ImageBase {
  const { base, image, tag, stage } = subject;
  const family = familyOf(image);
  if (family?.kind !== 'language' || base.reference.digest !== undefined) {
    return block('unknown-base', `What this image of ${language} brings is not known.`, { line: stage.from.line });
  }
  const words = tag.variant.split('-');
  const name = base.text.replace(/:[^/:@]*$/, '');
  if (tag.distribution?.name === 'alpine') return { reference: base.text, shell: true, packageManager: 'apk' };
  if (words.includes('slim') || !hasSlim.has(image))
    return { reference: base.text, shell: true, packageManager: 'apt' };
  const pin = pinned(subject);
  const codename = subject.facts?.distribution?.codename ?? tag.distribution?.codename;
  const version = tag.written.version === '' ? (tag.channel ?? '') : tag.written.version;
  const release = tag.distribution === undefined && pin === undefined ? '' : (codename ?? '');
  const parts =
    family.releaseFirst === true
      ? [version, release, tag.variant, 'slim']
      : image === 'perl'
        ? // Its variants with threads are `slim-threaded`.
          [version, 'slim', tag.variant, release]
        : [version, tag.variant, 'slim', release];
  const reference = `${name}:${parts.filter((part) => part !== '').join('-')}`;
  return { reference, shell: true, packageManager: 'apt', ...(pin === undefined ? {} : { pin }) };
}

/** Blocks where the run stage would stand on the very base of the file, and nothing else stays behind either. */
export function checkSlimmer({ base, stage }: Subject, variant: ImageBase, leavesMore: boolean): void {
  if (variant.reference === base.text && !leavesMore)
    block('no-benefit', 'The base is slim already, and only what runs is installed.', { line: stage.from.line });
}

/** Images of the Docker library with a variant without compilers and tools; of these it is the only difference. */
const hasSlim = new Set([
  'node',
  'python',
  'ruby',
  'perl',
  'elixir',
  'erlang',
  'haskell',
  'rust',
  'swift',
  'oven/bun',
  'dart',
]);
