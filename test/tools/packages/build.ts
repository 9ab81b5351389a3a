/**
 * Makes `src/core/refactor/minimalBase/aptToApk.json` from collected data:
 *
 *   node test/tools/packages/build.ts <folder with apt-to-apk.json> <day, YYYY-MM-DD>
 *
 * A name is taken for the same where somebody read it in Alpine's build files and nothing that a Dockerfile leans on is
 * otherwise there. What has another version, other paths or other modules, and what nobody read, is kept apart with its reason.
 */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { format } from 'prettier';
import type { AptToApkFile } from '../../../src/core/refactor/minimalBase/aptToApk.ts';

interface CollectedPackage {
  readonly debian: string;
  readonly alpine: readonly string[];
  readonly kind: 'same' | 'renamed' | 'versioned' | 'builtin' | 'not-needed' | 'absent';
  readonly verified: boolean;
  readonly note: string | null;
}

/** Verified, but what is installed is used in another way: the note of each says how. */
const usedOtherwise = new Set(
  (
    'apache2 apache2-dev awscli cron dpkg-dev gosu imagemagick libatlas-base-dev libjemalloc2 libmagickwand-dev libvips42 locales ' +
    'locales-all lsb-release mysql-client nginx nodejs npm openssh-server p7zip-full passwd postgresql postgresql-client ' +
    'postgresql-contrib python3-distutils python3-numpy redis-server redis-tools software-properties-common supervisor ' +
    'telnet tesseract-ocr tini util-linux yarn php-mysql php-xml ruby-full'
  ).split(' '),
);

/** A language of the distribution has the version of the distribution, and that is another one in Alpine. */
const language = /^(?:python3|ruby|golang|rustc|cargo|lua|erlang|elixir|nodejs|php)/;

const [folder, day] = process.argv.slice(2);
if (folder === undefined || day === undefined) throw new Error('usage: build.ts <folder> <YYYY-MM-DD>');
const rows = JSON.parse(await readFile(path.join(folder, 'apt-to-apk.json'), 'utf8')) as CollectedPackage[];

const same: string[] = [];
const renamed: Record<string, string> = {};
const differing: Record<string, readonly [packages: string, why: string]> = {};
const absent: Record<string, string> = {};
for (const { debian, alpine, kind, verified, note } of rows.toSorted((a, b) => (a.debian < b.debian ? -1 : 1))) {
  const packages = alpine.join(' ');
  if (kind === 'absent') absent[debian] = note ?? 'there is no such package';
  else if (!verified) differing[debian] = [packages, 'nobody has read that name in Alpine’s build files'];
  else if (kind === 'versioned' || usedOtherwise.has(debian) || language.test(debian)) {
    differing[debian] = [packages, note ?? 'Alpine has another version of it'];
  } else if (packages === debian) same.push(debian);
  else renamed[debian] = packages;
}
const file: AptToApkFile = { asOf: day, same: same.join(' '), renamed, differing, absent };
const target = path.join(import.meta.dirname, '../../../src/core/refactor/minimalBase/aptToApk.json');
await writeFile(target, await format(JSON.stringify(file), { parser: 'json', printWidth: 120 }));
process.stdout.write(
  `${same.length} same, ${Object.keys(renamed).length} renamed, ${Object.keys(differing).length} differing, ${Object.keys(absent).length} absent\n`,
);
