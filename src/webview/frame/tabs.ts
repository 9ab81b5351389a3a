import { make, setAria, setText } from '../dom.ts';

export const tabNames = ['files', 'treemap', 'waste', 'compare'] as const;
export type TabName = (typeof tabNames)[number];

/** The four views, of which one is shown. */
export class Tabs {
  readonly element: HTMLElementTagNameMap['vscode-panels'];
  readonly #tabs = new Map<
    TabName,
    { readonly tab: HTMLElement; readonly title: string; readonly badge: HTMLElement }
  >();

  constructor(
    views: Readonly<Record<TabName, { readonly title: string; readonly content: HTMLElement }>>,
    shown: TabName,
    onShow: (tab: TabName) => void,
  ) {
    this.element = make('vscode-panels', { class: 'tabs' });
    for (const name of tabNames) {
      const badge = make('span', { class: 'tab-badge', hidden: true });
      const { title } = views[name];
      const tab = make('vscode-panel-tab', { id: `tab-${name}` }, title, ' ', badge);
      this.#tabs.set(name, { tab, title, badge });
      this.element.append(tab);
    }
    for (const name of tabNames) {
      this.element.append(make('vscode-panel-view', { id: `view-${name}` }, views[name].content));
    }
    this.show(shown);
    this.element.addEventListener('change', (event) => {
      // A choice within a view is a change, too.
      if (event.target !== this.element) return;
      const tab = tabNames.find((name) => this.element.activeid === `tab-${name}`);
      if (tab) onShow(tab);
    });
  }

  show(tab: TabName): void {
    this.element.activeid = `tab-${tab}`;
  }

  /** A short text beside a tab's title; none where it is empty. */
  mark(name: TabName, text: string): void {
    const { tab, title, badge } = this.#tabs.get(name)!;
    badge.hidden = text === '';
    setText(badge, text);
    // The toolkit labels a tab by what it held when it was made.
    setAria(tab, 'label', text === '' ? title : `${title} ${text}`);
  }
}
