import file from './aptToApk.json' with { type: 'json' };

/** The shape of `aptToApk.json`, which `test/tools/packages/build.ts` writes. Lists of names are divided by blanks. */
export interface AptToApkFile {
  readonly asOf: string;
  /** Names that mean the same in Debian and in Alpine. */
  readonly same: string;
  /** Debian's name → Alpine's; empty where Alpine needs nothing for it. */
  readonly renamed: Readonly<Record<string, string>>;
  /** Debian's name → what comes nearest in Alpine, and how it differs. */
  readonly differing: Readonly<Record<string, readonly (string | undefined)[]>>;
  /** Debian's name → why Alpine has nothing for it. */
  readonly absent: Readonly<Record<string, string>>;
}

/**
 * What Alpine has for a package of Debian:
 * - `same`: these packages, or none, do what it does
 * - `differs`: they do so in another version or in other places, or nobody has proved their names
 * - `absent`: nothing does
 */
export type ApkAnswer =
  | { readonly kind: 'same'; readonly packages: readonly string[] }
  | { readonly kind: 'differs'; readonly packages: readonly string[]; readonly why: string }
  | { readonly kind: 'absent'; readonly why: string };

const data: AptToApkFile = file;
const same = new Set(names(data.same));

/** Undefined for a package that the table does not have. */
export function apkPackages(debian: string): ApkAnswer | undefined {
  if (same.has(debian)) return { kind: 'same', packages: [debian] };
  const renamed = own(data.renamed, debian);
  if (renamed !== undefined) return { kind: 'same', packages: names(renamed) };
  const [packages, why] = own(data.differing, debian) ?? [];
  if (packages !== undefined && why !== undefined) return { kind: 'differs', packages: names(packages), why };
  const reason = own(data.absent, debian);
  return reason === undefined ? undefined : { kind: 'absent', why: reason };
}

function own<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

function names(list: string): readonly string[] {
  return list.split(' ').filter((name) => name !== '');
}
