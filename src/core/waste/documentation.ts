import type { Detector } from './detector.ts';

const folders = ['doc', 'info', 'gtk-doc', 'help', 'doc-base', 'lintian', 'linda', 'groff'];
/** Licenses ask to go with what they license. */
const keep = /^(?:copyright|licen[sc]e|copying|notice|authors)/i;

export const documentation: Detector = {
  id: 'documentation',
  title: 'Documentation of packages',
  why: 'Read-me files, change logs, examples, info pages: no program reads them. License texts are left out of the count.',
  looksFor: { names: folders },
  detect(scene) {
    const { tree } = scene;
    const advice =
      'On Debian set `path-exclude /usr/share/doc/*` in /etc/dpkg/dpkg.cfg.d before installing; with dnf use `--setopt=tsflags=nodocs`; on Alpine leave out the -doc packages.';
    for (const name of folders) {
      for (const node of scene.named(name)) {
        if (tree.isDirectory(node) && tree.nameText(tree.parent(node)) === 'share') {
          scene.claim(node, { safety: 'safe', advice, keep });
        }
      }
    }
  },
};
