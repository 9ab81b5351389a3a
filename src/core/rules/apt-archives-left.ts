import { type Size, sumSizes } from '../size.ts';
import { appendCommand } from './edit/append.ts';
import type { Hit, Rule } from './rule.ts';
import { aptCalls, installs } from './scene/apt.ts';
import type { Program } from './scene/program.ts';
import type { Run } from './scene/run.ts';
import type { Scene } from './scene/scene.ts';

const archives = '/var/cache/apt/archives';
const hook = '/etc/apt/apt.conf.d/docker-clean';

interface ArchivesHit extends Hit {
  readonly run: Run;
  readonly program: Program;
}

export const aptArchivesLeft: Rule<ArchivesHit> = {
  id: 'apt-archives-left',
  title: 'Downloaded archives of apt',
  why: 'The official images of Debian and Ubuntu remove every archive once it is installed (`docker-clean`). Where a Dockerfile switches that off, as one does for a cache mount, each install without the mount leaves its archives and apt’s index of all packages, some 75 MB, in `/var/cache/apt`. `apt-get clean` in the same `RUN` removes them. Where the hook is in place, or nobody knows, nothing is reported.',

  detect: (scene) =>
    scene.runs.flatMap((run) => {
      const last = aptCalls(run).findLast(installs);
      if (!last || run.isMounted(archives) || !isHookOff(scene, run)) return [];
      const { program } = last;
      const cleaned =
        run.emptiesAfter(program, archives) ||
        run
          .after(program)
          .some(({ name, args }) => name.startsWith('apt') && args.some(({ value }) => value === 'clean'));
      if (cleaned) return [];
      const { instruction } = run;
      const packages = aptCalls(run)
        .filter(installs)
        .flatMap(({ operands }) => operands.map(({ value }) => value ?? ''));
      const saves =
        scene.evidence.bytesAt(instruction, ['/var/cache/apt']) ??
        sumSizes([
          scene.evidence.packages({ instruction, manager: 'apt', packages, what: 'archives' }),
          indexBytes(scene),
        ]);
      const message =
        'apt was told to keep what it downloads: archives and its index of all packages stay in this layer. Clean them in the same RUN.';
      return [{ instruction, run, program, span: program.command.span, message, saves }];
    }),

  fix({ run, program }, scene) {
    const edit = appendCommand(scene.dockerfile, run, `${program.prefix}apt-get clean`);
    return edit && { title: 'Remove the archives in this RUN', confidence: 'safe', edits: [edit] };
  },
};

/**
 * The two files of apt’s index, `pkgcache.bin` and `srcpkgcache.bin`, as `apt-get update` leaves them without the hook;
 * the sum of their lengths for amd64 in November 2026.
 */
const indexes: Readonly<Record<string, number>> = { 'debian 12': 73_800_000, 'debian 13': 89_600_000 };

function indexBytes({ facts }: Scene): Size | undefined {
  const { name, release } = facts?.distribution ?? {};
  const bytes = indexes[`${name ?? ''} ${release ?? ''}`];
  return bytes === undefined ? undefined : { bytes, basis: 'estimated' };
}

/** The hook was removed, or overridden, in this stage or one below, here or before. */
function isHookOff(scene: Scene, run: Run): boolean {
  return run.instruction.index >= scene.once(offFrom);
}

function offFrom(scene: Scene): number {
  const { text } = scene.dockerfile;
  const found = scene.runs.filter((run) => {
    const { span } = run.instruction;
    const said = run.script.kind === 'shell' ? text.slice(span.start, span.end) : '';
    return run.empties(hook) || /Keep-Downloaded-Packages\W+(?:true|1)/i.test(said);
  });
  return Math.min(scene.below?.once(offFrom) ?? Infinity, found[0]?.instruction.index ?? Infinity);
}
