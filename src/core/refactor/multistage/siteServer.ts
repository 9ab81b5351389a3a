import { baseName } from '../../program/fileSystem.ts';
import { launched } from './nodeStart.ts';
import { type NodePackage, readPackage } from './nodePackage.ts';
import type { Start } from './start.ts';
import type { Subject } from './subject.ts';

/** A program that serves a site: from files, or from sources, which it builds as they change. */
export interface SiteServer {
  /** The tool: `vite`, `http.server`. */
  readonly name: string;
  /** Where it serves from; absent where that is what the build is told. */
  readonly folder?: string;
  readonly port: number;
  /** The port that the command says: then no other can be meant. */
  readonly isPortSaid: boolean;
  /** Every unknown address is answered by the first page. */
  readonly isSinglePage: boolean;
  /** It finds `about.html` as `/about`, and answers what is missing with `404.html`. */
  readonly knowsPages: boolean;
  /** The command that builds what it serves from sources; absent where it serves what is built. */
  readonly build?: string;
  /** It takes the settings of the development server, so that it may hand requests on. */
  readonly isOfTool: boolean;
  /** An option that asks for more than handing out files. */
  readonly special?: string;
}

/** A tool as a row: what it serves, by which verb, and where. */
interface Tool {
  readonly port: number;
  /** The verb, where only one of its commands serves. */
  readonly verb?: RegExp;
  readonly folder?: string;
  readonly isSinglePage?: boolean;
  readonly build?: string;
  /** It serves what its own build has made, with the settings of its development server. */
  readonly isPreview?: boolean;
}

const tools: Readonly<Record<string, readonly Tool[]>> = {
  vite: [
    { verb: /^preview$/, port: 4173, isSinglePage: true, isPreview: true },
    { verb: /^(?:dev|serve)?$/, port: 5173, isSinglePage: true, build: 'vite build' },
  ],
  'react-scripts': [{ verb: /^start$/, port: 3000, isSinglePage: true, build: 'react-scripts build' }],
  'vue-cli-service': [{ verb: /^serve$/, port: 8080, isSinglePage: true, build: 'vue-cli-service build' }],
  ng: [{ verb: /^s(?:erve)?$/, port: 4200, isSinglePage: true, build: 'ng build' }],
  hugo: [{ verb: /^serve(?:r)?$/, folder: 'public', port: 1313, build: 'hugo' }],
  jekyll: [{ verb: /^s(?:erve|erver)?$/, folder: '_site', port: 4000, build: 'jekyll build' }],
  mkdocs: [{ verb: /^serve$/, folder: 'site', port: 8000, build: 'mkdocs build' }],
  mdbook: [{ verb: /^serve$/, folder: 'book', port: 3000, build: 'mdbook build' }],
  eleventy: [{ folder: '_site', port: 8080, build: 'eleventy' }],
  gatsby: [
    { verb: /^serve$/, folder: 'public', port: 9000 },
    { verb: /^develop$/, folder: 'public', port: 8000, build: 'gatsby build' },
  ],
  astro: [
    { verb: /^preview$/, folder: 'dist', port: 4321, isPreview: true },
    { verb: /^dev$/, folder: 'dist', port: 4321, build: 'astro build' },
  ],
  docusaurus: [
    { verb: /^serve$/, folder: 'build', port: 3000 },
    { verb: /^start$/, folder: 'build', port: 3000, build: 'docusaurus build' },
  ],
};

/** Options of those servers that concern only how they serve; others may concern what they build. */
const serving =
  /^(?:--(?:host|hostname|port|bind|address|listen|dev-addr|open|no-open|watch|no-watch|poll|force[_-]polling|livereload|no-livereload|live-reload|strictPort|disable-host-check|disableHostCheck|disableFastRender|allowed-hosts|appendPort|noHTTPCache|dirtyreload|serve|quiet|silent|verbose|public-host|incremental)|-[pPHaonlqw])(?:=|$)/;

const portOption = /^(?:-p|--port|-l|--listen)$/;
const taking =
  /^(?:-[pPlLdcabnDTfm]|--(?:mode|port|listen|host|directory|config|bind|baseURL|source|destination|dev-addr|hostname|config-file|dirty|input|output))$/;

/** What serves the site; undefined where what is started is no server of files. */
export function siteServer(subject: Subject, start: Start): SiteServer | undefined {
  const [first = '', ...rest] = start.argv;
  const commands = launched(subject, manifestOf(subject), runnerOf(first, rest));
  const [only] = commands;
  if (only === undefined || commands.length !== 1) return undefined;
  const [called = '', ...args] = only.words;
  const name = baseName(called);
  const variable = only.environment.PORT ?? subject.scope.get('PORT');
  return plainServer(name, args, variable) ?? toolServer(name, args, variable);
}

