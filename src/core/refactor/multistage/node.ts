import { splitArguments, type Program } from '../../rules/scene/program.ts';
import { block } from './blocked.ts';
import type { Build, Ecosystem, Plan } from './ecosystem.ts';
import { baseName } from './gates.ts';
import { applicationCopies } from './interpreted.ts';
import { readPackage, resolveScript, type NodePackage } from './nodePackage.ts';
import type { Reading, Step } from './step.ts';
import type { Subject } from './subject.ts';
import { packageOf } from './tools.ts';
import { slimVariant } from './variants.ts';

const managers = new Set(['npm', 'yarn', 'pnpm']);

/** Servers that run on Node.js: the application goes along with its production dependencies, onto the slim variant. */
export const node: Ecosystem = {
  id: 'node',
  name: 'Node.js',

  detect(subject) {
    return (
      subject.image === 'node' && subject.scene.runs.some((run) => run.programs.some(({ name }) => managers.has(name)))
    );
  },

  read: readNodeCommand,

  plan(build) {
    const { subject, steps } = build;
    const variant = slimVariant(subject);
    if (variant === undefined)
      block('unknown-base', 'What this image of Node.js brings is not known.', { line: subject.stage.from.line });
    const app = packageFolder(build);
    const manifest = readPackage(subject, app.contextPath);
    checkStartCommand(build, manifest);
    const copies = applicationCopies(build, new Set(['fetch', 'compile']));
    const pruning = prune(build, app, manifest);
    const isSmaller = variant.reference !== subject.base.text;
    if (!isSmaller && pruning === undefined && !installsBuildTools(steps)) {
      block('no-benefit', 'The base is slim already, and only what runs is installed.', {
        line: subject.stage.from.line,
      });
    }
    const native = hasNativeModules(subject, app.contextPath);
    const plan: Plan = {
      program: {
        kind: 'image',
        bases: [variant],
        ...(native ? { computed: copies.filter(({ isFolder }) => isFolder).map(({ path }) => `${path}/`) } : {}),
      },
      copies,
      buildFolders: copies.map(({ path }) => path),
      buildOnly:
        /^(?:NPM_CONFIG_\w*|npm_config_\w*|YARN_\w*|PNPM_HOME|COREPACK_\w*|PUPPETEER_SKIP_\w*|CYPRESS_\w*|HUSKY|SHARP_\w*)$/,
      buildPackages: /^(?:python3?|python-is-python3|node-gyp)$/,
      packages: usedPrograms(build),
      runs: globalTools(build),
      ...(pruning === undefined ? {} : { tail: [pruning] }),
      ...replacedCommand(build, manifest),
    };
    return plan;
  },
};

/** Reads the commands of npm, yarn, pnpm and what they start. */
export function readNodeCommand({ name, args }: Program): Reading | undefined {
  const verb = args.find(({ text }) => !text.startsWith('-'))?.value ?? '';
  if (managers.has(name)) {
    if (args.some(({ text }) => /^(?:-g|--global)$/.test(text)) || verb === 'global') return { kind: 'toolchain' };
    if (
      /^(?:|install|i|ci|add|clean-install|fetch|import|dedupe|prune|rebuild|update|upgrade|link|install-clean|up)$/.test(
        verb,
      )
    )
      return { kind: 'fetch' };
    if (
      /^(?:config|set|cache|store|version|login|audit|fund|info|view|outdated|pkg|plugin|why|ls|list|root|bin|-v)$/.test(
        verb,
      )
    )
      return { kind: 'neutral' };
    if (/^(?:test|t|lint)$/.test(verb)) return { kind: 'test' };
    return { kind: 'compile' };
  }
  if (name === 'corepack') return { kind: 'toolchain' };
  if (
    /^(?:npx|pnpx|tsc|webpack|vite|rollup|esbuild|babel|nest|next|nuxt|ng|vue-cli-service|react-scripts|parcel|gulp|grunt|prisma|swc|turbo|nx|lerna|tsup|ncc|astro|svelte-kit|remix|gatsby|eleventy|node-gyp|node-prune|modclean|n)$/.test(
      name,
    )
  ) {
    return { kind: 'compile' };
  }
  if (/^(?:jest|vitest|mocha|ava|tap|eslint|prettier|cypress|playwright)$/.test(name)) return { kind: 'test' };
  // A script of the project: it writes where it runs, as far as anyone writes scripts for a build.
  if (name === 'node')
    return { kind: args.some(({ text }) => /^(?:-v|--version|-p|-e)$/.test(text)) ? 'neutral' : 'compile' };
  return undefined;
}

