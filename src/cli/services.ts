import type { Platform } from '../core/base/baseSize.ts';
import { lookUp } from '../core/base/catalogue.ts';
import { CacheSizes } from '../sources/cache/cacheSizes.ts';
import { RegistryCache } from '../sources/cache/registryCache.ts';
import { BaseSizeChain, type ChainSource } from '../sources/chain.ts';
import { UserCredentials } from '../sources/credentials/userCredentials.ts';
import { Engine } from '../sources/engine/engine.ts';
import { EngineSizes } from '../sources/engine/engineSizes.ts';
import { thisMachine } from '../sources/engine/surroundings.ts';
import type { ImageRegistry } from '../sources/image/registryImage.ts';
import { RegistryClient } from '../sources/registry/client.ts';
import { RegistryImages } from '../sources/registry/images.ts';
import { RegistrySizes } from '../sources/registry/sizes.ts';
import { openCache } from './cache.ts';
import type { CommonOptions } from './options.ts';
import type { Host } from './terminal.ts';

/** What the commands ask of others: built for one command line, disposed of at its end. */
export interface Services extends Disposable {
  readonly chain: BaseSizeChain;
  /** Who may be asked for the image of a reference: nobody with `--offline`. */
  readonly imageSources: { readonly engine?: Engine; readonly registry?: ImageRegistry };
  /** The engine's platform where it may be asked and is there, else `linux/amd64`. Throws only the signal's reason. */
  readonly defaultPlatform: (signal: AbortSignal) => Promise<Platform>;
}

/** Builds the services. Asks nobody anything. */
export function openServices(options: CommonOptions, { terminal }: Host): Services {
  const online = options.offline !== true;
  const mayAskEngine = online && (options.source === undefined || options.source === 'engine');
  const engine = new Engine({ surroundings: thisMachine({ ...terminal.env }) });
  const client = new RegistryClient({
    credentials: new UserCredentials({ env: { ...terminal.env } }),
    insecureRegistries: options.insecureRegistry,
    env: { ...terminal.env },
  });
  const registryCache = new RegistryCache(openCache(options, terminal));
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
  return {
    chain,
    imageSources: online ? { engine, registry: new RegistryImages(client, registryCache) } : {},
    defaultPlatform: async (signal) => (mayAskEngine ? await engine.platform(signal) : undefined) ?? 'linux/amd64',
    [Symbol.dispose]: () => {
      chain[Symbol.dispose]();
      client[Symbol.dispose]();
      engine[Symbol.dispose]();
    },
  };
}

function notAsked(): ReturnType<typeof lookUp> {
  return { none: { code: 'unavailable', message: 'The catalogue was not asked.' } };
}
