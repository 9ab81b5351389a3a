import { c } from './c.ts';
import type { Ecosystem } from './ecosystem.ts';
import { go } from './go.ts';
import { java } from './java.ts';
import { node } from './node.ts';
import { python } from './python.ts';
import { rust } from './rust.ts';

/** All ecosystems, in the order in which they are tried: those whose signs are surest first. */
export const ecosystems: readonly Ecosystem[] = [go, rust, java, python, node, c];
