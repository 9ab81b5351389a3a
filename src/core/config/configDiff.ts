import type { ImageConfig } from '../image/image.ts';
import { defaultPath } from '../program/searchPath.ts';
import { commandWords } from '../prove/commandWords.ts';
import { readStartCommand } from '../waste/startCommand.ts';
import { buildOnlyVariable } from './buildOnlyVariables.ts';

/**
 * - `breaks`: who runs the old image's container gets another program, or none.
 * - `may-matter`: it depends on the program, or on who runs it.
 * - `harmless`: nothing that runs sees it.
 */
export type ConfigSeverity = 'breaks' | 'may-matter' | 'harmless';

/** One difference between the effective configs of two images. */
export interface ConfigDifference {
  readonly field:
    | 'command'
    | 'env'
    | 'workingDir'
    | 'user'
    | 'exposedPorts'
    | 'volumes'
    | 'labels'
    | 'stopSignal'
    | 'healthcheck'
    | 'shell'
    | 'onBuild';
  /** Of `env` and `labels` the name, of `exposedPorts` and `volumes` the port or path. */
  readonly key?: string;
  /** As it is shown; absent where there is nothing. */
  readonly before?: string;
  readonly after?: string;
  readonly severity: ConfigSeverity;
  /** One sentence. */
  readonly message: string;
}

export interface ConfigDiffOptions {
  /** Whether the new image has such a folder: a `PATH` that lost another one lost nothing. */
  readonly hasFolder?: (path: string) => boolean;
}

/**
 * What differs between what two images tell an engine, what they inherit from their bases included, the most serious
 * first. Empty where they are the same.
 */
export function configDiff(
  before: ImageConfig,
  after: ImageConfig,
  options: ConfigDiffOptions = {},
): readonly ConfigDifference[] {
  const found = [
    ...commandDiff(before, after),
    ...envDiff(before, after, options),
    ...workingDirDiff(before, after),
    ...userDiff(before, after),
    ...setDiff('exposedPorts', before.exposedPorts, after.exposedPorts),
    ...setDiff('volumes', before.volumes, after.volumes),
    ...labelDiff(before, after),
    ...stopSignalDiff(before, after),
    ...healthcheckDiff(before, after),
    ...shellDiff(before, after),
    ...onBuildDiff(before, after),
  ];
  const rank: Record<ConfigSeverity, number> = { breaks: 0, 'may-matter': 1, harmless: 2 };
  return found.toSorted((a, b) => rank[a.severity] - rank[b.severity]);
}

function commandDiff(before: ImageConfig, after: ImageConfig): ConfigDifference[] {
  const [was, is] = [commandLine(before), commandLine(after)];
  const same = sameList(was, is);
  if (same && sameList(before.entrypoint, after.entrypoint)) return [];
  const sides = sidesOf(shownWords(was), shownWords(is));
  if (same) {
    const message = `The same command is started, ${shownWords(is) ?? 'none'}, but arguments given to a container replace another part of it: the entrypoint is ${shownWords(after.entrypoint) ?? 'empty'} and was ${shownWords(before.entrypoint) ?? 'empty'}.`;
    return [{ field: 'command', ...sides, severity: 'may-matter', message }];
  }
  const [old, now] = [shownWords(was), shownWords(is)];
  if (now === undefined) {
    return [
      { field: 'command', ...sides, severity: 'breaks', message: `Nothing is started any more; it was ${old!}.` },
    ];
  }
  if (old === undefined) {
    return [
      { field: 'command', ...sides, severity: 'may-matter', message: `${now} is started, and nothing was before.` },
    ];
  }
  if (withoutShell(was, is) || withoutShell(is, was)) {
    const how = withoutShell(was, is) ? 'without a shell, so that it gets signals itself' : 'through a shell';
    const message = `The same command is started ${how}: ${now} instead of ${old}.`;
    return [{ field: 'command', ...sides, severity: 'harmless', message }];
  }
  const programs = [readStartCommand(before).commands, readStartCommand(after).commands] as const;
  const isSameProgram = [...programs[0]].some((program) => programs[1].has(program));
  const message = isSameProgram
    ? `The same program is started in another way: ${now} instead of ${old}.`
    : `Another program is started: ${now} instead of ${old}.`;
  return [{ field: 'command', ...sides, severity: isSameProgram ? 'may-matter' : 'breaks', message }];
}

