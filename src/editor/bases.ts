import type { Platform } from '../core/base/baseSize.ts';
import { parseReference, type Reference } from '../core/base/reference.ts';
import type { Dockerfile, Stage } from '../core/dockerfile/model.ts';
import type { BaseState } from '../sources/chain.ts';

/** What a stage starts from, as the editor shows it. */
export type StageBaseView =
  | { readonly kind: 'scratch' }
  | { readonly kind: 'stage'; readonly name: string }
  | { readonly kind: 'missing' }
  | { readonly kind: 'unresolved'; readonly text: string; readonly variables: readonly string[] }
  | { readonly kind: 'invalid'; readonly text: string; readonly problem: string }
  | ImageBaseView;

export interface ImageBaseView {
  readonly kind: 'image';
  /** As the file says it, variables expanded. */
  readonly text: string;
  readonly reference: Reference;
  readonly platform: Platform;
  /** What the sources know of it at this moment. */
  readonly known: Pick<BaseState, 'sizes' | 'pending' | 'reasons'>;
}

/** The base of a stage with what is known about it. Costs no request: `known` answers from memory. */
export function viewBase(
  dockerfile: Dockerfile,
  stage: Stage,
  defaultPlatform: Platform,
  known: (reference: Reference, platform: Platform) => ImageBaseView['known'],
): StageBaseView {
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
      const { reference } = parsed;
      return { kind: 'image', text: base.reference, reference, platform, known: known(reference, platform) };
    }
  }
}
