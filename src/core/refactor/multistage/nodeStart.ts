import { isBuiltin } from '../../program/shellBuiltins.ts';
import { baseName } from '../../program/fileSystem.ts';
import { splitArguments } from '../../rules/scene/program.ts';
import { isInSystem, packageOf } from '../systemPrograms.ts';
import { isStartCommand, type StartedProgram } from '../whatStarts.ts';
import { block } from './blocked.ts';
import type { Build, Plan } from './ecosystem.ts';
import { type NodePackage, packageNamed, resolveScript, type ScriptCommand } from './nodePackage.ts';
import type { Subject } from './subject.ts';

/** What runs scripts of package.json. */
export const managers = new Set(['npm', 'yarn', 'pnpm', 'bun']);

/** What the container starts, once package managers are looked through. */
export interface NodeStart {
  /** Everything that is started, by the start command and by others. */
  readonly commands: readonly ScriptCommand[];
  /** What takes the place of `CMD`; absent where it stays. */
  readonly command?: readonly string[];
  /** What the scripts set for it. */
  readonly environment: Readonly<Record<string, string>>;
}

/** The script that a call of a package manager runs, and the workspace that it is taken from. */
interface ScriptCall {
  readonly script: string;
  readonly workspace?: string;
}

const takesWorkspace = /^(?:-w|--workspace|--filter|-F|--prefix|-C|--dir|--cwd)$/;

/** The script of package.json that a call of a package manager runs; undefined where it runs none. */
function scriptOf(name: string, args: readonly string[]): string | undefined {
  return scriptCall(name, args)?.script;
}

function scriptCall(name: string, args: readonly string[]): ScriptCall | undefined {
  const manager = baseName(name);
  if (!managers.has(manager)) return undefined;
  let workspace: string | undefined;
  const words: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const word = args[at]!;
    if (word === '--') break;
    if (takesWorkspace.test(word)) workspace = args[++at];
    else if (/^--(?:workspace|filter|prefix|dir|cwd)=/.test(word)) workspace = word.slice(word.indexOf('=') + 1);
    else if (!word.startsWith('-')) words.push(word);
  }
  if (manager === 'yarn' && words[0] === 'workspace') [, workspace] = words.splice(0, 2);
  const [verb, first] = words;
  const script = verb === 'run' || verb === 'run-script' ? first : verb;
  if (script === undefined) return undefined;
  // npm runs only a few scripts without `run`, the others all that they do not know as a command of their own.
  const isRun =
    script !== verb || script === 'start' || (manager !== 'npm' && !/^(?:exec|dlx|x|node|install|add)$/.test(script));
  if (!isRun) return undefined;
  return { script, ...(workspace === undefined ? {} : { workspace }) };
}

/** What a program of the start command comes to start, looked at through package managers and `npx`. */
export function launched(
  subject: Subject,
  manifest: NodePackage,
  { name, args }: Pick<StartedProgram, 'name' | 'args'>,
): readonly ScriptCommand[] {
  const call = scriptCall(name, args);
  if (call?.workspace !== undefined) {
    const found = packageNamed(subject, call.workspace);
    if (found === undefined)
      block('unknown-workspace', `Which package \`${call.workspace}\` is, that is started, is not known.`, {
        unblock: 'Start its program itself, as in `node packages/api/dist/main.js`.',
      });
    return resolveScript(found, call.script);
  }
  if (call !== undefined && (call.script === 'start' || Object.hasOwn(manifest.scripts, call.script)))
    return resolveScript(manifest, call.script);
  const plain = (words: readonly string[]): readonly ScriptCommand[] => [{ words, environment: {}, isPlain: true }];
  const isRunner = /^(?:npx|pnpx|bunx)$/.test(baseName(name));
  const isExec = managers.has(baseName(name)) && /^(?:exec|dlx|x|node)$/.test(args[0] ?? '');
  // `yarn serve` starts a program of the dependencies where no script has that name.
  const isBinary = call !== undefined && args[0] === call.script && !/\.[cm]?[jt]sx?$/.test(call.script);
  if (!isRunner && !isExec && !isBinary) return plain([baseName(name), ...args]);
  const rest = isExec && args[0] !== 'node' ? args.slice(1) : args;
  const from = rest.findIndex((word) => !word.startsWith('-'));
  return from < 0 ? [] : plain(rest.slice(from));
}

const developing =
  /^(?:nodemon|ts-node(?:-dev|-esm)?|tsx|concurrently|webpack(?:-dev-server)?|vite|react-scripts|ng|nest|tsc|vue-cli-service|next|nuxt|nuxi|gatsby|astro|parcel|rollup|esbuild|babel-node|swc-node|npm-run-all|run-p|run-s|nx|turbo|lerna)$/;

