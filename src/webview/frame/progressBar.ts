import type { Failure, Progress } from '../../protocol/explorer.ts';
import { type Context, run } from '../context.ts';
import { iconButton, textButton } from '../controls.ts';
import { make, setAria, setText, setVariable } from '../dom.ts';
import { visibleText } from '../visibleText.ts';
import { icon } from '../icons.ts';
import { isBusy, progressShare, progressText } from './progressText.ts';

/** Milliseconds between two things that a screen reader is told of the same progress. */
const announcePause = 5000;

/** How far the reading is, with the way to end it; or what failed, with the ways on. */
export class ProgressBar {
  readonly element: HTMLElement;
  readonly #context: Context;
  readonly #bar: HTMLElement;
  readonly #text = make('span', { class: 'progress-text' });
  readonly #stop: HTMLElement;
  readonly #retry: HTMLElement;
  readonly #running: HTMLElement;
  readonly #failure = make('div', { class: 'failure', role: 'alert', hidden: true });
  #phase: Progress['phase'] = 'done';
  #announced = 0;

  constructor(context: Context) {
    const { strings, host } = context;
    this.#context = context;
    this.#bar = make('div', { class: 'progress-bar', role: 'progressbar' }, make('span', { class: 'progress-fill' }));
    this.#stop = textButton(strings.stop, () => run(context, host.stopReading({})), { icon: 'stop' });
    this.#retry = textButton(strings.retry, () => run(context, host.retry({})));
    this.#running = make('div', { class: 'progress', hidden: true }, this.#bar, this.#text, this.#stop, this.#retry);
    this.element = make('div', { class: 'progress-box' }, this.#running, this.#failure);
  }

  show(progress: Progress): void {
    const text = progressText(this.#context, progress);
    const busy = isBusy(progress);
    const share = progressShare(progress);
    this.#running.hidden = text === undefined;
    setText(this.#text, text ?? '');
    this.#bar.hidden = !busy;
    this.#stop.hidden = !busy;
    // After a failure its own banner offers the way on.
    this.#retry.hidden = progress.phase !== 'stopped';
    this.#bar.classList.toggle('unknown', share === undefined);
    setVariable(this.#bar, '--share', String(share ?? 0));
    setAria(this.#bar, 'label', text ?? '');
    setAria(this.#bar, 'valuemin', 0);
    setAria(this.#bar, 'valuemax', 100);
    setAria(this.#bar, 'valuenow', share === undefined ? undefined : Math.round(share * 100));
    this.#announce(progress.phase, text);
  }

  /** What failed; nothing takes the banner away. */
  fail(failure: Failure | undefined): void {
    this.#failure.hidden = failure === undefined;
    this.#failure.replaceChildren();
    if (!failure) return;
    const { strings, host } = this.#context;
    const steps = { open: strings.openFailed, read: strings.readStepFailed, compare: strings.compareFailed };
    const offers = failure.offers.map((offer, place) =>
      offer === 'retry'
        ? textButton(strings.retry, () => run(this.#context, host.retry({})), { primary: place === 0 })
        : textButton(strings.chooseSource, () => run(this.#context, host.chooseSource({})), { primary: place === 0 }),
    );
    this.#failure.replaceChildren(
      icon('waste'),
      make(
        'span',
        { class: 'failure-text' },
        make('strong', {}, steps[failure.step]),
        ' ',
        visibleText(failure.message),
      ),
      make(
        'span',
        { class: 'details-actions' },
        ...offers,
        iconButton('clear', strings.dismiss, () => this.fail(undefined)),
      ),
    );
  }

  /** The end of a phase is always told, the way there only now and then. */
  #announce(phase: Progress['phase'], text: string | undefined): void {
    const now = performance.now();
    if (phase === this.#phase && now - this.#announced < announcePause) return;
    if (phase === this.#phase && !isBusy({ phase })) return;
    const isFirst = this.#announced === 0 && phase === 'done';
    this.#phase = phase;
    this.#announced = now;
    if (!isFirst) this.#context.announce(text ?? this.#context.strings.readDone);
  }
}
