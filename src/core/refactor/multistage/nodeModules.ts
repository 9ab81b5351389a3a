import { isBuiltin } from '../../program/shellBuiltins.ts';
import { baseName } from '../../program/fileSystem.ts';
import { isInSystem, packageOf } from '../systemPrograms.ts';
import { block } from './blocked.ts';
import { joined } from './contextMap.ts';
import type { Build } from './ecosystem.ts';
import type { NodePackage } from './nodePackage.ts';
import { brings, isBerry, managers, type NodeStart } from './nodeStart.ts';
import type { Step } from './step.ts';
import type { Subject } from './subject.ts';

export interface ApplicationFolder {
  /** Absolute, in the container. */
  readonly path: string;
  /** In the context. */
  readonly contextPath: string;
}

/** Where the dependencies are installed: the folder of the project's package.json. */
export function packageFolder({ subject, steps, start }: Build): ApplicationFolder {
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
  const file = subject.fromContext(subject.absolute('package.json', path));
  return file === undefined ? undefined : file.includes('/') ? file.slice(0, file.lastIndexOf('/')) : '';
}

/** Packages that download a browser into the home of who installs them. */
const browsers =
  /^(?:puppeteer|playwright|@playwright\/(?:test|browser-\w+)|playwright-(?:chromium|firefox|webkit)|cypress)$/;