interface ApplicationFolder {
  /** Absolute, in the container. */
  readonly path: string;
  /** In the context. */
  readonly contextPath: string;
}

/** Where the dependencies are installed: the folder of the project's package.json. */
function packageFolder({ subject, steps, start }: Build): ApplicationFolder {
  const fetching = steps.filter(({ kind }) => kind === 'fetch');
  for (const path of [...fetching.map(({ folder }) => folder), subject.workingDir]) {
    const contextPath = contextOf(subject, path);
    if (contextPath !== undefined) return { path, contextPath };
  }
  return block('no-manifest', 'No package.json of the context is where the dependencies are installed.', {
    line: fetching[0]?.instruction.line ?? start.line,
  });
}

/** The folder of the context whose package.json is in a folder of the container. */
function contextOf(subject: Subject, path: string): string | undefined {
  const file = subject.context.contextPath(`${path === '/' ? '' : path}/package.json`);
  if (file === undefined || !subject.project.has(file)) return undefined;
  return file.includes('/') ? file.slice(0, file.lastIndexOf('/')) : '';
}

const developing =
  /^(?:nodemon|ts-node(?:-dev)?|tsx|concurrently|webpack(?:-dev-server)?|vite|react-scripts|ng|vue-cli-service|next|nuxt|nuxi|gatsby|astro|parcel|rollup|esbuild|babel-node|swc-node|npm-run-all|run-p|run-s|nx|turbo|lerna)$/;

/** A start command that builds, watches or serves sources is another matter. */
function checkStartCommand({ start }: Build, manifest: NodePackage): void {
  for (const { name, args, by } of start.programs) {
    const commands = launched(manifest, name, args);
    // `next start` serves what `next build` made.
    const tool = commands.find(([first = '', verb]) => developing.test(baseName(first)) && verb !== 'start')?.[0];
    if (tool !== undefined) {
      block('needs-toolchain', `${by} starts ${tool}, which works on sources and is no part of a run stage.`, {
        line: start.line,
        unblock: 'Start what the build makes, as in `node dist/main.js`.',
      });
    }
  }
}

/** What a program of the start command comes to start, looked at through package managers and `npx`. */
function launched(manifest: NodePackage, name: string, args: readonly string[]): readonly (readonly string[])[] {
  const script = scriptOf(name, args);
  if (script !== undefined) return resolveScript(manifest, script);
  const isRunner = /^(?:npx|pnpx)$/.test(baseName(name));
  const rest = isRunner
    ? args
    : /^(?:exec|dlx)$/.test(args[0] ?? '') && managers.has(baseName(name))
      ? args.slice(1)
      : undefined;
  const from = rest?.findIndex((word) => !word.startsWith('-')) ?? -1;
  return rest === undefined || from < 0 ? [[baseName(name), ...args]] : [rest.slice(from)];
}

/** The script of package.json that a call of a package manager runs. */
export function scriptOf(name: string, args: readonly string[]): string | undefined {
  if (!managers.has(baseName(name))) return undefined;
  const words = args.filter((word) => !word.startsWith('-'));
  if (words[0] === 'run' || words[0] === 'run-script') return words[1];
  return words[0] === 'start' ||
    (words[0] !== undefined && baseName(name) !== 'npm' && words[0] !== 'exec' && words[0] !== 'dlx')
    ? words[0]
    : undefined;
}

