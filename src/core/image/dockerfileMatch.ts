import type { Dockerfile, Instruction, Stage } from '../dockerfile/model.ts';
import { parseDockerfile } from '../dockerfile/parse.ts';
import { readHistory, type HistoryInstruction } from './createdBy.ts';
import { matchHistory } from './history.ts';
import type { ImageInfo } from './image.ts';
import { comparisonOf, type Comparison, type MatchQuality } from './instructionMatch.ts';

/** One instruction of a Dockerfile and the entry of an image's history that it made. */
export interface InstructionMatch {
  /** Index into `Dockerfile.instructions`. A trigger of the base is matched with the `FROM` that set it off. */
  readonly instruction: number;
  /** One-based lines in the file. */
  readonly line: number;
  readonly endLine: number;
  /** Index into `ImageInfo.history`. */
  readonly entry: number;
  /** The layer that it made; absent where it made none, or shares one with others (a squashed image). */
  readonly layer?: number;
  readonly quality: MatchQuality;
}

/** How an image's history and a Dockerfile fit together. */
export interface DockerfileMatch {
  /** In the order of the history, which is that of the file. */
  readonly matches: readonly InstructionMatch[];
  /** Indexes of the `RUN`, `COPY` and `ADD` whose present text this image was not built from: new or edited since. */
  readonly stale: readonly number[];
  /** How many layers lie below the first instruction of the file; absent where that one has no match. */
  readonly baseLayers?: number;
  /** 0: nothing in common; 1: every instruction is there, and nothing else above the base. */
  readonly score: number;
}

/**
 * Aligns the end of an image's history with the final stage of a Dockerfile and the stages of the file that it stands on.
 * The file may have been edited since: instructions that came, went or changed in between leave their neighbors matched.
 *
 * It is a semi-global alignment (Needleman and Wunsch's, with the base's entries below free of charge), so that one
 * inserted line does not shift all the others, as pairing off from the end would.
 */
export function matchDockerfile(info: ImageInfo, file: Dockerfile): DockerfileMatch {
  const expected = expectedInstructions(file);
  const history = readHistory(info.history);
  const first = Math.max(0, history.length - longestHistory);
  const pairs = align(history.slice(first), expected).map((pair) => ({ ...pair, entry: pair.entry + first }));
  if (pairs.length === 0) return { matches: [], stale: staleOf(expected, pairs), score: 0 };

  const layers = new Map(matchHistory(info).flatMap((at) => (at.instruction ? [[at.entry!, at.layer]] : [])));
  const toMatch = (instruction: Instruction, entry: number, quality: MatchQuality): InstructionMatch => {
    const layer = layers.get(entry);
    const { index, line, endLine } = instruction;
    return { instruction: index, line, endLine, entry, ...(layer === undefined ? {} : { layer }), quality };
  };
  const triggered = triggeredEntries(history, pairs[0]!.entry);
  const from = chainOf(file)[0]?.from;
  const matches = [
    ...(from ? triggered.map((entry) => toMatch(from, entry, 'same')) : []),
    ...pairs.map((pair) => toMatch(expected[pair.instruction]!.instruction, pair.entry, pair.quality)),
  ];
  const firstWriter = expected.findIndex((at) => at.writes);
  const reachesBase = firstWriter >= 0 && pairs.some((pair) => pair.instruction === firstWriter);
  const lowest = matches[0]!.entry;
  return {
    matches,
    stale: staleOf(expected, pairs),
    ...(reachesBase ? { baseLayers: [...layers.keys()].filter((entry) => entry < lowest).length } : {}),
    score: scoreOf(history, expected, pairs),
  };
}

/** How well an image fits a Dockerfile, 0 to 1: of several images that may have been built from it, the best is the one. */
export function matchScore(info: ImageInfo, file: Dockerfile): number {
  return matchDockerfile(info, file).score;
}

/** The one-based line of each layer's instruction, from base to top; undefined for the base's and for unknown ones. */
export function layerLines(match: DockerfileMatch, layerCount: number): (number | undefined)[] {
  const lines = new Map(match.matches.map((at) => [at.layer, at.line]));
  return Array.from({ length: layerCount }, (_, layer) => lines.get(layer));
}

/** A hostile config may list millions of entries; builders stop at 127 layers. */
const longestHistory = 2000;

interface Expected {
  readonly instruction: Instruction;
  readonly compare: Comparison;
  /** It makes a layer in every builder. */
  readonly writes: boolean;
}

/** The final stage and the stages of the file below it, lowest first. */
function chainOf(file: Dockerfile): Stage[] {
  const chain: Stage[] = [];
  let stage = file.stages.find((at) => at.isFinal);
  while (stage && !chain.includes(stage)) {
    chain.unshift(stage);
    stage = stage.base.kind === 'stage' ? file.stages[stage.base.stage] : undefined;
  }
  return chain;
}

