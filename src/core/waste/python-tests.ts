import type { Detector, Scene } from './detector.ts';

export const pythonTests: Detector = {
  id: 'python-tests',
  title: 'Tests of Python packages',
  why: 'Packages ship their own tests. A few import them while they run, so try it.',
  looksFor: { names: ['test', 'tests', 'idlelib', 'os.py'] },
  detect(scene) {
    const advice =
      'Delete them in the RUN that installs: `find "$prefix" -type d -name tests -prune -exec rm -rf {} +`.';
    const standard = new Set(scene.named('os.py').map((node) => scene.tree.parent(node)));
    for (const name of ['test', 'tests', 'idlelib']) {
      for (const node of scene.named(name)) {
        const library = scene.tree.isDirectory(node) ? libraryOf(scene, node, standard) : undefined;
        if (library === undefined) continue;
        if (library === 'packages') scene.claim(node, { safety: 'check', advice });
        else {
          const why = "The standard library's own tests and editor. Distributions ship Python without them.";
          scene.claim(node, { safety: 'safe', advice, why });
        }
      }
    }
  },
};

/** Whether a folder is one of installed packages, of the standard library, or of neither. */
function libraryOf({ tree }: Scene, node: number, standard: ReadonlySet<number>): 'packages' | 'standard' | undefined {
  for (let at = tree.parent(node); at !== 0; at = tree.parent(at)) {
    const name = tree.nameText(at);
    if (name === 'site-packages' || name === 'dist-packages') return 'packages';
    if (/^python\d[\d.]*$/.test(name)) return standard.has(at) ? 'standard' : undefined;
  }
  return undefined;
}
