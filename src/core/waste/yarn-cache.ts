import type { Detector } from './detector.ts';
import { findPlaces, interestsOf } from './places.ts';

const places = {
  anywhere: ['.cache/yarn', '.yarn/berry/cache', '.yarn-cache'],
  variables: [['YARN_CACHE_FOLDER', '']],
} as const;

export const yarnCache: Detector = {
  id: 'yarn-cache',
  title: 'Cache of Yarn',
  why: 'Downloaded packages. What is installed in node_modules does not need them.',
  looksFor: interestsOf(places),
  detect(scene) {
    const { tree } = scene;
    // Plug'n'Play runs the program out of the project's own cache.
    const pnp = (project: number) => ['.pnp.cjs', '.pnp.js'].some((name) => tree.below(project, name) >= 0);
    const ownCaches = scene
      .named('.yarn')
      .map((node) => ({ project: tree.parent(node), cache: tree.below(node, 'cache') }));
    const needed = new Set(ownCaches.filter(({ project }) => pnp(project)).map(({ cache }) => cache));
    const global = findPlaces(scene, places).filter((node) => !needed.has(node));
    const advice = 'End the RUN with `yarn cache clean`, or mount a cache on the folder that `yarn cache dir` names.';
    for (const node of global) scene.claim(node, { safety: 'safe', advice });
    for (const { project, cache } of ownCaches) {
      if (cache < 0 || needed.has(cache) || tree.below(project, 'node_modules') < 0) continue;
      scene.claim(cache, {
        safety: 'check',
        why: 'The packages are installed in node_modules beside it. An install while the container runs would read it.',
        advice: 'Leave .yarn/cache out of the final stage, or run `yarn cache clean` in the RUN that installs.',
      });
    }
  },
};
