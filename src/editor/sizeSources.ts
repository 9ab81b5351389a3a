import { Disposable as VsDisposable, EventEmitter, Uri, workspace } from 'vscode';
import type { BaseAnswer, Platform } from '../core/base/baseSize.ts';
import { lookUp } from '../core/base/catalogue.ts';
import type { Reference } from '../core/base/reference.ts';
import type { ByteCache } from '../sources/cache/byteCache.ts';
import { CacheSizes } from '../sources/cache/cacheSizes.ts';
import { DiskCache } from '../sources/cache/diskCache.ts';
import { RegistryCache } from '../sources/cache/registryCache.ts';
import { BaseSizeChain, type ChainSource } from '../sources/chain.ts';
import type { EngineChoice } from '../sources/engine/candidates.ts';
import { UserCredentials } from '../sources/credentials/userCredentials.ts';
import { Engine, type EngineState } from '../sources/engine/engine.ts';
import { EngineSizes } from '../sources/engine/engineSizes.ts';
import { watchImages } from '../sources/engine/imageEvents.ts';
import { thisMachine } from '../sources/engine/surroundings.ts';
import { MirroredSource } from '../sources/mirroredSource.ts';
import { IndexCache } from '../sources/image/indexCache.ts';
import type { ImageSources } from '../sources/image/openSource.ts';
import { RegistryClient } from '../sources/registry/client.ts';
import { RegistryImages } from '../sources/registry/images.ts';
import { RegistrySizes } from '../sources/registry/sizes.ts';
import { readSourceSettings, type SourceSettings } from './settings.ts';

/** Who may be asked now, and what became of the container engine. */
export type SourcesState =
  { readonly mode: 'untrusted' | 'offline' } | { readonly mode: 'online'; readonly engine: EngineState };

/** What settings about registries decide: made anew when they change. */
interface Remote extends Disposable {
  readonly registry: ChainSource;
  readonly images: RegistryImages;
  readonly cache: ChainSource;
}

const defaultPlatform: Platform = 'linux/amd64';

/**
 * The sources of sizes as the user's settings and trust allow them. Making it asks nobody: an engine is looked for when
 * the first size is asked for, and not at all in an untrusted workspace or offline.
 */
export class SizeSources implements VsDisposable {
  readonly chain: BaseSizeChain;
  /** The indexes of layers that were read before. */
  readonly layerIndexes: IndexCache;
  /** What registries of packages said. */
  readonly cache: ByteCache;
  readonly #engine: Engine;
  readonly #cache: RegistryCache;
  readonly #changed = new EventEmitter<void>();
  readonly #imagesChanged = new EventEmitter<void>();
  readonly #subscriptions: VsDisposable;
  #remote: Remote;

  /** Fires when {@link state} has changed. */
  readonly onDidChange = this.#changed.event;
  /** Fires when images of the engine came, went or got another name. */
  readonly onDidChangeImages = this.#imagesChanged.event;