/** The tool that works on sources, if a command is one; `next start` serves what `next build` made. */
function developmentTool({ words: [first = '', verb, ...rest] }: ScriptCommand): string | undefined {
  const name = baseName(first);
  if (name === 'node') {
    const loader = /(?:^|[/=])(?:ts-node|tsx|@babel\/register|@swc-node\/register|esbuild-register)(?:\/|$)/;
    const all = [verb ?? '', ...rest];
    return all.some((word) => word.startsWith('--watch')) ? 'node --watch' : all.find((word) => loader.test(word));
  }
  return developing.test(name) && (verb !== 'start' || name === 'nest') ? name : undefined;
}

const productionScripts = ['start:prod', 'start:production', 'prod', 'production', 'serve:prod'];

/**
 * Reads what is started. A start command that builds, watches or serves sources blocks, unless package.json has a script for
 * production: then somebody must say whether that is what shall start.
 */
export function readNodeStart({ subject, start }: Build, manifest: NodePackage): NodeStart {
  const { line } = start;
  let command: readonly string[] | undefined;
  let environment: Readonly<Record<string, string>> = {};
  const commands = start.programs.flatMap((program): readonly ScriptCommand[] => {
    const found = launched(subject, manifest, program);
    const tool = found.map(developmentTool).find((name) => name !== undefined);
    if (tool === undefined) return found;
    const other = isStartCommand(program) && start.entrypoint === undefined ? forProduction(manifest) : undefined;
    if (other === undefined) {
      block('needs-toolchain', `${program.by} starts ${tool}, which works on sources and is no part of a run stage.`, {
        line,
        unblock: 'Start what the build makes, as in `node dist/main.js`.',
      });
    }
    const answer = subject.require({
      key: 'start-command',
      prompt: `\`${start.argv.join(' ')}\` starts ${tool}: what shall the container start instead?`,
      default: other.words.join(' '),
      detail: 'It works on sources, which a run stage has no tools for; a script of package.json starts what is built.',
    });
    command = answer.split(/\s+/).filter((word) => word !== '');
    environment = other.environment;
    const replaced = { words: command, environment, isPlain: true };
    if (command.length === 0 || developmentTool(replaced) !== undefined)
      block('bad-answer', `${answer} starts nothing that is built.`, { line });
    return [replaced];
  });
  if (command !== undefined) {
    subject.note('changed', `CMD is \`${command.join(' ')}\` now, as was answered.`, line);
    return { commands, command, environment };
  }
  return { commands, ...direct(subject, start.argv, start.entrypoint !== undefined, line, manifest) };
}

function forProduction(manifest: NodePackage): ScriptCommand | undefined {
  return productionScripts
    .filter((name) => Object.hasOwn(manifest.scripts, name))
    .map((name) => resolveScript(manifest, name))
    .flatMap((found) => (found.length === 1 ? found : []))
    .find((one) => one.isPlain && one.words[0] === 'node' && developmentTool(one) === undefined);
}

/** What `pnpm start` would start is started directly, because the run stage has no pnpm; so is what `cross-env` would start. */
function direct(
  subject: Subject,
  argv: readonly string[],
  hasEntrypoint: boolean,
  line: number,
  manifest: NodePackage,
): Pick<NodeStart, 'command' | 'environment'> {
  const manager = baseName(argv[0] ?? '');
  const script = managers.has(manager) ? scriptOf(manager, argv.slice(1)) : undefined;
  const started: StartedProgram = { name: argv[0] ?? '', args: argv.slice(1), by: 'CMD' };
  const isMissing = manager === 'pnpm' || (manager === 'yarn' && isBerry(subject, manifest) && !bringsYarn(subject));
  const usesCrossEnv = script !== undefined && /\bcross-env\b/.test(manifest.scripts[script] ?? '');
  if (!isMissing && !usesCrossEnv) return { environment: {} };
  const [only, ...others] = launched(subject, manifest, started);
  const isPlain = only?.isPlain === true && others.length === 0 && !hasEntrypoint;
  const words = only === undefined || !isPlain ? undefined : asProgram(only.words, manifest);
  if (words === undefined) {
    if (!isMissing) return { environment: {} };
    return block(
      'package-manager-start',
      `${manager} starts the container, and what it would start is not one plain command.`,
      { line, unblock: 'Start the program itself, as in `node dist/main.js`.' },
    );
  }
  subject.note(
    'changed',
    `CMD is \`${words.join(' ')}\`, which is what \`${argv.join(' ')}\` starts${isMissing ? `: ${manager} is not in the run stage` : ''}.`,
    line,
  );
  return { command: words, environment: only!.environment };
}

/** A command of a script as one that needs no package manager: programs of dependencies by their path. */
function asProgram(words: readonly string[], { dependencies }: NodePackage): readonly string[] | undefined {
  const [first = '', ...rest] = words;
  if (first === 'node' || first.includes('/')) return words;
  return Object.hasOwn(dependencies, first) ? [`node_modules/.bin/${first}`, ...rest] : undefined;
}

