import type { Detector } from './detector.ts';

export const gemCache: Detector = {
  id: 'gem-cache',
  title: 'Downloaded gems',
  why: 'The archives from which gems were installed. Installed gems do not need them.',
  looksFor: { names: ['specifications', '.bundle'] },
  detect(scene) {
    const { tree } = scene;
    const advice =
      'End the RUN that installs with `rm -rf "$(gem env gemdir)"/cache/*.gem`, or set BUNDLE_CACHE_PATH outside the image.';
    // A gem home has `gems`, `specifications` and `cache` side by side.
    const homes = scene.named('specifications').map((node) => tree.parent(node));
    const caches = homes.filter((home) => tree.below(home, 'gems') >= 0).map((home) => tree.below(home, 'cache'));
    for (const node of [...caches, ...scene.named('.bundle').map((bundle) => tree.below(bundle, 'cache'))]) {
      scene.claim(node, { safety: 'safe', advice });
    }
  },
};
