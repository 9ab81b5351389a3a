import type { Detector, Scene } from './detector.ts';

const advice =
  'On Debian set `path-exclude /usr/share/locale/*` with `path-include` for your languages in /etc/dpkg/dpkg.cfg.d before installing; on Alpine leave out the -lang packages.';

export const locales: Detector = {
  id: 'locales',
  title: 'Translations and locale data',
  why: 'Messages in languages that the image does not ask for; programs fall back to English.',
  looksFor: { names: ['locale'] },
  detect(scene) {
    const { tree } = scene;
    const wanted = languages(scene);
    for (const folder of scene.named('locale')) {
      const parent = tree.nameText(tree.parent(folder));
      if (parent !== 'share' && parent !== 'lib') continue;
      const unwanted = [...tree.children(folder)].filter(
        (node) => tree.isDirectory(node) && isForeign(tree.nameText(node), wanted),
      );
      scene.claim(unwanted, { path: tree.path(folder), safety: 'safe', advice });
    }
    const archive = tree.find('/usr/lib/locale/locale-archive');
    if (archive >= 0 && wanted.size === 0) {
      const why = 'Compiled locales. The image sets none, but a program may choose one by itself.';
      scene.claim(archive, {
        safety: 'check',
        advice: 'Remove the package that brought it, or generate only the locales you need.',
        why,
      });
    }
    const sources = ['locales', 'charmaps'].map((name) => tree.find(`/usr/share/i18n/${name}`));
    scene.claim(sources, {
      path: '/usr/share/i18n',
      safety: 'check',
      why: 'From these `locale-gen` and `localedef` make locales. Nothing else reads them.',
      advice: 'Generate the locales and delete these in one RUN, or use C.UTF-8, which needs none.',
    });
  },
};

/** The languages that the image's environment asks for: `de` of `LANG=de_DE.UTF-8`. */
function languages({ config }: Scene): Set<string> {
  const values = config.env.flatMap((entry) => /^(?:LANG|LANGUAGE|LC_\w+)=(.*)$/.exec(entry)?.[1]?.split(':') ?? []);
  const named = values.map((value) => /^[a-z]+/.exec(value)?.[0] ?? '');
  return new Set(named.filter((language) => language !== '' && language !== 'en'));
}

function isForeign(folder: string, wanted: ReadonlySet<string>): boolean {
  const language = /^[a-z]{2,3}(?=$|[_@.])/.exec(folder)?.[0];
  return language !== undefined && language !== 'en' && !wanted.has(language);
}
