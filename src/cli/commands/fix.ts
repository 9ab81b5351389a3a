import { readFile, writeFile } from 'node:fs/promises';
import { parseDockerfile } from '../../core/dockerfile/parse.ts';
import type { Finding } from '../../core/finding.ts';
import { findFindings } from '../../core/rules/findings.ts';
import { fixAll, type FixedFile, isForAll } from '../../core/rules/fixAll.ts';
import { ruleOf } from '../../core/rules/rules.ts';
import { type DockerfileText, readDockerfiles } from '../dockerfiles.ts';
import type { CommonOptions } from '../options.ts';
import { unifiedDiff } from '../print/unifiedDiff.ts';
import { Status, UsageError } from '../status.ts';
import type { Host } from '../terminal.ts';

export interface FixOptions extends CommonOptions {
  readonly all?: boolean;
  readonly rule: readonly string[];
  readonly write?: boolean;
  readonly target?: string;
  readonly buildArg: Readonly<Record<string, string>>;
}

/**
 * `plimsoll fix PATH…`: the edits of the rules, as a unified diff or, with `--write`, in the files. Throws a `UsageError`
 * where a path cannot be read, a rule does not exist, or nothing says what to fix.
 */
export async function fix(paths: readonly string[], options: FixOptions, { terminal, signal }: Host): Promise<Status> {
  const wanted = wantedFindings(options);
  const files = await readDockerfiles(paths, terminal.cwd);
  const platform = options.platform ?? 'linux/amd64';
  const today = new Date().toISOString().slice(0, 10);
  const parse = {
    buildArgs: options.buildArg,
    platform,
    ...(options.target === undefined ? {} : { target: options.target }),
  };
  const results = files.map((file) => ({
    file,
    fixed: fixAll(parseDockerfile(file.text, parse), {
      parse,
      find: (dockerfile) => findFindings(dockerfile, { platform, today }),
      accepts: wanted,
    }),
  }));
  signal.throwIfAborted();
  if (options.write === true) for (const { file, fixed } of results) await write(file, fixed);
  if (options.json) terminal.out(`${JSON.stringify(fixReport(results), undefined, 2)}\n`);
  else if (options.write !== true) {
    for (const { file, fixed } of results) terminal.out(unifiedDiff(file.name, file.text, fixed.text));
  }
  if (options.quiet !== true) terminal.err(remark(results, options.write === true));
  return Status.done;
}

/** Which findings the flags mean. With `--rule` also those that `--all` would ask about, and those of build stages. */
function wantedFindings({ all, rule: ids }: FixOptions): (finding: Finding) => boolean {
  if (all !== true && ids.length === 0)
    throw new UsageError('Say what to fix: --all, or --rule with the id of a rule.');
  const unknown = ids.find((id) => ruleOf(id) === undefined);
  if (unknown !== undefined) throw new UsageError(`There is no rule ${unknown}.`);
  return (finding) => ids.includes(finding.rule) || (all === true && isForAll(finding));
}

/** Writes a file that changed. One that is not UTF-8 would come back changed elsewhere too, so it is left alone. */
async function write({ name, file, text }: DockerfileText, fixed: FixedFile): Promise<void> {
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
