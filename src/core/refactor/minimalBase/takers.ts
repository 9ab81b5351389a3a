import type { Instruction } from '../../dockerfile/model.ts';
import { copiesOf } from '../../rules/scene/files.ts';
import type { Scene, Scenes } from '../../rules/scene/scene.ts';

/** A stage that takes something from another without being built on it. */
export interface Taker {
  readonly instruction: Instruction;
  /** The absolute paths that it copies; absent where it may use anything, as with `RUN --mount`. */
  readonly paths?: readonly string[];
}

/** Who takes from some stages, outside of them, in order. */
export function takersOf({ all }: Scenes, stages: readonly Scene[]): readonly Taker[] {
  return all
    .filter((scene) => !stages.includes(scene))
    .flatMap((scene) => {
      const isSource = (from: string | undefined): boolean =>
        from !== undefined && stages.includes(stageNamed(all, from, scene.stage.index)!);
      const copies = copiesOf(scene).flatMap(({ instruction, sources, from }): Taker[] =>
        isSource(from) ? [{ instruction, paths: sources.map((source) => scene.absolute(source, '/')!) }] : [],
      );
      const mounts = scene.stage.instructions.flatMap((instruction): Taker[] =>
        instruction.flags.some(
          ({ name, value }) => name === 'mount' && isSource(/(?:^|,)from=([^,]+)/.exec(value ?? '')?.[1]),
        )
          ? [{ instruction }]
          : [],
      );
      return [...copies, ...mounts];
    });
}

/** The stage before another that a name, or a number, stands for. */
export function stageNamed(all: readonly Scene[], name: string, before: number): Scene | undefined {
  return all.find(
    ({ stage }) => stage.index < before && (stage.name === name.toLowerCase() || String(stage.index) === name),
  );
}
