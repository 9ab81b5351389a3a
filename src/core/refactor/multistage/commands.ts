import type { ShellRedirection, ShellWord } from '../../dockerfile/shellScript.ts';
import { aptCall } from '../../rules/scene/apt.ts';
import { type Program, splitArguments } from '../../rules/scene/program.ts';
import type { Reading } from './step.ts';

/**
 * What a command does that is no business of any language: packages, files, users, the system. Undefined for one that
 * nobody here knows, and where what it writes is known only when it runs.
 */
export function readCommand(program: Program): Reading | undefined {
  const { name } = program;
  const packages = readPackageManager(program);
  if (packages !== undefined) return packages;
  const written = redirected(program.command.redirections);
  if (written === undefined) return undefined;
  if (neutral.has(name)) return written.length === 0 ? { kind: 'neutral' } : { kind: 'files', writes: written };
  if (system.has(name)) return { kind: 'system' };
  if (users.has(name)) return { kind: 'users' };
  const reader = Object.hasOwn(fileCommands, name) ? fileCommands[name] : undefined;
  const reading = reader?.(program);
  return reading && { ...reading, writes: [...(reading.writes ?? []), ...written] };
}

const neutral = new Set(
  (
    'echo printf true false : test [ [[ set unset export cd pushd popd ls cat head tail grep egrep fgrep wc sort uniq cut tr ' +
    'awk gawk which command type whoami id pwd env date sleep file stat du df ldd readelf objdump nm strings md5sum sha1sum sha256sum ' +
    'sha512sum b2sum gpg gpgv dirname basename realpath readlink uname nproc hash local return exit shift read trap umask ulimit wait ' +
    'jq xargs seq expr diff cmp find tree hostname getconf lsb_release arch dpkg-architecture sync rev column source .'
  ).split(' '),
);

const system = new Set([
  'ldconfig',
  'update-ca-certificates',
  'locale-gen',
  'localedef',
  'dpkg-reconfigure',
  'update-locale',
  'fc-cache',
]);

const users = new Set([
  'useradd',
  'adduser',
  'groupadd',
  'addgroup',
  'usermod',
  'groupmod',
  'deluser',
  'delgroup',
  'userdel',
  'groupdel',
  'passwd',
  'chpasswd',
]);

/** Where output goes, `/dev/null` and other descriptors left out; undefined where nobody knows. */
function redirected(redirections: readonly ShellRedirection[]): readonly string[] | undefined {
  const found: string[] = [];
  for (const { operator, target } of redirections) {
    if (!/^(?:>|>>|>\||&>|&>>|<>)$/.test(operator)) continue;
    if (target?.value === undefined || target.glob) return undefined;
    if (!target.value.startsWith('/dev/')) found.push(target.value);
  }
  return found;
}

type FileReader = (program: Program) => Reading | undefined;

