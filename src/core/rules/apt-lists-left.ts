import type { Size } from '../size.ts';
import { appendCommand } from './edit/append.ts';
import type { Hit, Rule } from './rule.ts';
import { aptCalls, fetchesLists, fetchesListsIn, needsListsFromBefore } from './scene/apt.ts';
import { hasArgument, type Program } from './scene/program.ts';
import type { Run } from './scene/run.ts';
import type { Scene } from './scene/scene.ts';

const lists = '/var/lib/apt/lists';

interface ListsHit extends Hit {
  readonly run: Run;
  readonly update: Program;
}

export const aptListsLeft: Rule<ListsHit> = {
  id: 'apt-lists-left',
  title: 'Package lists of apt',
  why: '`apt-get update` fetches lists of every package there is. They are out of date within days and are fetched again before the next install, so they belong in no layer. Remove them in the `RUN` that fetches them: a later `RUN` only hides them. A cache or tmpfs mount on `/var/lib/apt` or `/var/lib/apt/lists` keeps them out as well.',
  hadolint: ['DL3009'],

  detect: (scene) =>
    scene.runs.flatMap((run) => {
      const update = run.programs.findLast(fetchesLists);
      if (!update || run.isMounted(lists) || cleans(run, update)) return [];
      const saves = scene.evidence.bytesAt(run.instruction, [lists]) ?? usualBytes(scene, run);
      const message = 'The package lists of apt stay in this layer. Remove them in the same RUN.';
      return [{ instruction: run.instruction, run, update, span: update.command.span, message, saves }];
    }),

  fix({ run, update }, scene) {
    // Somebody further down installs from these lists: without them the build would fail.
    if (scene.someRunAfter(run.instruction, needsListsFromBefore)) return undefined;
    const edit = appendCommand(scene.dockerfile, run, `${update.prefix}rm -rf ${lists}/*`);
    if (!edit) return undefined;
    const confidence = scene.someRunAfter(run.instruction, runsInstaller) ? 'ask' : 'safe';
    return { title: 'Remove the package lists in this RUN', confidence, edits: [edit] };
  },
};

function cleans(run: Run, update: Program): boolean {
  return (
    run.emptiesAfter(update, lists) ||
    run.runsAfter(update, 'apt-get', /^(?:dist-clean|distclean)$/) ||
    run.runsAfter(update, 'apt', /^(?:dist-clean|distclean)$/)
  );
}

/** A script from the context may install packages from lists that it takes for granted. */
function runsInstaller(run: Run): boolean {
  return run.programs.some((program) => {
    const file = /^(?:ba|da)?sh$/.test(program.name) ? program.args[0] : program.nameWord;
    return (file?.value ?? '').endsWith('.sh') && !hasArgument(program, /^-c$/);
  });
}

/**
 * What the lists take on disk, as `apt-get update` leaves them with the settings of the official images (compressed, no
 * translations; main, updates and security of amd64): the sum of the files in November 2026. Other distributions, and bases that nobody knows, have no entry.
 */
const measured: Readonly<Record<string, number>> = { 'debian 12': 19_850_000, 'debian 13': 21_650_000 };

function usualBytes(scene: Scene, run: Run): Size | undefined {
  // Lists that an earlier RUN left are not fetched again.
  const isFirst = !scene.someRunBefore(run.instruction, fetchesListsIn);
  const { name, release } = scene.facts?.distribution ?? {};
  const bytes = measured[`${name ?? ''} ${release ?? ''}`];
  return isFirst && bytes !== undefined && aptCalls(run).length > 0 ? { bytes, basis: 'estimated' } : undefined;
}
