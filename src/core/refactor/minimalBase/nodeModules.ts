import { parseJson } from '../../json.ts';
import type { Project } from '../project.ts';

/** What a lock file of JavaScript says of one module. */
export interface LockedModule {
  readonly name: string;
  /** It runs a script when it is installed; only npm's lock file says so. */
  readonly hasInstallScript: boolean;
}

export interface NodeLock {
  readonly path: string;
  readonly modules: readonly LockedModule[];
  /** Some module is fetched with git. */
  readonly usesGit: boolean;
}

/** Modules with compiled parts, or that fetch a program for the system. */
const known: ReadonlySet<string> = new Set(
  (
    'argon2 bcrypt better-sqlite3 bufferutil utf-8-validate canvas cpu-features deasync dtrace-provider farmhash ffi-napi ' +
    'fibers grpc hiredis ibm_db iconv isolated-vm kerberos keytar leveldown libpq libxmljs libxmljs2 microtime mmmagic mongodb-client-encryption ' +
    'msgpackr-extract node-expat node-gyp-build node-rdkafka node-sass nodegit odbc oracledb pg-native phantomjs-prebuilt playwright ' +
    'playwright-core prisma @prisma/client @prisma/engines puppeteer re2 ref-napi robotjs segfault-handler serialport @serialport/bindings-cpp ' +
    'sharp snappy sodium-native sqlite3 ssh2 swisseph tree-sitter unix-dgram usb uws v8-profiler-next wrtc zeromq zlib-sync ' +
    '@tensorflow/tfjs-node @grpc/grpc-native @mapbox/node-pre-gyp node-pre-gyp node-gyp nan node-addon-api prebuild-install bindings ' +
    '@swc/core lightningcss @parcel/watcher @next/swc-linux-x64-gnu @node-rs/argon2 @node-rs/bcrypt @napi-rs/canvas duckdb cypress electron'
  ).split(' '),
);

/** Modules whose install scripts compile nothing, or that choose a program for any C library by themselves. */
const harmless: ReadonlySet<string> = new Set(
  'core-js core-js-pure core-js-bundle es5-ext esbuild husky protobufjs styled-components @nestjs/core nx fsevents preact ejs postinstall-postinstall'.split(
    ' ',
  ),
);

/** The lock file of the context, whichever manager wrote it. */
export function readNodeLock(project: Project): NodeLock | undefined {
  for (const [name, read] of readers) {
    const path =
      project.files.find((file) => file === name) ??
      project.files.find((file) => file.endsWith(`/${name}`) && !file.includes('node_modules/'));
    const text = path === undefined ? undefined : project.text(path);
    const modules = text === undefined ? undefined : read(text);
    if (path !== undefined && modules !== undefined)
      return {
        path,
        modules,
        usesGit: /git\+(?:ssh|https?):|codeload\.github\.com|github\.com\/[^"\s]+\.git\b.*#/.test(text!),
      };
  }
  return undefined;
}

/** Names of the modules with compiled parts, once each. */
export function nativeNodeModules({ modules }: NodeLock): readonly string[] {
  const native = modules.filter(
    ({ name, hasInstallScript }) => known.has(name) || (hasInstallScript && !harmless.has(name)),
  );
  return [...new Set(native.map(({ name }) => name))].toSorted();
}

const readers: readonly (readonly [name: string, read: (text: string) => readonly LockedModule[] | undefined])[] = [
  ['package-lock.json', readPackageLock],
  ['npm-shrinkwrap.json', readPackageLock],
  ['yarn.lock', readYarnLock],
  ['pnpm-lock.yaml', readPnpmLock],
];

/** https://docs.npmjs.com/cli/v10/configuring-npm/package-lock-json: versions 2 and 3 list every module by its folder. */
function readPackageLock(text: string): readonly LockedModule[] | undefined {
  const lock = parseJson(text);
  const packages = property(lock, 'packages');
  if (typeof packages !== 'object' || packages === null) return undefined;
  return Object.entries(packages).flatMap(([folder, entry]): LockedModule[] => {
    const name = folder.slice(folder.lastIndexOf('node_modules/') + 'node_modules/'.length);
    if (!folder.includes('node_modules/') || property(entry, 'dev') === true) return [];
    return [{ name, hasInstallScript: property(entry, 'hasInstallScript') === true }];
  });
}

/** Both forms: `"@a/b@^1.0.0", c@1:` of the first Yarn, `"c@npm:1":` of the later ones. */
function readYarnLock(text: string): readonly LockedModule[] {
  return [...text.matchAll(/^"?((?:@[^/\s"@]+\/)?[^@\s",:]+)@/gm)].map(([, name]) => ({
    name: name!,
    hasInstallScript: false,
  }));
}

/** Keys of `packages`: `/a@1.0.0`, `'@a/b@1.0.0'`; and what pnpm says of those that must be built. */
function readPnpmLock(text: string): readonly LockedModule[] {
  const entries = [...text.matchAll(/^ {2}'?\/?((?:@[^/\s'@]+\/)?[^@\s':/]+)[@/][^\n]*:\s*$/gm)];
  return entries.map((match, at) => {
    const body = text.slice(match.index, entries[at + 1]?.index ?? text.length);
    return { name: match[1]!, hasInstallScript: /^\s+requiresBuild: true/m.test(body) };
  });
}

function property(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;
}
