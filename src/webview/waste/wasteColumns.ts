import { fill } from '../../protocol/strings.ts';
import type { Context } from '../context.ts';
import { make, setText, setTitle } from '../dom.ts';
import type { Column } from '../grid/column.ts';
import type { RowTraits } from '../grid/gridRow.ts';
import { icon } from '../icons.ts';
import { boundedText, visibleText } from '../visibleText.ts';
import { causeAdvice, causeWords } from '../words.ts';
import type { WasteRow } from './wasteRows.ts';

/** The columns of the list of waste. Nothing is sorted: findings stand by their bytes, the largest first. */
export function wasteColumns(context: Context): Column<WasteRow>[] {
  const { strings } = context;
  return [
    plainColumn('size', strings.columnSize, (row) =>
      context.format.bytes(row.kind === 'section' ? row.bytes : row.finding.bytes),
    ),
    pathColumn(context),
    plainColumn('cause', strings.wasteCause, (row) => causeText(context, row)),
    plainColumn('layers', strings.layers, (row) => layersText(row)),
    {
      id: 'line',
      title: strings.columnLine,
      create: (cell) => {
        const line = make('span', { class: 'line-link' });
        line.dataset.part = 'line';
        cell.append(line);
        return (row) => {
          const at = row.kind === 'section' ? undefined : row.finding.line;
          line.hidden = at === undefined;
          setText(line, at === undefined ? '' : fill(strings.layerLine, at));
        };
      },
    },
    plainColumn('advice', strings.advice, (row) => adviceText(context, row)),
  ];
}

function pathColumn({ strings, format }: Context): Column<WasteRow> {
  return {
    id: 'name',
    title: strings.path,
    fills: true,
    create: (cell) => {
      const twistie = make('span', { class: 'twistie' }, icon('chevron'));
      twistie.dataset.part = 'twistie';
      const name = make('bdi', { class: 'name' });
      cell.append(twistie, make('span', { class: 'name-box' }, name));
      return (row) => {
        const isSection = row.kind === 'section';
        twistie.classList.toggle('leaf', !isSection);
        twistie.classList.toggle('open', isSection && row.expanded);
        const text = isSection
          ? `${row.section === 'wasted' ? strings.wasteSection : strings.removableSection} (${format.count(row.count)})`
          : visibleText(row.finding.path);
        setText(name, text);
        setTitle(cell, text);
      };
    },
  };
}

function plainColumn(id: string, title: string, text: (row: WasteRow) => string): Column<WasteRow> {
  return {
    id,
    title,
    create: (cell) => (row) => {
      const value = boundedText(text(row));
      setText(cell, value);
      setTitle(cell, value);
    },
  };
}

/** Why bytes are wasted, or what kind of removable thing they are. */
export function causeText({ strings }: Context, row: WasteRow): string {
  switch (row.kind) {
    case 'section':
      return '';
    case 'wasted':
      return strings[causeWords[row.finding.cause]];
    case 'removable':
      return row.finding.title;
  }
}

/** What to do about it. */
export function adviceText({ strings }: Context, row: WasteRow): string {
  switch (row.kind) {
    case 'section':
      return '';
    case 'wasted':
      return strings[causeAdvice[row.finding.cause]];
    case 'removable':
      return row.finding.advice;
  }
}

/** The layer that ships the bytes, and the one that wastes them. */
function layersText(row: WasteRow): string {
  switch (row.kind) {
    case 'section':
      return '';
    case 'wasted':
      return `${row.finding.layer + 1} → ${row.finding.byLayer + 1}`;
    case 'removable':
      return String(row.finding.layer + 1);
  }
}

/** How a row of the list of waste looks, and what a screen reader says of it. */
export function wasteTraits(context: Context, row: WasteRow, sizeOf: number): RowTraits {
  const { strings, format } = context;
  if (row.kind === 'section') {
    const title = row.section === 'wasted' ? strings.wasteSection : strings.removableSection;
    return {
      level: 1,
      position: row.section === 'wasted' ? 1 : 2,
      siblings: sizeOf,
      expanded: row.expanded,
      label: `${title}, ${format.bytes(row.bytes)}`,
      classes: `row-section section-${row.section}`,
    };
  }
  const path = boundedText(row.finding.path, 200);
  const bytes = format.bytes(row.finding.bytes);
  const label =
    row.kind === 'wasted'
      ? fill(strings.wasteRow, path, bytes, causeText(context, row), row.finding.layer + 1, row.finding.byLayer + 1)
      : fill(strings.rowLabel, path, causeText(context, row), bytes);
  return { level: 2, position: row.position, siblings: row.siblings, label, classes: `row-${row.kind}` };
}
