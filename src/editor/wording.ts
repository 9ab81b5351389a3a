import { l10n } from 'vscode';
import type { BaseSizes, NoSizeCode } from '../core/base/baseSize.ts';
import { formatBytes, formatSize, type Size } from '../core/size.ts';
import type { ImageBaseView, StageBaseView } from './bases.ts';
import type { Applied } from './preview.ts';

/** Between the parts of a lens. */
const dot = '  ·  ';

/** The title of the lens above a `FROM`. */
export function lensTitle(view: StageBaseView): string {
  switch (view.kind) {
    case 'scratch':
      return l10n.t('scratch: {0}', formatBytes(0));
    case 'stage':
      return l10n.t('from stage {0}', view.name);
    case 'missing':
      return l10n.t('size unknown');
    case 'unresolved':
    case 'invalid':
      return [view.text, l10n.t('size unknown')].join(dot);
    case 'image':
      return imageTitle(view);
  }
}

function imageTitle({ text, platform, known }: ImageBaseView): string {
  const { onDisk, download } = known.sizes ?? {};
  const parts = [
    ...(onDisk ? [l10n.t('{0} on disk', formatSize(onDisk))] : []),
    ...(download ? [l10n.t('{0} download', formatSize(download))] : []),
  ];
  if (parts.length === 0) return [text, known.pending ? l10n.t('asking …') : l10n.t('size unknown')].join(dot);
  return [text, ...parts, platform, origin(known.sizes!)].join(dot);
}

/** Where the sizes come from; both sources where the two sizes have different ones. */
function origin(sizes: BaseSizes): string {
  const marks = [sizes.onDisk, sizes.download].filter((size) => size !== undefined).map((size) => mark(size, sizes.by));
  return [...new Set(marks)].join(' + ');
}

function mark(size: Size, by: string | undefined): string {
  switch (size.basis) {
    case 'measured':
      return l10n.t('measured');
    case 'registry':
      return l10n.t('registry');
    case 'catalogue':
      return size.asOf === undefined ? l10n.t('catalogue') : l10n.t('catalogue {0}', size.asOf.slice(0, 7));
    case 'estimated':
      return by === undefined ? l10n.t('estimated') : l10n.t('estimated by {0}', by);
  }
}

/** The longer story of a lens, one sentence for each thing that there is to say. */
export function lensTooltip(view: StageBaseView): string {
  return [
    ...reasons(view),
    ...(view.kind === 'image' ? [l10n.t('Click for smaller bases, to copy or to ask again.')] : []),
  ].join('\n');
}

/** Why sizes are as they are, or absent: whole sentences. */
export function reasons(view: StageBaseView): string[] {
  switch (view.kind) {
    case 'scratch':
      return [l10n.t('The empty image: it weighs nothing and holds nothing.')];
    case 'stage':
      return [l10n.t('This stage goes on from stage {0}, and weighs at least as much.', view.name)];
    case 'missing':
      return [l10n.t('FROM names no image.')];
    case 'unresolved':
      return [
        l10n.t(
          'No value is known for {0}. Give it a default with ARG before the first FROM, or set plimsoll.buildArguments.',
          view.variables.map((name) => `\${${name}}`).join(', '),
        ),
      ];
    case 'invalid':
      return [view.problem];
    case 'image': {
      const { sizes, pending } = view.known;
      return [
        ...(sizes?.onDisk ? [l10n.t('On disk: {0}', howKnown(sizes.onDisk, sizes.by))] : []),
        ...(sizes?.download ? [l10n.t('Download: {0}', howKnown(sizes.download, sizes.by))] : []),
        ...obstacles(view.known),
        ...(pending ? [l10n.t('A better answer is being asked for.')] : []),
      ];
    }
  }
}

/** Answers that are normal, and worth a word only where nobody knows a size. */
const normal: ReadonlySet<NoSizeCode> = new Set(['absent', 'unavailable']);

/** What stood in the way of a size, or of a better one. */
function obstacles({ sizes, reasons: given }: ImageBaseView['known']): string[] {
  const isKnown = sizes?.onDisk !== undefined && sizes.download !== undefined;
  return [...new Set(given.filter(({ none }) => !isKnown || !normal.has(none.code)).map(({ none }) => none.message))];
}

/** How a size came about: one sentence without its subject. */
export function howKnown(size: Size, by: string | undefined): string {
  const day = size.asOf;
  switch (size.basis) {
    case 'measured':
      return l10n.t('measured from the image in the container engine.');
    case 'registry':
      return day === undefined ? l10n.t('read from the registry.') : l10n.t('read from the registry on {0}.', day);
    case 'catalogue':
      return day === undefined
        ? l10n.t('from the catalogue that ships with Plimsoll.')
        : l10n.t('from the catalogue that ships with Plimsoll, true on {0}.', day);
    case 'estimated':
      return by === undefined ? l10n.t('an estimate.') : l10n.t('an estimate by its near relative {0}.', by);
  }
}

/** A base and its size as briefly as the status bar wants it. */
export function statusText(view: StageBaseView): string {
  switch (view.kind) {
    case 'scratch':
    case 'missing':
      return lensTitle(view);
    case 'stage':
      return lensTitle(view);
    case 'unresolved':
    case 'invalid':
      return `${view.text}: ${l10n.t('size unknown')}`;
    case 'image': {
      const size = view.known.sizes?.onDisk ?? view.known.sizes?.download;
      if (size === undefined)
        return `${view.text}: ${view.known.pending ? l10n.t('asking …') : l10n.t('size unknown')}`;
      return `${view.text}: ${formatSize(size)}`;
    }
  }
}

/** Why a previewed change was not made. */
export function previewRefusal(applied: Exclude<Applied, 'applied'>): string {
  switch (applied) {
    case 'stale':
      return l10n.t('The Dockerfile has changed since this comparison was made, so nothing was applied. Choose again.');
    case 'refused':
      return l10n.t('VS Code did not make the change: the file may be read-only.');
    case 'unknown':
      return l10n.t('This comparison no longer belongs to a change. Choose again.');
  }
}
