import { baseFacts } from '../base/facts.ts';
import type { Platform } from '../base/baseSize.ts';
import { stageReference } from '../base/stageReference.ts';
import type { Dockerfile, Instruction, Stage } from '../dockerfile/model.ts';
import type { AptGraph } from './apt/aptGraph.ts';
import { baseImagePackages } from './apt/baseImagePackages.ts';
import { type CopySources, copyWeight } from './copyWeight.ts';
import { type FileSources, pathParts, type PlacedFiles } from './placedFiles.ts';
import { StageContent } from './stageContent.ts';
import { type RunSources, runWeight, type StageContents } from './runWeight.ts';
import { addsLayer } from './stageSize.ts';
import { type Weight, WeightBuilder, type WeightPart } from './weight.ts';

/** Debian releases whose package graph ships with Plimsoll. */
export const aptReleases: readonly string[] = ['bookworm', 'trixie'];

/** What is known at this moment. Each answers at once; undefined means that it is not known, or not yet. */
export interface WeightSources extends CopySources, RunSources {
  /** The layer that an instruction made in the image that was built from this file. */
  readonly measured: (instruction: Instruction) => MeasuredLayer | undefined;
  /** The package graph of a Debian release, by its codename. */
  readonly apt: (release: string) => AptGraph | undefined;
  /** The engine's image that holds what a stage makes, by its id; absent where nobody looked, or there is none. */
  readonly stageImage?: (stage: Stage) => string | undefined;
}

export interface MeasuredLayer {
  readonly bytes: number;
  /** The image that has it: its name, and its id. */
  readonly image: string;
  readonly imageId: string;
  /** Its place in the image, from the base. */
  readonly layer: number;
}

/** What is known of the instructions of a file, by their indexes. */
export interface Weights {
  /** Of those that make a layer; absent while something is awaited. */
  readonly weights: ReadonlyMap<number, Weight>;
  /** Of those that install packages by apt. */
  readonly installations: ReadonlyMap<number, Installation>;
  /** What the package lists that those leave behind take which run `apt-get update`, also where their layer was measured. */
  readonly lists: ReadonlyMap<number, WeightPart>;
  /** Of those that were measured. */
  readonly measured: ReadonlyMap<number, MeasuredLayer>;
  /** What those that copy or install have put where, as far as it is known. */
  readonly placed: ReadonlyMap<number, readonly PlacedFiles[]>;
}

/** An installation by apt, of which more can be asked. */
export interface Installation {
  readonly apt: AptGraph;
  /** Packages that are installed before. */
  readonly before: readonly string[];
  /** Packages that the instruction asks for and keeps. */
  readonly asked: readonly string[];
  readonly recommends: boolean;
  readonly isSlim: boolean;
}

