import type { Detector } from './detector.ts';

export const condaPkgs: Detector = {
  id: 'conda-pkgs',
  title: 'Package cache of Conda',
  why: 'Downloaded and unpacked packages. Environments have copies or hard links of the files; only what is no link frees bytes.',
  looksFor: { names: ['conda-meta'] },
  detect(scene) {
    const { tree } = scene;
    for (const meta of scene.named('conda-meta')) {
      scene.claim(tree.below(tree.parent(meta), 'pkgs'), {
        safety: 'safe',
        advice: 'End the RUN that installs with `conda clean --all --yes`, or mount a cache on the pkgs folder.',
      });
    }
  },
};
