import type { BaseConfig } from '../../base/imageConfig.ts';
import { posixBuiltins } from '../../program/shellBuiltins.ts';
import { isInSystem } from '../systemPrograms.ts';
import type { SwapSubject, Target } from './subject.ts';

/** Commands that the full images of Debian have and the slim ones do not: those of buildpack-deps. */
const ofFullImages: ReadonlySet<string> = new Set(
  (
    'gcc g++ cc c++ cpp make git hg svn curl wget unzip gpg gpgv gpg-agent dirmngr patch autoconf automake autoreconf aclocal ' +
    'libtoolize m4 ssh scp sftp ssh-keyscan ssh-keygen ssh-agent ssh-add magick convert identify mogrify composite montage ' +
    'file pkg-config pg_config mysql_config mariadb_config xml2-config curl-config xz unxz xzcat lzma bzip2 bunzip2 bzcat ' +
    'ld ar as nm strip objdump objcopy ranlib readelf dpkg-buildpackage dpkg-architecture python3 openssl ' +
    'ps top free pgrep pkill uptime vmstat watch sysctl'
  ).split(' '),
);

/** Whether a program, or what a shell does itself, is in an image based on Alpine; undefined where nobody knows. */
export function isInAlpine(program: string, config: BaseConfig | undefined): boolean | undefined {
  if (posixBuiltins.has(program) || isInSystem('alpine', program)) return true;
  return inConfig(program, config);
}

/** Whether a slim image of Debian has what the full one has. */
export function isInSlim(program: string, config: BaseConfig | undefined): boolean {
  return inConfig(program, config) ?? !ofFullImages.has(program);
}

/** Tools of the present base that programs often start by themselves, where nobody sees it, and the other one has not. */
export function lostTools({ config }: SwapSubject, target: Target): readonly string[] {
  return ['git', 'curl', 'wget'].filter(
    (name) => config?.programs[name] === true && target.config?.programs[name] !== true,
  );
}

function inConfig(program: string, config: BaseConfig | undefined): boolean | undefined {
  return config !== undefined && Object.hasOwn(config.programs, program) ? config.programs[program] : undefined;
}
