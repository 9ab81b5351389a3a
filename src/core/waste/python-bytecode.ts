import type { Detector, Scene } from './detector.ts';

export const pythonBytecode: Detector = {
  id: 'python-bytecode',
  title: 'Bytecode without its sources',
  why: 'Python reads a file in __pycache__ only if its source is beside the folder; these have none.',
  looksFor: { names: ['__pycache__'] },
  detect(scene) {
    const { tree } = scene;
    for (const cache of scene.named('__pycache__')) {
      const sources = new Set([...tree.children(tree.parent(cache))].map((node) => tree.nameText(node)));
      const orphans = [...tree.children(cache)].filter((node) => isOrphan(tree.nameText(node), sources));
      scene.claim(orphans, {
        path: tree.path(packagesFolder(scene, cache)),
        safety: 'safe',
        advice: 'Delete __pycache__ with the sources, or set PYTHONDONTWRITEBYTECODE=1 while you install and test.',
      });
    }
  },
};

/** `module.cpython-312.opt-1.pyc` of a `module.py` that is gone. */
function isOrphan(name: string, sources: ReadonlySet<string>): boolean {
  const module = /^(.+?)\.[^.]+(?:\.opt-\d)?\.pyc$/.exec(name)?.[1];
  return module !== undefined && !sources.has(`${module}.py`);
}

/** The folder that people know: the nearest `site-packages` above, or else the one with the `__pycache__`. */
function packagesFolder({ tree }: Scene, cache: number): number {
  for (let at = cache; at !== 0; at = tree.parent(at)) {
    if (/^(?:site|dist)-packages$|^python\d[\d.]*$/.test(tree.nameText(at))) return at;
  }
  return tree.parent(cache);
}
