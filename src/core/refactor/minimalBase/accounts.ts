import type { Program } from '../../rules/scene/program.ts';

/** A user or a group that a command of a full system makes. */
export type Account =
  | {
      readonly kind: 'user';
      readonly name: string;
      readonly id?: string;
      /** The group that it is in first; its own, of its own name, where absent. */
      readonly group?: string;
      readonly system: boolean;
      readonly home?: string;
      readonly makesHome: boolean;
      readonly shell?: string;
    }
  | { readonly kind: 'group'; readonly name: string; readonly id?: string; readonly system: boolean }
  | { readonly kind: 'membership'; readonly name: string; readonly group: string };

interface Options {
  /** Options that take a value, and what they say. */
  readonly valued: Readonly<Record<string, 'id' | 'group' | 'home' | 'shell' | 'ignored'>>;
  /** Options without one. */
  readonly plain: Readonly<Record<string, 'system' | 'makesHome' | 'noHome' | 'ownGroup' | 'ignored'>>;
}

/** https://manpages.debian.org/useradd, its groups of one user and homes only when asked for as Debian sets them. */
const useradd: Options = {
  valued: {
    '-u': 'id',
    '--uid': 'id',
    '-g': 'group',
    '--gid': 'group',
    '-d': 'home',
    '--home': 'home',
    '--home-dir': 'home',
    '-s': 'shell',
    '--shell': 'shell',
    '-c': 'ignored',
    '--comment': 'ignored',
  },
  plain: {
    '-r': 'system',
    '--system': 'system',
    '-m': 'makesHome',
    '--create-home': 'makesHome',
    '-M': 'noHome',
    '--no-create-home': 'noHome',
    '-U': 'ownGroup',
    '--user-group': 'ownGroup',
    '-l': 'ignored',
    '--no-log-init': 'ignored',
  },
};
/** Debian's own adduser, a script that knows no short options but these. */
const adduser: Options = {
  valued: {
    '--uid': 'id',
    '--gid': 'group',
    '--ingroup': 'group',
    '--home': 'home',
    '--shell': 'shell',
    '--gecos': 'ignored',
    '--comment': 'ignored',
  },
  plain: {
    '--system': 'system',
    '--group': 'ownGroup',
    '--no-create-home': 'noHome',
    '--disabled-password': 'ignored',
    '--disabled-login': 'ignored',
    '--quiet': 'ignored',
    '-q': 'ignored',
  },
};
const groupadd: Options = {
  valued: { '-g': 'id', '--gid': 'id' },
  plain: { '-r': 'system', '--system': 'system', '-f': 'ignored', '--force': 'ignored', '--quiet': 'ignored' },
};

/** Those of BusyBox: users get a home unless told otherwise, and system users no group of their own. */
const busyboxAdduser: Options = {
  valued: { '-u': 'id', '-G': 'group', '-h': 'home', '-s': 'shell', '-g': 'ignored', '-k': 'ignored' },
  plain: { '-D': 'ignored', '-S': 'system', '-H': 'noHome' },
};
const busyboxAddgroup: Options = { valued: { '-g': 'id' }, plain: { '-S': 'system' } };

/**
 * Reads `useradd`, `adduser`, `groupadd` and `addgroup`; undefined for what is not understood.
 *
 * @param isBusybox the two short ones are those of BusyBox, not those of Debian.
 */
export function readAccount({ name, args }: Program, isBusybox: boolean): Account | undefined {
  const scripts = isBusybox ? { adduser: busyboxAdduser, addgroup: busyboxAddgroup } : { adduser, addgroup: groupadd };
  const tables: Readonly<Record<string, Options>> = { useradd, groupadd, ...scripts };
  const table = Object.hasOwn(tables, name) ? tables[name] : undefined;
  if (table === undefined) return undefined;
  const read = readOptions(
    args.map(({ value }) => value),
    table,
  );
  const [account, second] = read?.operands ?? [];
  if (read === undefined || account === undefined) return undefined;
  const { values, flags } = read;
  const id = values.id === undefined ? {} : { id: values.id };
  if (second !== undefined) {
    return /^add(?:user|group)$/.test(name) && args.length === 2
      ? { kind: 'membership', name: account, group: second }
      : undefined;
  }
  const system = flags.has('system');
  if (name === 'groupadd' || name === 'addgroup') return { kind: 'group', name: account, ...id, system };
  const isScript = name === 'adduser';
  // `adduser --system` puts the user into nogroup unless it is told otherwise.
  if (values.group !== undefined && /^\d+$/.test(values.group)) return undefined;
  const group = values.group ?? (isScript && system && !flags.has('ownGroup') ? 'nogroup' : undefined);
  return {
    kind: 'user',
    name: account,
    ...id,
    ...(group === undefined ? {} : { group }),
    system,
    ...(values.home === undefined ? {} : { home: values.home }),
    makesHome: isScript ? !flags.has('noHome') : flags.has('makesHome'),
    ...(values.shell === undefined ? {} : { shell: values.shell }),
  };
}

