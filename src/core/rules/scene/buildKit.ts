import type { Scene } from './scene.ts';

/** True if the file says already that it is for BuildKit: flags of its own, heredocs, a syntax directive. */
export function needsBuildKit({ dockerfile: { directives, instructions } }: Scene): boolean {
  return (
    directives.some(({ name }) => name === 'syntax') ||
    instructions.some(
      ({ heredocs, flags, keyword }) =>
        heredocs.length > 0 ||
        flags.some(
          ({ name }) =>
            /^(?:mount|link|chmod|parents|exclude|network|security|checksum)$/.test(name) && keyword !== 'FROM',
        ),
    )
  );
}
