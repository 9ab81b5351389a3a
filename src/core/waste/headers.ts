import type { Detector } from './detector.ts';
import { hasCompiler, isForDevelopment } from './developmentUse.ts';

/** Python reads its own `pyconfig.h` when it is asked for the configuration that it was built with. */
const keep = /^pyconfig.*\.h$/;

export const headers: Detector = {
  id: 'headers',
  title: 'Header files',
  why: 'Only compilers read them, and the image has none.',
  detect(scene) {
    if (isForDevelopment(scene.start)) return;
    const { tree } = scene;
    const advice = 'Install -dev packages in a build stage only, and the libraries without -dev in the final one.';
    const why = 'Only compilers read them. One is installed here, but the start command is none.';
    const verdict = hasCompiler(tree)
      ? ({ safety: 'check', advice, why, keep } as const)
      : ({ safety: 'safe', advice, keep } as const);
    for (const path of ['/usr/include', '/usr/local/include', '/usr/src']) {
      scene.claim(tree.find(path), verdict);
    }
  },
};