function readOptions(args: readonly (string | undefined)[], { valued, plain }: Options) {
  const operands: string[] = [];
  const values: Partial<Record<'id' | 'group' | 'home' | 'shell' | 'ignored', string>> = {};
  const flags = new Set<string>();
  for (let at = 0; at < args.length; at++) {
    const word = args[at];
    if (word === undefined) return undefined;
    if (!word.startsWith('-')) {
      operands.push(word);
      continue;
    }
    const [option, inline] = word.startsWith('--') ? splitLong(word) : [word];
    if (Object.hasOwn(valued, option)) {
      const value = inline ?? args[++at];
      if (value === undefined) return undefined;
      values[valued[option]!] = value;
    } else if (Object.hasOwn(plain, option)) flags.add(plain[option]!);
    else if (/^-[a-zA-Z]{2,}$/.test(option) && !readBundle(option, plain, flags)) {
      // `-rmu 1000`: the last letter takes the value.
      const last = `-${option.at(-1)!}`;
      const value = args[++at];
      if (value === undefined || !Object.hasOwn(valued, last)) return undefined;
      if (!readBundle(option.slice(0, -1), plain, flags)) return undefined;
      values[valued[last]!] = value;
    } else if (!/^-[a-zA-Z]{2,}$/.test(option)) return undefined;
  }
  return { operands, values, flags };
}

function splitLong(word: string): readonly [string, string?] {
  const equals = word.indexOf('=');
  return equals < 0 ? [word] : [word.slice(0, equals), word.slice(equals + 1)];
}

/** `-rm` is `-r -m`. False, and nothing taken, where a letter is no option without a value. */
function readBundle(option: string, plain: Options['plain'], flags: Set<string>): boolean {
  const letters = Array.from(option.slice(1), (letter) => `-${letter}`);
  if (!letters.every((letter) => Object.hasOwn(plain, letter))) return false;
  for (const letter of letters) flags.add(plain[letter]!);
  return true;
}

/**
 * The same account by the commands of BusyBox, as Alpine has them. https://busybox.net/downloads/BusyBox.html#adduser
 *
 * @param hasShell whether the base has the shell of this path.
 */
export function busyboxCommand(account: Account, hasShell: (path: string) => boolean): string {
  if (account.kind === 'membership') return `addgroup ${quoted(account.name)} ${quoted(account.group)}`;
  const name = quoted(account.name);
  if (account.kind === 'group') {
    return ['addgroup', account.system ? '-S' : '', option('-g', account.id), name].filter(Boolean).join(' ');
  }
  const { system, group, home, makesHome, shell, id } = account;
  const words = [
    'adduser',
    '-D',
    system ? '-S' : '',
    makesHome ? '' : '-H',
    option('-h', home),
    option('-s', shell === undefined || hasShell(shell) ? shell : '/bin/sh'),
    option('-u', id),
    // Without a group, `-S` would mean nogroup: Debian makes one of the user's own name.
    option('-G', group ?? (system ? account.name : undefined)),
    name,
  ];
  const add = words.filter(Boolean).join(' ');
  return system && group === undefined
    ? `addgroup -S ${option('-g', id)}${id === undefined ? '' : ' '}${name} && ${add}`
    : add;
}

function option(name: string, value: string | undefined): string {
  return value === undefined ? '' : `${name} ${quoted(value)}`;
}

function quoted(word: string): string {
  return /^[\w./:@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
