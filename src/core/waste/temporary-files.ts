import type { Detector } from './detector.ts';
import { findPlaces, interestsOf } from './places.ts';

const places = {
  at: ['/tmp', '/var/tmp', '/var/cache/ldconfig', '/var/cache/fontconfig'],
  // Build tools of JavaScript keep their results here; a bundle does not.
  anywhere: ['node_modules/.cache'],
};

export const temporaryFiles: Detector = {
  id: 'temporary-files',
  title: 'Temporary files',
  why: 'Left over from the build; nothing may rely on them.',
  looksFor: interestsOf(places),
  detect(scene) {
    const { tree, config, start } = scene;
    const advice = 'Delete them in the RUN that made them, or give it `--mount=type=tmpfs,target=/tmp`.';
    const used = [config.workingDir ?? '', ...start.words, ...config.env].join('\n');
    for (const node of findPlaces(scene, places)) {
      // What the image names may be put there on purpose.
      const named = tree.path(node).endsWith('tmp') && used.includes(`${tree.path(node)}/`);
      const why = "The image's config names a path in it.";
      scene.claim(node, named ? { safety: 'check', advice, why } : { safety: 'safe', advice });
    }
  },
};
