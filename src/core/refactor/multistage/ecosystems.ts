import { c } from './c.ts';
import type { Ecosystem } from './ecosystem.ts';
import { generic } from './generic.ts';
import { go } from './go.ts';
import { java } from './java.ts';
import { node } from './node.ts';
import { perl } from './perl.ts';
import { python } from './python.ts';
import { ruby } from './ruby.ts';
import { rust } from './rust.ts';

/** All ecosystems, in the order in which they are tried: those whose signs are surest first. */
export const ecosystems: readonly Ecosystem[] = [go, rust, java, python, node, ruby, perl, generic, c];