const fileCommands: Readonly<Record<string, FileReader>> = {
  mkdir: ({ args }) => writing('files', operands(args, /^(?:-m|--mode)$/)),
  touch: ({ args }) => writing('files', operands(args, /^-[drt]$/)),
  truncate: ({ args }) => writing('files', operands(args, /^-[sr]$/)),
  mktemp: () => ({ kind: 'neutral' }),
  tee: ({ args }) => writing('files', operands(args)),
  cp: (program) => copying(program),
  mv: (program) => {
    const reading = copying(program);
    const { operands: words } = splitArguments(program.args, /^(?:-[tS]|--target-directory|--suffix)$/);
    return reading && { ...reading, removes: words.slice(0, -1).flatMap(({ value }) => value ?? []) };
  },
  install: (program) => installing(program),
  rsync: (program) => copying(program),
  ln: ({ args }) => {
    const named = operands(args);
    const link = named?.length === 1 ? [lastPart(named[0]!)] : named?.slice(-1);
    return writing('files', link);
  },
  rm: ({ args }) => removing(args.filter(({ text }) => !text.startsWith('-'))),
  rmdir: ({ args }) => removing(args.filter(({ text }) => !text.startsWith('-'))),
  shred: ({ args }) => removing(splitArguments(args, /^-[ns]$/).operands),
  chmod: ({ args }) => attributes(args),
  chown: ({ args }) => attributes(args),
  chgrp: ({ args }) => attributes(args),
  setcap: ({ args }) => attributes(args),
  setfattr: ({ args }) => writing('attributes', operands(args, /^-[nvx]$/)),
  setfacl: ({ args }) => writing('attributes', operands(args, /^-[mMxX]$/)),
  chattr: ({ args }) => attributes(args),
  sed: ({ args }) =>
    args.some(({ text }) => /^(?:-[a-zA-Z]*i|--in-place)/.test(text))
      ? writing('files', edited(args))
      : { kind: 'neutral' },
  curl: ({ args }) => {
    const target = valueOf(args, /^(?:-[a-zA-Z]*o|--output)$/);
    if (args.some(({ text }) => /^(?:-[a-zA-Z]*O[a-zA-Z]*|--remote-name)$/.test(text))) {
      return writing('download', operands(args, curlTaking)?.map(lastPart));
    }
    return target === undefined ? { kind: 'neutral' } : writing('download', target === null ? undefined : [target]);
  },
  wget: ({ args }) => {
    const target = valueOf(args, /^(?:-[a-zA-Z]*O|--output-document)$/);
    if (target === null) return undefined;
    if (target !== undefined)
      return target === '-' || target === '/dev/null' ? { kind: 'neutral' } : writing('download', [target]);
    const folder = valueOf(args, /^(?:-[a-zA-Z]*P|--directory-prefix)$/);
    if (folder === null) return undefined;
    return writing(
      'download',
      operands(args, /^(?:-[PTtU]|--header|--timeout|--tries|--user-agent)$/)?.map(
        (url) => `${folder ?? '.'}/${lastPart(url)}`,
      ),
    );
  },
  tar: ({ args }) => {
    const first = args[0]?.value ?? '';
    const isCreating = /^-?[a-zA-Z]*c/.test(first) || args.some(({ text }) => text === '--create');
    if (isCreating) {
      const target = valueOf(args, /^(?:-?[a-zA-Z]*f|--file)$/);
      return target === '-' ? { kind: 'neutral' } : writing('files', typeof target === 'string' ? [target] : undefined);
    }
    const folder = valueOf(args, /^(?:-C|--directory)$/);
    return writing('download', folder === null ? undefined : [folder ?? '.']);
  },
  unzip: ({ args }) => {
    const folder = valueOf(args, /^-[a-z]*d$/);
    return writing('download', folder === null ? undefined : [folder ?? '.']);
  },
  gunzip: () => ({ kind: 'neutral' }),
  gzip: ({ args }) => writing('files', operands(args)),
  git: ({ args }) => {
    const [verb, ...rest] = operands(args, /^(?:-[bCc]|--branch|--depth|--config|--origin)$/) ?? [];
    if (
      verb === undefined ||
      !['clone', 'init', 'submodule', 'checkout', 'fetch', 'pull', 'reset', 'config', 'lfs'].includes(verb)
    ) {
      return ['describe', 'rev-parse', 'log', 'status', 'tag', 'show', 'apply'].includes(verb ?? '')
        ? { kind: 'neutral' }
        : undefined;
    }
    if (verb !== 'clone') return { kind: 'fetch' };
    const [url, target] = rest;
    return url === undefined ? undefined : writing('download', [target ?? lastPart(url).replace(/\.git$/, '')]);
  },
};

const curlTaking =
  /^(?:-[HXdAeuUomTCrwxEFbc]|--(?:header|request|data|user-agent|referer|user|output|max-time|retry|retry-delay|connect-timeout|write-out|proxy|cacert|cert|form|cookie|url))$/;

/** What is not known to go is taken to be still there: at worst too much is copied. */
function removing(words: readonly ShellWord[]): Reading {
  return { kind: 'remove', removes: words.flatMap(({ value }) => (value === undefined ? [] : braces(value))) };
}

function writing(kind: Reading['kind'], writes: readonly string[] | undefined): Reading | undefined {
  return writes && { kind, writes };
}

/** The words that are no options, by their values; undefined where one is not known, or stands for others. */
function operands(args: readonly ShellWord[], taking = /^$/, globs = false): readonly string[] | undefined {
  const found: string[] = [];
  for (const { value, glob } of splitArguments(args, taking).operands) {
    if (value === undefined || (glob && !globs)) return undefined;
    found.push(...braces(value));
  }
  return found;
}

/** `a/{b,c}` is two paths to the shells that know braces, and one with braces in its name to the others. */
function braces(value: string): readonly string[] {
  const match = /^(.*)\{([^{}]*,[^{}]*)\}(.*)$/.exec(value);
  return match === null
    ? [value]
    : match[2]!.split(',').flatMap((choice) => braces(`${match[1]!}${choice}${match[3]!}`));
}

/** `cp a b`: what is written is the target, or, where that is a folder, what is put into it. */
function copying({ args }: Program): Reading | undefined {
  const folder = valueOf(args, /^(?:-t|--target-directory)$/);
  const { operands: words } = splitArguments(args, /^(?:-[tSe]|--target-directory|--suffix|--exclude)$/);
  if (folder === null) return undefined;
  if (folder !== undefined) return writing('files', [folder]);
  const target = words.at(-1)?.value;
  if (target === undefined || words.length < 2) return undefined;
  const sources = words.slice(0, -1).filter(({ value }) => value !== undefined);
  // A source whose name is not known leaves the target's own name.
  if (sources.length < words.length - 1) return target.endsWith('/') ? undefined : writing('files', [target]);
  return writing('files', targets(sources, target));
}

/** Whether the last word is a folder is not known: both readings count, since both are looked for by name only. */
function targets(sources: readonly ShellWord[], target: string): readonly string[] {
  const folder = target.replace(/\/+$/, '');
  const inside = sources.map(({ value }) => `${folder}/${lastPart(value!.replace(/\/+$/, ''))}`);
  return target.endsWith('/') || sources.length > 1 ? inside : [target, ...inside];
}

