import type { WasteTotals } from '../../protocol/explorer.ts';
import { fill } from '../../protocol/strings.ts';
import type { Context } from '../context.ts';
import { make, setVariable } from '../dom.ts';
import { formatSum } from '../format.ts';
import { causeWords } from '../words.ts';

/** The sums: shipped = final + wasted as a bar and in numbers, the causes, and the score with dive's beside it. */
export class WasteSummary {
  readonly element: HTMLElement;
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
    this.element = make('section', { class: 'waste-summary', aria: { label: context.strings.waste } });
  }

  show(totals: WasteTotals): void {
    const { strings, format } = this.#context;
    const { shippedBytes, finalBytes, wastedBytes, removableBytes } = totals;
    const bar = make(
      'div',
      { class: 'sum-bar' },
      make('span', { class: 'sum-final' }),
      make('span', { class: 'sum-removable' }),
      make('span', { class: 'sum-wasted' }),
    );
    const part = (bytes: number): string => String(shippedBytes > 0 ? bytes / shippedBytes : 0);
    setVariable(bar, '--final', part(Math.max(0, finalBytes - removableBytes)));
    setVariable(bar, '--removable', part(removableBytes));
    setVariable(bar, '--wasted', part(wastedBytes));
    const { sum, parts } = formatSum([finalBytes, wastedBytes]);
    this.element.replaceChildren(
      bar,
      make('p', { class: 'sum-text' }, fill(strings.wasteSum, sum, ...parts)),
      ...(totals.complete ? [] : [make('p', { class: 'note' }, strings.wasteIncomplete)]),
      make(
        'div',
        { class: 'waste-figures' },
        figure(strings.wasted, format.bytes(wastedBytes), 'waste-text'),
        figure(strings.removable, format.bytes(removableBytes)),
        figure(strings.efficiency, format.share(totals.efficiency)),
        ...(totals.dive
          ? [
              figure(strings.diveEfficiency, format.share(totals.dive.efficiency), 'quiet'),
              figure(strings.diveWasted, format.bytes(totals.dive.wastedBytes), 'quiet'),
            ]
          : []),
      ),
      this.#causes(totals),
    );
  }

  /** The wasted bytes by cause; they add up. */
  #causes({ causes, wastedBytes }: WasteTotals): HTMLElement {
    const { strings, format } = this.#context;
    if (causes.length === 0) return make('p', { class: 'note' }, strings.wasteNone);
    return make(
      'ul',
      { class: 'causes', aria: { label: strings.wasteCause } },
      ...causes.map(({ cause, bytes, findings }) => {
        const bar = make('span', { class: 'bar' }, make('span', { class: 'bar-waste' }));
        setVariable(bar, '--share', String(wastedBytes > 0 ? bytes / wastedBytes : 0));
        setVariable(bar, '--waste', '1');
        return make(
          'li',
          {},
          make('span', { class: 'cause-name' }, strings[causeWords[cause]]),
          bar,
          make('span', { class: 'number' }, format.bytes(bytes)),
          make('span', { class: 'number quiet' }, `× ${format.count(findings)}`),
        );
      }),
    );
  }
}

function figure(name: string, value: string, kind = ''): HTMLElement {
  return make(
    'div',
    { class: `figure ${kind}`.trim() },
    make('span', { class: 'figure-value' }, value),
    make('span', { class: 'figure-name' }, name),
  );
}
