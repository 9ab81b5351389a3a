/**
 * Makes `src/core/base/catalogue.json` from collected data:
 *
 *   node test/tools/catalogue/build.ts <folder with base-images.json and end-of-life.json> <day, YYYY-MM-DD>
 *
 * It also writes the published numbers to `test/fixtures/catalogue/published.json`, against which a test holds what the
 * catalogue answers. What is left out and why stands at each rule below; it prints how many rows each of them took.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { format } from 'prettier';
import type { CatalogueFile, CatalogueRow, Origin } from '../../../src/core/base/catalogueFile.ts';
import { familyOf } from '../../../src/core/base/family.ts';
import { distribution, formatDistribution } from '../../../src/core/base/release.ts';
import { compareVersions, isOf, lineOf, readTag } from '../../../src/core/base/tag.ts';
import type { CollectedCycle, CollectedImage } from './collected.ts';
import { findProblems } from './validate.ts';

const [folder, day] = process.argv.slice(2);
if (folder === undefined || day === undefined) throw new Error('usage: build.ts <folder> <YYYY-MM-DD>');
const read = async (name: string): Promise<unknown> => JSON.parse(await readFile(path.join(folder, name), 'utf8'));
const images = (await read('base-images.json')) as CollectedImage[];
const cycles = (await read('end-of-life.json')) as CollectedCycle[];

const origins: Readonly<Record<CollectedImage['how'], Origin>> = {
  'read from the published image': 'published',
  'measured by the publisher': 'publisher',
  'computed from the packages that it contains': 'computed',
  'stated in an article or readme': 'stated',
};

/** A number on a moving tag that nobody renewed for so many years tells nothing of what a build gets today. */
const oldestMoving = yearsBefore(day, 3);
/** Live official images are rebuilt at least monthly: a tag that was not for so long has been dropped. */
const oldestLive = yearsBefore(day, 1.5);

const dropped = new Map<string, number>();

/** Why a collected row cannot answer for its reference; undefined where it can. */
function unfit(image: CollectedImage): string | undefined {
  if (!/^\w[\w.-]{0,127}$/.test(image.tag) || image.tag.endsWith('.x') || image.tag.includes('.x-'))
    return 'no real tag';
  if (image.downloadBytes === null && image.onDiskBytes === null) return 'no size';
  if (image.includesApp === true) return 'the size is with an app';
  if (image.how === 'read from the published image') return undefined;
  if (/do not use as|not stated whether compressed/.test(image.note ?? '')) return 'doubtful by its own note';
  const newest = newestDay(image);
  const isMoving = !/\d/.test(image.tag);
  if (isMoving && (newest === undefined || newest < oldestMoving)) return 'old number of a moving tag';
  return undefined;
}

function newestDay(image: CollectedImage): string | undefined {
  return [image.downloadAsOf, image.onDiskAsOf]
    .filter((date) => date !== null)
    .sort()
    .at(-1);
}

/** Of several rows for one tag the best kind wins, then the newest. */
function isBetter(a: CollectedImage, b: CollectedImage): boolean {
  const order = Object.keys(origins);
  const kind = order.indexOf(a.how) - order.indexOf(b.how);
  return kind === 0 ? (newestDay(a) ?? '') > (newestDay(b) ?? '') : kind < 0;
}

const chosen = new Map<string, CollectedImage>();
for (const image of images) {
  const reason = unfit(image) ?? (replaces(image) ? undefined : 'a better row has the same tag');
  if (reason === undefined) chosen.set(`${image.image}:${image.tag}`, image);
  else dropped.set(reason, (dropped.get(reason) ?? 0) + 1);
}

function replaces(image: CollectedImage): boolean {
  const other = chosen.get(`${image.image}:${image.tag}`);
  return other === undefined || isBetter(image, other);
}

/** The first layers of the distributions' own images, by which the distribution of other images is known. */
const ownLayers = [...chosen.values()].flatMap((image) => {
  const family = familyOf(image.image);
  if (family?.kind !== 'distribution' || !image.layerDownloadBytes?.length) return [];
  const tag = readTag(image.tag);
  const release = tag.distribution?.release ?? tag.version;
  // What has no number (sid, edge) is in nobody's image, and is as near to the newest release as its rebuilds are.
  if (release === undefined || !/^\d/.test(release) || family.distribution === undefined) return [];
  return [{ name: family.distribution, release, bytes: image.layerDownloadBytes[0]! }];
});

/**
 * The release in an image whose tag does not say it: that of the distribution's own image whose first layer is this
 * image's first layer. A distribution is rebuilt every few weeks, so layers within 0.5 % are the same release, unless
 * another release is as near (Ubuntu 22.04 and 24.04; Alpine's always are).
 */
