import type { Detector, Scene } from './detector.ts';

export const manPages: Detector = {
  id: 'man-pages',
  title: 'Manual pages',
  why: 'Nobody reads them in a container that runs a program.',
  looksFor: { names: ['man'] },
  detect(scene) {
    const advice =
      'On Debian set `path-exclude /usr/share/man/*` in /etc/dpkg/dpkg.cfg.d before installing; on Alpine leave out the -doc packages.';
    const folders = scene.named('man').filter((node) => hasSections(scene, node));
    for (const node of [...folders, scene.tree.find('/var/cache/man')]) scene.claim(node, { safety: 'safe', advice });
  },
};

/** `man1` … `man9`, or a language that has them: other folders are named `man`, too. */
function hasSections({ tree }: Scene, node: number): boolean {
  const children = [...tree.children(node)];
  const isSection = (child: number) => /^man[0-9ln]/.test(tree.nameText(child)) && tree.isDirectory(child);
  return children.some(isSection) || children.some((child) => [...tree.children(child)].some(isSection));
}
