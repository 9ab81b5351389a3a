import { lifeStatus } from '../base/endOfLife.ts';
import type { Rule } from './rule.ts';

export const endOfLifeBase: Rule = {
  id: 'end-of-life-base',
  title: 'A base past its end of life',
  why: 'Nobody mends a base past its end of life: its packages are no longer fetched from where `apt-get` or `apk` look for them, and its size is that of another decade. The date is that of the language or of the distribution, whichever ended first.',
  concerns: 'files',

  detect(scene) {
    if (scene.stage.base.kind !== 'image') return [];
    const ended = scene.facts?.ends.find((end) => lifeStatus(end, scene.today) === 'past');
    const { from, baseSpan } = scene.stage;
    if (ended?.date === undefined) {
      const deprecated = scene.facts?.deprecated;
      return deprecated === undefined
        ? []
        : [{ instruction: from, span: baseSpan, message: deprecated, timeOnly: true }];
    }
    const message = `${ended.product} ${ended.cycle} ended on ${ended.date}: nobody mends this base any more.`;
    return [{ instruction: from, span: baseSpan, message, timeOnly: true }];
  },
};
