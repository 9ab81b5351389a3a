import type { WeightPart } from '../weight.ts';
import type { AptClosure, AptPackage } from './aptGraph.ts';

/** What a package manager's run leaves besides the packages' own files. Fitted to 22 real installations; see the tests. */
const records = {
  /** dpkg's status twice, its logs, apt's own state. Bytes. */
  once: 180_000,
  /** Lists of files, checksums, symbols, scripts of a package. Bytes. */
  each: 20_000,
  /** debconf's database and its backup, written anew by the first package. Bytes. */
  answers: 770_000,
  /** The same of its questions, where a package has some. Bytes. */
  questions: 800_000,
};

/**
 * What Python modules compile to when their package is installed, as a share of the package: less since Python 3.13, which
 * keeps no indentation of documentation.
 */
const bytecodeShares: Readonly<Record<string, number>> = { bookworm: 0.95, trixie: 0.68 };
const pythonModules =
  /^(?:python3-(?!.*-(?:whl|dev|doc|dbg)$|(?:minimal|venv|dev)$)|libpython3\.\d+-(?:minimal|stdlib)$)/;

/**
 * What Debian's `-slim` images tell dpkg not to unpack: documentation but for copyrights, and manuals, on average of the
 * packages of Debian 12 that were looked at; never more than this share of one. Bytes.
 */
const documentation = { each: 100_000, share: 0.3 };

/** Translations are not unpacked either, and few packages have most of them. Bytes, of Debian 12. */
const translations: Readonly<Record<string, number>> = {
  'at-spi2-common': 1_063_000,
  'binutils-common': 14_837_000,
  gettext: 3_373_000,
  git: 10_180_000,
  'gnupg-l10n': 4_183_000,
  'gsettings-desktop-schemas': 4_903_000,
  'libdpkg-perl': 898_000,
  libelf1: 894_000,
  'libgdk-pixbuf2.0-common': 2_287_000,
  'libglib2.0-data': 9_288_000,
  'libgtk-3-common': 25_989_000,
  make: 1_168_000,
  nano: 2_034_000,
  'postgresql-client-15': 4_439_000,
  procps: 914_000,
  'shared-mime-info': 2_216_000,
  subversion: 3_192_000,
  sudo: 2_720_000,
  wget: 2_603_000,
  'xkb-data': 3_317_000,
};

/** What an installation adds to the layer: the packages, and what is written about them. */
export function aptWeight(
  { packages }: AptClosure,
  release: string,
  isSlim: boolean,
): { readonly bytes: number; readonly parts: readonly WeightPart[] } {
  const sized = packages.map((found) => ({ found, bytes: unpackedBytes(found, isSlim) }));
  const bytecode = Math.round(
    (bytecodeShares[release] ?? 1) *
      sum(sized.filter(({ found }) => pythonModules.test(found.name)).map(({ bytes }) => bytes)),
  );
  const written = packages.length === 0 ? 0 : recordsBytes(packages);
  const parts: WeightPart[] = [
    ...sized.map(({ found, bytes }): WeightPart => ({ kind: 'package', name: found.name, bytes })),
    { kind: 'bytecode', name: '', bytes: bytecode },
    { kind: 'records', name: '', bytes: written },
  ];
  return { bytes: sum(parts.map(({ bytes }) => bytes)), parts };
}

function unpackedBytes({ name, installedBytes }: AptPackage, isSlim: boolean): number {
  if (!isSlim) return installedBytes;
  const rest = Math.max(0, installedBytes - (translations[name] ?? 0));
  return Math.round(rest - Math.min(documentation.each, rest * documentation.share));
}

function recordsBytes(packages: readonly AptPackage[]): number {
  const questions = packages.some(({ asksQuestions }) => asksQuestions) ? records.questions : 0;
  return records.once + records.each * packages.length + records.answers + questions;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
