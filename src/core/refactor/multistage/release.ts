import { block } from './blocked.ts';
import type { ImageBase } from './ecosystem.ts';
import { pinned, plainImage } from './runBase.ts';
import type { Subject } from './subject.ts';

/** The plain image of the release that a language's image is made from, for programs that bring their own run time. */
export function releaseImage(subject: Subject): ImageBase {
  const found = subject.distribution;
  const plain = found?.release === undefined ? undefined : plainImage(found);
  if (plain === undefined) {
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
    ...plain,
    shell: true,
    ...(pin === undefined ? {} : { pin }),
  };
}
