import { catalogue } from '../../base/catalogueRows.ts';
import { block } from './blocked.ts';
import type { Build, Ecosystem, ImageBase, Plan } from './ecosystem.ts';
import { baseName } from './gates.ts';
import { readNodeCommand, scriptOf } from './node.ts';
import { type NodePackage, readPackage, resolveScript } from './nodePackage.ts';
import { readPython } from './python.ts';
import { readRuby } from './ruby.ts';
import { readStart, type Start } from './start.ts';
import type { Subject } from './subject.ts';

/** A program that serves a site: from files, or from sources, which it builds as they change. */
interface Server {
  /** Where it serves from; absent where that is what the build is told. */
  readonly folder?: string;
  readonly port: number;
  /** Every unknown address is answered by the first page. */
  readonly isSinglePage: boolean;
  /** It serves sources: the site must be built first. */
  readonly develops: boolean;
  readonly build?: string;
}

/** Sites whose server only hands out files: what is built goes along, onto nginx. */
export const staticSite: Ecosystem = {
  id: 'static-site',
  name: 'site',

  detect(subject) {
    const isBuilt = subject.scene.runs.some((run) =>
      run.programs.some(({ name }) =>
        /^(?:npm|yarn|pnpm|npx|hugo|jekyll|bundle|mkdocs|mdbook|sphinx-build|make|pip)$/.test(name),
      ),
    );
    const starts = subject.stage.instructions.some(({ keyword }) => keyword === 'CMD' || keyword === 'ENTRYPOINT');
    return isBuilt && starts && serverOf(subject, readStart(subject)) !== undefined;
  },

  read(program, where) {
    if (/^(?:hugo|mdbook|mkdocs|sphinx-build|zola|jekyll|eleventy)$/.test(program.name)) return { kind: 'compile' };
    return readNodeCommand(program) ?? readPython(program, where) ?? readRuby(program, where);
  },

  plan(build) {
    const { subject, start } = build;
    const server = serverOf(subject, start)!;
    const { line } = start;
    if (start.entrypoint !== undefined && start.cmd !== undefined && start.scripts.length > 0) {
      block('entrypoint-script', 'A script prepares what is served when the container starts.', { line });
    }
    checkProxy(build);
    const root = siteFolder(build, server);
    const tail = [
      ...(server.develops ? buildCommands(build, server) : []),
      serverSettings(portOf(build, server), root, server.isSinglePage),
    ];
    const user = subject.scene.userAt(subject.stage.instructions.at(-1)!);
    if (user !== undefined && !/^(?:root|0)(?::.*)?$/.test(user)) {
      block('server-user', `The server runs as ${user}, and nginx starts as root.`, {
        line,
        unblock: 'Say that it may: leave USER out.',
      });
    }
    subject.note('changed', `The files are served by nginx now, not by \`${start.argv.join(' ')}\`.`, line);
    const plan: Plan = {
      program: { kind: 'image', bases: [nginx()] },
      copies: [
        { path: root, isFolder: true, reason: 'the site' },
        {
          path: '/etc/nginx/conf.d/default.conf',
          from: settingsFile,
          isFolder: false,
          reason: 'the settings of the server',
        },
      ],
      tail,
      buildFolders: [
        ...new Set([...subject.context.mapped.map(({ target }) => target), ...build.steps.map(({ folder }) => folder)]),
      ],
      buildOnly:
        /^(?:NODE_ENV|NODE_OPTIONS|CI|npm_config_\w*|NPM_CONFIG_\w*|YARN_\w*|PNPM_HOME|HUGO_\w*|JEKYLL_\w*|BUNDLE_\w*|GEM_\w*|LANG|PYTHON\w*|PIP_\w*|(?:REACT_APP|VITE|VUE_APP|NEXT_PUBLIC|GATSBY|PUBLIC|NG_APP)_\w*|PORT|HOST)$/,
      buildPackages: /./,
      startsItself: true,
    };
    return plan;
  },
};

const settingsFile = '/run-nginx.conf';

/** The stable nginx on Alpine, without the modules that hand out no files. */
function nginx(): ImageBase {
  const version = catalogue.channels.nginx?.stable ?? 'stable';
  return { reference: `nginx:${version}-alpine`, shell: true, packageManager: 'apk' };
}

function words(subject: Subject, start: Start): readonly (readonly string[])[] {
  const [first = '', ...rest] = start.argv;
  const script = scriptOf(first, rest);
  if (script !== undefined) return resolveScript(manifestOf(subject), script);
  const bare = [baseName(first), ...rest];
  // `npx serve`, `yarn exec serve`, `bundle exec jekyll serve`, `python -m http.server`.
  if (/^(?:npx|pnpx)$/.test(bare[0]!)) return [bare.slice(1).filter((word, at) => at > 0 || !word.startsWith('-'))];
  if (bare[1] === 'exec' || bare[1] === 'dlx') return [bare.slice(2)];
  if (/^python[\d.]*$/.test(bare[0]!) && bare[1] === '-m') return [bare.slice(2)];
  return [bare];
}

