import type { Detector } from './detector.ts';
import { findPlaces } from './places.ts';

const places = {
  at: [
    '/var/cache/apt',
    '/var/cache/debconf/config.dat-old',
    '/var/cache/debconf/templates.dat-old',
    '/var/lib/dpkg/status-old',
    '/var/lib/dpkg/available-old',
    '/var/lib/dpkg/diversions-old',
    '/var/lib/dpkg/statoverride-old',
  ],
};

export const aptCache: Detector = {
  id: 'apt-cache',
  title: 'Cache of apt and dpkg',
  why: 'Downloaded packages, the caches that apt computes from its lists, and copies of what dpkg had before.',
  looksFor: { endings: ['.deb'] },
  detect(scene) {
    for (const node of findPlaces(scene, places)) {
      scene.claim(node, {
        safety: 'safe',
        advice: 'End the RUN that installs with `apt-get clean`, or mount a cache on /var/cache/apt.',
      });
    }
    for (const node of scene.ending('.deb')) {
      if (!scene.tree.isFile(node)) continue;
      scene.claim(node, {
        safety: 'check',
        why: 'A Debian package: once it is installed, the file is of no use.',
        advice:
          'Install it and delete it in one RUN, or bind-mount it: `RUN --mount=type=bind,source=x.deb,target=/x.deb dpkg -i /x.deb`.',
      });
    }
  },
};
