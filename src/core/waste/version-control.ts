import type { Detector } from './detector.ts';

const programs = ['/usr/bin/git', '/usr/local/bin/git', '/bin/git', '/usr/bin/hg', '/usr/bin/svn'];

export const versionControl: Detector = {
  id: 'version-control',
  title: 'Version control folders',
  why: 'The history of the sources: it tells every past secret, and no program that runs needs it.',
  looksFor: { names: ['.git', '.hg', '.svn', '.bzr'] },
  detect(scene) {
    const { tree } = scene;
    const readable = programs.some((path) => tree.find(path) >= 0);
    const advice =
      'Add it to .dockerignore; after a `git clone` in a RUN, delete it in the same RUN or use `ADD` with the repository.';
    for (const name of ['.git', '.hg', '.svn', '.bzr']) {
      for (const node of scene.named(name).filter((found) => tree.isDirectory(found))) {
        scene.claim(
          node,
          readable
            ? {
                safety: 'check',
                advice,
                why: 'A version control program is installed beside it, so something may read the history.',
              }
            : { safety: 'safe', advice },
        );
      }
    }
  },
};
