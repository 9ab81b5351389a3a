import type { Dockerfile, Stage } from '../dockerfile/model.ts';
import type { Platform } from './baseSize.ts';
import { parseReference, type Reference } from './reference.ts';

/** What a stage starts from, with the image's reference read. */
export type StageReference =
  | { readonly kind: 'scratch' }
  | { readonly kind: 'stage'; readonly name: string }
  /** `FROM` without an image. */
  | { readonly kind: 'missing' }
  | { readonly kind: 'unresolved'; readonly text: string; readonly variables: readonly string[] }
  /** A text that is no image reference, and why: one sentence. */
  | { readonly kind: 'invalid'; readonly text: string; readonly problem: string }
  | ImageReference;

export interface ImageReference {
  readonly kind: 'image';
  /** As the file says it, variables expanded. */
  readonly text: string;
  readonly reference: Reference;
  readonly platform: Platform;
}

/** Reads a stage's base. `defaultPlatform` holds where the stage has no `--platform`. */
export function stageReference(dockerfile: Dockerfile, stage: Stage, defaultPlatform: Platform): StageReference {
  const base = stage.base;
  switch (base.kind) {
    case 'scratch':
      return base;
    case 'stage':
      return { kind: 'stage', name: dockerfile.stages[base.stage]?.name ?? String(base.stage) };
    case 'unresolved':
      return base.text === '' ? { kind: 'missing' } : base;
    case 'image': {
      const parsed = parseReference(base.reference);
      if ('problem' in parsed) return { kind: 'invalid', text: base.reference, problem: parsed.problem };
      const platform = stage.platform ?? defaultPlatform;
      return { kind: 'image', text: base.reference, reference: parsed.reference, platform };
    }
  }
}
