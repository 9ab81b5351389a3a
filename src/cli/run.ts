import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import packageJson from '../../package.json' with { type: 'json' };
import { isSourceError, type SourceErrorCode } from '../sources/error.ts';
import type { CheckOptions } from './commands/check.ts';
import type { DiffOptions } from './commands/diff.ts';
import type { FixOptions } from './commands/fix.ts';
import type { ImageOptions } from './commands/image.ts';
import type { RefactorFlags } from './commands/refactor.ts';
import type { ProveOptions } from './commands/prove.ts';
import type { ReportOptions } from './commands/report.ts';
import { Status, UsageError } from './status.ts';
import type { Host } from './terminal.ts';

/**
 * Runs one command line (without `node` and the script) to its exit status. Nothing is thrown: an error is one sentence
 * on standard error, with its stack only where `--debug` asks for it.
 */
export async function run(args: readonly string[], host: Host): Promise<Status> {
  const { terminal, signal } = host;
  let status: Status = Status.done;
  const program = commands(host, (result) => (status = result));
  try {
    await program.parseAsync([...args], { from: 'user' });
    return status;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? Status.done : Status.usage;
    if (signal.aborted) return Status.interrupted;
    terminal.err(`plimsoll: ${sentenceOf(error)}\n`);
    if (args.includes('--debug') && error instanceof Error) terminal.err(`${error.stack ?? ''}\n`);
    return isSourceError(error) && unreachable.has(error.code) ? Status.unreachable : Status.usage;
  }
}

/** The failures of a source that another try, another network or another login may mend. */
const unreachable: ReadonlySet<SourceErrorCode> = new Set(['unavailable', 'network', 'timeout', 'denied', 'limited']);

function sentenceOf(error: unknown): string {
  if (error instanceof UsageError || isSourceError(error)) return error.message;
  const said = error instanceof Error ? error.message : String(error);
  return `Something went wrong that should not: ${said} (--debug shows where).`;
}

function commands(host: Host, ended: (status: Status) => void): Command {
  const { terminal } = host;
  const program = new Command('plimsoll')
    .description('What every line of a Dockerfile weighs, and where an image’s bytes are.')
    .version(packageJson.version, '--version')
    .helpOption('--help')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.out(text),
      writeErr: (text) => terminal.err(text.replace(/^error: /, 'plimsoll: ')),
    })
    .showHelpAfterError('(plimsoll --help shows how it is used)');

  common(
    program
      .command('report')
      .argument('<path...>', 'Dockerfiles, or folders to search for them')
      .description('sizes of every base, stage and instruction of Dockerfiles')
      .option('--target <stage>', 'the stage that is built', undefined)
      .option('--build-arg <key=value>', 'a build argument; may be repeated', collectArgument, {})
      .option('--context <folder>', 'the build context (default: the Dockerfile’s folder)')
      .addOption(new Option('--sarif', 'the findings for code scanning').conflicts(['json', 'markdown', 'github']))
      .addOption(new Option('--github', 'the findings for GitHub Actions').conflicts(['json', 'markdown', 'sarif'])),
  ).action(async (paths: string[], options: ReportOptions) => {
    const { report } = await import('./commands/report.ts');
    ended(await report(paths, options, host));
  });

  common(
    program
      .command('fix')
      .argument('<path...>', 'Dockerfiles, or folders to search for them')
      .description('the edits that make images smaller, as a unified diff')
      .option('--all', 'every finding that is safe to mend unasked')
      .option('--rule <id>', 'the findings of one rule; may be repeated', collect, [])
      .option('--multi-stage', 'move what the image does not need into a stage of its own')
      .addOption(new Option('--base <reference>', 'another base for the final stage').conflicts('minimalBase'))
      .option('--minimal-base', 'the smallest base on which the final stage, or the one of --target, does the same')
      .option('--dockerignore', 'keep out of the build context what no build needs')
      .addOption(
        new Option('--small', 'all of it, in the right order').conflicts([
          'all',
          'multiStage',
          'base',
          'minimalBase',
          'dockerignore',
        ]),
      )
      .option('--assume <key=value>', 'the answer to a question of a refactoring; may be repeated', collectAnswer, {})
      .option('--write', 'change the files instead of printing')
      .option('--context <folder>', 'the build context (default: the Dockerfile’s folder)')
      .option('--target <stage>', 'the stage that is built', undefined)
      .option('--build-arg <key=value>', 'a build argument; may be repeated', collectArgument, {}),
  ).action(async (paths: string[], options: FixOptions & RefactorFlags) => {
    if (asksForRefactoring(options)) {
      const { refactor } = await import('./commands/refactor.ts');
      ended(await refactor(paths, options, host));
    } else {
      const { fix } = await import('./commands/fix.ts');
      ended(await fix(paths, options, host));
    }
  });

  common(
    program
      .command('image')
      .argument(
        '<source>',
        'an image’s reference, an archive (docker save, OCI, also compressed) or an OCI layout folder',
      )
      .description('layers, files and waste of one image')
      .addOption(csvOption('layers, waste and what could go'))
      .option('--top <n>', 'how many rows of waste (0: all)', rowCount, 100)
      .option('--dockerfile <file>', 'the Dockerfile that it was built from, to name its lines'),
  ).action(async (source: string, options: ImageOptions) => {
    const { image } = await import('./commands/image.ts');
    ended(await image(source, options, host));
  });

  common(
    program
      .command('diff')
      .argument('<before>', 'an image, as for the command image')
      .argument('<after>', 'another one')
      .description('two images: sizes, shared layers, and the paths that differ')
      .addOption(csvOption('the paths'))
      .option('--top <n>', 'how many paths (0: all)', rowCount, 100),
  ).action(async (a: string, b: string, options: DiffOptions) => {
    const { diff } = await import('./commands/diff.ts');
    ended(await diff(a, b, options, host));
  });

  common(
    program
      .command('prove')
      .argument('<before>', 'a Dockerfile that works')
      .argument('<after>', 'the one that is to take its place')
      .description('builds both and tells whether the new image still starts, and what differs')
      .option('--context <folder>', 'the build context (default: each Dockerfile’s folder)')
      .option('--target <stage>', 'the stage that is built', undefined)
      .option('--build-arg <key=value>', 'a build argument; may be repeated', collectArgument, {})
      .option('--network <mode>', 'the network of RUN, as for docker build')
      .option('--start [seconds]', 'start both, without network, for so long (default: 5)', seconds)
      .option('--run <command>', 'run this in both, without network')
      .option('--keep', 'leave the two images in the engine'),
  ).action(async (before: string, after: string, options: ProveOptions) => {
    const { prove } = await import('./commands/prove.ts');
    ended(await prove(before, after, options, host));
  });

  common(
    program
      .command('check')
      .argument('[path...]', 'Dockerfiles, folders and images (default: all that the budgets name)')
      .description('budgets of .plimsoll.json or .dive-ci; status 1 where one is exceeded')
      .option('--config <file>', 'the file with the budgets (default: the nearest, here or in a folder above)')
      .option('--strict', 'what is not known counts as exceeded')
      .addOption(new Option('--sarif', 'the result for code scanning').conflicts(['json', 'markdown', 'github']))
      .addOption(new Option('--github', 'the result for GitHub Actions').conflicts(['json', 'markdown', 'sarif'])),
  ).action(async (paths: string[], options: CheckOptions) => {
    const { check } = await import('./commands/check.ts');
    ended(await check(paths, options, host));
  });

  return program;
}

