import { c } from './c.ts';
import type { Ecosystem } from './ecosystem.ts';
import { go } from './go.ts';

/** All ecosystems, in the order in which they are tried: those whose signs are surest first. */
export const ecosystems: readonly Ecosystem[] = [go, c];
