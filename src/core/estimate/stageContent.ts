import { expand } from '../dockerfile/expand.ts';
import type { Dockerfile, Instruction } from '../dockerfile/model.ts';
import { baseName } from '../program/fileSystem.ts';
import { flagValues, heredocBytes, isRemote, sourcesOf } from './copyWords.ts';
import { absolutePath, lasting, type Origin, type PlacedFiles, type StageFiles } from './placedFiles.ts';
import type { ModulesWeight } from './modulesCommand.ts';

/** More than this no stage of a real file copies, nor through more stages: what comes after counts as not known. */
const mostPlaced = 32;
const deepest = 2;

/** Follows the instructions of a stage and keeps where each has put what. */
export class StageContent {
  readonly #dockerfile: Dockerfile;
  readonly #placed: PlacedFiles[] = [];
  readonly #image: string | undefined;
  #hasUnknown = false;
  /** What {@link files} has put together, until something is added. */
  #files: StageFiles | undefined;
  /** Through how many stages its files came. */
  #depth = 0;
  /** What relative paths begin with. A base image's own is not asked for: official ones have the root. */
  #folder = '';

  /** @param below the stage of the file that it is built on; the image where it is an image. */
  constructor(dockerfile: Dockerfile, below: StageContent | string | undefined) {
    this.#dockerfile = dockerfile;
    if (below instanceof StageContent) {
      this.#image = below.#image;
      this.#placed = [...below.#placed];
      this.#hasUnknown = below.#hasUnknown;
      this.#depth = below.#depth;
      this.#folder = below.#folder;
    } else this.#image = below;
  }

  get files(): StageFiles {
    return (this.#files ??= {
      ...(this.#image === undefined ? {} : { image: this.#image }),
      placed: lasting(this.#placed),
      hasUnknown: this.#hasUnknown,
    });
  }

  /** Relative paths of `WORKDIR` count from here. */
  enter({ argsSpan: { start, end }, scope }: Instruction): void {
    const { text, escape } = this.#dockerfile;
    this.#folder = absolutePath(expand(text.slice(start, end), scope, escape).value, this.#folder);
  }

  /**
   * Takes a `COPY` or `ADD`; gives back what it has put where.
   *
   * @param stageOf the stage of a name or number in `--from`, where there is one before this
   */
  copy(
    instruction: Instruction,
    stageOf: (name: string) => StageContent | undefined,
    download: (url: string) => number | undefined,
  ): readonly PlacedFiles[] {
    const { target, isFolder } = this.#targetOf(instruction);
    const from = flagValues(this.#dockerfile, instruction, 'from')[0];
    const stage = from === undefined ? undefined : stageOf(from);
    const origin = originOf(from, stage);
    const depth = stage === undefined ? 0 : stage.#depth + 1;
    const heredocs = [...instruction.heredocs];
    const placed: PlacedFiles[] = [];
    for (const { text, value } of sourcesOf(this.#dockerfile, instruction)) {
      const heredoc = text.startsWith('<<') ? heredocs.shift() : undefined;
      const sized = (name: string, bytes: number | undefined): PlacedFiles => ({
        kind: 'sized',
        target: isFolder ? `${target}/${name}` : target,
        bytes: bytes ?? 0,
        complete: bytes !== undefined,
        parts: [],
      });
      if (heredoc !== undefined) placed.push(sized(heredoc.name, heredocBytes(this.#dockerfile, heredoc)));
      else if (value === undefined || depth > deepest) this.#hasUnknown = true;
      else if (instruction.keyword === 'ADD' && isRemote(value)) {
        placed.push(sized(baseName(value), download(value)));
      } else {
        const excludes = flagValues(this.#dockerfile, instruction, 'exclude');
        placed.push({
          kind: 'copied',
          origin,
          source: value,
          target,
          excludes,
          unpacks: instruction.keyword === 'ADD',
        });
      }
    }
    this.#files = undefined;
    this.#depth = Math.max(this.#depth, depth);
    return this.#keep(placed);
  }

  /** Takes what a `RUN` does: packages that it installs into the folder that it runs in, and what nobody knows. */
  run(modules: ModulesWeight | undefined, writesUnknown: boolean): readonly PlacedFiles[] {
    this.#files = undefined;
    if (writesUnknown) this.#hasUnknown = true;
    if (modules === undefined) return [];
    return this.#keep([{ kind: 'sized', target: `${this.#folder}/node_modules`, ...modules }]);
  }

  #keep(placed: readonly PlacedFiles[]): readonly PlacedFiles[] {
    const free = mostPlaced - this.#placed.length;
    if (placed.length > free) this.#hasUnknown = true;
    this.#placed.push(...placed.slice(0, Math.max(0, free)));
    return placed;
  }

  #targetOf(instruction: Instruction): { readonly target: string; readonly isFolder: boolean } {
    const words = instruction.json ?? instruction.words.map(({ text }) => text);
    const { value } = expand(words.at(-1) ?? '', instruction.scope, this.#dockerfile.escape);
    return { target: absolutePath(value, this.#folder), isFolder: words.length > 2 || /(?:^|\/)\.{0,2}$/.test(value) };
  }
}

function originOf(from: string | undefined, stage: StageContent | undefined): Origin {
  if (from === undefined) return { kind: 'context' };
  return stage === undefined ? { kind: 'image', image: from } : { kind: 'stage', files: stage.files };
}
