import { insertWord } from './edit/words.ts';
import type { Hit, Rule } from './rule.ts';
import { hasArgument, type Program } from './scene/program.ts';
import type { Run } from './scene/run.ts';

interface UserHit extends Hit {
  readonly run: Run;
  readonly program: Program;
}

/** From here on builders have been seen to write the hole out: https://github.com/golang/go/issues/13548. */
const high = 99_999;

export const sparseLastlog: Rule<UserHit> = {
  id: 'sparse-lastlog',
  title: 'Log files as long as a user id is high',
  why: '`useradd` writes a record into `/var/log/lastlog` and `/var/log/faillog` at a place that grows with the user id. The files are sparse, but a builder or a storage driver that does not know holes writes hundreds of megabytes of zeros. `--no-log-init` leaves the files alone.',
  hadolint: ['DL3046'],

  detect: (scene) =>
    scene.runs.flatMap((run) =>
      run.programs
        .filter(
          (program) =>
            program.name === 'useradd' &&
            userId(program) > high &&
            !hasArgument(program, /^(?:--no-log-init|-[a-z]*l[a-z]*)$/),
        )
        .map((program) => ({
          ...{ instruction: run.instruction, run, program, span: program.command.span },
          message:
            'A user id this high makes /var/log/lastlog gigabytes long where holes are not kept. --no-log-init prevents it.',
          saves: scene.evidence.bytesAt(run.instruction, ['/var/log/lastlog', '/var/log/faillog']),
        })),
    ),

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
