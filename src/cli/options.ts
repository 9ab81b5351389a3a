import type { Platform } from '../core/base/baseSize.ts';

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
