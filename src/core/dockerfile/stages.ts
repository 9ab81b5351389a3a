import type { Problem, Span } from '../text.ts';
import { expand } from './expand.ts';
import type { Flag, Instruction, ParseOptions, Scope, Stage, StageBase } from './model.ts';
import { mountFields } from './mount.ts';

/** A stage while it is read. */
export interface OpenStage {
  readonly index: number;
  readonly name?: string;
  readonly from: Instruction;
  readonly base: StageBase;
  readonly baseSpan: Span;
  readonly platform?: string;
  readonly instructions: Instruction[];
}

/** Names of stages, lower-cased; the last one to take a name has it. */
export type StageNames = Map<string, number>;

/** Reads a `FROM`, with the variables that `FROM`s see and the names of the stages before it. */
export function openStage(
  from: Instruction,
  index: number,
  scope: Scope,
  escape: string,
  names: StageNames,
  problems: Problem[],
): OpenStage {
  const [base, as, name] = from.words;
  const platform = from.flags.find((flag) => flag.name === 'platform')?.value;
  const expandedPlatform = platform === undefined ? undefined : expand(platform, scope, escape);
  const stageName = as && readName(from, name?.text, as.text, names, problems);
  if (!base) {
    const message = 'FROM lacks the image to start from.';
    problems.push({ code: 'missing-base', message, span: from.keywordSpan });
  }
  return {
    index,
    from,
    ...(stageName === undefined ? {} : { name: stageName }),
    base: base ? readBase(base, scope, escape, names, problems) : { kind: 'unresolved', text: '', variables: [] },
    baseSpan: base?.span ?? from.argsSpan,
    ...(expandedPlatform && isWhole(expandedPlatform) ? { platform: expandedPlatform.value } : {}),
    instructions: [],
  };
}

function isWhole(expansion: ReturnType<typeof expand>): boolean {
  return expansion.missing.length === 0 && expansion.error === undefined && expansion.value !== '';
}

function readBase(
  base: { readonly text: string; readonly span: Span },
  scope: Scope,
  escape: string,
  names: StageNames,
  problems: Problem[],
): StageBase {
  const expansion = expand(base.text, scope, escape);
  if (expansion.error !== undefined) {
    problems.push({ code: 'bad-substitution', message: expansion.error, span: base.span });
  }
  if (!isWhole(expansion)) return { kind: 'unresolved', text: base.text, variables: expansion.missing };
  const stage = names.get(expansion.value.toLowerCase());
  if (stage !== undefined) return { kind: 'stage', stage };
  return expansion.value === 'scratch' ? { kind: 'scratch' } : { kind: 'image', reference: expansion.value };
}

function readName(
  from: Instruction,
  written: string | undefined,
  as: string,
  names: StageNames,
  problems: Problem[],
): string | undefined {
  const span = from.words[2]?.span ?? from.words[1]!.span;
  if (as.toUpperCase() !== 'AS' || written === undefined || from.words.length > 3) {
    problems.push({ code: 'invalid-from', message: 'FROM takes an image, or an image AS a name.', span });
    return undefined;
  }
  const name = written.toLowerCase();
  if (!/^[a-z][a-z0-9\-_.]*$/.test(name)) {
    const message = `${written} is no name for a stage: a letter, then letters, digits, -, _ or a dot.`;
    problems.push({ code: 'invalid-stage-name', message, span });
    return undefined;
  }
  if (names.has(name)) {
    problems.push({ code: 'repeated-stage-name', message: `There is a stage named ${name} already.`, span });
  }
  return name;
}

/** Ties the stages together: what each uses, which one is built, and what that one needs. */
export function closeStages(
  stages: readonly OpenStage[],
  names: StageNames,
  options: ParseOptions,
  problems: Problem[],
): readonly Stage[] {
  const dependsOn = stages.map((stage) => dependencies(stage, stages.length, names, problems));
  const final = finalStage(stages, names, options, problems);
  const reaching = new Set<number>();
  const open = final === undefined ? [] : [final];
  for (let stage = open.pop(); stage !== undefined; stage = open.pop()) {
    if (reaching.has(stage)) continue;
    reaching.add(stage);
    open.push(...dependsOn[stage]!);
  }
  reportCycles(stages, dependsOn, problems);
  return stages.map((stage, index) => ({
    ...stage,
    dependsOn: dependsOn[index]!,
    isFinal: index === final,
    reachesFinal: reaching.has(index),
  }));
}

