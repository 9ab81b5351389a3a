import type { Detector } from './detector.ts';
import { hasCompiler, isForDevelopment } from './developmentUse.ts';

export const staticLibraries: Detector = {
  id: 'static-libraries',
  title: 'Static libraries',
  why: 'Only linkers read them, and the image has none.',
  looksFor: { endings: ['.a', '.la'] },
  detect(scene) {
    if (isForDevelopment(scene.start)) return;
    const { tree } = scene;
    const advice =
      'Install -dev packages in a build stage only; in the final one, `find /usr -name "*.a" -delete` in the RUN that brings them.';
    const why = 'Only linkers read them. One is installed here, but the start command is none.';
    const verdict = hasCompiler(tree)
      ? ({ safety: 'check', advice, why } as const)
      : ({ safety: 'safe', advice } as const);
    for (const ending of ['.a', '.la']) {
      for (const node of scene.ending(ending)) {
        if (!tree.isFile(node) || !tree.nameText(node).startsWith('lib')) continue;
        scene.claim(node, { ...verdict, path: tree.path(tree.parent(node)) });
      }
    }
  },
};