function distributionIn(image: CollectedImage): string | undefined {
  const tag = readTag(image.tag);
  const family = familyOf(image.image);
  const first = image.layerDownloadBytes?.[0];
  const name = tag.distribution?.name ?? family?.distribution;
  if (name === undefined || first === undefined) return undefined;
  if (family?.kind === 'distribution' || tag.distribution?.release !== undefined) return undefined;
  const sameBytes = ownLayers.filter(({ bytes }) => bytes === first);
  const near = ownLayers.filter((own) => own.name === name && Math.abs(own.bytes - first) <= first * 0.005);
  const releases = new Set(
    (sameBytes.length > 0 ? sameBytes : near).map((own) => formatDistribution(distribution(own.name, own.release))),
  );
  return releases.size === 1 ? [...releases][0] : undefined;
}

/** Cycles of a product that were out on a day, oldest first. */
function released(product: string, on: string): CollectedCycle[] {
  return cycles
    .filter((cycle) => cycle.product === product && cycle.released <= on)
    .sort((a, b) => compareVersions(a.cycle, b.cycle));
}

/** The version that a tag stood for, where the tag says none or less than a line: from the row's note, else by the calendar. */
function versionOf(image: CollectedImage): string | undefined {
  const family = familyOf(image.image);
  const written = readTag(image.tag).version;
  if (family === undefined || (family.kind === 'distribution' && written !== undefined)) return undefined;
  const noted = /^(?:(?:remote |both )?v?(?=\d+\.)|is fedora )(\d+(?:\.\d+)*)/.exec(image.note ?? '')?.[1];
  if (noted !== undefined && (written === undefined || isOf(noted, written)))
    return noted === written ? undefined : noted;
  if (written === undefined || family.product === undefined || image.downloadAsOf === null) return undefined;
  if (written.split('.').length >= family.line) return undefined;
  return released(family.product, image.downloadAsOf)
    .filter((cycle) => isOf(cycle.cycle, written))
    .at(-1)?.cycle;
}

function isNewest(image: CollectedImage, version: string | undefined): boolean {
  const family = familyOf(image.image);
  const on = image.downloadAsOf ?? image.onDiskAsOf;
  if (family?.product === undefined || version === undefined || on === null) return false;
  const out = released(family.product, on);
  // Ubuntu's `latest` is the newest release with long-term support.
  const candidates = image.image === 'ubuntu' ? out.filter((cycle) => cycle.lts === true) : out;
  const newest = candidates.at(-1)?.cycle;
  return newest !== undefined && (isOf(version, newest) || isOf(newest, version));
}

