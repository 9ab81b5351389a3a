import { isAtOrBelow } from './contextMap.ts';
import type { Build, ImageBase } from './ecosystem.ts';
import { packageOf } from './tools.ts';

/**
 * Packages of Python that load a library by its name, or start a program, when they run: nothing in their files links it, so it
 * cannot be found out. With what the distributions call it; Debian's names are those of before its change to 64 bits of time,
 * by which the later packages are found as well.
 */
const loaded: Readonly<Record<string, { readonly debian: readonly string[]; readonly alpine: readonly string[] }>> = {
  cairocffi: { debian: ['libcairo2'], alpine: ['cairo'] },
  cairosvg: { debian: ['libcairo2'], alpine: ['cairo'] },
  'django-weasyprint': { debian: ['libpango-1.0-0', 'libpangoft2-1.0-0'], alpine: ['pango'] },
  dvc: { debian: ['git'], alpine: ['git'] },
  gitpython: { debian: ['git'], alpine: ['git'] },
  mercurial: { debian: ['mercurial'], alpine: ['mercurial'] },
  'pre-commit': { debian: ['git'], alpine: ['git'] },
  // With `[binary]` it brings the library; without, this one is a few hundred kilobytes.
  psycopg: { debian: ['libpq5'], alpine: ['libpq'] },
  pyenchant: { debian: ['libenchant-2-2'], alpine: ['enchant2'] },
  pyusb: { debian: ['libusb-1.0-0'], alpine: ['libusb'] },
  'python-magic': { debian: ['libmagic1'], alpine: ['libmagic'] },
  pyzbar: { debian: ['libzbar0'], alpine: ['zbar'] },
  wand: { debian: ['imagemagick'], alpine: ['imagemagick'] },
  weasyprint: { debian: ['libpango-1.0-0', 'libpangoft2-1.0-0'], alpine: ['pango'] },
};

/** Files that name what a project needs. */
const lists =
  /(?:^|\/)(?:[^/]*requirements[^/]*\.(?:txt|in)|requirements\/[^/]+\.txt|pyproject\.toml|poetry\.lock|uv\.lock|Pipfile(?:\.lock)?|setup\.(?:py|cfg))$/;

/** Programs of the whole image that the slim one lacks, and applications start. */
const programs = ['git', 'curl', 'wget', 'ssh', 'unzip', 'gpg', 'ps', 'xz', 'openssl'];

/** Packages of the distribution that the application needs though no file of it links them. */
export function packagesByName({ subject, steps }: Build, { reference, packageManager }: ImageBase): readonly string[] {
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
  // What the file installs itself goes along anyway; only the whole image brings programs of its own.
  const started = reference === subject.base.text ? [] : startedPrograms(files, (file) => project.text(file));
  return [...new Set([...libraries, ...started.flatMap((name) => packageOf(system, name) ?? [])])];
}

/** The programs that the application's own modules start. */
function startedPrograms(files: readonly string[], read: (file: string) => string | undefined): readonly string[] {
  const modules = files.filter(
    (file) => file.endsWith('.py') && !isAtOrBelow(file, 'tests') && !/(?:^|\/)tests?\//.test(file),
  );
  const found = new Set<string>();
  for (const file of modules) {
    const text = read(file) ?? '';
    if (!/\b(?:subprocess|os\.(?:system|popen|exec\w+|spawn\w+)|shutil\.which|pexpect|sh\.)\b/.test(text)) continue;
    for (const name of programs) {
      if (new RegExp(`["'](?:/usr/bin/)?${name}(?=["' ])`).test(text)) found.add(name);
    }
  }
  return [...found];
}
