import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Platform } from '../../core/base/baseSize.ts';
import type { ParseOptions } from '../../core/dockerfile/model.ts';
import { parseDockerfile } from '../../core/dockerfile/parse.ts';
import type { Finding } from '../../core/finding.ts';
import { type FixedFile, fixRound, isForAll, mostRounds } from '../../core/rules/fixAll.ts';
import { ruleOf } from '../../core/rules/rules.ts';
import { type DockerfileText, readDockerfiles } from '../dockerfiles.ts';
import type { CommonOptions } from '../options.ts';
import { unifiedDiff } from '../print/unifiedDiff.ts';
import { openServices, type Services } from '../services.ts';
import { Status, UsageError } from '../status.ts';
import type { Host } from '../terminal.ts';
import { openWeighing } from '../weighing.ts';
import type { Weigher } from '../weights.ts';

export interface FixOptions extends CommonOptions {
  readonly all?: boolean;
  readonly rule: readonly string[];
  readonly write?: boolean;
  readonly context?: string;
  readonly target?: string;
  readonly buildArg: Readonly<Record<string, string>>;
}

/**
 * `plimsoll fix PATH…`: the edits of the rules, as a unified diff or, with `--write`, in the files. Throws a `UsageError`
 * where a path cannot be read, a rule does not exist, or nothing says what to fix.
 */
export async function fix(paths: readonly string[], options: FixOptions, host: Host): Promise<Status> {
  const { terminal, signal } = host;
  const wanted = wantedFindings(options);
  const files = await readDockerfiles(paths, terminal.cwd, signal);
  using services = openServices(options, host);
  const parse = await parseOptions(options, services, signal);
  using weighing = openWeighing(services, options, host, parse.platform);
  const { weigher } = weighing;
  const results: Result[] = [];
  for (const file of files) {
    const context = path.resolve(terminal.cwd, options.context ?? path.dirname(file.file));
    results.push({ file, fixed: await fixByRules(file, context, { wanted, parse, weigher }) });
  }
  if (options.write === true) for (const { file, fixed } of results) await write(file, fixed);
  if (options.json) terminal.out(`${JSON.stringify(fixReport(results), undefined, 2)}\n`);
  else if (options.write !== true) {
    for (const { file, fixed } of results) terminal.out(unifiedDiff(file.name, file.text, fixed.text));
  }
  if (options.quiet !== true) terminal.err(remark(results, options.write === true));
  return Status.done;
}

/** How the files are read: as `report` does it. Throws only the signal's reason. */
export async function parseOptions(
  options: FixOptions,
  services: Pick<Services, 'defaultPlatform'>,
  signal: AbortSignal,
): Promise<ParseOptions & { readonly platform: Platform }> {
  const { buildArg: buildArgs, target } = options;
  const platform = options.platform ?? (await services.defaultPlatform(signal));
  return { buildArgs, platform, ...(target === undefined ? {} : { target }) };
}

/**
 * A Dockerfile without the findings that are wanted mended.
 *
 * @param context absolute
 */
export async function fixByRules(
  file: DockerfileText,
  context: string,
  { wanted, parse, weigher }: { wanted: (finding: Finding) => boolean; parse: ParseOptions; weigher: Weigher },
): Promise<FixedFile> {
  const applied: Finding[] = [];
  let { text } = file;
  for (let round = 0; round < mostRounds; round++) {
    const dockerfile = parseDockerfile(text, parse);
    // As the report does it: what the context and the package graphs know decides about findings too.
    const { findings } = await weigher.weigh(dockerfile, file.file, context);
    const fixed = fixRound(dockerfile, findings.filter(wanted), parse);
    if (fixed.applied.length === 0) break;
    applied.push(...fixed.applied);
    text = fixed.text;
  }
  return { text, applied };
}

/** Which findings the flags mean. With `--rule` also those that `--all` would ask about, and those of build stages. */
export function wantedFindings({ all, rule: ids }: FixOptions): (finding: Finding) => boolean {
  if (all !== true && ids.length === 0)
    throw new UsageError('Say what to fix: --all, --rule with the id of a rule, or a refactoring as --multi-stage.');
  const unknown = ids.find((id) => ruleOf(id) === undefined);
  if (unknown !== undefined) throw new UsageError(`There is no rule ${unknown}.`);
  return (finding) => ids.includes(finding.rule) || (all === true && isForAll(finding));
}

/** Writes a file that changed. One that is not UTF-8 would come back changed elsewhere too, so it is left alone. */
export async function write({ name, file, text }: DockerfileText, fixed: Pick<FixedFile, 'text'>): Promise<void> {
  if (fixed.text === text) return;
  if (!(await readFile(file)).equals(Buffer.from(text))) {
    throw new UsageError(`${name} is not written: it is not UTF-8, or it changed meanwhile.`);
  }
  await writeFile(file, fixed.text);
}

interface Result {
  readonly file: DockerfileText;
  readonly fixed: FixedFile;
}

function fixReport(results: readonly Result[]): object {
  return {
    schema: 1,
    files: results.map(({ file, fixed }) => ({
      path: file.name,
      changed: fixed.text !== file.text,
      applied: fixed.applied.map(({ rule, fix: applied, saves }) => ({
        id: rule,
        ...(applied === undefined ? {} : { title: applied.title }),
        ...(saves === undefined ? {} : { savesBytes: saves.bytes, basis: saves.basis }),
      })),
      diff: unifiedDiff(file.name, file.text, fixed.text),
    })),
  };
}

function remark(results: readonly Result[], written: boolean): string {
  const count = results.reduce((sum, { fixed }) => sum + fixed.applied.length, 0);
  if (count === 0) return 'Nothing to fix.\n';
  const fixes = count === 1 ? '1 fix' : `${count} fixes`;
  return written ? `${fixes} written.\n` : `${fixes}; --write applies ${count === 1 ? 'it' : 'them'}.\n`;
}
