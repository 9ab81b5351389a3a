/**
 * Checks the catalogue: `node test/tools/catalogue/validate.ts [file]`. Prints one line per problem and exits with 1 when
 * there is any. A unit test runs it on the committed file.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { libcs, origins } from '../../../src/core/base/catalogueFile.ts';
import { familyOf, imageName } from '../../../src/core/base/family.ts';
import { familiarName, parseReference } from '../../../src/core/base/reference.ts';
import { formatDistribution, parseDistribution } from '../../../src/core/base/release.ts';

const bytes = v.pipe(v.number(), v.integer(), v.minValue(1));
const day = v.pipe(v.string(), v.regex(/^\d{4}(?:-\d\d(?:-\d\d)?)?$/), v.check(isDay, 'no such day'));
const wholeDay = v.pipe(day, v.length(10));
const sentence = v.pipe(v.string(), v.regex(/^[A-Z].*\.$/));
const version = v.pipe(v.string(), v.regex(/^\d+(?:\.\d+)*$/));

const row = v.strictObject({
  tag: v.string(),
  same: v.optional(v.string()),
  version: v.optional(version),
  newest: v.optional(v.literal(true)),
  distribution: v.optional(
    v.pipe(
      v.string(),
      v.check((text) => formatDistribution(parseDistribution(text)) === text),
    ),
  ),
  onDisk: v.optional(bytes),
  download: v.optional(bytes),
  downloadArm64: v.optional(bytes),
  day: v.optional(day),
  onDiskDay: v.optional(day),
  arm64Day: v.optional(day),
  origin: v.optional(v.picklist(origins.filter((origin) => origin !== 'published'))),
  source: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))),
  libc: v.optional(v.picklist(libcs)),
  shell: v.optional(v.boolean()),
  packageManager: v.optional(v.picklist(['apt', 'apk', 'dnf', 'microdnf', 'yum', 'tdnf', 'pacman', 'none'])),
  user: v.optional(v.pipe(v.string(), v.regex(/^[\w-]+$/))),
  deprecated: v.optional(sentence),
});

const file = v.strictObject({
  asOf: wholeDay,
  endOfLifeAsOf: wholeDay,
  channels: v.record(v.string(), v.record(v.string(), version)),
  sources: v.array(v.pipe(v.string(), v.minLength(1))),
  endOfLife: v.record(v.string(), v.record(v.string(), v.union([wholeDay, v.literal(false)]))),
  images: v.record(v.string(), v.pipe(v.array(row), v.minLength(1))),
});

type Checked = v.InferOutput<typeof file>;

/** Everything that is wrong with a catalogue, one line each; none when it is sound. */
export function findProblems(input: unknown): string[] {
  const result = v.safeParse(file, input);
  if (!result.success) {
    return result.issues.map((issue) => `${v.getDotPath(issue) ?? 'file'}: ${issue.message}`);
  }
  const catalogue = result.output;
  return [
    ...Object.entries(catalogue.images).flatMap(([image, rows]) => rowProblems(catalogue, image, rows)),
    ...productProblems(catalogue),
    ...sourceProblems(catalogue),
  ];
}

function rowProblems(catalogue: Checked, image: string, rows: Checked['images'][string]): string[] {
  const problems: string[] = [];
  const tags = new Set<string>();
  for (const one of rows) {
    const name = `${image}:${one.tag}`;
    const parsed = parseReference(name);
    if ('problem' in parsed) problems.push(`${name}: ${parsed.problem}`);
    else if (imageName(parsed.reference) !== image || familiarName(parsed.reference) !== name) {
      problems.push(`${name}: not the name under which it is looked up`);
    }
    if (tags.has(one.tag)) problems.push(`${name}: twice`);
    tags.add(one.tag);
    const hasSize = one.onDisk !== undefined || one.download !== undefined;
    if (one.same !== undefined) {
      const target = rows.find(({ tag }) => tag === one.same);
      if (target === undefined || target.same !== undefined) problems.push(`${name}: same as no row with sizes`);
      if (hasSize) problems.push(`${name}: has sizes and is the same as another`);
      continue;
    }
    if (!hasSize) problems.push(`${name}: no size`);
    if (one.source === undefined || catalogue.sources[one.source] === undefined) problems.push(`${name}: no source`);
    if (one.onDisk !== undefined && one.download !== undefined && one.onDisk < one.download) {
      problems.push(`${name}: smaller on disk than compressed`);
    }
    for (const date of [one.day, one.onDiskDay, one.arm64Day]) {
      if (date !== undefined && date > catalogue.asOf) problems.push(`${name}: ${date} is after the catalogue's day`);
    }
    if (one.origin === undefined && one.day?.length !== 10) problems.push(`${name}: published without its day`);
  }
  return problems;
}

function productProblems(catalogue: Checked): string[] {
  const problems: string[] = [];
  for (const image of Object.keys(catalogue.images)) {
    const product = familyOf(image)?.product;
    if (product !== undefined && catalogue.endOfLife[product] === undefined) {
      problems.push(`${image}: its product ${product} is not in the end-of-life table`);
    }
  }
  for (const [product, words] of Object.entries(catalogue.channels)) {
    for (const [word, cycle] of Object.entries(words)) {
      if (catalogue.endOfLife[product]?.[cycle] === undefined) problems.push(`${product} ${word}: no cycle ${cycle}`);
    }
  }
  return problems;
}

function sourceProblems(catalogue: Checked): string[] {
  const used = new Set(Object.values(catalogue.images).flatMap((rows) => rows.map((one) => one.source)));
  return catalogue.sources.flatMap((source, index) => [
    ...(used.has(index) ? [] : [`source ${index}: not used`]),
    ...(catalogue.sources.indexOf(source) === index ? [] : [`source ${index}: twice`]),
  ]);
}

function isDay(text: string): boolean {
  const [year, month = 1, date = 1] = text.split('-').map(Number);
  const real = new Date(Date.UTC(year!, month - 1, date));
  return real.getUTCMonth() === month - 1 && real.getUTCDate() === date;
}

if (import.meta.main) {
  const name = process.argv[2] ?? path.join(import.meta.dirname, '../../../src/core/base/catalogue.json');
  const problems = findProblems(JSON.parse(await readFile(name, 'utf8')));
  for (const problem of problems) console.error(problem);
  process.exitCode = problems.length === 0 ? 0 : 1;
}