/** The package.json where the container starts. */
function manifestOf(subject: Subject): NodePackage {
  const file = subject.context.contextPath(`${subject.workingDir === '/' ? '' : subject.workingDir}/package.json`);
  return readPackage(subject, file?.includes('/') === true ? file.slice(0, file.lastIndexOf('/')) : '');
}

/** What serves the site; undefined where what is started is no server of files. */
function serverOf(subject: Subject, start: Start): Server | undefined {
  const commands = words(subject, start);
  if (commands.length !== 1) return undefined;
  const [name = '', ...args] = commands[0]!;
  const options = args.filter((word) => word.startsWith('-'));
  const plain = operandsOf(args);
  const port = optionValue(args, /^(?:-p|--port|-l|--listen|-P)$/);
  const number = (fallback: number): number => Number(/(\d+)$/.exec(port ?? '')?.[1] ?? fallback);
  switch (baseName(name)) {
    case 'serve':
      return {
        folder: plain[0] ?? '.',
        port: number(3000),
        isSinglePage: options.some((word) => /^-[a-z]*s|^--single/.test(word)),
        develops: false,
      };
    case 'http-server':
    case 'live-server':
      return { folder: plain[0] ?? '.', port: number(8080), isSinglePage: false, develops: false };
    case 'http.server':
      return {
        folder: optionValue(args, /^(?:-d|--directory)$/) ?? '.',
        port: Number(plain[0] ?? 8000),
        isSinglePage: false,
        develops: false,
      };
    case 'vite':
      if (plain[0] === 'preview') return { port: number(4173), isSinglePage: true, develops: false };
      return plain[0] === 'build'
        ? undefined
        : { port: number(5173), isSinglePage: true, develops: true, build: 'vite build' };
    case 'react-scripts':
      return plain[0] === 'start'
        ? { port: number(3000), isSinglePage: true, develops: true, build: 'react-scripts build' }
        : undefined;
    case 'vue-cli-service':
      return plain[0] === 'serve'
        ? { port: number(8080), isSinglePage: true, develops: true, build: 'vue-cli-service build' }
        : undefined;
    case 'ng':
      return plain[0] === 'serve'
        ? { port: number(4200), isSinglePage: true, develops: true, build: 'ng build' }
        : undefined;
    case 'hugo':
      return (plain[0] ?? '').startsWith('serve')
        ? { folder: 'public', port: number(1313), isSinglePage: false, develops: true, build: 'hugo' }
        : undefined;
    case 'jekyll':
      return /^s(?:erve)?$/.test(plain[0] ?? '')
        ? { folder: '_site', port: number(4000), isSinglePage: false, develops: true, build: 'jekyll build' }
        : undefined;
    case 'mkdocs':
      return plain[0] === 'serve'
        ? {
            folder: 'site',
            port: Number(/:(\d+)/.exec(args.join(' '))?.[1] ?? 8000),
            isSinglePage: false,
            develops: true,
            build: 'mkdocs build',
          }
        : undefined;
    case 'mdbook':
      return plain[0] === 'serve'
        ? { folder: 'book', port: number(3000), isSinglePage: false, develops: true, build: 'mdbook build' }
        : undefined;
    case 'eleventy':
      return options.includes('--serve')
        ? { folder: '_site', port: number(8080), isSinglePage: false, develops: true, build: 'eleventy' }
        : undefined;
    case 'gatsby':
      return plain[0] === 'serve'
        ? { folder: 'public', port: number(9000), isSinglePage: false, develops: false }
        : undefined;
    case 'astro':
      return plain[0] === 'preview'
        ? { folder: 'dist', port: number(4321), isSinglePage: false, develops: false }
        : undefined;
    default:
      return undefined;
  }
}

const taking =
  /^(?:-[pPlLdcabn]|--(?:port|listen|host|directory|config|bind|baseURL|source|destination|dev-addr|hostname))$/;

function operandsOf(args: readonly string[]): readonly string[] {
  return args.filter((word, at) => !word.startsWith('-') && !taking.test(args[at - 1] ?? ''));
}

function optionValue(args: readonly string[], option: RegExp): string | undefined {
  const joined = args.find(
    (word) => word.startsWith('--') && word.includes('=') && option.test(word.slice(0, word.indexOf('='))),
  );
  if (joined !== undefined) return joined.slice(joined.indexOf('=') + 1);
  const at = args.findIndex((word) => option.test(word));
  return at < 0 ? undefined : args[at + 1];
}

/** Where the built site is: what the server is told, else where the tool puts it. */
function siteFolder({ subject, start }: Build, { folder }: Server): string {
  const { workingDir } = subject;
  if (folder !== undefined && folder !== '.') return checked(subject.absolute(folder, workingDir), start.line);
  if (folder === '.') return checked(workingDir, start.line);
  const manifest = manifestOf(subject);
  const all = { ...manifest.dependencies, ...manifest.devDependencies };
  const config = subject.project.files
    .filter((file) => /(?:^|\/)(?:vite|vue|angular|webpack)\.?(?:config\.[cm]?[jt]s|json)$/.test(file))
    .map((file) => subject.project.text(file) ?? '')
    .join('\n');
  const named = /\b(?:outDir|outputDir|outputPath)["']?\s*:\s*["'](?:\.\/)?([\w./-]+)["']/.exec(config)?.[1];
  if (named !== undefined) return checked(subject.absolute(named, workingDir), start.line);
  if (Object.hasOwn(all, 'react-scripts')) return subject.absolute('build', workingDir);
  if (Object.hasOwn(all, '@angular/core')) {
    return subject.absolute(
      subject.require({
        key: 'artefact',
        prompt: 'In which folder does the build put the site?',
        default: `dist/${manifest.name ?? 'app'}/browser`,
        detail: 'Angular names it in angular.json, and its versions differ.',
      }),
      workingDir,
    );
  }
  return subject.absolute('dist', workingDir);
}