/** `bundle exec jekyll serve` and `python -m http.server` start what they name. */
function runnerOf(name: string, args: readonly string[]): { name: string; args: readonly string[]; by: string } {
  const by = 'CMD';
  const bare = baseName(name);
  const isModule = /^python[\d.]*$/.test(bare) && args[0] === '-m';
  const isExec = bare === 'bundle' && args[0] === 'exec';
  const isRun = /^(?:poetry|pipenv|uv|pdm)$/.test(bare) && args[0] === 'run';
  return isModule || isExec || isRun ? { name: args[1] ?? '', args: args.slice(2), by } : { name, args, by };
}

/** Servers that do nothing but hand out files. */
function plainServer(name: string, args: readonly string[], variable: string | undefined): SiteServer | undefined {
  const plain = operandsOf(args);
  const said = portOf(optionValue(args, portOption));
  const common = { name, isOfTool: false, knowsPages: true };
  switch (name) {
    case 'serve': {
      const port = said ?? portOf(variable);
      return {
        ...common,
        folder: plain[0] ?? '.',
        port: port ?? 3000,
        isPortSaid: port !== undefined,
        isSinglePage: args.some((word) => /^-[a-z]*s[a-z]*$|^--single$/.test(word)),
        ...specialOption(
          args,
          /^(?:-[snLup]+|-l|--(?:single|no-clipboard|no-request-logging|no-port-switching|listen|port|no-compression|symlinks)(?:=.*)?)$/,
        ),
      };
    }
    case 'http-server': {
      const port = said ?? portOf(variable);
      return {
        ...common,
        folder: plain[0] ?? '.',
        port: port ?? 8080,
        isPortSaid: port !== undefined,
        isSinglePage: false,
        ...specialOption(
          args,
          /^(?:-p\d*|-a|-c-?\d*|-s|-g|-b|-d\w*|-i\w*|--(?:port|silent|gzip|brotli|no-dotfiles)(?:=.*)?)$/,
        ),
      };
    }
    case 'http.server': {
      const port = portOf(plain[0]);
      return {
        ...common,
        folder: optionValue(args, /^(?:-d|--directory)$/) ?? '.',
        port: port ?? 8000,
        isPortSaid: port !== undefined,
        isSinglePage: false,
        knowsPages: false,
        ...specialOption(args, /^(?:-d|-b|--(?:directory|bind)(?:=.*)?)$/),
      };
    }
    default:
      return undefined;
  }
}

/** The servers that tools bring for the sites that they build. */
function toolServer(name: string, args: readonly string[], variable: string | undefined): SiteServer | undefined {
  if (name === 'sphinx-autobuild') {
    const [source = '.', folder = '_build/html'] = operandsOf(args);
    const said = portOf(optionValue(args, portOption));
    return {
      name,
      folder,
      port: said ?? 8000,
      isPortSaid: said !== undefined,
      isSinglePage: false,
      knowsPages: false,
      ...specialOption(args, serving),
      build: `sphinx-build ${source} ${folder}`,
      isOfTool: false,
    };
  }
  const [verb = ''] = operandsOf(args);
  const tool = Object.hasOwn(tools, name) ? tools[name]!.find((one) => one.verb?.test(verb) ?? true) : undefined;
  if (tool === undefined || (name === 'eleventy' && !args.includes('--serve'))) return undefined;
  const address = optionValue(args, /^(?:-a|--dev-addr)$/);
  const readsVariable = name === 'react-scripts';
  const said =
    portOf(optionValue(args, portOption) ?? optionValue(args, /^-P$/) ?? address) ??
    (readsVariable ? portOf(variable) : undefined);
  return {
    name,
    ...(tool.folder === undefined ? {} : { folder: tool.folder }),
    port: said ?? tool.port,
    isPortSaid: said !== undefined,
    isSinglePage: tool.isSinglePage === true,
    knowsPages: true,
    ...specialOption(args, serving),
    ...(tool.build === undefined ? {} : { build: tool.build }),
    isOfTool: tool.build !== undefined || tool.isPreview === true,
  };
}

/** The first option that is not known to be harmless. */
function specialOption(args: readonly string[], known: RegExp): Pick<SiteServer, 'special'> {
  const found = args.find((word) => word.startsWith('-') && !known.test(word));
  return found === undefined ? {} : { special: found };
}

function portOf(text: string | undefined): number | undefined {
  const digits = /(\d+)$/.exec(text ?? '')?.[1];
  return digits === undefined ? undefined : Number(digits);
}

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

/** The package.json of a folder of the container, of the one that it starts in where none is given. */
export function manifestOf(subject: Subject, folder = subject.workingDir): NodePackage {
  const file = subject.context.contextPath(subject.absolute('package.json', folder));
  return readPackage(subject, file?.includes('/') === true ? file.slice(0, file.lastIndexOf('/')) : '');
}