/** What each instruction that makes a layer adds. A measured layer goes before an estimate. */
export function weigh(dockerfile: Dockerfile, platform: Platform, known: WeightSources): Weights {
  const weights = new Map<number, Weight>();
  const installations = new Map<number, Installation>();
  const lists = new Map<number, WeightPart>();
  const measured = new Map<number, MeasuredLayer>();
  const placed = new Map<number, readonly PlacedFiles[]>();
  const after: StageContents[] = [];
  const stages: StageContent[] = [];
  for (const stage of dockerfile.stages) {
    let contents = contentsBefore(dockerfile, stage, platform, after, known);
    const { base } = stage;
    const content = new StageContent(
      dockerfile,
      base.kind === 'stage' ? stages[base.stage] : base.kind === 'image' ? base.reference : undefined,
    );
    const stageOf = (name: string): StageContent | undefined => stages[stageNamed(dockerfile, name) ?? -1];
    for (const instruction of stage.instructions) {
      const { index, keyword } = instruction;
      if (keyword === 'WORKDIR') content.enter(instruction);
      if (!addsLayer(instruction)) continue;
      const layer = known.measured(instruction);
      if (layer !== undefined) {
        measured.set(index, layer);
        weights.set(index, measuredWeight(layer, known));
      }
      if (keyword === 'RUN') {
        const run = runWeight(dockerfile, instruction, contents, known);
        placed.set(index, content.run(run?.modules, run?.writesUnknown ?? true));
        if (run === undefined) continue;
        const { asked, recommends, weight } = run;
        const left = weight.parts.find(({ kind }) => kind === 'lists');
        if (left !== undefined) lists.set(index, left);
        if (contents.apt !== undefined && asked.length > 0) {
          const { apt, packages: before, isSlim } = contents;
          installations.set(index, { apt, before, asked, recommends, isSlim });
        }
        contents = { ...contents, packages: [...new Set([...contents.packages, ...asked])] };
        if (layer === undefined) weights.set(index, weight);
        continue;
      }
      contents = { ...contents, project: projectOf(instruction) ?? contents.project };
      const filesOf = (name: string) => stageOf(name)?.files;
      const weight = layer === undefined ? copyWeight(dockerfile, instruction, filesOf, known) : undefined;
      if (weight !== undefined) weights.set(index, weight);
      placed.set(index, content.copy(instruction, stageOf, known.download));
    }
    after.push(contents);
    // An image of the stage tells all that is in it, also what its commands made.
    const image = known.stageImage?.(stage);
    stages.push(image === undefined ? content : new StageContent(dockerfile, image));
  }
  return { weights, installations, lists, measured, placed };
}

/** The index of the stage that `--from` names, by its name or its number. */
function stageNamed({ stages }: Dockerfile, from: string): number | undefined {
  const named = stages.findLast(({ name }) => name === from.toLowerCase());
  return named?.index ?? (/^\d+$/.test(from) ? Number(from) : undefined);
}

/** With the largest paths of the layer, where somebody has read it. */
function measuredWeight({ bytes, image, imageId, layer }: MeasuredLayer, known: FileSources): Weight {
  const builder = new WeightBuilder('measured');
  const files = known.image({ image: imageId, layer, sources: ['/'], excludes: [] });
  const paths = files?.kind === 'files' ? pathParts(files) : [];
  builder.add(bytes, [{ kind: 'layer', name: image, bytes }, ...paths]);
  return builder.build();
}

function contentsBefore(
  dockerfile: Dockerfile,
  stage: Stage,
  platform: Platform,
  after: readonly StageContents[],
  known: WeightSources,
): StageContents {
  const nothing: StageContents = {
    apt: undefined,
    awaitsApt: false,
    isSlim: false,
    packages: [],
    project: undefined,
    platform: stage.platform ?? platform,
  };
  // A stage named before it is made is an error of the file.
  if (stage.base.kind === 'stage') return after[stage.base.stage] ?? nothing;
  const base = stageReference(dockerfile, stage, platform);
  if (base.kind !== 'image') return nothing;
  const { packageManager, distribution } = baseFacts(base.reference) ?? {};
  const release = distribution?.codename ?? '';
  if (packageManager !== 'apt' || !aptReleases.includes(release)) return nothing;
  const apt = known.apt(release);
  return {
    ...nothing,
    apt,
    awaitsApt: apt === undefined,
    isSlim: (base.reference.tag ?? '').split('-').includes('slim'),
    packages: baseImagePackages(base.reference),
  };
}

/** The folder of the context whose `package.json` an instruction copies, by its sources' names. */
function projectOf({ words, flags, json }: Instruction): string | undefined {
  if (flags.some(({ name }) => name === 'from')) return undefined;
  const sources = (json ?? words.map(({ text }) => text)).slice(0, -1);
  for (const source of sources) {
    const clean = source.replace(/^(?:\.?\/)+|\/+$/g, '').replace(/^\.$/, '');
    const slash = clean.lastIndexOf('/');
    if (/^package(?:\*|-lock|\.)/.test(clean.slice(slash + 1))) return clean.slice(0, Math.max(0, slash));
    if (!/[*?[$]|\.\w+$/.test(clean)) return clean;
  }
  return undefined;
}
