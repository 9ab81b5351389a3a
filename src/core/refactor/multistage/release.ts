import { block } from './blocked.ts';
import type { ImageBase } from './ecosystem.ts';
import { packageManagerOf, pinned, plainImage } from './runBase.ts';
import type { Subject } from './subject.ts';

/** The plain image of the release that a language's image is made from, for programs that bring their own run time. */
export function releaseImage(subject: Subject): ImageBase {
  const found = subject.distribution;
  const reference = found?.release === undefined ? undefined : plainImage(found);
  if (found === undefined || reference === undefined) {
    block(
      'unknown-release',
      `Which release of which distribution ${subject.base.text} is made from is not known, so no run base fits for sure.`,
      {
        line: subject.stage.from.line,
        unblock: 'Name the release in the tag.',
      },
    );
  }
  const pin = pinned(subject);
  return {
    reference,
    shell: true,
    packageManager: packageManagerOf(found),
    ...(pin === undefined ? {} : { pin }),
  };
}
