import type { Dockerfile } from '../dockerfile/model.ts';
import { matchDockerfile } from '../image/dockerfileMatch.ts';
import type { ImageInfo } from '../image/image.ts';

/** Engines tell when an image was made in whole seconds. Milliseconds. */
const tick = 1000;

/**
 * Whether an image was built from a file as it stands now: its history has every instruction of the final stage, and it is not
 * older than the file. The latter for what no history tells: a `FROM`, and the stages that are only copied from.
 *
 * @param changedAt when the file was last written, in milliseconds since 1970.
 */
export function isBuiltFrom(info: ImageInfo, dockerfile: Dockerfile, changedAt: number): boolean {
  const { score, stale } = matchDockerfile(info, dockerfile);
  const created = Date.parse(info.history.at(-1)?.created ?? '');
  return score === 1 && stale.length === 0 && created + tick > changedAt;
}
