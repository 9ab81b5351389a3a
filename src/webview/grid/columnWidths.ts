import { present } from '../../core/present.ts';
import { fill } from '../../protocol/strings.ts';
import type { Context } from '../context.ts';
import { setVariable } from '../dom.ts';

/** CSS pixels by column id; a column that the user has not touched has none, and the style sheet's width. */
export type Widths = Readonly<Record<string, number>>;

/** CSS pixels. Narrower, a heading could not be grasped; wider is a slip of the hand. */
const [least, most] = [36, 1200];

/** The widths that the user gave the columns of one grid. */
export class ColumnWidths {
  /** Which keys change a width. */
  readonly help: string;
  readonly #context: Pick<Context, 'strings' | 'announce'>;
  readonly #onChange: (widths: Widths) => void;
  #widths: Widths;
  #element: HTMLElement | undefined;

  /** @param saved as `onChange` told them, perhaps by an earlier version: what is no width is passed over. */
  constructor(
    context: Pick<Context, 'strings' | 'announce'>,
    saved: Widths | undefined,
    onChange: (widths: Widths) => void,
  ) {
    this.help = context.strings.widthHelp;
    this.#context = context;
    this.#widths = Object.fromEntries(Object.entries(saved ?? {}).filter(([, width]) => Number.isFinite(width)));
    this.#onChange = onChange;
  }

  /** Shows them in a grid, whose style sheet has a variable for each column: `--width-size`. */
  showIn(element: HTMLElement): void {
    this.#element = element;
    for (const [column, width] of Object.entries(this.#widths)) this.#show(column, width);
  }

  /** Gives a column a width in CSS pixels, or, without one, the style sheet's. */
  set(column: string, width: number | undefined): void {
    const bounded = width === undefined ? undefined : Math.round(Math.min(most, Math.max(least, width)));
    this.#widths = present({ ...this.#widths, [column]: bounded }) as Widths;
    this.#show(column, bounded);
    this.#onChange(this.#widths);
  }

  /** Says how wide a column is now, to those who do not see it. */
  announce(title: string, width: number): void {
    this.#context.announce(fill(this.#context.strings.columnWidth, title, width));
  }

  #show(column: string, width: number | undefined): void {
    if (!this.#element) return;
    const name = `--width-${column}` as const;
    if (width === undefined) this.#element.style.removeProperty(name);
    else setVariable(this.#element, name, `${width}px`);
  }
}