  /** @param storage the extension's own folder, for the cache. It is made when something is kept in it. */
  constructor(storage: Uri) {
    const settings = readSourceSettings();
    this.#engine = new Engine({ surroundings: thisMachine(), choice: engineChoice(settings) });
    const disk = new DiskCache({ folder: Uri.joinPath(storage, 'cache').fsPath });
    this.#cache = new RegistryCache(disk);
    this.layerIndexes = new IndexCache(disk);
    this.cache = disk;
    this.#remote = openRemote(this.#cache, settings);
    this.chain = new BaseSizeChain({
      sources: [
        new EngineSizes(this.#engine),
        // Settings exchange what stands behind these two; the chain keeps what it knows.
        follow('cache', () => this.#remote.cache),
        follow('registry', () => this.#remote.registry),
      ],
      catalogue: lookUp,
      online: isOnline(),
    });
    this.#subscriptions = VsDisposable.from(
      owned(this.#engine),
      owned(this.chain),
      owned(
        watchImages(this.#engine, () => {
          this.chain.invalidate('engine');
          this.#imagesChanged.fire();
        }),
      ),
      owned(this.#engine.onChange(() => this.#engineChanged())),
      workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration('plimsoll')) this.#settingsChanged();
      }),
      workspace.onDidGrantWorkspaceTrust(() => this.#settingsChanged()),
      this.#changed,
      this.#imagesChanged,
    );
  }

  get state(): SourcesState {
    if (!workspace.isTrusted) return { mode: 'untrusted' };
    return readSourceSettings().offline ? { mode: 'offline' } : { mode: 'online', engine: this.#engine.state };
  }

  /** Where whole images may be had at this moment: nowhere in an untrusted workspace, or offline. */
  get images(): Pick<ImageSources, 'engine' | 'registry'> {
    return isOnline() ? { engine: this.#engine, registry: this.#remote.images } : {};
  }

  /** What is built for where nobody says otherwise: the engine's platform, else `linux/amd64`. */
  get platform(): Platform {
    const { state } = this.#engine;
    return state.status === 'connected' && isOnline() ? state.about.platform : defaultPlatform;
  }

  /** Has the engine looked for at the next question, even if it was not there a moment ago: the user asked. */
  retryEngine(): void {
    this.#engine.retry();
  }

  dispose(): void {
    this.#subscriptions.dispose();
    this.#remote[Symbol.dispose]();
  }

  #engineChanged(): void {
    this.chain.invalidate('engine');
    this.#changed.fire();
  }

  #settingsChanged(): void {
    const settings = readSourceSettings();
    this.#engine.choose(engineChoice(settings));
    const remote = openRemote(this.#cache, settings);
    this.#remote[Symbol.dispose]();
    this.#remote = remote;
    this.chain.invalidate('registry');
    this.chain.invalidate('cache');
    this.chain.setOnline(isOnline());
    this.#changed.fire();
  }
}

function openRemote(cache: RegistryCache, settings: SourceSettings): Remote {
  const { mirrors, insecureHosts, tagLifetime: tagLifeMs } = settings;
  const origins = mirrors.filter((mirror) => URL.canParse(mirror)).map((mirror) => new URL(mirror));
  const hosts = origins.map(({ host }) => host);
  const plainHosts = origins.filter(({ protocol }) => protocol === 'http:').map(({ host }) => host);
  const client = new RegistryClient({
    credentials: new UserCredentials(),
    insecureRegistries: [...insecureHosts, ...plainHosts],
  });
  return {
    images: new RegistryImages(client, cache, { tagLifeMs }),
    registry: new MirroredSource(new RegistrySizes(client, cache, { tagLifeMs }), hosts),
    // What was heard long ago is better than nothing where nobody may be asked.
    cache: new MirroredSource(new CacheSizes(cache, { acceptsStale: () => !isOnline(), tagLifeMs }), hosts),
    [Symbol.dispose]: () => client[Symbol.dispose](),
  };
}

function isOnline(): boolean {
  return workspace.isTrusted && !readSourceSettings().offline;
}

function engineChoice({ engineHost, engineContext }: SourceSettings): EngineChoice {
  return {
    ...(engineHost === undefined ? {} : { host: engineHost }),
    ...(engineContext === undefined ? {} : { context: engineContext }),
  };
}

/** A source that is whatever another one is at the moment it is asked. */
function follow(kind: ChainSource['kind'], current: () => ChainSource): ChainSource {
  return {
    kind,
    lookUp: (reference: Reference, platform: Platform, signal: AbortSignal): Promise<BaseAnswer> =>
      current().lookUp(reference, platform, signal),
    forget: (reference: Reference, platform: Platform) => current().forget?.(reference, platform),
  };
}

/** What the language calls disposable, as VS Code calls it. */
function owned(disposable: Disposable): VsDisposable {
  return new VsDisposable(() => disposable[Symbol.dispose]());
}