/** The command that leaves only production dependencies; undefined where there are no others, or one of them may be used. */
function prune(build: Build, { path, contextPath }: ApplicationFolder, manifest: NodePackage): string | undefined {
  const { subject, steps } = build;
  const { project, stage } = subject;
  const installs = steps.filter(
    ({ kind, program, folder }) => kind === 'fetch' && managers.has(program.name) && folder === path,
  );
  if (Object.keys(manifest.devDependencies).length === 0) return undefined;
  const isProduction = ({ program, instruction }: Step): boolean =>
    program.args.some(({ text }) =>
      /^(?:--omit=dev|--only=prod(?:uction)?|--production(?:=true)?|--prod|-P|--without-dev)$/.test(text),
    ) || subject.scene.run(instruction).variable(program, 'NODE_ENV') === 'production';
  if (installs.length === 0 || installs.every(isProduction)) return undefined;
  const at = contextPath === '' ? '' : `${contextPath}/`;
  if (project.has(`${at}.pnp.cjs`) || project.has(`${at}.yarnrc.yml`) || manifest.workspaces) {
    subject.note(
      'assumed',
      'Development dependencies stay, because which of them can go is not known for this kind of project.',
      stage.from.line,
    );
    return undefined;
  }
  const used = usedDevelopment(build, contextPath, manifest);
  if (used !== undefined) {
    subject.note('assumed', `Development dependencies stay, because ${used}.`);
    return undefined;
  }
  subject.note(
    'moved',
    `Development dependencies are removed at the end of the build stage: ${Object.keys(manifest.devDependencies).slice(0, 5).join(', ')}${Object.keys(manifest.devDependencies).length > 5 ? ', …' : ''}.`,
  );
  const folder = subject.workingDir === path ? '' : `cd ${path} && `;
  switch (installs.at(-1)!.program.name) {
    case 'yarn':
      return `RUN ${folder}yarn install --production --ignore-scripts --prefer-offline && yarn cache clean`;
    case 'pnpm':
      return `RUN ${folder}CI=true pnpm prune --prod --ignore-scripts`;
    default:
      // Scripts such as `prepare` call what has just been removed, and nothing that is kept needs them again.
      return `RUN ${folder}npm prune --omit=dev --ignore-scripts`;
  }
}

const runSources = /\.(?:[cm]?js|jsx|[cm]?ts|tsx)$/;
const notRun =
  /(?:^|\/)(?:node_modules|tests?|__tests__|spec|e2e|cypress|coverage|\.storybook|stories)(?:\/|$)|\.(?:test|spec|stories|config|d)\.[cm]?[jt]sx?$|(?:^|\/)(?:gulpfile|Gruntfile|webpack[^/]*|\.eslintrc|jest[^/]*|karma[^/]*|babel[^/]*|esbuild[^/]*)\.[cm]?[jt]s$/;

