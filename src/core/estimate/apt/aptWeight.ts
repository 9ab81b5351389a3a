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
 * What Debian's `-slim` images tell dpkg not to unpack (documentation but for copyrights, manuals), on average of a
 * package; never more than this share of it. Bytes.
 */
const documentation = { each: 70_000, share: 0.3 };

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

function unpackedBytes({ installedBytes }: AptPackage, isSlim: boolean): number {
  if (!isSlim) return installedBytes;
  return Math.round(installedBytes - Math.min(documentation.each, installedBytes * documentation.share));
}

function recordsBytes(packages: readonly AptPackage[]): number {
  const questions = packages.some(({ asksQuestions }) => asksQuestions) ? records.questions : 0;
  return records.once + records.each * packages.length + records.answers + questions;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
