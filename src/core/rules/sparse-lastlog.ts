import { insertWord } from './edit/words.ts';
import type { Hit, Rule } from './rule.ts';
import { hasArgument, type Program } from './scene/program.ts';
import type { Run } from './scene/run.ts';
import type { Scene } from './scene/scene.ts';
import type { Size } from '../size.ts';

interface UserHit extends Hit {
  readonly run: Run;
  readonly program: Program;
}

/** Shorter user ids make files of which nobody takes notice: hadolint’s limit, five digits. */
const high = 99_999;
/** A record per user id: 292 bytes in `lastlog`, 32 in `faillog`. */
const recordBytes = 292 + 32;

export const sparseLastlog: Rule<UserHit> = {
  id: 'sparse-lastlog',
  title: 'Log files as long as a user id is high',
  why: '`useradd` of shadow 4.12 and older (Debian 11, Ubuntu 22.04, RHEL 9) writes a record into `/var/log/lastlog` and `/var/log/faillog` at a place that grows with the user id: 324 bytes for each number below it. The files are sparse in the builder, but a layer knows no holes: for the user id 500,000 the image grows by 162 MB on disk, which whoever pulls it writes out as zeros (a pull fetches them compressed, which is little). `--no-log-init` leaves the files alone. From shadow 4.13 on (Debian 12, Ubuntu 24.04, Fedora 38) `useradd` does so by itself, and nothing is reported.',
  hadolint: ['DL3046'],

  detect(scene) {
    const writes = writesRecords(scene);
    if (writes === false) return [];
    return scene.runs.flatMap((run) => {
      const calls = run.programs.filter(
        (program) =>
          program.name === 'useradd' &&
          userId(program) > high &&
          !hasArgument(program, /^(?:--no-log-init|-[a-z]*l[a-z]*)$/),
      );
      const highest = Math.max(...calls.map(userId));
      return calls.map((program) => ({
        ...{ instruction: run.instruction, run, program, span: program.command.span },
        message: 'This fills /var/log/lastlog and faillog with zeros up to this user id. --no-log-init prevents it.',
        // The files are as long as the highest user id makes them.
        saves: userId(program) === highest ? bytesAt(scene, run, writes, highest) : undefined,
      }));
    });
  },

  fix: ({ run, program }) => ({
    title: 'Add --no-log-init',
    confidence: 'safe',
    edits: [insertWord(run.script, program.nameWord, '--no-log-init')],
  }),
};

function userId({ args }: Program): number {
  const values = args.map(({ value }) => value ?? '');
  const at = values.findIndex((value) => value === '-u' || value === '--uid' || /^-[a-zA-Z]+u$/.test(value));
  const id = at >= 0 ? values[at + 1] : values.find((value) => value.startsWith('--uid='))?.slice(6);
  return id !== undefined && /^\d+$/.test(id) ? Number(id) : 0;
}

function bytesAt(scene: Scene, run: Run, writes: boolean | undefined, id: number): Size | undefined {
  const found = scene.evidence.bytesAt(run.instruction, ['/var/log/lastlog', '/var/log/faillog']);
  if (found?.basis === 'measured') return found;
  return writes === true ? { bytes: recordBytes * (id + 1), basis: 'estimated' } : undefined;
}

/** The first release of a distribution that has shadow 4.13, which reads before it writes: https://github.com/shadow-maint/shadow/pull/558. */
const mended: Readonly<Record<string, number>> = {
  ...{ debian: 12, ubuntu: 23.04, fedora: 38 },
  ...{ rhel: 10, rocky: 10, almalinux: 10, centos: 10, oraclelinux: 10 },
};

/** Whether `useradd` of the base writes such records; undefined where nobody knows. */
function writesRecords({ facts }: Scene): boolean | undefined {
  const { name, release } = facts?.distribution ?? {};
  // Alpine has no such files, and useradd makes none.
  if (name === 'alpine') return false;
  const from = name === undefined ? undefined : mended[name];
  return from === undefined || release === undefined ? undefined : parseFloat(release) < from;
}
