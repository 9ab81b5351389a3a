import { wordTexts } from '../../rules/scene/program.ts';
import type { Run } from '../../rules/scene/run.ts';
import { copiesOf } from '../../rules/scene/files.ts';
import type { Scene } from '../../rules/scene/scene.ts';
import { imageName } from '../../base/family.ts';
import { baseName } from '../../program/fileSystem.ts';
import { contextIn } from '../multistage/contextMap.ts';
import type { SwapSubject } from './subject.ts';
import { stageNamed } from './takers.ts';

/** What is known of how programs are linked that a stage copies from another, by the commands that build them. */
export interface Linkage {
  /** `static`: it needs nothing. `unknown`: it may need anything of the system that it was built on. */
  readonly kind: 'static' | 'unknown';
  /** One sentence. */
  readonly why: string;
  /** One-based. */
  readonly line: number;
  /** The stage that it comes from; absent where that is an image. */
  readonly from?: Scene;
}

/** The copies from other stages and from images, with how what they bring is linked. */
export function copiedLinkage(subject: SwapSubject): readonly Linkage[] {
  return subject.above.flatMap((scene) =>
    copiesOf(scene).flatMap(({ instruction, from }): Linkage[] => {
      if (from === undefined) return [];
      const { line } = instruction;
      const source = stageNamed(subject.scenes.all, from, scene.stage.index);
      if (source === undefined) {
        return [{ kind: 'unknown', why: `What ${from} holds is not known.`, line }];
      }
      return [{ ...stageLinkage(source), line, from: source }];
    }),
  );
}

/** The file of the build context that a path is which a stage copies from another: no compiler made it. */
export function copiedFromContext(subject: SwapSubject, path: string): string | undefined {
  const { project, scenes } = subject;
  for (const scene of subject.above) {
    for (const { from, sources, destination, places } of copiesOf(scene)) {
      const source = from === undefined ? undefined : stageNamed(scenes.all, from, scene.stage.index);
      if (source === undefined || !places.includes(path)) continue;
      const context = contextIn(source, project);
      const files = sources
        .filter((name) => path === destination || baseName(name) === baseName(path))
        .map((name) => context.contextPath(source.absolute(name, '/')!));
      const found = files.find((file) => file !== undefined && project.below(file)[0] === file);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

function stageLinkage(source: Scene): Pick<Linkage, 'kind' | 'why'> {
  const lineage = source.lineage;
  const runs = lineage.flatMap((scene) => scene.runs);
  const builds = runs.filter(({ programs }) => programs.some(isCompiling));
  const name = source.stage.name ?? `stage ${source.stage.index}`;
  const unknown = { kind: 'unknown', why: `How the programs of ${name} are linked is not known.` } as const;
  if (builds.length === 0) return unknown;
  const image = source.base.kind === 'image' ? imageName(source.base.reference) : '';
  const isMusl = source.facts?.libc === 'musl';
  const proofs = builds.map((run) => proof(run, image, isMusl, runs));
  return proofs[0] === undefined || proofs.includes(undefined)
    ? unknown
    : { kind: 'static', why: `${name} links statically: ${proofs[0]}.` };
}

function isCompiling({ name, args }: Run['programs'][number]): boolean {
  return name === 'go'
    ? /^(?:build|install)$/.test(args[0]?.value ?? '')
    : /^(?:cargo|rustc|gcc|g\+\+|cc|c\+\+|clang|make|cmake|ninja)$/.test(name);
}

/** Why what a `RUN` builds is static; undefined where it may not be. */
function proof(run: Run, image: string, isMusl: boolean, runs: readonly Run[]): string | undefined {
  const reasons = run.programs.filter(isCompiling).map((program): string | undefined => {
    const { name, args } = program;
    const words = wordTexts(args);
    if (name === 'go') {
      if (words.includes('-buildmode=plugin') || words.includes('-race')) return undefined;
      if (run.variable(program, 'CGO_ENABLED') === '0') return 'it is Go with CGO_ENABLED=0';
      const hasCompiler = runs.some(({ programs }) =>
        programs.some(
          ({ name: tool, args: given }) =>
            tool === 'apk' && given.some(({ text }) => /gcc|build-base|clang/.test(text)),
        ),
      );
      return image === 'golang' && isMusl && !hasCompiler ? 'it is Go, and there is no C compiler' : undefined;
    }
    if (name === 'cargo' || name === 'rustc') {
      const flags = `${run.variable(program, 'RUSTFLAGS') ?? ''} ${words.join(' ')}`;
      if (/-crt-static|prefer-dynamic/.test(flags)) return undefined;
      const target = words.some((word) => word.endsWith('-musl'));
      return (image === 'rust' && isMusl) || target ? 'it is Rust for musl' : undefined;
    }
    return /^(?:gcc|g\+\+|cc|c\+\+|clang)$/.test(name) && words.includes('-static')
      ? 'it is linked with -static'
      : undefined;
  });
  return reasons.includes(undefined) ? undefined : reasons[0];
}
