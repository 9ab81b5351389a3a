import { l10n } from 'vscode';
import type { Alternative } from '../core/base/alternatives.ts';
import type { BaseSizes, NoSizeCode } from '../core/base/baseSize.ts';
import type { EndOfLife, LifeStatus } from '../core/base/endOfLife.ts';
import type { BaseFacts } from '../core/base/facts.ts';
import { formatDistribution } from '../core/base/release.ts';
import { formatBytes, formatSize, type Size, sumSizes } from '../core/size.ts';
import type { ImageBaseView, StageBaseView } from './bases.ts';
import type { EngineState } from '../sources/engine/engine.ts';
import type { Applied } from './preview.ts';
import type { SourcesState } from './sizeSources.ts';

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

/** Where the sizes come from; both sources where the two sizes have different ones, one date where they differ in that. */
export function origin(sizes: BaseSizes): string {
  const { onDisk, download, by } = sizes;
  const both = onDisk !== undefined && onDisk.basis === download?.basis ? sumSizes([onDisk, download]) : undefined;
  const marked = both === undefined ? [onDisk, download].filter((size) => size !== undefined) : [both];
  return marked.map((size) => mark(size, by)).join(' + ');
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
    case 'renewed':
      return l10n.t(
        'The project has changed since this comparison was made. It was made anew: look again, then apply.',
      );
    case 'refused':
      return l10n.t('VS Code did not make the change: the file may be read-only.');
    case 'unknown':
      return l10n.t('This comparison no longer belongs to a change. Choose again.');
  }
}

/** The status bar item's name, as in the menu that hides it. */
export function statusName(): string {
  return l10n.t('Base image size');
}

/** Who is asked for sizes now, and why not more. */
export function sourcesSentence(state: SourcesState): string {
  switch (state.mode) {
    case 'untrusted':
      return l10n.t('This workspace is not trusted: sizes come from the catalogue and the cache only.');
    case 'offline':
      return l10n.t('plimsoll.offline is on: sizes come from the catalogue and the cache only.');
    case 'online':
      return engineSentence(state.engine);
  }
}

function engineSentence(engine: EngineState): string {
  switch (engine.status) {
    case 'unasked':
      return l10n.t('Sizes come from the container engine, registries and the catalogue.');
    case 'connected': {
      const { product, version, origin } = engine.about;
      return l10n.t('Container engine: {0} ({1}).', [product, version].filter(Boolean).join(' '), origin);
    }
    case 'none':
      return l10n.t('{0} Sizes come from registries and the catalogue.', engine.message);
  }
}

/** What is in a base, each a word or two. */
export function factWords(facts: BaseFacts): string[] {
  const { language, distribution, libc, shell, packageManager, defaultUser } = facts;
  return [
    ...(language ? [[language.name, language.version].filter(Boolean).join(' ')] : []),
    ...(distribution ? [displayName(formatDistribution(distribution))] : []),
    ...(libc === undefined ? [] : [libc === 'none' ? l10n.t('no C library') : libc]),
    ...(shell === undefined ? [] : [shell ? l10n.t('shell') : l10n.t('no shell')]),
    ...(packageManager === undefined
      ? []
      : [packageManager === 'none' ? l10n.t('no package manager') : packageManager]),
    ...(defaultUser === undefined ? [] : [l10n.t('runs as {0}', defaultUser)]),
  ];
}

/** When something ends, as far as it is known. */
export function endSentence({ product, cycle, date }: EndOfLife, status: LifeStatus): string | undefined {
  if (date === undefined) return undefined;
  const name = displayName(`${product.replace(/-linux$/, '')} ${cycle}`);
  switch (status) {
    case 'past':
      return l10n.t('{0} is past its end of life since {1}: it gets no more fixes.', name, date);
    case 'soon':
      return l10n.t('{0} reaches its end of life on {1}.', name, date);
    case 'supported':
      return l10n.t('{0} is supported until {1}.', name, date);
    case 'unknown':
      return undefined;
  }
}

export function sizeHead(): string[] {
  return [l10n.t('platform'), l10n.t('on disk'), l10n.t('download'), l10n.t('from')];
}

