import { bun } from './bun.ts';
import { c } from './c.ts';
import { deno } from './deno.ts';
import { dotnet } from './dotnet.ts';
import { elixir } from './elixir.ts';
import type { Ecosystem } from './ecosystem.ts';
import { generic } from './generic.ts';
import { go } from './go.ts';
import { haskell } from './haskell.ts';
import { java } from './java.ts';
import { next } from './next.ts';
import { node } from './node.ts';
import { nuxt } from './nuxt.ts';
import { perl } from './perl.ts';
import { php } from './php.ts';
import { python } from './python.ts';
import { ruby } from './ruby.ts';
import { staticSite } from './staticSite.ts';
import { swift } from './swift.ts';
import { rust } from './rust.ts';

/** All ecosystems, in the order in which they are tried: those whose signs are surest first. */
export const ecosystems: readonly Ecosystem[] = [
  staticSite,
  go,
  rust,
  java,
  dotnet,
  python,
  deno,
  bun,
  next,
  nuxt,
  node,
  ruby,
  php,
  perl,
  elixir,
  haskell,
  swift,
  generic,
  c,
];