function checked(path: string, line: number): string {
  if (path === '/' || path === '/etc' || path === '/usr')
    block('application-in-system', `The site is in ${path}, among what belongs to the system.`, { line });
  return path;
}

/** A development server hands requests on to another one; files alone do not. */
function checkProxy({ subject, start }: Build): void {
  const files = subject.project.files.filter(
    (file) =>
      /(?:^|\/)(?:package\.json|vite\.config\.[cm]?[jt]s|vue\.config\.js|proxy\.conf\.js(?:on)?|setupProxy\.js)$/.test(
        file,
      ) && !file.includes('node_modules/'),
  );
  const found = files.find(
    (file) =>
      /(?:^|\/)(?:proxy\.conf|setupProxy)/.test(file) || /["']?proxy["']?\s*:/.test(subject.project.text(file) ?? ''),
  );
  if (found !== undefined) {
    block(
      'development-proxy',
      `${found} makes the development server hand requests on to another one, which a server of files does not.`,
      { line: start.line },
    );
  }
}

/** Builds what was served from sources, and asks what only a person knows of it. */
function buildCommands({ subject, steps }: Build, { build }: Server): readonly string[] {
  const manifest = manifestOf(subject);
  const command = Object.hasOwn(manifest.scripts, 'build') ? 'npm run build' : (build ?? '');
  subject.require({
    key: 'production-build',
    prompt: `Serve what \`${command}\` builds instead of the sources?`,
    choices: [{ value: 'yes', label: 'Yes: a production build' }],
    default: 'yes',
    detail: 'The development server rebuilds when sources change and shows errors in the page; a build does neither.',
  });
  const isBuilt = steps.some(
    ({ kind, program }) => kind === 'compile' && program.args.some(({ value }) => value === 'build'),
  );
  return [...buildVariables(subject), ...(isBuilt ? [] : [`RUN ${command}`])];
}

const variableName = /\b(?:import\.meta\.env|process\.env)\.((?:VITE|REACT_APP|VUE_APP|PUBLIC|GATSBY)_\w+)/g;

/** Variables that a build puts into the pages, which were read when the container started. */
function buildVariables(subject: Subject): readonly string[] {
  const { project, stage } = subject;
  const names = new Set<string>();
  for (const file of project.files) {
    if (!/\.(?:[cm]?[jt]sx?|vue|svelte)$/.test(file) || file.includes('node_modules/')) continue;
    for (const [, name] of (project.text(file) ?? '').matchAll(variableName)) names.add(name!);
  }
  const files = project.files
    .filter((file) => /(?:^|\/)\.env(?:\.production)?$/.test(file))
    .map((file) => project.text(file) ?? '')
    .join('\n');
  const scope = stage.instructions.at(-1)?.scope;
  return [...names]
    .filter((name) => scope?.get(name) === undefined && !new RegExp(`^${name}=`, 'm').test(files))
    .map((name) => {
      const value = subject.require({
        key: name.toLowerCase().replaceAll('_', '-'),
        prompt: `Which value has ${name} in the built pages?`,
        default: '',
        detail: 'It was read when the container started; a build writes it into the pages.',
      });
      return `ENV ${name}=${JSON.stringify(value)}`;
    });
}

/** The server listens where the old one did, so that those who map the port find it. */
function portOf({ subject }: Build, { port }: Server): string {
  const exposed = subject.stage.instructions
    .find(({ keyword }) => keyword === 'EXPOSE')
    ?.words[0]?.text.replace(/\/tcp$/, '');
  const proposed = exposed !== undefined && /^\d+$/.test(exposed) ? exposed : String(port);
  const answer = subject.require({
    key: 'port',
    prompt: 'On which port does the server listen?',
    default: proposed,
    detail: `Those who start the container map it; up to now it is ${proposed}.`,
  });
  return /^\d{1,5}$/.test(answer) ? answer : block('bad-answer', `${answer} is no port.`);
}

function serverSettings(port: string, root: string, isSinglePage: boolean): string {
  const lines = [
    'server {',
    `  listen ${port};`,
    `  root ${root};`,
    `  location / { try_files $uri $uri/ ${isSinglePage ? '/index.html' : '$uri.html =404'}; }`,
    '}',
  ];
  // One line, so that nothing in it needs a backslash: nginx does not mind.
  return `RUN echo '${lines.map((line) => line.trim()).join(' ')}' > ${settingsFile}`;
}