function expectedInstructions(file: Dockerfile): Expected[] {
  const chain = chainOf(file);
  return chain
    .flatMap((stage, i) => {
      const triggers = (chain[i - 1]?.instructions ?? []).flatMap((at) => (at.trigger ? [at.trigger] : []));
      return [...triggers, ...stage.instructions];
    })
    .map((instruction) => ({
      instruction,
      compare: comparisonOf(instruction, file),
      writes: isWriter(instruction.keyword),
    }));
}

function isWriter(keyword: string | undefined): boolean {
  return keyword === 'RUN' || keyword === 'COPY' || keyword === 'ADD';
}

interface Pair {
  /** Index into the history. */
  readonly entry: number;
  /** Index into the expected instructions. */
  readonly instruction: number;
  readonly quality: MatchQuality;
}

/**
 * What a match is worth and what a gap costs. Only the order matters: text that writes files tells more than `ENV` or `CMD`,
 * which many files share; an edited instruction is worth more than a gap on both sides; entries without a layer may be
 * missing, because Kaniko records none.
 */
const worth = { writer: 6, other: 2, similarWriter: 2, similarOther: 0.5 };
const cost = { missingWriter: 0.5, missingOther: 0.1, extraWriter: 1, extraOther: 0.25 };

function worthOf(keyword: string | undefined, quality: MatchQuality): number {
  if (isWriter(keyword)) return quality === 'same' ? worth.writer : worth.similarWriter;
  return quality === 'same' ? worth.other : worth.similarOther;
}

function align(history: readonly HistoryInstruction[], expected: readonly Expected[]): Pair[] {
  const width = expected.length + 1;
  const best = new Float64Array((history.length + 1) * width);
  const qualities = new Map<number, MatchQuality>();
  const missing = expected.map((at) => (at.writes ? cost.missingWriter : cost.missingOther));
  const extra = history.map((at) => (isWriter(at.keyword) ? cost.extraWriter : cost.extraOther));
  for (let i = 0; i <= history.length; i++) {
    for (let j = 1; j <= expected.length; j++) {
      const at = i * width + j;
      let value = best[at - 1]! - missing[j - 1]!;
      if (i > 0) {
        value = Math.max(value, best[at - width]! - extra[i - 1]!);
        const quality = expected[j - 1]!.compare(history[i - 1]!);
        if (quality) {
          qualities.set(at, quality);
          value = Math.max(value, best[at - width - 1]! + worthOf(history[i - 1]!.keyword, quality));
        }
      }
      best[at] = value;
    }
  }

  const pairs: Pair[] = [];
  let i = history.length;
  let j = expected.length;
  while (i > 0 && j > 0) {
    const at = i * width + j;
    const quality = qualities.get(at);
    // A match first: of several equal alignments, the one nearest to the end.
    if (quality && best[at] === best[at - width - 1]! + worthOf(history[i - 1]!.keyword, quality)) {
      pairs.unshift({ entry: --i, instruction: --j, quality });
    } else if (best[at] === best[at - 1]! - missing[j - 1]!) j--;
    else i--;
  }
  return pairs;
}

function staleOf(expected: readonly Expected[], pairs: readonly Pair[]): number[] {
  const sound = new Set(pairs.filter((pair) => pair.quality === 'same').map((pair) => pair.instruction));
  const stale = expected.filter((at, i) => at.writes && !sound.has(i)).map((at) => at.instruction.index);
  return [...new Set(stale)];
}

function scoreOf(
  history: readonly HistoryInstruction[],
  expected: readonly Expected[],
  pairs: readonly Pair[],
): number {
  const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
  const found = sum(pairs.map((pair) => worthOf(history[pair.entry]!.keyword, pair.quality)));
  const matched = new Set(pairs.map((pair) => pair.instruction));
  // An entry without a layer that is missing tells nothing: not every builder records it.
  const wanted = sum(
    expected.map((at, i) => (at.writes || matched.has(i) ? worthOf(at.instruction.keyword, 'same') : 0)),
  );
  const entries = new Set(pairs.map((pair) => pair.entry));
  const foreign = history
    .slice(pairs[0]!.entry)
    .filter((at, i) => !entries.has(i + pairs[0]!.entry) && isWriter(at.keyword));
  return found / (wanted + foreign.length * worth.writer);
}

/**
 * The entries right below `below` that the base's `ONBUILD` triggers made. Docker's first builder and Podman record the
 * triggers in the base's history; BuildKit does not, and then the entries count as the base's.
 */
function triggeredEntries(history: readonly HistoryInstruction[], below: number): number[] {
  const last = history.findLastIndex((at, i) => i < below && at.keyword === 'ONBUILD');
  if (last < 0) return [];
  let first = last;
  while (first > 0 && history[first - 1]!.keyword === 'ONBUILD') first--;
  const texts = history.slice(first, last + 1).map((at) => at.text);
  const file = parseDockerfile(['FROM scratch', ...texts].join('\n'));
  const triggers = file.stages[0]!.instructions;
  const start = below - triggers.length;
  const fits = start > last && triggers.every((trigger, i) => comparisonOf(trigger, file)(history[start + i]!));
  return fits ? triggers.map((_, i) => start + i) : [];
}
