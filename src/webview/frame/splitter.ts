import { present } from '../../core/present.ts';
import type { SavedState } from '../../protocol/explorer.ts';
import { onDrag } from '../drag.ts';
import { make, setAria, setVariable } from '../dom.ts';

/** CSS pixels of the first of two panes: its width beside the second, its height above it in a narrow page. */
export type PaneSize = NonNullable<SavedState['layersPane']>;

/** CSS pixels that an arrow key moves it. */
const keyStep = 16;
/** CSS pixels that the first pane has at least; and of the room that both share, what part it has at most. */
const least = { width: 160, height: 72 } as const;
const most = 0.7;

/**
 * The line between two panes, which is moved by the pointer or the arrow keys; a double click, or Enter, puts it back where the
 * style sheet has it: https://www.w3.org/WAI/ARIA/apg/patterns/windowsplitter/
 */
export class Splitter {
  readonly element: HTMLElement;
  readonly #panes: HTMLElement;
  readonly #first: HTMLElement;
  readonly #onChange: (size: PaneSize) => void;
  #size: PaneSize;

  /** @param panes the box of both; its style sheet reads `--pane-width` and `--pane-height`. */
  constructor(
    label: string,
    panes: HTMLElement,
    first: HTMLElement,
    saved: PaneSize | undefined,
    onChange: (size: PaneSize) => void,
  ) {
    this.#panes = panes;
    this.#first = first;
    this.#onChange = onChange;
    this.#size = saved ?? {};
    this.element = make('div', { class: 'splitter', role: 'separator', tabIndex: 0, aria: { label } });
    onDrag(this.element, () => {
      const axis = this.#axis();
      const before = this.#extent(axis);
      return ({ x, y }) => this.#set(axis, before + (axis === 'width' ? x : y));
    });
    this.element.addEventListener('dblclick', () => this.#set(this.#axis(), undefined));
    this.element.addEventListener('keydown', (event) => this.#onKey(event));
    this.#show();
    new ResizeObserver(() => this.#describe()).observe(panes);
  }

  /** Along which of them the panes are divided: a narrow page has one above the other. */
  #axis(): keyof PaneSize {
    return this.#first.offsetWidth === this.#panes.clientWidth ? 'height' : 'width';
  }

  #extent(axis: keyof PaneSize): number {
    return axis === 'width' ? this.#first.offsetWidth : this.#first.offsetHeight;
  }

  #most(axis: keyof PaneSize): number {
    return Math.round(most * (axis === 'width' ? this.#panes.clientWidth : this.#panes.clientHeight));
  }

  #set(axis: keyof PaneSize, size: number | undefined): void {
    const bounded =
      size === undefined ? undefined : Math.max(least[axis], Math.min(Math.round(size), this.#most(axis)));
    this.#size = present({ ...this.#size, [axis]: bounded });
    this.#show();
    this.#describe();
    this.#onChange(this.#size);
  }

  #show(): void {
    for (const axis of ['width', 'height'] as const) {
      const size = this.#size[axis];
      if (size === undefined) this.#panes.style.removeProperty(`--pane-${axis}`);
      else setVariable(this.#panes, `--pane-${axis}`, `${size}px`);
    }
  }

  #describe(): void {
    const axis = this.#axis();
    // What divides left from right is an upright line.
    setAria(this.element, 'orientation', axis === 'width' ? 'vertical' : 'horizontal');
    setAria(this.element, 'valuemin', least[axis]);
    setAria(this.element, 'valuemax', Math.max(this.#most(axis), this.#extent(axis)));
    setAria(this.element, 'valuenow', this.#extent(axis));
  }

  #onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const axis = this.#axis();
    const size = this.#sizeAfter(event.key, axis);
    if (size === undefined && event.key !== 'Enter') return;
    event.preventDefault();
    this.#set(axis, size);
  }

  #sizeAfter(key: string, axis: keyof PaneSize): number | undefined {
    const [less, more] = axis === 'width' ? ['ArrowLeft', 'ArrowRight'] : ['ArrowUp', 'ArrowDown'];
    switch (key) {
      case less:
        return this.#extent(axis) - keyStep;
      case more:
        return this.#extent(axis) + keyStep;
      case 'Home':
        return least[axis];
      case 'End':
        return this.#most(axis);
      default:
        return undefined;
    }
  }
}
