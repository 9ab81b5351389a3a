import type { Platform } from '../core/base/baseSize.ts';
import { present } from '../core/present.ts';
import type { Engine } from '../sources/engine/engine.ts';
import type { CommonOptions } from './options.ts';
import type { Services } from './services.ts';
import type { Host } from './terminal.ts';
import { openWeightPorts } from './weightPorts.ts';
import { Weigher } from './weights.ts';

/** What weighs the files of one command line; disposed of at its end. */
export interface Weighing extends Disposable {
  readonly weigher: Weigher;
  /** Who is asked for built images; absent where no engine may be asked. */
  readonly engine?: Engine;
  /** `YYYY-MM-DD` */
  readonly today: string;
}

/** The same for every command that has findings, so that one mends what another reports. Asks nobody anything. */
export function openWeighing(services: Services, options: CommonOptions, host: Host, platform: Platform): Weighing {
  const { source, offline } = options;
  const engine = source === undefined || source === 'engine' ? services.imageSources.engine : undefined;
  const today = new Date().toISOString().slice(0, 10);
  const ports = openWeightPorts(services, options, host, platform);
  const weigher = new Weigher(host.media, {
    ...{ platform, today, online: offline !== true, ports, signal: host.signal },
    ...present({ engine }),
  });
  return { weigher, ...present({ engine }), today, [Symbol.dispose]: () => ports[Symbol.dispose]() };
}
