import type { ImageTotals, OpenedImage } from '../../protocol/explorer.ts';
import { fill } from '../../protocol/strings.ts';
import { type Context, run } from '../context.ts';
import { textButton } from '../controls.ts';
import { isolate, make, setAria } from '../dom.ts';
import { openMenu } from '../menu.ts';
import { visibleText } from '../visibleText.ts';
import { sourceWords } from '../words.ts';

/** What image this is, its sums, and what can be done with all of it. */
export class Header {
  readonly element: HTMLElement;
  readonly #context: Context;
  readonly #title = make('h1', { class: 'title' });
  readonly #about = make('div', { class: 'about' });
  readonly #figures = make('dl', { class: 'figures' });
  readonly #problems = make('details', { class: 'problems', hidden: true });

  constructor(context: Context, onCompare: () => void) {
    const { strings, host } = context;
    this.#context = context;
    const exportButton = textButton(
      strings.export,
      () => {
        const { left, bottom } = exportButton.getBoundingClientRect();
        const item = (text: string, format: 'markdown' | 'json' | 'csv'): { text: string; run: () => void } => ({
          text,
          run: () => run(context, host.exportReport({ format })),
        });
        const items = [
          item(strings.exportMarkdown, 'markdown'),
          item(strings.exportJson, 'json'),
          item(strings.exportCsv, 'csv'),
        ];
        openMenu(strings.export, [items], left, bottom);
      },
      { icon: 'export' },
    );
    setAria(exportButton, 'haspopup', 'menu');
    this.element = make(
      'div',
      { class: 'header' },
      make(
        'div',
        { class: 'header-top' },
        make('div', { class: 'title-box' }, this.#title, this.#about),
        make(
          'div',
          { class: 'header-actions' },
          textButton(strings.compareChoose, onCompare, { icon: 'compare' }),
          exportButton,
        ),
      ),
      this.#figures,
      this.#problems,
    );
    this.#title.textContent = strings.title;
  }

  show(image: OpenedImage): void {
    const { strings } = this.#context;
    this.#title.replaceChildren(isolate(image.title));
    this.#title.title = visibleText(image.title);
    const about = [image.platform, strings[sourceWords[image.source]], image.imageId.slice(0, 19)];
    this.#about.replaceChildren(
      ...about.filter((text) => text !== '').map((text) => make('span', {}, visibleText(text))),
    );
    this.showTotals(image.totals);
    this.#showProblems(image);
  }

  showTotals(totals: ImageTotals): void {
    const { strings, format } = this.#context;
    const bytes = (name: string, value: number | undefined, kind = ''): HTMLElement =>
      value === undefined ? figure(name, strings.unknown, 'quiet') : figure(name, format.bytes(value), kind);
    const share = (name: string, value: number | undefined, kind = ''): HTMLElement =>
      value === undefined ? figure(name, strings.unknown, 'quiet') : figure(name, format.share(value), kind);
    this.#figures.replaceChildren(
      bytes(strings.onDisk, totals.onDiskBytes),
      bytes(strings.download, totals.downloadBytes),
      bytes(strings.finalSize, totals.finalBytes),
      bytes(strings.wasted, totals.wastedBytes, totals.wastedBytes ? 'waste-text' : ''),
      bytes(strings.removable, totals.removableBytes),
      share(strings.efficiency, totals.efficiency),
      ...(totals.dive ? [share(strings.diveEfficiency, totals.dive.efficiency, 'quiet aside')] : []),
    );
  }

  #showProblems({ problems, problemCount }: OpenedImage): void {
    const { strings, format } = this.#context;
    this.#problems.hidden = problemCount === 0;
    this.#problems.replaceChildren(
      make('summary', {}, fill(strings.problems, format.count(problemCount))),
      make(
        'ul',
        {},
        ...problems.map(({ layer, message }) => {
          const text = visibleText(message);
          return make('li', {}, layer === undefined ? text : fill(strings.problemOfLayer, layer + 1, text));
        }),
      ),
    );
  }
}

/** One sum; a definition list may group its pairs in `div`s. */
function figure(name: string, value: string, kind = ''): HTMLElement {
  return make(
    'div',
    { class: `figure ${kind}`.trim() },
    make('dt', { class: 'figure-name' }, name),
    make('dd', { class: 'figure-value' }, value),
  );
}
