import type { Platform } from '../../core/base/baseSize.ts';

/** What an index or a config says an image is made for. */
export interface ImagePlatform {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string;
}

const architectures: Readonly<Record<string, readonly [architecture: string, variant?: string]>> = {
  x86_64: ['amd64'],
  'x86-64': ['amd64'],
  aarch64: ['arm64'],
  i386: ['386'],
  i486: ['386'],
  i586: ['386'],
  i686: ['386'],
  armhf: ['arm', 'v7'],
  armel: ['arm', 'v6'],
};

/**
 * Spells a platform as containerd does: other names of an architecture become the usual one, a variant that says
 * nothing (`arm64/v8`, `amd64/v1`) goes, `arm` alone is `arm/v7`.
 */
export function normalizePlatform({ os, architecture, variant }: ImagePlatform): ImagePlatform {
  const [usual, implied] = architectures[architecture.toLowerCase()] ?? [architecture.toLowerCase()];
  const plain = { os: os.toLowerCase() === 'macos' ? 'darwin' : os.toLowerCase(), architecture: usual };
  const given = (variant ?? implied ?? '').toLowerCase().replace(/^(?=\d)/, 'v');
  const kept = usual === 'arm' && given === '' ? 'v7' : given;
  const isSilent = kept === '' || (usual === 'arm64' && kept === 'v8') || (usual === 'amd64' && kept === 'v1');
  return isSilent ? plain : { ...plain, variant: kept };
}

/** `os/arch` or `os/arch/variant`; undefined for what is neither. */
export function parsePlatform(platform: Platform): ImagePlatform | undefined {
  const [os, architecture, variant, ...rest] = platform.split('/');
  if (!os || !architecture || rest.length > 0 || variant === '') return undefined;
  return normalizePlatform({ os, architecture, ...(variant === undefined ? {} : { variant }) });
}

export function printPlatform(platform: ImagePlatform): Platform {
  const { os, architecture, variant } = normalizePlatform(platform);
  return variant === undefined ? `${os}/${architecture}` : `${os}/${architecture}/${variant}`;
}

/** Attestations stand in indexes as images for no platform. */
export function isNoPlatform(platform: ImagePlatform): boolean {
  return platform.os === 'unknown' || platform.architecture === 'unknown';
}

/**
 * How well an image serves a platform: 0 is exactly, more is worse, undefined is not at all. An older variant of `arm`,
 * `arm64` and `amd64` runs on a newer one, never the other way round.
 */
export function platformDistance(wanted: ImagePlatform, offered: ImagePlatform): number | undefined {
  const a = normalizePlatform(wanted);
  const b = normalizePlatform(offered);
  if (a.os !== b.os || a.architecture !== b.architecture) return undefined;
  if (a.variant === b.variant) return 0;
  const base = { arm: 7, arm64: 8, amd64: 1 }[a.architecture];
  if (base === undefined) return undefined;
  const distance = level(a.variant, base) - level(b.variant, base);
  return distance > 0 ? distance : undefined;
}

/** `v7` is 7; the absent variant is the base; `v8.2` is 8.2; what is no level serves nobody. */
function level(variant: string | undefined, base: number): number {
  return variant === undefined ? base : Number(variant.replace(/^v/, ''));
}
