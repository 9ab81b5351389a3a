import { isObject, parseJson } from '../../json.ts';
import { baseName } from '../../program/fileSystem.ts';
import { textsOf } from '../project.ts';
import { block } from './blocked.ts';
import type { Build } from './ecosystem.ts';
import { manifestOf, type SiteServer } from './siteServer.ts';
import type { Subject } from './subject.ts';

/** The files with the settings of tools that build pages. */
function settings({ project }: Subject): readonly { readonly file: string; readonly text: string }[] {
  return project.files
    .filter(
      (file) =>
        /(?:^|\/)(?:(?:vite|vue|webpack|astro|docusaurus|gatsby|next|rsbuild)[.-]config\.[cm]?[jt]s|angular\.json)$/.test(
          file,
        ) && !file.includes('node_modules/'),
    )
    .map((file) => ({ file, text: project.text(file) ?? '' }));
}

/** Where the built site is: what the server is told, else where the tool puts it. */
export function siteFolder({ subject, start, steps }: Build, { name, folder, build }: SiteServer): string {
  const { workingDir } = subject;
  const { line } = start;
  const at = (path: string): string => checked(subject.absolute(path, workingDir), line);
  if (folder !== undefined) return at(toldFolder(subject, name) ?? folder);
  const manifest = manifestOf(subject);
  const all = { ...manifest.dependencies, ...manifest.devDependencies };
  const told = /--outDir[= ](\S+)/.exec(manifest.scripts.build ?? '')?.[1];
  if (told !== undefined) return at(told);
  if (Object.hasOwn(all, '@angular/core')) return at(angularFolder(subject, manifest.name));
  const texts = settings(subject).map(({ text }) => text);
  const named = /\b(?:outDir|outputDir)["']?\s*:\s*["'](?:\.\/)?([\w./-]+)["']/.exec(texts.join('\n'))?.[1];
  if (named !== undefined) return at(named);
  if (texts.some((text) => /\b(?:outDir|outputDir|root)\s*:/.test(text))) {
    return at(
      subject.require({
        key: 'artefact',
        prompt: 'In which folder does the build put the site?',
        default: 'dist',
        detail: 'The settings of the tool compute it.',
      }),
    );
  }
  if (build === undefined && steps.length === 0)
    block('no-artefact', 'Nothing builds the site that is served.', { line });
  return at(Object.hasOwn(all, 'react-scripts') ? 'build' : 'dist');
}

