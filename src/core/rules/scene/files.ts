import type { Instruction } from '../../dockerfile/model.ts';
import { isWithin } from './places.ts';
import type { Scene } from './scene.ts';

/** A `COPY` or `ADD`: what it takes, and where to. */
export interface CopyTarget {
  readonly instruction: Instruction;
  /** As written, variables put in; heredocs by their name. */
  readonly sources: readonly string[];
  /** Absolute. */
  readonly destination: string;
  /** The destination is a folder by its spelling, or because there are several sources. */
  readonly isFolder: boolean;
  /** Where it may put a file: the destination, and below it the name of each source. */
  readonly places: readonly string[];
  /** The stage or image; absent where it is the context. */
  readonly from?: string;
}

/** Reads a `COPY` or `ADD`; undefined where a variable, or the folder that it is relative to, is not known. */
function copyTarget(scene: Scene, instruction: Instruction): CopyTarget | undefined {
  if (instruction.keyword !== 'COPY' && instruction.keyword !== 'ADD') return undefined;
  const written = instruction.json ?? instruction.words.map(({ text }) => text);
  const words = written.map((text) => scene.expanded(instruction, text));
  const last = words.at(-1);
  if (words.length < 2 || last === undefined) return undefined;
  const sources = words.slice(0, -1);
  const destination = scene.absolute(last, scene.folderAt(instruction));
  if (destination === undefined || sources.includes(undefined)) return undefined;
  const from = instruction.flags.find(({ name }) => name === 'from')?.value;
  const known = sources as string[];
  const isFolder = sources.length > 1 || /(?:^|\/)\.{0,2}$/.test(last);
  return {
    instruction,
    sources: known,
    destination,
    isFolder,
    places: placesOf(known, destination, isFolder),
    ...(from === undefined ? {} : { from }),
  };
}

/** The `COPY`s and `ADD`s of a stage, as far as they can be read, in order. */
export function copiesOf(scene: Scene): readonly CopyTarget[] {
  return scene.once(readCopies);
}

function readCopies(scene: Scene): readonly CopyTarget[] {
  return scene.stage.instructions.map((other) => copyTarget(scene, other)).filter((copy) => copy !== undefined);
}

/**
 * Those before an instruction that are like this, in this stage and those below, in order. All are looked at once per
 * `key`, which is what `isMeant` is known by: hundreds of instructions may ask the same of hundreds of copies.
 */
export function copiesBefore(
  scene: Scene,
  { index }: Instruction,
  key: string,
  isMeant: (copy: CopyTarget) => boolean,
): readonly CopyTarget[] {
  let found: readonly CopyTarget[] = [];
  for (const each of scene.downwards()) {
    const known = each.once(copiesByKey);
    let alike = known.get(key);
    if (!alike) known.set(key, (alike = copiesOf(each).filter(isMeant)));
    const own = alike.filter(({ instruction }) => instruction.index < index);
    found = found.length === 0 ? own : [...own, ...found];
  }
  return found;
}

function copiesByKey(): Map<string, readonly CopyTarget[]> {
  return new Map();
}

function placesOf(sources: readonly string[], destination: string, isFolder: boolean): readonly string[] {
  const inFolder = sources.map((source) => {
    const name = source.replace(/\/+$/, '').split('/').at(-1) ?? '';
    return name === '' || name === '.' ? destination : `${destination === '/' ? '' : destination}/${name}`;
  });
  return isFolder ? inFolder : [destination, ...inFolder];
}

/** True if a copy puts something at a path, or below it. */
export function putsBelow(copy: CopyTarget, path: string): boolean {
  return copy.places.some((target) => isWithin(target, path));
}

/** Endings of files that are unpacked somewhere. */
export const archiveName =
  /\.(?:tar(?:\.(?:gz|bz2|xz|zst|lz|lzma))?|t[gbx]z2?|zip|deb|rpm|7z|jar\.gz|gz|xz|bz2|zst|run|whl)$/i;
export const tarName = /\.(?:tar(?:\.(?:gz|bz2|xz|zst))?|t[gbx]z2?)$/i;
