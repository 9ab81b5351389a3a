import { packageOf, packageWith } from '../systemPrograms.ts';
import type { Build, ImageBase } from './ecosystem.ts';
import type { Start } from './start.ts';

/** How a language's own packages are named, and what of them needs more than their files show. */
export interface NamedNeeds {
  /** Files that name what a project needs; by their paths in the context. */
  readonly lists: RegExp;
  /**
   * Packages of the language that load a library by its name, or start a program, when they run: nothing in their files links it,
   * so it cannot be found out. With what the distributions call it; Debian's names are those of before its change to 64 bits of
   * time, by which the later packages are found as well.
   */
  readonly loaded: Readonly<Record<string, { readonly debian: readonly string[]; readonly alpine: readonly string[] }>>;
  /** The application's own modules; by their paths in the context. */
  readonly modules: RegExp;
  /** What stands in a module that starts other programs. */
  readonly calls: RegExp;
}

/** Programs of the whole images that the slim ones lack, and applications start. */
const programs = ['git', 'curl', 'wget', 'ssh', 'unzip', 'gpg', 'ps', 'xz', 'openssl', 'python3', 'hg', 'svn'];

/** Those whose names are everyday words: they must be what a call or a list of words begins with. */
const everydayNames = ['convert', 'identify', 'mogrify'];

/** Programs of the whole images beside those, which no application brings. */
const wholeImage = new Set(
  (
    'make gcc g++ cc c++ cpp ld ar hg svn bzr cvs convert identify mogrify montage composite file patch automake autoconf libtool m4 ' +
    'bison flex bzip2 dirmngr scp sftp ssh-keygen ssh-agent ssh-add mysql_config pg_config xml2-config top free pgrep pkill uptime vmstat watch'
  ).split(' '),
);

/**
 * Programs that are started by their name and that the packages of the application bring: of all others it is known which package
 * of the distribution they are in, or that only the whole image has them.
 */
export function ownPrograms({ programs: started }: Start): readonly string[] {
  return started
    .map(({ name }) => name)
    .filter((name) => !name.includes('/') && packageOf('debian', name) === undefined && !wholeImage.has(name));
}

/** The programs that the whole images have and the slim ones lack, of those that sources start by their names. */
export function namesIn(sources: readonly string[]): readonly string[] {
  const inSources = (call: string): boolean => sources.some((text) => new RegExp(call).test(text));
  return [
    ...programs.filter((name) => inSources(`["'\`({](?:/usr/bin/)?${name}(?=["'\` )}])`)),
    ...everydayNames.filter((name) => inSources(`[([]\\s*["'\`](?:/usr/bin/)?${name}(?=["'\` ])`)),
  ];
}

/** Packages of the distribution that the application needs though no file of it links them. */
export function neededByName(
  { subject, steps }: Build,
  { reference, packageManager }: ImageBase,
  { lists, loaded, modules, calls }: NamedNeeds,
): readonly string[] {
  const { project, context } = subject;
  const files = [...new Set(context.mapped.flatMap(({ source }) => project.below(source)))];
  const named = [
    ...files.filter((file) => lists.test(file)).map((file) => project.text(file) ?? ''),
    ...steps
      .filter(({ kind }) => kind === 'fetch')
      .map(({ program }) => program.args.map(({ text }) => text).join(' ')),
  ].join('\n');
  const system = packageManager === 'apk' ? 'alpine' : 'debian';
  const libraries = Object.entries(loaded).flatMap(([name, packages]) =>
    new RegExp(`(?:^|[\\s"'])${name.replaceAll('-', '[-_.]')}(?![\\w.-])`, 'im').test(named) ? packages[system] : [],
  );
  const texts = files
    .filter((file) => modules.test(file) && !/(?:^|\/)(?:tests?|spec)\//.test(file))
    .map((file) => project.text(file) ?? '');
  const callers = texts.filter((text) => calls.test(text));
  // An image of Python has its own, and not Debian's.
  const started = namesIn(callers).filter((name) => !name.startsWith(subject.image));
  const isWhole = reference !== subject.base.text;
  const brought = started.flatMap((name) => packageWith(system, name) ?? []);
  // Only the whole image has them without being asked.
  const had = brought.filter((name) => isWhole || steps.some(({ packages = [] }) => packages.includes(name)));
  return [...new Set([...libraries, ...had])];
}