/** The flags that every command has. */
function common(command: Command): Command {
  return command
    .addOption(new Option('--json', 'for programs').conflicts('markdown'))
    .option('--markdown', 'for a pull request or a wiki')
    .option('--platform <os/arch>', 'the platform asked for (default: the engine’s, else linux/amd64)', platform)
    .option('--offline', 'ask no engine and no registry')
    .addOption(
      new Option('--source <kind>', 'ask only this source').choices(['engine', 'registry', 'archive', 'layout']),
    )
    .option('--no-cache', 'do not use what was read before')
    .option('--insecure-registry <host>', 'a registry that is asked by plain http; may be repeated', collect, [])
    .addOption(new Option('--color <when>', 'colours').choices(['auto', 'always', 'never']).default('auto'))
    .option('--quiet', 'no progress and no remarks')
    .option('--debug', 'show the stack of an error')
    .exitOverride();
}

function csvOption(rows: string): Option {
  return new Option('--csv', `${rows} as comma-separated values`).conflicts(['json', 'markdown']);
}

function collect(value: string, all: string[]): string[] {
  return [...all, value];
}

function asksForRefactoring({ multiStage, base, minimalBase, dockerignore, small }: RefactorFlags): boolean {
  return base !== undefined || [multiStage, minimalBase, dockerignore, small].includes(true);
}

/** `KEY=VALUE`, of a question that a refactoring asks. */
function collectAnswer(text: string, all: Record<string, string>): Record<string, string> {
  const [, key, value] = /^([a-z][\w.-]*)=(.*)$/s.exec(text) ?? [];
  if (key === undefined || value === undefined) throw new InvalidArgumentError('It is KEY=VALUE.');
  return { ...all, [key]: value };
}

/** A count of rows, of which 0 means all; as a number that no image reaches. */
function rowCount(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('It is a number of rows; 0 means all.');
  return Number(text) === 0 ? Number.MAX_SAFE_INTEGER : Number(text);
}

/** At most an hour. */
function seconds(text: string): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number === 0 || number > 3600) throw new InvalidArgumentError('It is 1 to 3600 seconds.');
  return number;
}

/** `KEY=VALUE`; `KEY` alone takes the value from the environment, as `docker build` does. */
function collectArgument(text: string, all: Record<string, string>): Record<string, string> {
  const [, name, value] = /^([^=]+)(?:=(.*))?$/s.exec(text) ?? [];
  if (name === undefined) throw new InvalidArgumentError('It is KEY=VALUE.');
  const given = value ?? process.env[name];
  return given === undefined ? all : { ...all, [name]: given };
}

function platform(text: string): string {
  if (!/^[a-z0-9]+\/[a-z0-9_]+(\/[a-z0-9]+)?$/.test(text))
    throw new InvalidArgumentError('It is os/arch, as linux/arm64.');
  return text;
}