function finalStage(
  stages: readonly OpenStage[],
  names: StageNames,
  { target }: ParseOptions,
  problems: Problem[],
): number | undefined {
  const last = stages.at(-1);
  if (target === undefined || target === '' || !last) return last?.index;
  const asked = names.get(target.toLowerCase()) ?? (/^\d+$/.test(target) ? Number(target) : undefined);
  if (asked !== undefined && asked < stages.length) return asked;
  const message = `There is no stage ${target} to build; the last one is taken.`;
  problems.push({ code: 'unknown-target', message, span: last.from.keywordSpan });
  return last.index;
}

function dependencies(stage: OpenStage, count: number, names: StageNames, problems: Problem[]): readonly number[] {
  const found = new Set<number>();
  if (stage.base.kind === 'stage') found.add(stage.base.stage);
  for (const instruction of stage.instructions) {
    for (const { from, flag } of sources(instruction)) {
      const source = sourceStage(from, flag, stage.index, count, names, problems);
      if (source !== undefined) found.add(source);
    }
  }
  return [...found].sort((a, b) => a - b);
}

/** What an instruction takes files from, other than the context: `COPY --from`, `RUN --mount=…,from=`. */
function sources({ keyword, flags }: Instruction): { readonly from: string; readonly flag: Flag }[] {
  return flags.flatMap((flag) => {
    const from =
      keyword === 'COPY' && flag.name === 'from'
        ? flag.value
        : keyword === 'RUN' && flag.name === 'mount'
          ? mountFields(flag.value ?? '').get('from')
          : undefined;
    return from === undefined || from === '' ? [] : [{ from, flag }];
  });
}

/** The stage that a `from` names; undefined where it names an image, or nothing. */
function sourceStage(
  from: string,
  flag: Flag,
  own: number,
  count: number,
  names: StageNames,
  problems: Problem[],
): number | undefined {
  const span = flag.valueSpan ?? flag.span;
  if (from.includes('$')) {
    const message = 'Builders expand no variables in from: name a stage instead, FROM … AS name.';
    problems.push({ code: 'variable-in-from', message, span });
    return undefined;
  }
  const named = names.get(from.toLowerCase());
  if (named !== undefined) return named;
  // `RUN --mount=from=0` knows stages by name only.
  if (!/^\d+$/.test(from) || flag.name !== 'from') return undefined;
  const index = Number(from);
  if (index < own) return index;
  const message =
    index < count ? `Stage ${from} is not built before this one.` : `There is no stage ${from}: they count from 0.`;
  problems.push({ code: 'invalid-stage-index', message, span });
  return undefined;
}

/** Names, unlike indexes, may lead to later stages; only not in a circle. */
function reportCycles(stages: readonly OpenStage[], dependsOn: readonly (readonly number[])[], problems: Problem[]) {
  const state: ('open' | 'done' | undefined)[] = [];
  for (const { index: root } of stages) {
    // A stack of its own: a chain of thousands of stages is deeper than the call stack.
    const path: { readonly stage: number; next: number }[] = [{ stage: root, next: 0 }];
    while (path.length > 0) {
      const top = path.at(-1)!;
      if (top.next === 0 && state[top.stage] === 'done') {
        path.pop();
        continue;
      }
      state[top.stage] = 'open';
      const dependency = dependsOn[top.stage]![top.next++];
      if (dependency === undefined) {
        state[top.stage] = 'done';
        path.pop();
      } else if (state[dependency] === 'open') {
        const { from } = stages[top.stage]!;
        const message = `This stage needs stage ${dependency}, which needs this one.`;
        problems.push({ code: 'circular-stages', message, span: from.keywordSpan });
      } else path.push({ stage: dependency, next: 0 });
    }
  }
}
