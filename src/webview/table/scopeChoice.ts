import type { Scope } from '../../core/explorer/query.ts';
import type { Context } from '../context.ts';
import { dropdown } from '../controls.ts';

/** A choice of which part of the image is shown; which layer it is about comes from the list of layers. */
export class ScopeChoice {
  readonly element: HTMLElement;
  readonly #dropdown: ReturnType<typeof dropdown<Scope['kind']>>;

  constructor({ strings }: Context, onChoose: (kind: Scope['kind']) => void) {
    this.#dropdown = dropdown<Scope['kind']>(
      strings.scope,
      [
        { value: 'image', text: strings.scopeImage },
        { value: 'stack', text: strings.scopeStack },
        { value: 'layer', text: strings.scopeLayer },
      ],
      onChoose,
    );
    this.element = this.#dropdown.element;
    this.element.classList.add('scope');
  }

  show(scope: Scope): void {
    this.#dropdown.show(scope.kind);
  }
}

/** A scope of a kind, about a layer; the topmost where none is selected. */
export function scopeOf(kind: Scope['kind'], layer: number): Scope {
  return kind === 'image' ? { kind } : { kind, layer };
}
