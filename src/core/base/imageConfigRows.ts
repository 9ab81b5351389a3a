import { defaultPath } from '../program/searchPath.ts';
import type { BaseConfig } from './imageConfig.ts';

/**
 * A row holds for the images that meet all of its conditions; later rows have the last word. First what the system under
 * an image gives, then what the image itself adds.
 */
export interface ImageConfigRow {
  /** Names as `imageName` gives them, distroless ones without version and Debian. Absent in a row of a system. */
  readonly images?: readonly string[];
  /** Name of the distribution that is there as a whole, not as the parts that one program needs. */
  readonly system?: string;
  /** Releases of the distribution; the row holds only where the image's is known. */
  readonly release?: readonly string[];
  /** The lowest version of the product; the row holds only where the image's is known. */
  readonly from?: string;
  /** The first version of the product that it does not hold for. */
  readonly below?: string;
  /** A word that the tag has. */
  readonly word?: string;
  /** Words of which the tag has none. */
  readonly withoutWord?: readonly string[];
  readonly shell?: boolean;
  readonly config: Partial<BaseConfig>;
  /** What earlier rows say and does not hold here, while nobody knows what does. */
  readonly unknown?: readonly (keyof BaseConfig)[];
}

/** The default `PATH` with folders of an image before it. */
export function path(...first: readonly string[]): string {
  return [...first, defaultPath].join(':');
}

/** The config of an image that says nothing. */
export const plain: Partial<BaseConfig> = {
  entrypoint: [],
  env: { PATH: defaultPath },
  versionedEnv: [],
  workingDir: '/',
  user: 'root',
  exposedPorts: [],
  stopSignal: 'SIGTERM',
  volumes: [],
};
