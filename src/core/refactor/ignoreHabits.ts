import type { Dockerfile } from '../dockerfile/model.ts';
import { baseName } from '../program/fileSystem.ts';
import { noEvidence } from '../rules/scene/evidence.ts';
import { wordTexts } from '../rules/scene/program.ts';
import { Scenes } from '../rules/scene/scene.ts';
import type { RefactorOptions } from './options.ts';
import type { Project } from './project.ts';

/** Something that is in many a working copy and that an image seldom needs. */
export interface Habit {
  /** The name of a folder, or of a file where that is a pattern of names. */
  readonly name: string | RegExp;
  /** How an ignore file says it at the root; two stars and a slash go before it where it is meant at any depth. */
  readonly pattern: string;
  /** It is meant at the root of the context alone. */
  readonly rootOnly?: true;
  readonly group: Group;
  /** True where the build makes it anew, so that commands may name it. */
  readonly isMade?: true;
  /** Whether this one, at this path, can be left out: what in the context or in the Dockerfile says so. */
  readonly fits: (path: string, build: BuildHabits) => boolean;
}

/** The comments over the lines of an ignore file. */
export const groups = {
  history: 'History of the sources',
  dependencies: 'Dependencies that the build installs anew',
  output: 'What the build makes anew',
  caches: 'Caches and reports of tools',
  editors: 'Files of editors and systems',
  secrets: 'Settings of this machine, perhaps with secrets',
} as const;
export type Group = keyof typeof groups;

/** What the build does, as far as it decides what it needs of the context. */
export interface BuildHabits {
  readonly project: Project;
  /** Whether a `RUN` calls one of these programs with such a first word: `npm`, `install`. */
  readonly runs: (program: RegExp, verb?: RegExp) => boolean;
  /** Whether a build file of the context, one of these names, says such a thing. */
  readonly says: (file: RegExp, text: RegExp) => boolean;
  /** True where git does not keep a path: then it is no source. */
  readonly isUntracked: (path: string) => boolean;
  /** Whether a file of such a name stands beside a path. */
  readonly isBeside: (path: string, name: RegExp) => boolean;
}

/** As many texts of one kind are read as a project seldom has. */
const mostTexts = 500;

/**
 * Reads what a Dockerfile builds with.
 *
 * @param stage the stage that must do it, or one that it is built on, or one on it; any stage where absent.
 */
