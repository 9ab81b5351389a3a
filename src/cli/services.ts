import { homedir } from 'node:os';
import path from 'node:path';
import type { Platform } from '../core/base/baseSize.ts';
import { lookUp } from '../core/base/catalogue.ts';
import type { OpenImage, ReadProgress } from '../core/image/image.ts';
import { present } from '../core/present.ts';
import type { ByteCache } from '../sources/cache/byteCache.ts';
import { CacheSizes } from '../sources/cache/cacheSizes.ts';
import { DiskCache } from '../sources/cache/diskCache.ts';
import { RegistryCache } from '../sources/cache/registryCache.ts';
import { BaseSizeChain, type ChainSource } from '../sources/chain.ts';
import { UserCredentials } from '../sources/credentials/userCredentials.ts';
import { Engine } from '../sources/engine/engine.ts';
import { EngineSizes } from '../sources/engine/engineSizes.ts';
import { thisMachine } from '../sources/engine/surroundings.ts';
import { RegistryClient } from '../sources/registry/client.ts';
import { RegistryImages } from '../sources/registry/images.ts';
import { RegistrySizes } from '../sources/registry/sizes.ts';
import { IndexCache } from '../sources/image/indexCache.ts';
import { openSource } from '../sources/image/openSource.ts';
import { indexInWorkers } from '../sources/image/workerIndexing.ts';
import type { Host, Terminal } from './terminal.ts';

/** The flags that every command has. */
export interface CommonOptions {
  readonly json?: boolean;
  readonly markdown?: boolean;
  readonly platform?: Platform;
  readonly offline?: boolean;
  readonly source?: 'engine' | 'registry' | 'archive' | 'layout';
  /** False with `--no-cache`. */
  readonly cache: boolean;
  readonly insecureRegistry: readonly string[];
  readonly color: 'auto' | 'always' | 'never';
  readonly quiet?: boolean;
}

/** What the commands ask: built for one command line, disposed of at its end. */
export interface Services extends AsyncDisposable {
  readonly chain: BaseSizeChain;
  /** The engine's platform where it may be asked and is there, else `linux/amd64`. Throws only the signal's reason. */
  defaultPlatform(signal: AbortSignal): Promise<Platform>;
  /** Opens an archive, a layout folder or a reference. Throws a `SourceError`, or the signal's reason. */
  openImage(source: string, onProgress: (progress: ReadProgress) => void, signal: AbortSignal): Promise<OpenImage>;
}

/** Builds the services. Asks nobody anything. */
export function openServices(options: CommonOptions, { terminal, indexingWorker }: Host): Services {
  const online = options.offline !== true;
  const mayAskEngine = online && (options.source === undefined || options.source === 'engine');
  const engine = new Engine({ surroundings: thisMachine({ ...terminal.env }) });
  const client = new RegistryClient({
    credentials: new UserCredentials({ env: { ...terminal.env } }),
    insecureRegistries: options.insecureRegistry,
    env: { ...terminal.env },
  });
  const cache = options.cache ? new DiskCache({ folder: cacheFolder(terminal.env) }) : forgetful;
  const registryCache = new RegistryCache(cache);
  const sources: ChainSource[] = [
    new EngineSizes(engine),
    new CacheSizes(registryCache, { acceptsStale: () => !online }),
    new RegistrySizes(client, registryCache),
  ];
  const { source } = options;
  const chain = new BaseSizeChain({
    sources: source === undefined ? sources : sources.filter(({ kind }) => kind === source),
    catalogue: source === undefined ? lookUp : notAsked,
    online,
  });
  const defaultPlatform = async (signal: AbortSignal): Promise<Platform> =>
    (mayAskEngine ? await engine.platform(signal) : undefined) ?? 'linux/amd64';
  const indexing = indexInWorkers(indexingWorker);
  return {
    chain,
    defaultPlatform,
    openImage: (image, onProgress, signal) =>
      openSource(
        image,
        {
          ...(online ? { engine, registry: new RegistryImages(client, registryCache) } : {}),
          indexing,
          indexes: new IndexCache(cache),
        },
        {
          ...present({ only: source, platform: options.platform }),
          defaultPlatform,
          onProgress,
          signal,
        },
      ),
    [Symbol.asyncDispose]: async () => {
      chain[Symbol.dispose]();
      client[Symbol.dispose]();
      engine[Symbol.dispose]();
      await indexing[Symbol.asyncDispose]();
    },
  };
}

function notAsked(): ReturnType<typeof lookUp> {
  return { none: { code: 'unavailable', message: 'The catalogue was not asked.' } };
}

/** `--no-cache`: nothing is read that was there before, and nothing is left behind. */
const forgetful: ByteCache = {
  get: () => Promise.resolve(undefined),
  set: () => Promise.resolve(false),
  delete: () => Promise.resolve(),
};

/** Where caches of this user's programs are kept on this platform. */
function cacheFolder(env: Terminal['env']): string {
  const home = env.HOME ?? homedir();
  const folder =
    process.platform === 'win32'
      ? (env.LOCALAPPDATA ?? path.join(home, 'AppData', 'Local'))
      : process.platform === 'darwin'
        ? path.join(home, 'Library', 'Caches')
        : (env.XDG_CACHE_HOME ?? path.join(home, '.cache'));
  return path.join(folder, 'plimsoll');
}
