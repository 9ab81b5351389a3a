/** A key as it was pressed; a part of the browser's event. */
export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
}

export interface GridState {
  /** -1 where no row is selected. */
  readonly selected: number;
  readonly rowCount: number;
  /** Rows that a page key passes. */
  readonly pageRows: number;
  /** Of the selected row: absent where it has nothing to open. */
  readonly expanded?: boolean;
  /** True while a text is being typed ahead: a space then belongs to it. */
  readonly isTyping: boolean;
}

/** What a key does in a tree grid: https://www.w3.org/WAI/ARIA/apg/patterns/treegrid/ (by rows). */
export type GridAction =
  | { readonly kind: 'select'; readonly row: number }
  | { readonly kind: 'expand' }
  | { readonly kind: 'collapse' }
  /** All below, too. */
  | { readonly kind: 'expand-below' }
  | { readonly kind: 'collapse-below' }
  /** The row that holds this one. */
  | { readonly kind: 'parent' }
  /** What Enter does: opens what can be opened. */
  | { readonly kind: 'activate' }
  | { readonly kind: 'menu' }
  | { readonly kind: 'copy' }
  | { readonly kind: 'find' }
  | { readonly kind: 'type'; readonly text: string };

/** What is done with the selected row. */
export type RowKeyAction = Exclude<GridAction, { readonly kind: 'select' | 'menu' | 'type' }>;

/** Undefined where the key is not the grid's, and the browser's or VS Code's instead. */
export function gridAction(press: KeyPress, state: GridState): GridAction | undefined {
  const { key } = press;
  const command = press.ctrlKey || press.metaKey;
  if (press.altKey) return undefined;
  if (command) {
    if (key === 'c') return state.selected < 0 ? undefined : { kind: 'copy' };
    return key === 'f' ? { kind: 'find' } : undefined;
  }
  if (key === 'F10') return press.shiftKey && state.selected >= 0 ? { kind: 'menu' } : undefined;
  const target = targetRow(key, state);
  if (target !== undefined) return state.rowCount === 0 ? undefined : { kind: 'select', row: target };
  if (key.length === 1 && key !== '*' && key !== '-' && (key !== ' ' || state.isTyping)) {
    return { kind: 'type', text: key };
  }
  return state.selected < 0 ? undefined : rowAction(key, state);
}

function targetRow(key: string, state: GridState): number | undefined {
  const last = state.rowCount - 1;
  const within = (row: number): number => Math.min(Math.max(0, row), last);
  switch (key) {
    case 'ArrowDown':
      return within(state.selected + 1);
    case 'ArrowUp':
      return state.selected < 0 ? last : within(state.selected - 1);
    case 'PageDown':
      return within(Math.max(0, state.selected) + state.pageRows);
    case 'PageUp':
      return within(Math.max(0, state.selected) - state.pageRows);
    case 'Home':
      return within(0);
    case 'End':
      return last;
    default:
      return undefined;
  }
}

function rowAction(key: string, state: GridState): GridAction | undefined {
  switch (key) {
    case 'ArrowRight':
      if (state.expanded === false) return { kind: 'expand' };
      return state.expanded && state.selected + 1 < state.rowCount
        ? { kind: 'select', row: state.selected + 1 }
        : undefined;
    case 'ArrowLeft':
      return { kind: state.expanded ? 'collapse' : 'parent' };
    case ' ':
      return state.expanded === undefined ? undefined : { kind: state.expanded ? 'collapse' : 'expand' };
    case '*':
      return { kind: 'expand-below' };
    case '-':
      return { kind: 'collapse-below' };
    case 'Enter':
      return { kind: 'activate' };
    case 'ContextMenu':
      return { kind: 'menu' };
    default:
      return undefined;
  }
}
