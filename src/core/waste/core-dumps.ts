import type { Detector } from './detector.ts';

/** A dump is never smaller; a file named `core` may be anything. */
const smallest = 4096;
const advice = 'Delete it in the RUN that made it, and add `core*` to .dockerignore.';

export const coreDumps: Detector = {
  id: 'core-dumps',
  title: 'Memory dumps',
  why: 'What a crashed program left. It may hold secrets of the build.',
  looksFor: { names: ['core'], beginnings: ['core.', 'hs_err_pid'], endings: ['.hprof'] },
  detect(scene) {
    const { tree } = scene;
    const isLarge = (node: number) => tree.isFile(node) && tree.size(node) >= smallest;
    const dumps = [
      ...scene.beginning('core.').filter((node) => /^core\.\d+$/.test(tree.nameText(node)) && isLarge(node)),
      ...scene.beginning('hs_err_pid').filter((node) => tree.isFile(node)),
      ...scene.ending('.hprof').filter(isLarge),
      ...[tree.find('/var/crash'), tree.find('/var/lib/systemd/coredump')],
    ];
    for (const node of dumps) scene.claim(node, { safety: 'safe', advice });

    const usual = new Set([0, tree.find('/tmp'), tree.find('/root'), tree.find(scene.config.workingDir ?? '/')]);
    for (const node of scene.named('core').filter((found) => isLarge(found) && usual.has(tree.parent(found)))) {
      scene.claim(node, {
        safety: 'check',
        advice,
        why: 'By its name and place it is a memory dump; its content was not read.',
      });
    }
  },
};