export function alternativeHead(): string[] {
  return [l10n.t('smaller base'), l10n.t('size'), l10n.t('saves'), l10n.t('changes')];
}

/** What another base changes, each in a few words. */
export function changesOf({ changes }: Alternative): string[] {
  return changes.map(({ what, to }) => {
    switch (what) {
      case 'libc':
        return to === undefined || to === 'none' ? l10n.t('no C library') : to;
      case 'shell':
        return to === 'no' ? l10n.t('no shell') : l10n.t('shell');
      case 'packageManager':
        return to === undefined || to === 'none' ? l10n.t('no package manager') : to;
      case 'distribution':
        return to === undefined ? l10n.t('another distribution') : displayName(to);
      case 'user':
        return l10n.t('runs as {0}', to ?? 'root');
    }
  });
}

/** Behind an alternative in a menu: its size and what it saves. */
export function alternativeDescription({ sizes, saving }: Alternative): string {
  return [
    ...(sizes?.onDisk ? [l10n.t('{0} on disk', formatSize(sizes.onDisk))] : []),
    ...(sizes?.download ? [l10n.t('{0} download', formatSize(sizes.download))] : []),
    ...(saving.onDisk === undefined ? [] : [l10n.t('saves {0}', formatBytes(saving.onDisk))]),
    ...(saving.onDisk === undefined && saving.download !== undefined
      ? [l10n.t('saves {0} to download', formatBytes(saving.download))]
      : []),
  ].join(dot);
}

/** Below an alternative in a menu: what to know before choosing it. */
export function alternativeDetail(alternative: Alternative): string {
  const changes = changesOf(alternative);
  if (changes.length + alternative.caveats.length === 0)
    return l10n.t('Nothing changes but the size, as far as is known.');
  return [...(changes.length > 0 ? [l10n.t('Then: {0}.', changes.join(', '))] : []), ...alternative.caveats].join(' ');
}

/** Behind a smaller base in a hover that takes more than another `FROM`. */
export function needsOtherStart(): string {
  return l10n.t('(needs another start command)');
}

export function alternativesHeading(): string {
  return l10n.t('Smaller bases');
}

export function noAlternatives(): string {
  return l10n.t('No smaller base is known.');
}

export function menuHeading(): string {
  return l10n.t('Choose a smaller base to see the change before it is made');
}

export function noBaseHere(): string {
  return l10n.t('Plimsoll: there is no base image here.');
}

export function exploreLayersLabel(): string {
  return l10n.t('Explore layers');
}

export function copySizeLabel(): string {
  return l10n.t('Copy the size');
}

export function copyReferenceLabel(): string {
  return l10n.t('Copy the full reference');
}

export function refreshLabel(): string {
  return l10n.t('Ask the engine and the registry again');
}

/** The title of a comparison: the file's name, the base that it would have, and what that saves. */
export function previewTitle(file: string, { written, saving }: Alternative): string {
  if (saving.onDisk === undefined) return l10n.t('{0} on {1}?', file, written);
  return l10n.t('{0} on {1}? (saves {2})', file, written, formatBytes(saving.onDisk));
}

/** Distributions and languages as they write themselves, where it is not their id with a capital letter. */
const ownSpelling: Readonly<Record<string, string>> = {
  rhel: 'RHEL',
  centos: 'CentOS',
  almalinux: 'AlmaLinux',
  amazonlinux: 'Amazon Linux',
  oraclelinux: 'Oracle Linux',
  azurelinux: 'Azure Linux',
  archlinux: 'Arch Linux',
  nodejs: 'Node.js',
  dotnet: '.NET',
  postgresql: 'PostgreSQL',
  mysql: 'MySQL',
  mariadb: 'MariaDB',
  rabbitmq: 'RabbitMQ',
  mongodb: 'MongoDB',
  nginx: 'nginx',
  php: 'PHP',
};

/** `debian 13` as people read it: `Debian 13`. */
function displayName(text: string): string {
  const [id = '', ...release] = text.split(' ');
  const name = ownSpelling[id] ?? id.replace(/(?:^|-)[a-z]/g, (letter) => letter.replace('-', ' ').toUpperCase());
  return [name, ...release].join(' ');
}
