import { make, setAria } from './dom.ts';

export type MenuItem =
  | { readonly text: string; readonly run: () => void }
  /** Is ticked or not; the menu stays open. */
  | { readonly text: string; readonly checked: boolean; readonly toggle: (checked: boolean) => void };

/**
 * Shows a menu at a place of the page until something is chosen or clicked elsewhere, and gives the focus back. Groups are
 * set apart by a line. A menu without items does not appear.
 */
export function openMenu(label: string, groups: readonly (readonly MenuItem[])[], x: number, y: number): void {
  const filled = groups.filter((group) => group.length > 0);
  if (filled.length === 0) return;
  const before = document.activeElement;
  const menu = make('div', { class: 'menu', role: 'menu', aria: { label } });
  const items: HTMLElement[] = [];
  const close = (): void => {
    window.removeEventListener('pointerdown', onOutside, true);
    window.removeEventListener('blur', close);
    menu.remove();
    if (before instanceof HTMLElement) before.focus();
  };
  const onOutside = (event: Event): void => {
    if (!(event.target instanceof Node && menu.contains(event.target))) close();
  };

  for (const [place, group] of filled.entries()) {
    if (place > 0) menu.append(make('div', { class: 'menu-line', role: 'separator' }));
    for (const entry of group) {
      const item = menuItem(entry, close);
      items.push(item);
      menu.append(item);
    }
  }
  menu.addEventListener('keydown', (event) => {
    const at = items.findIndex((item) => item === document.activeElement);
    const next = menuStep(event.key, at, items.length);
    if (next !== undefined) items[next]!.focus();
    else if (event.key === 'Enter' || event.key === ' ') items[at]?.click();
    else if (event.key === 'Escape' || event.key === 'Tab') close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  menu.addEventListener('contextmenu', (event) => event.preventDefault());

  // Within the page's landmarks, where screen readers look for it.
  (document.querySelector('main') ?? document.body).append(menu);
  // Wholly in the page, also at its edges.
  const { width, height } = menu.getBoundingClientRect();
  menu.style.left = `${Math.max(0, Math.min(x, window.innerWidth - width))}px`;
  menu.style.top = `${Math.max(0, Math.min(y, window.innerHeight - height))}px`;
  items[0]!.focus();
  window.addEventListener('pointerdown', onOutside, true);
  window.addEventListener('blur', close);
}

function menuItem(entry: MenuItem, close: () => void): HTMLElement {
  const item = make('div', { class: 'menu-item', tabIndex: -1 }, entry.text);
  item.addEventListener('pointerenter', () => item.focus());
  if ('run' in entry) {
    item.setAttribute('role', 'menuitem');
    item.addEventListener('click', () => {
      close();
      entry.run();
    });
    return item;
  }
  let { checked } = entry;
  item.setAttribute('role', 'menuitemcheckbox');
  setAria(item, 'checked', checked);
  item.addEventListener('click', () => {
    checked = !checked;
    setAria(item, 'checked', checked);
    entry.toggle(checked);
  });
  return item;
}

function menuStep(key: string, at: number, count: number): number | undefined {
  switch (key) {
    case 'ArrowDown':
      return (at + 1) % count;
    case 'ArrowUp':
      return (Math.max(at, 0) + count - 1) % count;
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return undefined;
  }
}
