import type { Distribution } from './release.ts';
import { distribution } from './release.ts';

/** One of Google's distroless images, `gcr.io/distroless/nodejs22-debian13`, by its name. */
export interface Distroless {
  /** `static`, `base`, `base-nossl`, `cc`, `java-base`, `java`, `nodejs`, `python3`. */
  readonly flavor: string;
  /** The line of the language: `22` of Node.js, `21` of Java, `3.13` of Python. */
  readonly version?: string;
  /** Absent in a name without suffix, which means the newest Debian of the day. */
  readonly distribution?: Distribution;
}

/** The Debian that names without a suffix mean on the day of the catalogue. */
export const currentDistrolessDebian = '13';

/** Debian's own Python, which `python3` holds. */
const debianPython: Readonly<Record<string, string>> = { '11': '3.9', '12': '3.11', '13': '3.13' };

/** What Google publishes now; any other name is deprecated and no longer updated (its README.md). */
const published: Readonly<Record<string, readonly string[]>> = {
  '12': ['static', 'base', 'base-nossl', 'cc'],
  '13': [
    'static',
    'base',
    'base-nossl',
    'cc',
    'java-base',
    'java17',
    'java21',
    'java25',
    'nodejs22',
    'nodejs24',
    'nodejs26',
    'python3',
  ],
};

const expression =
  /^gcr\.io\/distroless\/((static|base-nossl|base|cc|java-base|java|nodejs|python3)(\d*))(?:-debian(\d+))?$/;

/** Reads the catalogue's name of an image; undefined for one that is not distroless. */
export function readDistroless(image: string): Distroless | undefined {
  const match = expression.exec(image);
  if (!match) return undefined;
  const [, , flavor, number, debian] = match;
  const version =
    flavor === 'python3' ? debianPython[debian ?? currentDistrolessDebian] : number === '' ? undefined : number;
  return {
    flavor: flavor!,
    ...(version === undefined ? {} : { version }),
    ...(debian === undefined ? {} : { distribution: distribution('debian', debian) }),
  };
}

/** Whether Google still updates the image of this name. */
export function isPublishedDistroless(image: string): boolean {
  const match = expression.exec(image);
  return match !== null && (published[match[4] ?? currentDistrolessDebian] ?? []).includes(match[1]!);
}