/** Blocks where dependencies are kept elsewhere than in the application's folders. */
export function checkDependencies(
  { subject, steps }: Build,
  { contextPath }: ApplicationFolder,
  manifest: NodePackage,
): void {
  const { project, stage } = subject;
  const browser = Object.keys(manifest.dependencies).find((name) => browsers.test(name));
  if (browser !== undefined) {
    block('browser', `${browser} brings a browser, outside of the application and with many libraries.`, {
      line: stage.from.line,
      unblock: 'Build on an image that has the browser, and name it in FROM of a stage of its own.',
    });
  }
  if (!isBerry(subject, manifest) || !steps.some(({ kind, program }) => kind === 'fetch' && program.name === 'yarn'))
    return;
  const settings = project.text(joined(contextPath, '.yarnrc.yml')) ?? '';
  if (/^nodeLinker:\s*["']?(?:node-modules|pnpm)\b/m.test(settings) || /^enableGlobalCache:\s*false/m.test(settings))
    return;
  const variable = subject.scope.get('YARN_ENABLE_GLOBAL_CACHE');
  if (variable !== undefined && /^(?:false|0)$/.test(variable)) return;
  block(
    'plug-and-play',
    'This yarn keeps the dependencies in a cache outside of the application, which would stay behind.',
    {
      line: steps.find(({ kind }) => kind === 'fetch')?.instruction.line,
      unblock: 'Set `nodeLinker: node-modules` or `enableGlobalCache: false` in .yarnrc.yml.',
    },
  );
}

/**
 * The command that leaves only production dependencies; undefined where there are no others, or one of them may be used, or
 * nobody knows. Why is in the notes.
 */
export function prune(
  build: Build,
  app: ApplicationFolder,
  manifest: NodePackage,
  nodeStart: NodeStart,
): string | undefined {
  const { subject, steps } = build;
  const { path } = app;
  const names = Object.keys(manifest.devDependencies);
  const last = steps.findLast(
    ({ kind, program, folder }) => kind === 'fetch' && managers.has(program.name) && folder === path,
  );
  if (names.length === 0 || last === undefined || isProduction(subject, last)) return undefined;
  const why = whyKept(build, app, manifest, nodeStart, last);
  if (why !== undefined) {
    subject.note('assumed', `Development dependencies stay, because ${why}.`);
    return undefined;
  }
  subject.note(
    'moved',
    `Development dependencies are removed at the end of the build stage: ${names.slice(0, 5).join(', ')}${names.length > 5 ? ', …' : ''}.`,
  );
  return `RUN ${subject.workingDir === path ? '' : `cd ${path} && `}${pruneCommand(subject, app, last)}`;
}

/** Why development dependencies cannot go, a clause; undefined where they can. */
function whyKept(
  build: Build,
  { contextPath }: ApplicationFolder,
  manifest: NodePackage,
  nodeStart: NodeStart,
  { program, instruction }: Step,
): string | undefined {
  const { project, stage } = build.subject;
  if (isBerry(build.subject, manifest)) return 'this yarn has no command that only removes them';
  if (manifest.workspaces || project.has(joined(contextPath, 'pnpm-workspace.yaml')))
    return 'which workspaces need which of them is not known';
  const user = stage.instructions.findLast(
    ({ keyword, index }) =>
      keyword === 'USER' && stage.instructions.some((other) => other.index > index && other.keyword === 'RUN'),
  );
  if (user !== undefined && user.index > instruction.index)
    return `line ${user.line} builds on as another user than the one who installed them`;
  const used = usedDevelopment(build, contextPath, manifest, nodeStart);
  if (used !== undefined) return used;
  const hook = ['preinstall', 'install', 'postinstall', 'prepare'].find((name) =>
    Object.hasOwn(manifest.scripts, name),
  );
  if (program.name === 'bun' && hook !== undefined) return `Bun would install again, and run \`${hook}\` without them`;
  const isSecret = instruction.flags.some(
    ({ name, value }) => name === 'mount' && /type=(?:secret|ssh)/.test(value ?? ''),
  );
  if (isSecret && (program.name === 'yarn' || program.name === 'bun'))
    return `${program.name} would ask the registry again, and the installation needed a secret for that`;
  if (program.name !== 'yarn') return undefined;
  // The lock file of this yarn has no peers, so what a production dependency wants beside it is not known.
  const peer = Object.keys(manifest.devDependencies).find((name) => !toolsOnly.test(name));
  return peer === undefined ? undefined : `${peer} may be wanted by a dependency, which yarn does not tell`;
}

/** How the manager that installed everything removes what only development needs. */
function pruneCommand({ project, facts }: Subject, { contextPath }: ApplicationFolder, { program }: Step): string {
  switch (program.name) {
    case 'yarn':
      return 'yarn install --production --frozen-lockfile --ignore-scripts --prefer-offline';
    case 'pnpm':
      return 'CI=true pnpm prune --prod --ignore-scripts';
    case 'bun': {
      // It removes nothing that is there.
      const isLocked = ['bun.lock', 'bun.lockb'].some((name) => project.has(joined(contextPath, name)));
      return `rm -rf node_modules && bun install --production${isLocked ? ' --frozen-lockfile' : ''}`;
    }
    default: {
      // Without what the installation was told to overlook, npm would find it now.
      const flags = program.args.flatMap(({ value }) =>
        value !== undefined && /^(?:--legacy-peer-deps|--force|-f|--install-links|--install-strategy=\w+)$/.test(value)
          ? [` ${value}`]
          : [],
      );
      // Scripts such as `prepare` call what has just been removed, and nothing that is kept needs them again.
      const version = Number(facts?.language?.version?.split('.')[0] ?? Infinity);
      // The npm of older images knows the other option only.
      return `npm prune ${version < 15 ? '--production' : '--omit=dev'} --ignore-scripts${flags.join('')}`;
    }
  }
}

function isProduction(subject: Subject, { program, instruction }: Step): boolean {
  return (
    program.args.some(({ text }) =>
      /^(?:--omit=dev|--only=prod(?:uction)?|--production(?:=true)?|--prod|-P|--without-dev)$/.test(text),
    ) || subject.scene.run(instruction).variable(program, 'NODE_ENV') === 'production'
  );
}

/** Packages that only build, check or describe, whatever the application is. */
const toolsOnly =
  /^(?:@types\/.*|typescript|ts-node.*|tsx|tsup|tslib|nodemon|eslint.*|@eslint\/.*|@typescript-eslint\/.*|typescript-eslint|prettier.*|jest.*|@jest\/.*|ts-jest|babel.*|@babel\/.*|mocha|chai.*|sinon.*|supertest|nyc|c8|vitest|@vitest\/.*|vite|@vitejs\/.*|webpack.*|.*-loader|rollup.*|@rollup\/.*|esbuild.*|@swc\/(?:cli|core|jest)|husky|lint-staged|@commitlint\/.*|commitizen|rimraf|cpx|copyfiles|concurrently|npm-run-all.*|cross-env|del-cli|shx|@nestjs\/(?:cli|schematics|testing)|source-map-support|standard|xo|ava|tap|playwright|@playwright\/.*|cypress|semantic-release|@semantic-release\/.*|nock|tsconfig-paths|tsc-alias|tsc-watch|copy-webpack-plugin)$/;

/** Packages that others load by a name that they make up, such as `dialect: 'sqlite'`. */
const loadedByName =
  /^(?:pg|pg-native|mysql2?|mariadb|sqlite3|better-sqlite3|tedious|mssql|oracledb|mongodb|redis|ioredis|sql\.js|pug|ejs|hbs|express-handlebars|handlebars|mustache|nunjucks|eta|liquidjs|pino-pretty|winston-.*|class-transformer|class-validator|sharp|canvas|bufferutil|utf-8-validate|encoding|source-map-support|dotenv|dotenv-.*|module-alias|tsconfig-paths|reflect-metadata|prisma|ws)$/;

const runSources = /\.(?:[cm]?js|jsx|[cm]?ts|tsx)$/;
const notRun =
  /(?:^|\/)(?:node_modules|tests?|__tests__|__mocks__|spec|e2e|cypress|coverage|\.storybook|stories)\/|\.(?:test|spec|stories|d)\.[cm]?[jt]sx?$|(?:^|\/)(?:(?:gulp|Grunt)file|\.eslintrc|\.prettierrc|(?:webpack|jest|vitest|vite|rollup|babel|eslint|prettier|postcss|tailwind|tsup|commitlint|lint-staged|cypress|playwright|karma|esbuild|release|nodemon)(?:[.-][\w.-]*)?)\.[cm]?[jt]s$/;

/** The files of the context that may be loaded when the application runs, or that are made into such. */
export function sourcesOf({ project }: Subject, contextPath: string): readonly string[] {
  return project.below(contextPath).filter((file) => runSources.test(file) && !notRun.test(file));
}

const imported =
  /(?:\bimport\s+(type\s)?[^'"();]*?\bfrom\s*|\bimport\s*\(?\s*|\brequire(?:\.resolve)?\s*\(\s*|\bexport\s+[^'"();]*?\bfrom\s*)['"]((?:@[\w.-]+\/)?[\w.-]+)/g;

/** Why a development dependency may be needed to run: a clause; undefined where nothing speaks for it. */
function usedDevelopment(
  { subject, steps }: Build,
  contextPath: string,
  manifest: NodePackage,
  { commands }: NodeStart,
): string | undefined {
  const { project } = subject;
  const names = Object.keys(manifest.devDependencies).filter((name) => !Object.hasOwn(manifest.dependencies, name));
  const development = new Set(names);
  for (const { words } of commands) {
    const [first = ''] = words;
    const tool = words.find((word) =>
      names.some((name) => brings(name, new Set([baseName(word)])) || word.startsWith(`${name}/`)),
    );
    if (tool !== undefined) return `what is started uses ${tool}`;
    const isKnown =
      first.includes('/') ||
      first.includes('$') ||
      /^(?:node|npm|yarn|pnpm|bun|docker-entrypoint\.sh)$/.test(first) ||
      isBuiltin(first) ||
      isInSystem('debian', first) ||
      packageOf('debian', first) !== undefined ||
      Object.keys(manifest.dependencies).some((name) => brings(name, new Set([first])));
    if (!isKnown && !steps.some(({ packages = [] }) => packages.includes(first)))
      return `what brings \`${first}\`, which is started, is not known`;
  }
  if (
    development.has('typescript') &&
    project.below(contextPath).some((file) => /(?:^|\/)next\.config\.ts$/.test(file))
  )
    return 'next.config.ts is read with typescript when it starts';
  const byName = names.find((name) => loadedByName.test(name));
  if (byName !== undefined) return `${byName} may be loaded by a name that nothing spells out`;
  if (!project.complete) return 'not all files of the context were looked at';
  for (const file of sourcesOf(subject, contextPath)) {
    const text = project.text(file);
    if (text === undefined) return `${file} could not be read`;
    for (const [, type, name] of text.matchAll(imported)) {
      if (type === undefined && development.has(name!)) return `${file} imports ${name!}`;
    }
    const quoted = names.find(
      (name) => !name.startsWith('@types/') && ['"', "'", '`'].some((mark) => text.includes(mark + name + mark)),
    );
    if (quoted !== undefined && !isTypeImport(text, quoted)) return `${file} names ${quoted}`;
  }
  return undefined;
}

/** Whether a package is named by imports of types only, which leave nothing behind. */
function isTypeImport(text: string, name: string): boolean {
  const all = text.split(name).length - 1;
  return [...text.matchAll(imported)].filter(([, type, found]) => type !== undefined && found === name).length === all;
}

/** Whether the lock file has packages that are compiled, or that bring what was compiled for one system. */
export function hasNativeModules({ project }: Subject, contextPath: string): boolean {
  if (project.has(joined(contextPath, 'binding.gyp'))) return true;
  const text = ['package-lock.json', 'npm-shrinkwrap.json', 'pnpm-lock.yaml', 'yarn.lock', 'bun.lock']
    .map((name) => project.text(joined(contextPath, name)))
    .find((each) => each !== undefined);
  if (text === undefined) return true;
  return /"hasInstallScript": true|"gypfile": true|requiresBuild: true|node-gyp|node-addon-api|node-pre-gyp|prebuild-install|"libc"|libc:|(?:^|\/)(?:bcrypt|sharp|canvas|better-sqlite3|sqlite3|argon2|prisma)["@]/m.test(
    text,
  );
}
