import { baseName } from './fileSystem.ts';

/** Programs that start the program in their arguments, and which of their options take a word. */
const wrappers: Readonly<Record<string, { readonly taking: RegExp; readonly operands?: number }>> = {
  tini: { taking: /^-[pe]$/ },
  'tini-static': { taking: /^-[pe]$/ },
  'docker-init': { taking: /^-[pe]$/ },
  'dumb-init': { taking: /^(?:-r|--rewrite)$/ },
  catatonit: { taking: /^$/ },
  env: { taking: /^-[uC]$/ },
  exec: { taking: /^-a$/ },
  command: { taking: /^$/ },
  nice: { taking: /^-n$/ },
  ionice: { taking: /^-[cn]$/ },
  nohup: { taking: /^$/ },
  setpriv: { taking: /^$/ },
  stdbuf: { taking: /^-[ioe]$/ },
  time: { taking: /^-[fo]$/ },
  timeout: { taking: /^-[ks]$/, operands: 1 },
  gosu: { taking: /^$/, operands: 1 },
  'su-exec': { taking: /^$/, operands: 1 },
  chroot: { taking: /^$/, operands: 1 },
  busybox: { taking: /^$/ },
};

/**
 * The command line that a wrapper (`tini --`, `env NAME=value`, `gosu user`, the shell's `exec`) starts in its turn; undefined
 * for any other program. For `env -S` its argument, as a `#!` line has it, is taken apart.
 */
export function wrappedCommand(argv: readonly string[]): readonly string[] | undefined {
  const name = baseName(argv[0] ?? '');
  const wrapper = Object.hasOwn(wrappers, name) ? wrappers[name] : undefined;
  if (wrapper === undefined) return undefined;
  const words = name === 'env' ? splitEnv(argv) : argv;
  let at = 1;
  for (; at < words.length; at++) {
    const word = words[at]!;
    if (word === '--') {
      at++;
      break;
    }
    if (name === 'command' && /^-[vV]/.test(word)) return undefined;
    if (!/^-./.test(word) && !(name === 'env' && /^\w+=/.test(word))) break;
    if (wrapper.taking.test(word)) at++;
  }
  const rest = words.slice(at + (wrapper.operands ?? 0));
  return rest.length === 0 ? undefined : rest;
}

/** `env -S "node --flag" file`: what the kernel hands over as one argument is several. */
function splitEnv(argv: readonly string[]): readonly string[] {
  const at = argv.findIndex((word) => /^(?:-[a-z]*S|--split-string=)/.test(word));
  if (at < 0) return argv;
  const word = argv[at]!;
  const inline = word.replace(/^(?:-[a-z]*S|--split-string=)/, '');
  const text = inline === '' ? (argv[at + 1] ?? '') : inline;
  const rest = argv.slice(at + (inline === '' ? 2 : 1));
  return [...argv.slice(0, at), ...text.trim().split(/\s+/), ...rest];
}

/** The file that an interpreter is told to run. */
export interface EntryFile {
  /** As it is written. */
  readonly name: string;
  /** Paths of which one has to be there, as the interpreter tries them. */
  readonly candidates: readonly string[];
}

const optionsWithValue: Readonly<Record<string, RegExp>> = {
  python: /^-[WX]$/,
  node: /^(?:-r|--require|--import|--loader|--experimental-loader|--env-file|-C|--conditions|--title)$/,
  ruby: /^-[rICE]$/,
  perl: /^-I$/,
  php: /^-[cdz]$/,
};
/** With these there is no file: a text, a module, a server. */
const withoutFile: Readonly<Record<string, RegExp>> = {
  python: /^-(?:[a-zA-Z]*[cm]|-version|V|h|-help|)$/,
  node: /^(?:-e|-p|-pe|-i|--eval|--print|-v|--version|--test|--run|-|-h|--help)$/,
  ruby: /^-(?:e|S|v|-version|)$/,
  perl: /^-(?:[a-zA-Z]*[eE]|v|-version|)$/,
  php: /^-(?:[rSmiva]|-version|-ini|-server|)$/,
};

/** The file that is run by an interpreter of a known language; undefined where the words name none. */
export function entryFile(argv: readonly string[]): EntryFile | undefined {
  const name = baseName(argv[0] ?? '');
  const args = argv.slice(1);
  if (/^java$/.test(name)) return exactly(args[args.indexOf('-jar') + 1], args.includes('-jar'));
  if (name === 'dotnet') return exactly(args[0], /\.dll$/i.test(args[0] ?? ''));
  const language = /^(python|node|nodejs|ruby|perl|php)[\d.]*$/.exec(name)?.[1]?.replace('nodejs', 'node');
  if (language === undefined) return undefined;
  for (let at = 0; at < args.length; at++) {
    const word = args[at]!;
    if (withoutFile[language]!.test(word)) return undefined;
    if (language === 'php' && (word === '-f' || word === '--file')) return exactly(args[at + 1], true);
    if (!word.startsWith('-')) return language === 'node' ? nodeEntry(word) : exactly(word, true);
    if (optionsWithValue[language]!.test(word)) at++;
  }
  return undefined;
}

function exactly(name: string | undefined, holds: boolean): EntryFile | undefined {
  return name === undefined || !holds ? undefined : { name, candidates: [name] };
}

/** https://nodejs.org/api/modules.html#all-together: a file, one with an ending, a package. */
function nodeEntry(name: string): EntryFile {
  const path = name.replace(/\/+$/, '') || '/';
  const tried = ['', '.js', '.json', '.node', '/package.json', '/index.js', '/index.json', '/index.node'];
  return { name, candidates: tried.map((ending) => path + ending) };
}
