import { mergeRuns } from './edit/merge.ts';
import type { Hit, Rule } from './rule.ts';
import { aptCall, fetchesLists, needsListsFromBefore } from './scene/apt.ts';
import type { Run } from './scene/run.ts';

interface ApartHit extends Hit {
  readonly run: Run;
  readonly next: Run | undefined;
}

export const aptUpdateApart: Rule<ApartHit> = {
  id: 'apt-update-apart',
  title: '`apt-get update` in a `RUN` of its own',
  why: 'A `RUN` that installs from lists of an earlier `RUN` gets old lists whenever the earlier layer comes from the build cache, and the lists can be removed from neither: the first has to keep them, in the second it is too late. Join the two.',

  detect: (scene) =>
    scene.runs.flatMap((run, index) => {
      const update = run.programs.findLast((program) => aptCall(program)?.verb === 'update');
      if (!update || run.isMounted('/var/lib/apt/lists') || run.emptiesAfter(update, '/var/lib/apt/lists')) return [];
      const installs = run.after(update).some((later) => aptCall(later) !== undefined && !fetchesLists(later));
      if (installs || !scene.someRunAfter(run.instruction, needsListsFromBefore)) return [];
      const message =
        'A later RUN installs from these lists: they may be old by then, and they stay in the image. Join the two RUNs.';
      return [
        {
          instruction: run.instruction,
          run,
          next: scene.runs[index + 1],
          span: update.command.span,
          message,
          timeOnly: true,
        },
      ];
    }),

  fix({ run, next }, scene) {
    const edit = next?.once(needsListsFromBefore) === true ? mergeRuns(scene.dockerfile, run, next) : undefined;
    return edit && { title: 'Join this RUN with the one that installs', confidence: 'safe', edits: [edit] };
  },
};
