import type { Detector } from './detector.ts';

const names = ['.vscode', '.idea', '.vs', '.fleet', '.DS_Store', 'Thumbs.db', 'desktop.ini'];
const endings = ['.swp', '.swo'];

export const editorFiles: Detector = {
  id: 'editor-files',
  title: 'Files of editors and desktops',
  why: 'Settings and leftovers of the machine on which the sources were written.',
  looksFor: { names, endings },
  detect(scene) {
    const advice = 'Add them to .dockerignore.';
    for (const name of names) for (const node of scene.named(name)) scene.claim(node, { safety: 'safe', advice });
    for (const ending of endings) {
      const files = scene
        .ending(ending)
        .filter((node) => scene.tree.isFile(node) && scene.tree.nameText(node).startsWith('.'));
      for (const node of files) scene.claim(node, { safety: 'safe', advice });
    }
  },
};