/** Whether yarn is of the second generation or later, which is not the one that the image brings. */
export function isBerry({ project }: Subject, { packageManager }: NodePackage): boolean {
  return project.has('.yarnrc.yml') || /^yarn@[2-9]/.test(packageManager ?? '');
}

/** Whether the project has its yarn in it, to which the one of the image hands over. */
function bringsYarn({ project }: Subject): boolean {
  return /^yarnPath:/m.test(project.text('.yarnrc.yml') ?? '');
}

/** Packages whose programs are called otherwise than they are. */
const binaries: Readonly<Record<string, readonly string[]>> = {
  pm2: ['pm2', 'pm2-runtime', 'pm2-docker'],
  '@nestjs/cli': ['nest'],
  'dotenv-cli': ['dotenv'],
  'sequelize-cli': ['sequelize', 'sequelize-cli'],
  'migrate-mongo': ['migrate-mongo'],
  '@strapi/strapi': ['strapi'],
  '@remix-run/serve': ['remix-serve'],
  '@react-router/serve': ['react-router-serve'],
  'json-server': ['json-server'],
};

/** Whether a package of the registry brings one of some programs. */
export function brings(name: string, used: ReadonlySet<string>): boolean {
  if (name.startsWith('@types/')) return false;
  const programs = Object.hasOwn(binaries, name) ? binaries[name]! : [name.replace(/^.*\//, '')];
  return programs.some((program) => used.has(program));
}

/**
 * Global installations of what is started, once more in the run stage: their links cannot be copied. Blocks where what is
 * started is brought by nothing that is known.
 */
export function globalTools(
  { subject, start, steps }: Build,
  { commands, command }: NodeStart,
  manifest: NodePackage,
): readonly string[] {
  const used = new Set([
    // What something else takes the place of is used no more.
    ...start.programs
      .filter((program) => command === undefined || !isStartCommand(program))
      .map(({ name }) => baseName(name)),
    ...commands.map(({ words }) => baseName(words[0] ?? '')),
  ]);
  const found: string[] = [];
  const installed = new Set<string>();
  for (const { kind, program } of steps) {
    if (kind !== 'toolchain' || program.name === 'corepack') continue;
    const names = splitArguments(program.args).operands.flatMap(({ value, text }) => {
      const name = (value ?? text).replace(/^(.+)@.*$/, '$1');
      if (!brings(name, used)) return [];
      for (const one of used) if (brings(name, new Set([one]))) installed.add(one);
      return [text];
    });
    if (names.length === 0) continue;
    found.push(program.name === 'npm' ? `npm install -g ${names.join(' ')}` : textAt(subject, program.command.span));
  }
  checkProgram({ subject, start, steps }, installed, manifest);
  return found;
}

function textAt({ dockerfile }: Subject, { start, end }: { readonly start: number; readonly end: number }): string {
  return dockerfile.text.slice(start, end);
}

/** The program that is started must be somewhere. */
function checkProgram({ subject, start, steps }: Build, installed: ReadonlySet<string>, manifest: NodePackage): void {
  const [first = ''] = start.argv;
  if (first === '' || /[/$]/.test(first) || installed.has(first)) return;
  const known = /^(?:node|npm|npx|yarn|yarnpkg|pnpm|corepack|sh|bash)$/.test(first) || isBuiltin(first);
  if (known || isInSystem('debian', first) || packageOf('debian', first) !== undefined) return;
  // A package of the distribution that nobody knows may bring it: it is installed in the run stage, too.
  if (steps.some(({ packages = [] }) => packages.includes(first))) return;
  // So may the file, as an entry point that it copies into a folder of programs.
  const isCopied = subject.stage.instructions.some(
    (instruction) => /^(?:COPY|ADD)$/.test(instruction.keyword) && subject.argumentsOf(instruction).includes(first),
  );
  const isThere = start.paths.some(
    (path) => subject.fromContext(path) !== undefined || steps.some(({ writes }) => writes.includes(path)),
  );
  if (isCopied || isThere) return;
  const path = subject.scope.get('PATH') ?? '';
  if (
    path.includes('node_modules/.bin') &&
    [...Object.keys(manifest.dependencies), ...Object.keys(manifest.devDependencies)].some((name) =>
      brings(name, new Set([first])),
    )
  )
    return;
  block('unknown-tool', `What brings \`${first}\`, which is started, is not known.`, { line: start.line });
}

/** Packages of the distribution whose programs the scripts of package.json start. */
export function scriptPackages({ commands }: NodeStart, distribution: string): readonly string[] {
  return commands.flatMap(({ words: [first = ''] }) =>
    first.includes('/') || isInSystem(distribution, first) ? [] : (packageOf(distribution, first) ?? []),
  );
}

/** The parts of a plan that say what starts. */
export function startPart({ command, environment }: NodeStart): Pick<Plan, 'command' | 'environment'> {
  return {
    ...(command === undefined ? {} : { command }),
    ...(Object.keys(environment).length === 0 ? {} : { environment }),
  };
}
