import type { BaseConfig } from '../../base/imageConfig.ts';
import { posixBuiltins } from '../../program/shellBuiltins.ts';
import { isInSystem } from '../systemPrograms.ts';

/** Commands that the full images of Debian have and the slim ones do not: those of buildpack-deps. */
const ofFullImages: ReadonlySet<string> = new Set(
  (
    'gcc g++ cc c++ make git hg svn curl wget unzip gpg dirmngr patch autoconf automake libtoolize ssh ssh-keyscan ' +
    'magick convert identify file pkg-config pg_config mysql_config xz bzip2 procps ps top'
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

function inConfig(program: string, config: BaseConfig | undefined): boolean | undefined {
  return config !== undefined && Object.hasOwn(config.programs, program) ? config.programs[program] : undefined;
}
