import type { Instruction } from '../dockerfile/model.ts';
import { mergeRuns } from './edit/merge.ts';
import type { Hit, Rule } from './rule.ts';
import { aptCall, fetchesLists } from './scene/apt.ts';
import { copiesOf, type CopyTarget } from './scene/files.ts';
import { emptier, place } from './scene/places.ts';
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
  const purged = purgedPackages(program);
  if (purged.length > 0) {
    for (const earlier of scene.runsBefore(run.instruction)) {
      if (earlier.programs.some((each) => installsOneOf(each, purged)))
        return { creator: earlier.instruction, what: purged.join(' '), paths: [] };
    }
    return undefined;
  }
  for (const pattern of removedBy(program)) {
    const path = /^[~$]/.test(pattern) ? place(pattern) : scene.absolute(pattern, scene.folderAt(run.instruction));
    if (path === undefined || /^\/(?:\*|tmp\/?\*?)?$/.test(path) || path.includes('$') || path.startsWith('~'))
      continue;
    const isEarlier = ({ instruction }: { readonly instruction: Instruction }): boolean =>
      instruction.index < run.instruction.index;
    for (const each of scene.downwards()) {
      const { copies, makers } = broughtAt(each, path);
      const copy = copies.findLast(isEarlier);
      if (copy) return { creator: copy.instruction, what: pattern, paths: copy.places };
      const creator = makers.findLast(isEarlier);
      if (creator) return { creator: creator.instruction, what: pattern, paths: [path.replace(/\/\*$/, '')] };
    }
  }
  return undefined;
}

/** What in a stage puts something at the places that a pattern empties. */
interface Bringers {
  readonly copies: readonly CopyTarget[];
  readonly makers: readonly Maker[];
}

/** Worked out once per pattern: every `RUN` of a file may remove the same. */
function broughtAt(scene: Scene, pattern: string): Bringers {
  const known = scene.once(bringersByPattern);
  let found = known.get(pattern);
  if (!found) {
    const isRemoved = emptier(pattern);
    found = {
      copies: copiesOf(scene).filter(({ places }) => places.some(isRemoved)),
      makers: scene.once(makersOf).filter(({ made }) => made.some(isRemoved)),
    };
    known.set(pattern, found);
  }
  return found;
}

function bringersByPattern(): Map<string, Bringers> {
  return new Map();
}

/** A `RUN` that leaves files of which its commands show the places. */
interface Maker {
  readonly instruction: Instruction;
  readonly made: readonly string[];
}

function makersOf(scene: Scene): readonly Maker[] {
  return scene.runs
    .map((run) => ({ instruction: run.instruction, made: leftBy(run, scene) }))
    .filter(({ made }) => made.length > 0);
}

function leftBy(run: Run, scene: Scene): readonly string[] {
  const folder = scene.folderAt(run.instruction);
  return run.programs.flatMap((program) =>
    madeBy(program, folder, scene).filter((path) => !run.isMounted(path) && !run.emptiesAfter(program, path)),
  );
}

/** The files that a program writes, as far as its arguments show. */
function madeBy(program: Program, folder: string | undefined, scene: Scene): readonly string[] {
  if (fetchesLists(program)) return ['/var/lib/apt/lists'];
  const { name, args } = program;
  const cloned = name === 'git' && args.some(({ value }) => value === 'clone') ? args.at(-1)?.value : undefined;
  return [...downloadsOf(program).map(({ value }) => value), cloned?.startsWith('/') === true ? cloned : undefined]
    .map((path) => (path === undefined || path === '' ? undefined : scene.absolute(path, folder)))
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
