import { expect, test } from 'vitest';
import type { ImageConfig } from '../../../src/core/image/image.ts';
import { locales } from '../../../src/core/waste/locales.ts';
import { type Files, rowsOf } from '../../helpers/finalTree.ts';

test.each<[string, Files, string[], Partial<ImageConfig>?]>([
  [
    'languages that nobody asked for',
    {
      '/usr/share/locale/de/LC_MESSAGES/a.mo': 3,
      '/usr/share/locale/pt_BR/LC_MESSAGES/a.mo': 2,
      '/usr/share/locale/en_GB/LC_MESSAGES/a.mo': 9,
      '/usr/share/locale/locale.alias': 1,
    },
    ['safe /usr/share/locale 5'],
  ],
  [
    'the one that the environment asks for',
    {
      '/usr/share/locale/de/LC_MESSAGES/a.mo': 3,
      '/usr/share/locale/fr/LC_MESSAGES/a.mo': 2,
      '/usr/lib/locale/locale-archive': 9,
    },
    ['safe /usr/share/locale 2'],
    { env: ['LANG=de_DE.UTF-8'] },
  ],
  [
    'compiled locales without one set, and their sources',
    { '/usr/lib/locale/locale-archive': 9, '/usr/lib/locale/C.utf8/LC_CTYPE': 5, '/usr/share/i18n/charmaps/x.gz': 2 },
    ['check /usr/lib/locale/locale-archive 9', 'check /usr/share/i18n 2'],
  ],
  ["a program's own folder", { '/app/locale/de/a.mo': 3 }, []],
])('%s', (_, files, expected, config) => {
  expect(rowsOf(locales, files, config)).toEqual(expected);
});
