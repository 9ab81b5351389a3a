import type { Instruction } from '../dockerfile/model.ts';
import { mergeRuns } from './edit/merge.ts';
import type { Hit, Rule } from './rule.ts';
import { aptCall, fetchesLists } from './scene/apt.ts';
import { copiesBefore, placesOf } from './scene/files.ts';
import { empties, isWithin, place } from './scene/places.ts';
import type { Program } from './scene/program.ts';
import { removedBy } from './scene/removal.ts';
import type { Run } from './scene/run.ts';
import type { Scene } from './scene/scene.ts';
import { downloadsOf } from './scene/downloads.ts';

interface LateHit extends Hit {
  readonly run: Run;
  readonly creator: Instruction;
}

export const removedInLaterLayer: Rule<LateHit> = {
  id: 'removed-in-later-layer',
  title: 'Files removed in a later layer',
  why: 'Each instruction makes a layer, and layers are only ever added. A file that one instruction brings and a later one removes is hidden, not gone: every pull still carries it. Remove it in the instruction that brings it, or do not bring it: a `RUN --mount=type=bind` reads files of the context that no layer has.',

  detect: (scene) =>
    scene.runs.flatMap((run) =>
      run.programs.flatMap((program): LateHit[] => {
        const found = lateRemoval(scene, run, program);
        if (!found || broughtBackIn(run, program, found)) return [];
        const line = found.creator.line;
        const message = `${found.what} came with line ${line} and stays in that layer: removing it here only hides it.`;
        const saves = scene.evidence.bytesAt(found.creator, found.paths);
        return [
          { instruction: run.instruction, run, creator: found.creator, span: program.command.span, message, saves },
        ];
      }),
    ),

  fix({ run, creator }, scene) {
    const first = scene.runs.find(({ instruction }) => instruction === creator);
    const edit = first && mergeRuns(scene.dockerfile, first, run);
    return edit && { title: 'Join this RUN with the one before', confidence: 'safe', edits: [edit] };
  },
};

interface Late {
  readonly creator: Instruction;
  /** What is said of it. */
  readonly what: string;
  readonly paths: readonly string[];
}

/** What a program removes that an earlier instruction brought; the latest one, if there are several. */
function lateRemoval(scene: Scene, run: Run, program: Program): Late | undefined {
  const earlier = scene.runsBefore(run.instruction).toReversed();
  const purged = purgedPackages(program);
  if (purged.length > 0) {
    const creator = earlier.find(({ programs }) => programs.some((each) => installsOneOf(each, purged)));
    return creator && { creator: creator.instruction, what: purged.join(' '), paths: [] };
  }
  const folder = scene.folderAt(run.instruction);
  for (const pattern of removedBy(program)) {
    const path = /^[~$]/.test(pattern) ? place(pattern) : scene.absolute(pattern, folder);
    if (path === undefined || /^\/(?:\*|tmp\/?\*?)?$/.test(path) || path.includes('$')) continue;
    const copy = copiesBefore(scene, run.instruction).findLast((each) =>
      placesOf(each).some((target) => isWithin(target, place(path)) || empties(path, target)),
    );
    if (copy) return { creator: copy.instruction, what: pattern, paths: placesOf(copy) };
    const creator = earlier.find((other) => bringsBelow(scene, other, place(path)));
    if (creator) return { creator: creator.instruction, what: pattern, paths: [place(path).replace(/\/\*$/, '')] };
  }
  return undefined;
}

/** True if a `RUN` leaves something at a path that one of its commands shows. */
function bringsBelow(scene: Scene, run: Run, path: string): boolean {
  return run.programs.some((program) => {
    if (empties(path, '/var/lib/apt/lists'))
      return (
        fetchesLists(program) &&
        !run.emptiesAfter(program, '/var/lib/apt/lists') &&
        !run.isMounted('/var/lib/apt/lists')
      );
    if (path.startsWith('~') || run.isMounted(path)) return false;
    const made = madeBy(program, scene.folderAt(run.instruction), scene);
    return made.some(
      (target) => (isWithin(target, path) || empties(path, target)) && !run.emptiesAfter(program, place(target)),
    );
  });
}

/** The files that a program writes, as far as its arguments show. */
function madeBy(program: Program, folder: string | undefined, scene: Scene): readonly string[] {
  const { name, args } = program;
  const named =
    name === 'git' && args.some(({ value }) => value === 'clone') ? args.slice(-1).map(({ value }) => value ?? '') : [];
  return [...downloadsOf(program).map(({ value }) => value ?? ''), ...named.filter((path) => path.startsWith('/'))]
    .map((path) => (path === '' ? undefined : scene.absolute(path, folder)))
    .filter((path) => path !== undefined);
}

function purgedPackages(program: Program): readonly string[] {
  const call = aptCall(program);
  if (call && /^(?:remove|purge|autoremove)$/.test(call.verb)) return call.operands.flatMap(({ value }) => value ?? []);
  if (program.name === 'apk' && program.args[0]?.value === 'del')
    return program.args.slice(1).flatMap(({ value }) => (value === undefined || value.startsWith('-') ? [] : [value]));
  return [];
}

function installsOneOf(program: Program, packages: readonly string[]): boolean {
  const verb =
    aptCall(program)?.verb ??
    (program.name === 'apk' ? program.args.find(({ text }) => !text.startsWith('-'))?.value : undefined);
  return (
    /^(?:install|add)$/.test(verb ?? '') &&
    program.args.some(({ value }) => value !== undefined && packages.includes(value))
  );
}

/** True if the same `RUN` makes it anew before it removes it: then that is what it removes. */
function broughtBackIn(run: Run, program: Program, { what }: Late): boolean {
  const name = what
    .replace(/\/?\*?$/, '')
    .split('/')
    .at(-1)!;
  const before = run.programs.slice(0, run.programs.indexOf(program));
  return (
    name !== '' &&
    before.some((each) =>
      fetchesLists(each) ? what.includes('apt/lists') : downloadsOf(each).some(({ text }) => text.includes(name)),
    )
  );
}