/** Where the settings of site generators put the site; undefined for the usual place. */
function toldFolder(subject: Subject, name: string): string | undefined {
  const read = (file: string): string => {
    const path = subject.context.contextPath(subject.absolute(file, subject.workingDir));
    return (path === undefined ? undefined : subject.project.text(path)) ?? '';
  };
  switch (name) {
    case 'hugo':
      return /^\s*publishDir\s*[=:]\s*["']?([\w./-]+)/m.exec(
        ['hugo.toml', 'config.toml', 'hugo.yaml', 'config.yaml'].map(read).join('\n'),
      )?.[1];
    case 'jekyll':
      return /^destination:\s*["']?([\w./-]+)/m.exec(read('_config.yml'))?.[1];
    case 'mkdocs':
      return /^site_dir:\s*["']?([\w./-]+)/m.exec(read('mkdocs.yml'))?.[1];
    case 'mdbook':
      return /^build-dir\s*=\s*["']([\w./-]+)/m.exec(read('book.toml'))?.[1];
    default:
      return undefined;
  }
}

/** Angular puts it where angular.json says; since version 17 its builder adds a folder for what browsers get. */
function angularFolder(subject: Subject, name: string | undefined): string {
  const file = subject.project.files.find((path) => /(?:^|\/)angular\.json$/.test(path));
  const json = file === undefined ? undefined : parseJson(subject.project.text(file) ?? '');
  const projects = isObject(json) && isObject(json.projects) ? json.projects : {};
  const names = Object.keys(projects);
  const [only = name ?? 'app'] = names;
  const project = projects[only];
  const architect = isObject(project) ? (project.architect ?? project.targets) : undefined;
  const target = isObject(architect) ? architect.build : undefined;
  const options = isObject(target) && isObject(target.options) ? target.options : {};
  const isApplication =
    isObject(target) && typeof target.builder === 'string' && target.builder.endsWith(':application');
  const path = typeof options.outputPath === 'string' ? options.outputPath : `dist/${only}`;
  const found = isApplication ? `${path}/browser` : path;
  const isKnown = names.length === 1 && isObject(target) && !isObject(options.outputPath) && options.ssr === undefined;
  if (isKnown) return found;
  return subject.require({
    key: 'artefact',
    prompt: 'In which folder does the build put the site?',
    default: found,
    detail: 'Angular names it in angular.json, and its versions differ.',
  });
}

function checked(path: string, line: number): string {
  if (path === '/' || path === '/etc' || path === '/usr')
    block('application-in-system', `The site is in ${path}, among what belongs to the system.`, { line });
  return path;
}

/** A development server hands requests on to another one; files alone do not. */
export function checkProxy({ subject, start }: Build): void {
  const { project } = subject;
  const files = project.files.filter(
    (file) =>
      /(?:^|\/)(?:package\.json|(?:vite|vue|webpack|astro|rsbuild)\.config\.[cm]?[jt]s|proxy\.conf\.(?:js(?:on)?|mjs)|setupProxy\.[jt]s)$/.test(
        file,
      ) && !file.includes('node_modules/'),
  );
  const found = files.find(
    (file) => /(?:^|\/)(?:proxy\.conf|setupProxy)/.test(file) || /["']?\bproxy["']?\s*:/.test(project.text(file) ?? ''),
  );
  if (found !== undefined) {
    block(
      'development-proxy',
      `${found} makes the development server hand requests on to another one, which a server of files does not.`,
      { line: start.line, unblock: 'Let another server hand them on, or the pages name the other server.' },
    );
  }
}

/** A site that is built for another address than the root is served below that by its tool. */
export function checkBasePath({ subject, start }: Build, { name }: SiteServer): void {
  const { project } = subject;
  const text = (file: string): string => project.text(file) ?? '';
  const path = (address: string | undefined): string =>
    (address ?? '').replace(/^[a-z]+:\/\/[^/]*/, '').replace(/^\.?\/$|^\.$/, '');
  const settingsText = settings(subject)
    .map((one) => one.text)
    .join('\n');
  const base = /(?:\b(?:base|publicPath|baseUrl|pathPrefix)|["']?baseHref["']?)\s*:\s*([^,\n}]+)/
    .exec(settingsText)?.[1]
    ?.trim();
  const found =
    name === 'mkdocs'
      ? path(/^site_url:\s*["']?([^\s"']+)/m.exec(text('mkdocs.yml'))?.[1])
      : name === 'jekyll'
        ? path(/^baseurl:\s*["']?([^\s"'#]+)/m.exec(text('_config.yml'))?.[1])
        : name === 'hugo'
          ? path(
              /^baseURL\s*[=:]\s*["']?([^\s"']+)/im.exec(
                ['hugo.toml', 'config.toml', 'hugo.yaml', 'config.yaml'].map(text).join('\n'),
              )?.[1],
            )
          : base === undefined
            ? path(name === 'react-scripts' ? manifestOf(subject).homepage : undefined)
            : /^["'`]/.test(base)
              ? path(base.replace(/^["'`]|["'`]$/g, ''))
              : base;
  if (found === '') return;
  block('base-path', `The site is built for addresses below \`${found}\`, and its tool serves it there.`, {
    line: start.line,
    unblock: 'Build it for the root, or serve it with a server whose settings you write.',
  });
}

/** Builds what was served from sources, and asks what only a person knows of it. */
export function buildCommands({ subject, start, steps }: Build, { name, build }: SiteServer): readonly string[] {
  const manifest = manifestOf(subject);
  const hasScript = name !== 'hugo' && Object.hasOwn(manifest.scripts, 'build');
  const command = hasScript ? 'npm run build' : `${runnerOf(name, start.argv)}${build!}`;
  subject.require({
    key: 'production-build',
    prompt: `Serve what \`${command}\` builds instead of the sources?`,
    choices: [{ value: 'yes', label: 'Yes: a production build' }],
    default: 'yes',
    detail: 'The development server rebuilds when sources change and shows errors in the page; a build does neither.',
  });
  const isBuilt = steps.some(
    ({ kind, program }) => kind === 'compile' && program.args.some(({ value }) => /^build\b/.test(value ?? '')),
  );
  if (isBuilt) return [];
  const mode = subject.scope.get('NODE_ENV');
  const production = mode === undefined || mode === 'production' ? '' : 'NODE_ENV=production ';
  return [
    ...buildVariables(subject),
    `RUN ${production}${command}${name === 'hugo' ? ` --baseURL ${baseAddress(subject)}` : ''}`,
  ];
}

/** What stands before the tool, as it did where its server was started. */
function runnerOf(name: string, [first = '', second = '']: readonly string[]): string {
  if (second === '-m' || /^(?:bundle|poetry|pipenv|uv|pdm)$/.test(baseName(first))) return `${first} ${second} `;
  return /^(?:vite|react-scripts|vue-cli-service|ng|eleventy|gatsby|astro|docusaurus)$/.test(name) ? 'npx ' : '';
}

/** Hugo's server puts its own address into the pages, a build the one of the settings. */
function baseAddress(subject: Subject): string {
  const answer = subject.require({
    key: 'base-url',
    prompt: 'Which address do the pages have in their links?',
    default: '/',
    detail: "Hugo's server puts its own there; `/` leaves the host out, so that the pages work under any.",
  });
  return /^[\w.:/-]+$/.test(answer) ? answer : block('bad-answer', `${answer} is no address.`);
}

const variableName = /\b(?:import\.meta\.env|process\.env)\.((?:VITE|REACT_APP|VUE_APP|PUBLIC|GATSBY)_\w+)/g;

/** Variables that a build puts into the pages, which were read when the container started. */
function buildVariables(subject: Subject): readonly string[] {
  const { project, scope } = subject;
  const names = new Set<string>();
  for (const file of project.files) {
    if (!/\.(?:[cm]?[jt]sx?|vue|svelte|astro)$/.test(file) || file.includes('node_modules/')) continue;
    for (const [, name] of (project.text(file) ?? '').matchAll(variableName)) names.add(name!);
  }
  const files = textsOf(project, /(?:^|\/)\.env(?:\.production)?$/).join('\n');
  return [...names]
    .filter((name) => scope.get(name) === undefined && !new RegExp(`^${name}=`, 'm').test(files))
    .map((name) => {
      const value = subject.require({
        key: name.toLowerCase().replaceAll('_', '-'),
        prompt: `Which value has ${name} in the built pages?`,
        default: '',
        detail: 'It was read when the container started; a build writes it into the pages.',
      });
      if (/[\r\n]/.test(value)) block('bad-answer', `The value of ${name} has more than one line.`);
      return `ENV ${name}=${JSON.stringify(value).replaceAll('$', '\\$')}`;
    });
}
