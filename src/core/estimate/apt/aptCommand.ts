import type { ShellCommand } from '../../dockerfile/shellScript.ts';

/** What an `apt-get`, `apt` or `aptitude` command does. */
export type AptCommand =
  | { readonly kind: 'update' }
  | {
      readonly kind: 'install';
      readonly packages: readonly string[];
      /** Absent where the command does not say: then the configuration does, and by default they are. */
      readonly recommends?: boolean;
      /** Words whose value is known only when it runs, and files. */
      readonly unknown: readonly string[];
    }
  | { readonly kind: 'remove'; readonly packages: readonly string[]; readonly auto: boolean }
  /** It frees, or asks, or changes nothing on disk that counts. */
  | { readonly kind: 'nothing' }
  /** It replaces packages by newer ones. */
  | { readonly kind: 'upgrade' };

const withValue = new Set([
  '-t',
  '-o',
  '-c',
  '-a',
  '--target-release',
  '--default-release',
  '--option',
  '--config-file',
]);

/** Reads an apt command; undefined for any other. */
export function readAptCommand({ name, words }: ShellCommand): AptCommand | undefined {
  if (name === undefined || !/^(?:.*\/)?(?:apt|apt-get|aptitude)$/.test(name)) return undefined;
  const rest: string[] = [];
  const unknown: string[] = [];
  let recommends: boolean | undefined;
  let auto = false;
  for (let at = 1; at < words.length; at++) {
    const { value, text } = words[at]!;
    if (value === undefined) unknown.push(text);
    else if (!value.startsWith('-') || value === '-') rest.push(value);
    else {
      const option = withValue.has(value) ? `${value} ${words[++at]?.value ?? ''}` : value;
      const setting = /Install-Recommends=["']?(\w+)/i.exec(option)?.[1];
      if (setting !== undefined) recommends = /^(?:true|1|yes|on)$/i.test(setting);
      else if (value === '--no-install-recommends' || value === '-R' || value === '--without-recommends')
        recommends = false;
      else if (value === '--install-recommends' || value === '-r') recommends = true;
      else if (value === '--auto-remove' || value === '--autoremove') auto = true;
    }
  }
  const [action, ...packages] = rest;
  switch (action) {
    case 'update':
      return { kind: 'update' };
    case 'install':
    case 'reinstall':
      return {
        kind: 'install',
        ...readPackages(packages, unknown),
        ...(recommends === undefined ? {} : { recommends }),
      };
    case 'remove':
    case 'purge':
      return { kind: 'remove', packages, auto };
    case 'autoremove':
    case 'autopurge':
      return { kind: 'remove', packages, auto: true };
    case 'upgrade':
    case 'dist-upgrade':
    case 'full-upgrade':
    case 'safe-upgrade':
    case 'build-dep':
    case 'download':
    case 'source':
      return { kind: 'upgrade' };
    default:
      return { kind: 'nothing' };
  }
}

/** `name`, `name=version`, `name/release`, `name:arch`, `name+`; a file's path is no name of a package. */
function readPackages(words: readonly string[], unknown: readonly string[]) {
  const packages: string[] = [];
  const others = [...unknown];
  for (const word of words) {
    const name = /^([a-z0-9][a-z0-9+.-]*?)(?:[=:/].*|\+)?$/.exec(word)?.[1];
    // `name-` takes a package away.
    if (name === undefined) others.push(word);
    else if (!word.endsWith('-')) packages.push(word.endsWith('++') ? word : name);
  }
  return { packages, unknown: others };
}