export function readBuildHabits(
  dockerfile: Dockerfile,
  project: Project,
  options: RefactorOptions,
  stage?: number,
): BuildHabits {
  const scenes = new Scenes(dockerfile, { platform: options.platform, today: options.today, evidence: noEvidence });
  const own = stage === undefined ? undefined : scenes.all[stage];
  const meant = own === undefined ? scenes.all : [...own.lineage, ...own.above];
  const programs = meant.flatMap(({ runs }) => runs.flatMap((run) => run.programs));
  const sources = project.files.filter((file) => !/(?:^|\/)(?:node_modules|vendor|target|\.git|\.?venv)\//.test(file));
  const tracked = (project.text('.gitignore') ?? '').split(/\r?\n/).map((line) =>
    line
      .trim()
      .replace(/^\/|\/$/g, '')
      .replace(/^\*\*\//, ''),
  );
  const ignored = new Set(tracked.filter((line) => line !== '' && !line.startsWith('#') && !line.startsWith('!')));
  const siblings = new Map<string, string[]>();
  for (const file of sources) {
    const known = siblings.get(folderOf(file));
    const name = baseName(file);
    if (known === undefined) siblings.set(folderOf(file), [name]);
    else known.push(name);
  }
  return {
    project,
    runs: (program, verb) =>
      programs.some(
        ({ name, args }) => program.test(name) && (verb === undefined || verb.test(wordTexts(args).join(' '))),
      ),
    says: (file, text) => {
      const named = sources.filter((path) => file.test(path));
      // Of so many not all are read: one of them may well say it.
      return named.length > mostTexts || named.some((path) => text.test(project.text(path) ?? ''));
    },
    isBeside: (path, name) => (siblings.get(folderOf(path)) ?? []).some((each) => name.test(each)),
    isUntracked: (path) => ignored.has(path) || ignored.has(path.replace(/^.*\//, '')),
  };
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

const always = (): boolean => true;
/** A program that is installed for everybody is none of the project's modules. */
const installsNode = ({ runs }: BuildHabits): boolean =>
  runs(
    /^(?:npm|pnpm|bun)$/,
    /^(?!run\b|exec\b)(?!.*(?:^|\s)(?:-g|--global|--location=global)(?:\s|$))(?:.*\s)?(?:ci|install|i|add|clean-install)(?:\s|$)/,
  ) || runs(/^yarn$/, /^(?!.*(?:^|\s)(?:global|--version|-v)(?:\s|$))(?:$|-|install|add|workspaces focus)/);
const buildsNode = ({ runs }: BuildHabits): boolean =>
  runs(/^(?:npm|yarn|pnpm|bun|npx|ng|vite|tsc|next|nuxt)$/, /build|tsc|generate/);

/** Who reads the history while it builds: version numbers out of tags, dates of pages. */
function readsHistory(build: BuildHabits): boolean {
  return (
    build.runs(/^git$/) ||
    build.runs(/^(?:git-describe|gitversion|semantic-release|goreleaser|setuptools_scm|hatch|versioneer)$/) ||
    build.says(
      /(?:^|\/)(?:pyproject\.toml|setup\.(?:py|cfg))$/,
      /setuptools[-_]scm|hatch-vcs|versioneer|dynamic-versioning|dunamai|pbr\b/,
    ) ||
    build.says(/(?:^|\/)(?:hugo|config)\.(?:toml|ya?ml|json)$/, /enableGitInfo["']?\s*[=:]\s*true/i) ||
    build.says(
      /(?:^|\/)(?:pom\.xml|build\.gradle(?:\.kts)?)$/,
      /git-commit-id|git-properties|grgit|nebula\.release|palantir\.git-version|jgitver/,
    ) ||
    build.says(/(?:^|\/)(?:Cargo\.toml|build\.rs)$/, /vergen|shadow-rs|\bbuilt\b|git2|git_version|"git"/) ||
    build.says(
      /(?:^|\/)package\.json$/,
      /git-revision|git-rev|gitinfo|git-describe|"[^"]*\bgit (?:describe|rev-parse|log|show|submodule)\b/,
    ) ||
    build.says(/\.(?:cs|fs|vb)proj$|Directory\.Build\.(?:props|targets)$/, /GitVersion|Nerdbank|MinVer|GitInfo/) ||
    build.says(
      /(?:^|\/)(?:GNUmakefile|[Mm]akefile|CMakeLists\.txt|meson\.build|configure\.ac|mkdocs\.ya?ml|Rakefile|mix\.exs)$|\.(?:mk|sh|bash|cmake)$/,
      /\bgit (?:describe|rev-parse|log|show|status|ls-files|submodule|-C)\b|git-revision-date|find_package\(Git|GIT_EXECUTABLE/,
    ) ||
    // Go writes the revision into what it builds; some programs print it.
    (build.runs(/^go$/, /^(?:build|install)/) && build.says(/\.go$/, /debug\.ReadBuildInfo|vcs\.revision/))
  );
}

/** Who reads `.env` files: bundlers while they build, libraries when the program starts. */
function readsEnvironment(build: BuildHabits): boolean {
  return (
    build.says(
      /(?:^|\/)package\.json$/,
      /"(?:vite|next|nuxt|astro|gatsby|react-scripts|@vue\/cli-service|@sveltejs\/kit|dotenv[\w-]*|@nestjs\/config|env-cmd|@remix-run\/dev|bun)"|--env-file/,
    ) ||
    build.says(
      /(?:^|\/)(?:requirements[^/]*\.txt|pyproject\.toml|Pipfile)$/,
      /dotenv|environs|decouple|django-environ|pydantic-settings|starlette|flask/i,
    ) ||
    build.says(
      /(?:^|\/)(?:composer\.json|Gemfile|go\.mod|mix\.exs|Cargo\.toml)$/,
      /dotenv|laravel|symfony|godotenv|dotenvy/i,
    ) ||
    build.says(/(?:^|\/)(?:compose|docker-compose)[^/]*\.ya?ml$|(?:^|\/)[Mm]akefile$|\.sh$/, /(?:^|[\s/"'])\.env\b/m)
  );
}

const visualStudio = /^[^/]+\.(?:cs|fs|vb)proj$/;

/** In the order of the file that comes of it. */
export const habits: readonly Habit[] = [
  // All or nothing: a part of it fails builds that ask git.
  { name: '.git', pattern: '.git', rootOnly: true, group: 'history', fits: (_, build) => !readsHistory(build) },
  { name: '.hg', pattern: '.hg', rootOnly: true, group: 'history', fits: (_, build) => !build.runs(/^hg$/) },
  { name: '.svn', pattern: '.svn', group: 'history', fits: (_, build) => !build.runs(/^svn(?:version)?$/) },
  {
    name: 'node_modules',
    pattern: 'node_modules',
    group: 'dependencies',
    isMade: true,
    fits: (_, build) => installsNode(build),
  },
  {
    name: 'bower_components',
    pattern: 'bower_components',
    group: 'dependencies',
    isMade: true,
    fits: (_, build) => build.runs(/^bower$/, /^install/),
  },
  ...['.venv', 'venv', 'env'].map((name): Habit => ({
    name,
    pattern: name,
    group: 'dependencies',
    isMade: true,
    fits: (path, { project, runs }) =>
      project.has(`${path}/pyvenv.cfg`) && runs(/^(?:pip|pip3|uv|poetry|pipenv|pdm|python3?)$/),
  })),
  {
    name: 'vendor',
    pattern: 'vendor',
    group: 'dependencies',
    isMade: true,
    fits: (path, build) =>
      build.project.has(`${path}/composer/installed.json`) && build.runs(/^composer$/, /^install|^update/),
  },
  {
    name: 'target',
    pattern: 'target',
    group: 'output',
    isMade: true,
    fits: (path, build) =>
      (build.isBeside(path, /^Cargo\.toml$/) && build.runs(/^cargo$/, /^(?:build|install|test|run)/)) ||
      (build.isBeside(path, /^pom\.xml$/) && build.runs(/^mvnw?$/)),
  },
  {
    name: '.gradle',
    pattern: '.gradle',
    group: 'output',
    isMade: true,
    fits: (path, build) => build.isBeside(path, /^(?:settings|build)\.gradle(?:\.kts)?$/) && build.runs(/^gradlew?$/),
  },
  {
    name: 'build',
    pattern: 'build',
    group: 'output',
    isMade: true,
    fits: (path, build) =>
      (build.isBeside(path, /^build\.gradle(?:\.kts)?$/) && build.runs(/^gradlew?$/)) ||
      (build.isBeside(path, /^package\.json$/) && build.isUntracked(path) && buildsNode(build)),
  },
  ...['bin', 'obj'].map((name): Habit => ({
    name,
    pattern: name,
    group: 'output',
    isMade: true,
    fits: (path, build) =>
      build.isBeside(path, visualStudio) && build.runs(/^dotnet$/, /^(?:build|publish|restore|test)/),
  })),
  ...['dist', 'out'].map((name): Habit => ({
    name,
    pattern: name,
    group: 'output',
    isMade: true,
    fits: (path, build) => build.isBeside(path, /^package\.json$/) && build.isUntracked(path) && buildsNode(build),
  })),
  ...['.next', '.nuxt', '.output', '.svelte-kit', '.angular'].map((name): Habit => ({
    name,
    pattern: name,
    group: 'output',
    isMade: true,
    fits: (path, build) => build.isBeside(path, /^package\.json$/) && buildsNode(build),
  })),
  {
    name: '_build',
    pattern: '_build',
    group: 'output',
    isMade: true,
    fits: (path, build) => build.isBeside(path, /^mix\.exs$/) && build.runs(/^mix$/),
  },
  {
    name: '.build',
    pattern: '.build',
    group: 'output',
    isMade: true,
    fits: (path, build) => build.isBeside(path, /^Package\.swift$/) && build.runs(/^swift$/, /^build/),
  },
  { name: '.stack-work', pattern: '.stack-work', group: 'output', isMade: true, fits: always },
  { name: 'dist-newstyle', pattern: 'dist-newstyle', group: 'output', isMade: true, fits: always },
  {
    name: /\.o$/,
    pattern: '*.o',
    group: 'output',
    isMade: true,
    fits: (path, build) =>
      build.runs(/^(?:make|cmake|ninja|gcc|g\+\+|cc|c\+\+|clang)$/) && build.project.has(path.replace(/\.o$/, '.c')),
  },
  ...[
    '__pycache__',
    '.pytest_cache',
    '.mypy_cache',
    '.ruff_cache',
    '.tox',
    '.nox',
    '.nyc_output',
    '.turbo',
    '.parcel-cache',
    '.eslintcache',
    '.terraform',
    'htmlcov',
  ].map((name): Habit => ({ name, pattern: name, group: 'caches', fits: always })),
  { name: 'coverage', pattern: 'coverage', group: 'caches', fits: (path, build) => build.isUntracked(path) },
  {
    name: /\.log$/,
    pattern: '*.log',
    group: 'caches',
    fits: (path, build) =>
      /(?:^|\/)(?:npm-debug|yarn-debug|yarn-error|lerna-debug|hs_err_pid\d+)[^/]*\.log$/.test(path) ||
      build.isUntracked('*.log'),
  },
  ...['.idea', '.vscode', '.vs', '.fleet', '.history'].map((name): Habit => ({
    name,
    pattern: name,
    group: 'editors',
    fits: always,
  })),
  { name: /^\.DS_Store$/, pattern: '.DS_Store', group: 'editors', fits: always },
  { name: /^Thumbs\.db$/, pattern: 'Thumbs.db', group: 'editors', fits: always },
  { name: /\.sw[op]$/, pattern: '*.sw[op]', group: 'editors', fits: always },
  {
    name: /^\.env(?:\..+)?\.local$|^\.env$/,
    pattern: '.env',
    group: 'secrets',
    fits: (path, build) => !readsEnvironment(build) && !/\.(?:example|sample|dist|template)/.test(path),
  },
];
