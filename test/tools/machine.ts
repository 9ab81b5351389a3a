import { execFileSync, spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import path from 'node:path';

/** A program or header that a suite needs, and the Debian package that has it. */
export interface Need {
  /** A command looked for on `PATH` (and in the `sbin` folders), or an absolute path that must exist. */
  readonly has: string;
  readonly debian: string;
}

const searched = [...(process.env.PATH ?? '').split(path.delimiter), '/usr/local/sbin', '/usr/sbin', '/sbin'];

function isThere(need: Need): boolean {
  const candidates = path.isAbsolute(need.has) ? [need.has] : searched.map((folder) => path.join(folder, need.has));
  return candidates.some((candidate) => {
    try {
      accessSync(candidate, path.isAbsolute(need.has) ? constants.R_OK : constants.X_OK);
      return true;
    } catch {
      return false; // Not there: the next candidate.
    }
  });
}

/** Why what is missing cannot be installed here; undefined where it can. */
function whyNotInstallable(): string | undefined {
  if (process.platform !== 'linux') return 'it is installed by itself on Debian only';
  if (process.getuid?.() !== 0) return 'installing it needs root';
  if (spawnSync('apt-get', ['--version']).status !== 0) return 'this machine has no apt-get';
  return undefined;
}

/**
 * Sees to it that everything needed is there, installing Debian packages where this machine allows it. Returns what is
 * still missing and why, as one sentence, or undefined when nothing is.
 */
export function provide(needs: readonly Need[]): string | undefined {
  const missing = needs.filter((need) => !isThere(need));
  if (missing.length === 0) return undefined;
  const packages = [...new Set(missing.map((need) => need.debian))];
  const obstacle = whyNotInstallable();
  if (obstacle !== undefined) return `${packages.join(', ')} missing; ${obstacle}`;
  console.log(`installing ${packages.join(' ')}`);
  const options = { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }, stdio: 'pipe' } as const;
  try {
    execFileSync('apt-get', ['update', '-qq'], options);
    execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], options);
  } catch (error) {
    const said = String((error as { stderr?: unknown }).stderr ?? error)
      .trim()
      .split('\n')
      .at(-1);
    return `${packages.join(', ')} could not be installed: ${said ?? ''}`;
  }
  const still = missing.filter((need) => !isThere(need));
  return still.length === 0 ? undefined : `${still.map((need) => need.has).join(', ')} still missing`;
}
