import { readBaseTag } from './catalogueRows.ts';
import { readDistroless } from './distroless.ts';
import { baseFacts } from './facts.ts';
import { imageName } from './family.ts';
import { languageRows } from './imageConfigLanguages.ts';
import type { ImageConfigRow } from './imageConfigRows.ts';
import { serverRows } from './imageConfigServers.ts';
import { systemRows } from './imageConfigSystems.ts';
import type { Reference } from './reference.ts';
import type { Distribution } from './release.ts';
import { compareVersions } from './tag.ts';

/**
 * What a base image gives to everything that is built on it: its config, and the few things in its file system that start
 * commands and health checks lean on. What is absent is unknown; what is empty or false is known to be so.
 */
export interface BaseConfig {
  readonly entrypoint?: readonly string[];
  readonly cmd?: readonly string[];
  /** Variables whose values are the same in every build of the image. */
  readonly env: Readonly<Record<string, string>>;
  /** Variables that are set to something that changes with the patch version: `NODE_VERSION`, `PYTHON_SHA256`. */
  readonly versionedEnv: readonly string[];
  /** `/` where the config says nothing. */
  readonly workingDir?: string;
  /** As the config says it; `root` where that says nothing. */
  readonly user?: string;
  /** `80/tcp`. */
  readonly exposedPorts?: readonly string[];
  /** `SIGTERM` where the config says nothing. */
  readonly stopSignal?: string;
  readonly volumes?: readonly string[];
  /** Users that `/etc/passwd` has for certain, with their ids; there may be more. */
  readonly users: Readonly<Record<string, number>>;
  /** Groups that `/etc/group` has for certain, with their ids; there may be more. */
  readonly groups: Readonly<Record<string, number>>;
  /** Whether a program is in `PATH`: `sh`, `bash`, `curl`, `wget`. */
  readonly programs: Readonly<Record<string, boolean>>;
  /** Whether there are certificates of authorities in `/etc/ssl/certs`. */
  readonly certificates?: boolean;
  /** Whether there is `/usr/share/zoneinfo`. */
  readonly timeZones?: boolean;
}

/** What the base gives; undefined for an image of which nothing is known. */
export function baseConfig(reference: Reference): BaseConfig | undefined {
  const image = imageName(reference);
  const distroless = readDistroless(image);
  const facts = baseFacts(reference);
  const tag = readBaseTag(image, reference.tag ?? '');
  const isPart = distroless !== undefined || facts?.shell === false;
  const subject: Subject = {
    // Every language version and Debian release of a distroless image is one row's subject.
    image: distroless === undefined ? image : `gcr.io/distroless/${distroless.flavor}`,
    words: tag.variant.split('-'),
    system: isPart ? undefined : (facts?.distribution ?? tag.distribution),
    shell: facts?.shell,
    version: facts?.language?.version ?? tag.version ?? facts?.distribution?.release,
  };
  const rows = allRows.filter((row) => applies(row, subject));
  // A system alone is no image: of what somebody put on a Debian of their own nothing is known.
  if (!rows.some(({ images }) => images !== undefined)) return undefined;
  return rows.reduce<BaseConfig>(merge, nothing);
}

/** Later rows have the last word. */
const allRows: readonly ImageConfigRow[] = [...systemRows, ...languageRows, ...serverRows];

const nothing: BaseConfig = { env: {}, versionedEnv: [], users: {}, groups: {}, programs: {} };

interface Subject {
  readonly image: string;
  readonly words: readonly string[];
  /** Whose full system it is; absent where only a part of one is there. */
  readonly system: Distribution | undefined;
  readonly shell: boolean | undefined;
  readonly version: string | undefined;
}

function applies(row: ImageConfigRow, { image, words, system, shell, version }: Subject): boolean {
  return (
    (row.images === undefined || row.images.includes(image)) &&
    (row.system === undefined || system?.name === row.system) &&
    (row.release === undefined || (system?.release !== undefined && row.release.includes(system.release))) &&
    (row.shell === undefined || shell === row.shell) &&
    (row.word === undefined || words.includes(row.word)) &&
    !row.withoutWord?.some((other) => words.includes(other)) &&
    (row.from === undefined || (version !== undefined && compareVersions(version, row.from) >= 0)) &&
    (row.below === undefined || (version !== undefined && compareVersions(version, row.below) < 0))
  );
}

function merge(config: BaseConfig, { config: more, unknown = [] }: ImageConfigRow): BaseConfig {
  const versionedEnv = more.versionedEnv ?? [];
  const merged: BaseConfig = {
    ...config,
    ...more,
    env: without({ ...config.env, ...more.env }, versionedEnv),
    versionedEnv: [...new Set([...config.versionedEnv, ...versionedEnv])],
    users: { ...config.users, ...more.users },
    groups: { ...config.groups, ...more.groups },
    programs: { ...config.programs, ...more.programs },
  };
  return without(merged, unknown);
}

function without<T extends object>(from: T, keys: readonly string[]): T {
  return Object.fromEntries(Object.entries(from).filter(([key]) => !keys.includes(key))) as T;
}