function installing({ args }: Program): Reading | undefined {
  if (args.some(({ text }) => /^(?:-[a-zA-Z]*d|--directory)$/.test(text))) {
    return writing('files', operands(args, /^(?:-[mog]|--mode|--owner|--group)$/));
  }
  const folder = valueOf(args, /^(?:-t|--target-directory)$/);
  const { operands: words } = splitArguments(args, /^(?:-[mogtS]|--mode|--owner|--group|--target-directory)$/);
  if (folder === null || words.some(({ value }) => value === undefined)) return undefined;
  if (folder !== undefined) return writing('files', targets(words, `${folder}/`));
  const target = words.at(-1)?.value;
  return target === undefined || words.length < 2 ? undefined : writing('files', targets(words.slice(0, -1), target));
}

/** `chown -R a:b X Y` changes what is there: the first operand is not a path. */
function attributes(args: readonly ShellWord[]): Reading {
  const { operands: words } = splitArguments(args, /^$/);
  return { kind: 'attributes', writes: words.slice(1).flatMap(({ value }) => value ?? []) };
}

/** The files that `sed -i` edits: all operands but the script, if that is one; of a pattern, the folder that they are in. */
function edited(args: readonly ShellWord[]): readonly string[] | undefined {
  const all = operands(args, /^(?:-[a-zA-Z]*[ef]|--expression|--file)$/, true);
  const hasScript = args.some(
    ({ text }) => /^(?:-[a-zA-Z]*[ef]|--expression|--file)/.test(text) && !text.startsWith('-i'),
  );
  const files = hasScript ? all : all?.slice(1);
  const folders = files?.map((file) => (/[*?[]/.test(file) ? file.replace(/\/?[^/]*[*?[].*$/, '') || '.' : file));
  // What is edited among the system's own files must be known by its name.
  return folders?.some(
    (folder, at) => folder !== files![at] && /^\/(?:etc|usr(?:\/(?:local\/)?\w+)?)?$/.test(folder),
  ) === true
    ? undefined
    : folders;
}

/** The value of an option: undefined where it is not there, null where it is not known. */
function valueOf(args: readonly ShellWord[], option: RegExp): string | undefined | null {
  const long = args.find(
    ({ text }) => text.startsWith('--') && text.includes('=') && option.test(text.slice(0, text.indexOf('='))),
  );
  if (long) return long.value === undefined ? null : long.value.slice(long.value.indexOf('=') + 1);
  const at = args.findIndex(({ text }) => option.test(text));
  if (at < 0) return undefined;
  return args[at + 1]?.value ?? null;
}

function lastPart(path: string): string {
  return path
    .replace(/[?#].*$/, '')
    .replace(/\/+$/, '')
    .replace(/^.*\//, '');
}

const adding = /^(?:install|add|reinstall|groupinstall|localinstall|-S[a-z]*|in)$/;

/** The package managers of distributions. Undefined for other programs, and where the names of packages are not known. */
function readPackageManager(program: Program): Reading | undefined {
  const { name } = program;
  const call = aptCall(program);
  if (call !== undefined) {
    if (call.verb !== 'install' && call.verb !== 'reinstall')
      return removesPackages(call.verb) ? { kind: 'lists' } : isHarmless(call.verb) ? { kind: 'lists' } : undefined;
    return installed(call.operands);
  }
  if (/^(?:apk|dnf|yum|microdnf|tdnf|zypper|pacman)$/.test(name)) {
    const { operands: words, options } = splitArguments(
      program.args,
      /^(?:-t|--virtual|-X|--repository|-p|--root|--repo)$/,
    );
    const verb = words[0]?.value ?? '';
    const isPacman = name === 'pacman';
    if (isPacman) return options.some(({ text }) => /^-S[^c]*$/.test(text)) ? installed(words) : { kind: 'lists' };
    return adding.test(verb) ? installed(words.slice(1)) : { kind: 'lists' };
  }
  if (/^(?:apt-key|apt-mark|apt-cache|apt-config|add-apt-repository|debconf-set-selections|rpm)$/.test(name)) {
    return name === 'rpm' && !program.args.some(({ text }) => /^--import|^-q/.test(text))
      ? undefined
      : { kind: 'lists' };
  }
  return undefined;
}

function removesPackages(verb: string): boolean {
  return /^(?:remove|purge|autoremove|autopurge)$/.test(verb);
}

function isHarmless(verb: string): boolean {
  return /^(?:update|clean|autoclean|upgrade|dist-upgrade|full-upgrade|download)$/.test(verb);
}

function installed(words: readonly ShellWord[]): Reading | undefined {
  const names: string[] = [];
  for (const { value, text } of words) {
    // The image of PHP names its build tools in a variable of its own.
    if (/^\$\{?PHPIZE_DEPS\}?$/.test(text)) continue;
    // A package given as a file, or by a name that is not known, is one that nobody can install again.
    if (value === undefined || /\.(?:deb|rpm|apk)$|\//.test(value)) return undefined;
    names.push(value.replace(/[=~<>:@].*$/, ''));
  }
  return { kind: 'packages', packages: names };
}