/** Why a development dependency may be needed to run: a clause; undefined where nothing speaks for it. */
function usedDevelopment({ subject, start }: Build, contextPath: string, manifest: NodePackage): string | undefined {
  const { project } = subject;
  const development = new Set(
    Object.keys(manifest.devDependencies).filter((name) => !Object.hasOwn(manifest.dependencies, name)),
  );
  for (const { name, args } of start.programs) {
    const commands = launched(manifest, name, args);
    for (const words of commands) {
      const tool = words.find((word) => development.has(baseName(word)));
      if (tool !== undefined) return `what is started uses ${tool}`;
    }
  }
  if (!project.complete) return 'not all files of the context were looked at';
  for (const file of project.below(contextPath)) {
    if (!runSources.test(file) || notRun.test(file)) continue;
    const text = project.text(file);
    if (text === undefined) return `${file} could not be read`;
    for (const [, type, name] of text.matchAll(
      /(?:\bimport\s+(type\s)?[^'"();]*?\bfrom\s*|\bimport\s*\(?\s*|\brequire\s*\(\s*|\bexport\s+[^'"();]*?\bfrom\s*)['"]((?:@[\w.-]+\/)?[\w.-]+)/g,
    )) {
      if (type === undefined && development.has(name!)) return `${file} imports ${name!}`;
    }
  }
  return undefined;
}

function installsBuildTools(steps: readonly Step[]): boolean {
  return steps.some(({ packages = [] }) =>
    packages.some((name) => /^(?:build-essential|build-base|g\+\+|gcc|make|python3?|.*-dev)$/.test(name)),
  );
}

/** Whether the lock file has packages that are compiled, or that bring what was compiled for one system. */
function hasNativeModules({ project }: Subject, contextPath: string): boolean {
  const at = contextPath === '' ? '' : `${contextPath}/`;
  const text = ['package-lock.json', 'npm-shrinkwrap.json', 'pnpm-lock.yaml', 'yarn.lock']
    .map((name) => project.text(at + name))
    .find((each) => each !== undefined);
  if (text === undefined) return true;
  return /"hasInstallScript": true|"gypfile": true|requiresBuild: true|node-gyp|node-addon-api|node-pre-gyp|prebuild-install|"libc"|libc:|(?:^|\/)(?:bcrypt|sharp|canvas|better-sqlite3|sqlite3|argon2|prisma)["@]/m.test(
    text,
  );
}

/** Programs that the sources start by name and that only the full image has: their packages. */
function usedPrograms({ subject }: Build): readonly string[] {
  const { project } = subject;
  const texts = project.files
    .filter((file) => runSources.test(file) && !notRun.test(file))
    .map((file) => project.text(file) ?? '');
  const starting = texts.filter((text) => text.includes('child_process') || text.includes('execa'));
  if (starting.length === 0) return [];
  const names = ['git', 'curl', 'wget', 'python3', 'openssl', 'unzip', 'ssh', 'rsync', 'psql', 'sqlite3'];
  const found = names.filter((name) => starting.some((text) => new RegExp(`["'\`]${name}["'\` ]`).test(text)));
  subject.note(
    'assumed',
    found.length > 0
      ? `The sources start ${found.join(', ')}.`
      : 'The sources start other programs: those that are looked for by name were not found, so only what the slim image has is there.',
  );
  return found.flatMap((name) => packageOf('debian', name) ?? []);
}

/** Global installations of what is started, once more in the run stage: their links cannot be copied. */
function globalTools({ subject, start, steps }: Build): readonly string[] {
  const used = new Set(start.programs.map(({ name }) => baseName(name)));
  return steps
    .filter(({ kind, program }) => kind === 'toolchain' && program.name !== 'corepack')
    .filter(({ program }) =>
      splitArguments(program.args).operands.some(({ value }) =>
        used.has((value ?? '').replace(/^(.+)@.*$/, '$1').replace(/^.*\//, '')),
      ),
    )
    .map(({ program: { command } }) => subject.dockerfile.text.slice(command.span.start, command.span.end));
}

/** `pnpm start` needs pnpm, which the run stage has not: what it would start is started directly. */
function replacedCommand({ subject, start }: Build, manifest: NodePackage): Pick<Plan, 'command'> {
  const [first] = start.argv;
  if (first === undefined || !/^(?:pnpm|yarn)$/.test(baseName(first))) return {};
  const script = scriptOf(first, start.argv.slice(1));
  const commands = script === undefined ? [] : resolveScript(manifest, script);
  const [only] = commands;
  if (commands.length !== 1 || only?.[0] !== 'node' || start.entrypoint !== undefined) {
    if (baseName(first) === 'yarn') return {};
    return block(
      'package-manager-start',
      `${first} starts the container, and what it would start is not one plain command.`,
      {
        line: start.line,
        unblock: 'Start the program itself, as in `node dist/main.js`.',
      },
    );
  }
  subject.note(
    'changed',
    `CMD is \`${only.join(' ')}\`, which is what \`${start.argv.join(' ')}\` starts: ${first} is not in the run stage.`,
    start.line,
  );
  return { command: only };
}