/** True if `plain` is what the shell form runs, and the shell does nothing else; the folder may be written in another way. */
function withoutShell(shellForm: readonly string[], plain: readonly string[]): boolean {
  const [shell, flag, text, ...rest] = shellForm;
  if (shell === undefined || !/(?:^|\/)(?:ba|da|a)?sh$/.test(shell) || flag !== '-c' || text === undefined)
    return false;
  const [program, ...args] = commandWords(text.replace(/^\s*exec\s+/, ''));
  const isSame = baseOf(program) === baseOf(plain[0]) && sameList(args, plain.slice(1));
  return isSame && rest.length === 0;
}

function baseOf(word: string | undefined): string | undefined {
  return word?.replace(/^.*\//, '');
}

function envDiff(before: ImageConfig, after: ImageConfig, { hasFolder }: ConfigDiffOptions): ConfigDifference[] {
  const [was, is] = [variables(before), variables(after)];
  return keysOf(was, is).flatMap((key): ConfigDifference[] => {
    const [old, now] = [was.get(key), is.get(key)];
    if (old === now) return [];
    const shared = { field: 'env', key, ...sidesOf(old, now) } as const;
    if (key === 'PATH') return [{ ...shared, ...pathChange(old, now, hasFolder) }];
    if (old === undefined) {
      const changesLoader = key.startsWith('LD_');
      const message = `The variable ${key} is new.`;
      return [{ ...shared, severity: changesLoader ? 'may-matter' : 'harmless', message }];
    }
    if (buildOnlyVariable(key)) {
      const what = now === undefined ? 'is gone' : 'has another value';
      return [{ ...shared, severity: 'harmless', message: `The variable ${key} ${what}; it is for builds only.` }];
    }
    const message =
      now === undefined
        ? `The variable ${key} is gone; it was ${shownWord(old)}.`
        : `The variable ${key} is ${shownWord(now)} instead of ${shownWord(old)}.`;
    return [{ ...shared, severity: 'may-matter', message }];
  });
}

/** Folders that the new image has and `PATH` no longer names may hold commands; others may not. */
function pathChange(
  old: string | undefined,
  now: string | undefined,
  hasFolder: ConfigDiffOptions['hasFolder'],
): Pick<ConfigDifference, 'severity' | 'message'> {
  const [was, is] = [pathFolders(old), pathFolders(now)];
  const gone = was.filter((folder) => !is.includes(folder));
  const missed = gone.filter((folder) => hasFolder?.(folder) ?? true);
  if (missed.length > 0) return { severity: 'may-matter', message: `PATH no longer names ${missed.join(', ')}.` };
  if (gone.length > 0) {
    const what = `PATH no longer names ${gone.join(', ')}, which the new image does not have.`;
    return { severity: 'harmless', message: what };
  }
  const added = is.filter((folder) => !was.includes(folder));
  return added.length > 0
    ? { severity: 'harmless', message: `PATH names ${added.join(', ')} as well.` }
    : { severity: 'may-matter', message: 'PATH names the same folders in another order.' };
}

function pathFolders(path: string | undefined): string[] {
  return (path ?? defaultPath).split(':').filter((folder) => folder !== '');
}

function workingDirDiff(before: ImageConfig, after: ImageConfig): ConfigDifference[] {
  const [was, is] = [before.workingDir ?? '/', after.workingDir ?? '/'].map((path) => path.replace(/(?<=.)\/+$/, ''));
  if (was === is) return [];
  const message = `The working folder is ${is!} instead of ${was!}: relative paths mean other files.`;
  return [{ field: 'workingDir', ...sidesOf(was, is), severity: 'may-matter', message }];
}

function userDiff(before: ImageConfig, after: ImageConfig): ConfigDifference[] {
  const [was, is] = [userOf(before), userOf(after)];
  if (was === is) return [];
  const message =
    is === 'root'
      ? `It runs as root instead of ${was}.`
      : was === 'root'
        ? `It runs as ${is} instead of root: files of root can no longer be written.`
        : `It runs as ${is} instead of ${was}.`;
  return [{ field: 'user', ...sidesOf(was, is), severity: 'may-matter', message }];
}

/** Engines take no user, `0` and `root` for the same. */
function userOf({ user }: ImageConfig): string {
  return user === undefined || /^(?:0|root)(?::(?:0|root))?$/.test(user) ? 'root' : user;
}

function setDiff(
  field: 'exposedPorts' | 'volumes',
  before: readonly string[],
  after: readonly string[],
): ConfigDifference[] {
  const what = field === 'volumes' ? 'volume' : 'port';
  const why = field === 'volumes' ? ': what is written there stays in the container' : '';
  return [
    ...before
      .filter((key) => !after.includes(key))
      .map((key) => ({
        ...{ field, key, before: key, severity: 'may-matter' as const },
        message: `The ${what} ${key} is no longer declared${why}.`,
      })),
    ...after
      .filter((key) => !before.includes(key))
      .map((key) => ({
        ...{ field, key, after: key, severity: field === 'volumes' ? ('may-matter' as const) : ('harmless' as const) },
        message: `The ${what} ${key} is new.`,
      })),
  ];
}

/** Labels of people and catalogues: nothing that runs containers goes by them. */
const informal = /^(?:maintainer|org\.opencontainers\.image\.|org\.label-schema\.)/i;

function labelDiff(before: ImageConfig, after: ImageConfig): ConfigDifference[] {
  const [was, is] = [new Map(Object.entries(before.labels)), new Map(Object.entries(after.labels))];
  return keysOf(was, is).flatMap((key): ConfigDifference[] => {
    const [old, now] = [was.get(key), is.get(key)];
    if (old === now) return [];
    const severity = old === undefined || informal.test(key) ? 'harmless' : 'may-matter';
    const what = old === undefined ? 'is new' : now === undefined ? 'is gone' : 'has another value';
    return [{ field: 'labels', key, ...sidesOf(old, now), severity, message: `The label ${key} ${what}.` }];
  });
}

function stopSignalDiff(before: ImageConfig, after: ImageConfig): ConfigDifference[] {
  const [was, is] = [signalOf(before), signalOf(after)];
  if (was === is) return [];
  const message = `The container is stopped by ${is} instead of ${was}.`;
  return [{ field: 'stopSignal', ...sidesOf(was, is), severity: 'may-matter', message }];
}

function signalOf({ stopSignal }: ImageConfig): string {
  if (stopSignal === undefined || stopSignal === '15') return 'SIGTERM';
  return /^[A-Z]/.test(stopSignal) && !stopSignal.startsWith('SIG') ? `SIG${stopSignal}` : stopSignal;
}

function healthcheckDiff({ healthcheck: was }: ImageConfig, { healthcheck: is }: ImageConfig): ConfigDifference[] {
  const [old, now] = [was, is].map((test) => (test?.[0] === 'NONE' ? undefined : shownWords(test)));
  if (old === now) return [];
  const message =
    now === undefined
      ? 'There is no health check any more: who waits for the container to be healthy waits for ever.'
      : old === undefined
        ? 'There is a health check, and was none before.'
        : `The health check is ${now} instead of ${old}.`;
  return [{ field: 'healthcheck', ...sidesOf(old, now), severity: 'may-matter', message }];
}

function shellDiff(before: ImageConfig, after: ImageConfig): ConfigDifference[] {
  const posix = ['/bin/sh', '-c'];
  if (sameList(before.shell ?? posix, after.shell ?? posix)) return [];
  const message = 'Another shell is set for images that are built on this one.';
  return [
    { field: 'shell', ...sidesOf(shownWords(before.shell), shownWords(after.shell)), severity: 'harmless', message },
  ];
}

function onBuildDiff(before: ImageConfig, after: ImageConfig): ConfigDifference[] {
  if (sameList(before.onBuild, after.onBuild)) return [];
  const sides = sidesOf(before.onBuild.join('; ') || undefined, after.onBuild.join('; ') || undefined);
  const message = 'Images that are built on this one run other ONBUILD instructions.';
  return [{ field: 'onBuild', ...sides, severity: 'may-matter', message }];
}

function commandLine({ entrypoint, cmd }: ImageConfig): string[] {
  return [...(entrypoint ?? []), ...(cmd ?? [])];
}

function variables({ env }: ImageConfig): Map<string, string> {
  return new Map(env.map((pair) => [pair.replace(/=.*/s, ''), pair.replace(/^[^=]*=?/, '')]));
}

function keysOf(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): string[] {
  return [...new Set([...a.keys(), ...b.keys()])].toSorted();
}

function sameList(a: readonly string[] | undefined, b: readonly string[] | undefined): boolean {
  return JSON.stringify(a ?? []) === JSON.stringify(b ?? []);
}

function sidesOf(before: string | undefined, after: string | undefined): Pick<ConfigDifference, 'before' | 'after'> {
  return { ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) };
}

/** As a Dockerfile has it; undefined for nothing. */
function shownWords(words: readonly string[] | undefined): string | undefined {
  return words === undefined || words.length === 0 ? undefined : JSON.stringify(words).replaceAll('","', '", "');
}

/** Long values would bury the sentence. */
function shownWord(word: string): string {
  return JSON.stringify(word.length > 80 ? `${word.slice(0, 77)}…` : word);
}