const sources: string[] = [];
function sourceIndex(source: string): number {
  const short = source.replace(/ \(.*$/, '');
  if (!sources.includes(short)) sources.push(short);
  return sources.indexOf(short);
}

function userOf(image: CollectedImage): string | undefined {
  const said = image.defaultUser;
  if (said === undefined || said.startsWith('root')) return undefined;
  return /^\d+/.exec(said)?.[0] ?? said.replace(/ \(.*$/, '');
}

function row(image: CollectedImage): CatalogueRow {
  const origin = image.carriedFromOtherVariant === true ? 'carried' : origins[image.how];
  // Where the platform is not said the number may be another's: then it is as good as one in an article.
  const effective = image.platform === null && origin !== 'computed' ? 'stated' : origin;
  const tag = readTag(image.tag);
  const version = versionOf(image);
  const inside = distributionIn(image);
  const downloadDay = image.downloadBytes === null ? image.onDiskAsOf : image.downloadAsOf;
  const arm64Day = /arm64 of (\d{4}-\d\d-\d\d)/.exec(image.note ?? '')?.[1];
  const user = userOf(image);
  const newest = newestDay(image);
  const family = familyOf(image.image);
  const ownRelease = family?.kind === 'distribution' ? tag.distribution?.release : undefined;
  return {
    tag: image.tag,
    ...(version === undefined ? {} : { version }),
    ...(isNewest(image, version ?? tag.version ?? ownRelease) ? { newest: true } : {}),
    ...(inside === undefined ? {} : { distribution: inside }),
    ...(image.onDiskBytes === null ? {} : { onDisk: image.onDiskBytes }),
    ...(image.downloadBytes === null ? {} : { download: image.downloadBytes }),
    ...(image.arm64DownloadBytes === undefined || image.arm64DownloadBytes === null
      ? {}
      : { downloadArm64: image.arm64DownloadBytes }),
    ...(downloadDay === null ? {} : { day: downloadDay }),
    ...(image.onDiskBytes === null || image.onDiskAsOf === null || image.onDiskAsOf === downloadDay
      ? {}
      : { onDiskDay: image.onDiskAsOf }),
    ...(arm64Day === undefined ? {} : { arm64Day }),
    ...(effective === 'published' ? {} : { origin: effective }),
    source: sourceIndex(image.source),
    ...(image.libc === undefined ? {} : { libc: image.libc }),
    ...(image.shell === undefined ? {} : { shell: image.shell }),
    ...(image.packageManager === undefined ? {} : { packageManager: image.packageManager }),
    ...(user === undefined ? {} : { user }),
    ...(effective === 'published' && newest !== undefined && newest < oldestLive
      ? { deprecated: `This tag has not been rebuilt since ${newest}.` }
      : image.note?.includes('tag gone since') === true
        ? { deprecated: 'This tag is no longer published.' }
        : {}),
  };
}

/** Tags that name the image of another one: .NET's default systems (its README files), distroless' users. */
function aliases(image: string): readonly CatalogueRow[] {
  if (/^gcr\.io\/distroless\/.*-debian1[23]$/.test(image)) return [{ tag: 'nonroot', same: 'latest' }];
  if (!image.startsWith('mcr.microsoft.com/dotnet/')) return [];
  return [
    { tag: '8.0', same: '8.0-bookworm-slim' },
    { tag: '9.0', same: '9.0-bookworm-slim' },
    { tag: '10.0', same: '10.0-noble' },
  ];
}

const byImage: Record<string, readonly CatalogueRow[]> = {};
for (const name of [...new Set([...chosen.values()].map(({ image }) => image))].sort()) {
  const rows = [...chosen.values()].filter(({ image }) => image === name).map(row);
  byImage[name] = [...rows, ...aliases(name)];
}

/** Products of the families and of the distributions inside images; the others are not asked for. */
const products = new Set([
  ...Object.keys(byImage).flatMap((image) => familyOf(image)?.product ?? []),
  ...['alpine-linux', 'debian', 'ubuntu', 'fedora', 'rhel', 'amazon-linux', 'rocky-linux'],
  ...['nodejs', 'python', 'eclipse-temurin', 'dotnet'],
]);
const endOfLife: Record<string, Record<string, string | false>> = {};
for (const cycle of cycles) {
  if (!products.has(cycle.product)) continue;
  // Debian's long-term support is for everybody; what Ubuntu and Red Hat offer after the end is for customers.
  const extended = cycle.product === 'debian' ? cycle.extendedSupportEnds : undefined;
  const end = typeof extended === 'string' ? extended : cycle.eol;
  // `true` is an end without a day: of things so old that no tag of theirs is in use.
  if (end !== true) (endOfLife[cycle.product] ??= {})[cycle.cycle] = end;
}
// https://github.com/GoogleContainerTools/distroless/blob/main/SUPPORT_POLICY.md
endOfLife['distroless-debian12'] = {
  java: '2026-01-31',
  nodejs: '2026-01-31',
  python3: '2026-04-30',
  static: '2026-09-30',
  base: '2026-09-30',
  'base-nossl': '2026-09-30',
  cc: '2026-09-30',
};

const longTerm = released('nodejs', day).filter(({ lts }) => typeof lts === 'string' && lts <= day);
const debians = released('debian', day);
const nginx = (tag: string): string => lineOf(versionOf(chosen.get(`nginx:${tag}`)!)!, 2);
const channels = {
  nginx: { stable: nginx('stable'), mainline: nginx('mainline') },
  nodejs: { lts: longTerm.at(-1)!.cycle },
  debian: { stable: debians.at(-1)!.cycle, oldstable: debians.at(-2)!.cycle },
};

const catalogue: CatalogueFile = {
  asOf: day,
  endOfLifeAsOf: cycles
    .map((cycle) => /\((\d{4}-\d\d-\d\d),/.exec(cycle.source)?.[1] ?? '')
    .sort()
    .at(-1)!,
  channels,
  sources,
  endOfLife,
  images: byImage,
};

const problems = findProblems(catalogue);
if (problems.length > 0) throw new Error(problems.join('\n'));

const root = path.join(import.meta.dirname, '../../..');
await writeFile(path.join(root, 'src/core/base/catalogue.json'), await oneRowPerLine(catalogue));
const published = images
  .filter(({ how }) => how === 'read from the published image')
  .map(({ image, tag, downloadBytes, onDiskBytes, arm64DownloadBytes }) => ({
    reference: `${image}:${tag}`,
    downloadBytes,
    onDiskBytes,
    arm64DownloadBytes: arm64DownloadBytes ?? null,
  }));
await mkdir(path.join(root, 'test/fixtures/catalogue'), { recursive: true });
await writeFile(
  path.join(root, 'test/fixtures/catalogue/published.json'),
  `[\n${published.map((entry) => JSON.stringify(entry)).join(',\n')}\n]\n`,
);
console.log(`${chosen.size} rows of ${Object.keys(byImage).length} images, ${JSON.stringify(catalogue).length} bytes`);
for (const [reason, count] of dropped) console.log(`left out: ${count} ${reason}`);

/** A row is a line, so that a change of one number is a change of one line. */
async function oneRowPerLine(file: CatalogueFile): Promise<string> {
  const rows: string[] = [];
  const marked = JSON.stringify(file, (key, value: unknown) => {
    const isLine = typeof value === 'object' && value !== null && ('tag' in value || Object.hasOwn(endOfLife, key));
    return isLine ? `@${rows.push(JSON.stringify(value)) - 1}@` : value;
  });
  const pretty = await format(marked, { parser: 'json', printWidth: 120 });
  return pretty.replace(/"@(\d+)@"/g, (_, index: string) => rows[Number(index)]!);
}

function yearsBefore(date: string, years: number): string {
  const months = Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7)) - 1 - years * 12;
  return `${Math.floor(months / 12)}-${String((months % 12) + 1).padStart(2, '0')}${date.slice(7)}`;
}
