import { parseJson } from '../../json.ts';
import type { LockedPackage } from './lockedPackage.ts';

const folder = 'node_modules/';

/**
 * The packages of a `package-lock.json` or `npm-shrinkwrap.json` of any version, one for each place that they are installed
 * at; undefined for what is none. What is not in a registry (a link, a folder, a repository) is left out.
 */
export function readNpmLock(text: string): readonly LockedPackage[] | undefined {
  const json = parseJson(text);
  const packages = fieldsOf(json, 'packages');
  if (packages !== undefined) {
    return Object.entries(packages).flatMap(([path, entry]) => {
      const at = path.lastIndexOf(folder);
      return at < 0 ? [] : lockedPackage(path.slice(at + folder.length), entry);
    });
  }
  const dependencies = fieldsOf(json, 'dependencies');
  return dependencies === undefined ? undefined : nested(dependencies, 0);
}

/** Version 1 nests what is installed in a package's own folder. */
function nested(dependencies: Readonly<Record<string, unknown>>, depth: number): LockedPackage[] {
  return Object.entries(dependencies).flatMap(([name, entry]) => [
    ...lockedPackage(name, entry),
    ...(depth < deepest ? nested(fieldsOf(entry, 'dependencies') ?? {}, depth + 1) : []),
  ]);
}

const deepest = 100;

function lockedPackage(installedAs: string, entry: unknown): LockedPackage[] {
  const { version, name, resolved, link, dev, optional, devOptional, bundled, inBundle } = record(entry);
  // What comes inside of another package is in that one's size.
  if (link === true || bundled === true || inBundle === true || typeof version !== 'string') return [];
  if (typeof resolved === 'string' && !/^https?:/.test(resolved)) return [];
  const alias = /^npm:(.+)@([^@]+)$/.exec(version);
  // Needed by development and optional packages only: left out where either is.
  const either = devOptional === true;
  return [
    {
      name: alias?.[1] ?? (typeof name === 'string' ? name : installedAs),
      version: alias?.[2] ?? version,
      development: dev === true || either,
      optional: optional === true || either,
    },
  ];
}

function fieldsOf(value: unknown, name: string): Readonly<Record<string, unknown>> | undefined {
  const found = record(value)[name];
  return typeof found === 'object' && found !== null ? (found as Record<string, unknown>) : undefined;
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
