import type { Row } from '../../core/explorer/rows.ts';
import { fill } from '../../protocol/strings.ts';
import type { Context } from '../context.ts';
import { make, setText, setVariable } from '../dom.ts';
import { formatMode } from '../format.ts';
import type { Column } from '../grid/column.ts';
import { icon, setIcon } from '../icons.ts';
import { visibleText } from '../visibleText.ts';
import { kindWords } from '../words.ts';
import { changeText, fateText, ownerText } from './rowText.ts';

/** The columns of the image's files. Their ids are those that the host sorts by. */
export function fileColumns(context: Context, isOneLayer: () => boolean): Column<Row>[] {
  const { strings, format } = context;
  return [
    nameColumn(context),
    textColumn('size', strings.columnSize, (row) =>
      format.bytes(row.change === 'removed' ? row.removedBytes : row.bytes),
    ),
    shareColumn(context, isOneLayer),
    wastedColumn(context),
    changeColumn(context),
    textColumn('owner', strings.columnOwner, ownerText),
    textColumn('mode', strings.columnMode, (row) => (row.mode === undefined ? '' : formatMode(row.mode))),
    textColumn('modified', strings.columnModified, (row) => format.time(row.modified)),
  ];
}

/** The columns of two images beside each other. */
export function comparisonColumns(context: Context): Column<Row>[] {
  const { strings, format } = context;
  return [
    nameColumn(context),
    textColumn('before', strings.columnBefore, (row) => format.bytes(row.beforeBytes ?? 0)),
    textColumn('size', strings.columnSize, (row) => format.bytes(row.bytes)),
    textColumn('difference', strings.columnDifference, (row) => {
      const difference = row.bytes - (row.beforeBytes ?? 0);
      return difference === 0 ? '' : format.byteDifference(difference);
    }),
    changeColumn(context),
    textColumn('owner', strings.columnOwner, ownerText),
    textColumn('mode', strings.columnMode, (row) => (row.mode === undefined ? '' : formatMode(row.mode))),
    textColumn('modified', strings.columnModified, (row) => format.time(row.modified)),
  ];
}

function nameColumn({ strings }: Context): Column<Row> {
  return {
    id: 'name',
    title: strings.columnName,
    sortable: true,
    fills: true,
    create: (cell) => {
      const twistie = make('span', { class: 'twistie' }, icon('chevron'));
      twistie.dataset.part = 'twistie';
      const picture = icon('file');
      const name = make('bdi', { class: 'name' });
      const link = make('bdi', { class: 'link-target' });
      const more = make('span', { class: 'row-more', aria: { hidden: true }, title: strings.more }, icon('more'));
      more.dataset.part = 'menu';
      cell.append(twistie, picture, make('span', { class: 'name-box' }, name, link), more);
      return (row) => {
        setVariable(cell, '--level', String(Math.min(row.level, 40)));
        twistie.classList.toggle('leaf', row.expanded === undefined);
        twistie.classList.toggle('open', row.expanded === true);
        setIcon(picture, row.kind);
        setText(name, visibleText(row.name));
        setText(link, row.link === undefined ? '' : ` → ${visibleText(row.link)}`);
        const further = row.isFurtherName ? `\n${strings.furtherName}` : '';
        // The kind is told by the picture alone; here it is in words, too.
        cell.title = `${visibleText(row.name)} (${strings[kindWords[row.kind]]})${further}`;
      };
    },
  };
}

function textColumn(id: string, title: string, text: (row: Row) => string): Column<Row> {
  return { id, title, sortable: true, create: (cell) => (row) => setText(cell, text(row)) };
}

/** Only of a layer's own bytes are the wasted ones a part; in the final file system they are no more. */
function shareColumn({ strings, format }: Context, isOneLayer: () => boolean): Column<Row> {
  return {
    id: 'share',
    title: strings.columnShare,
    sortable: true,
    create: (cell) => {
      const bar = make(
        'span',
        { class: 'bar' },
        make('span', { class: 'bar-fill' }),
        make('span', { class: 'bar-waste' }),
      );
      const text = make('span', { class: 'share-text' });
      cell.append(bar, text);
      return (row) => {
        const wasted = isOneLayer() && row.bytes > 0 ? Math.min(1, row.wastedBytes / row.bytes) : 0;
        setVariable(bar, '--share', String(Math.min(1, row.share)));
        setVariable(bar, '--waste', String(wasted));
        setText(text, format.share(row.share));
      };
    },
  };
}

/** Waste is told by a picture and a number, not by colour alone. */
function wastedColumn({ strings, format }: Context): Column<Row> {
  return {
    id: 'wasted',
    title: strings.columnWasted,
    sortable: true,
    create: (cell) => {
      const picture = icon('waste');
      const text = make('span', {});
      cell.append(picture, text);
      return (row) => {
        picture.classList.toggle('hidden', row.wastedBytes === 0);
        setText(text, row.wastedBytes > 0 ? format.bytes(row.wastedBytes) : '');
      };
    },
  };
}

function changeColumn(context: Context): Column<Row> {
  const { strings, format } = context;
  return {
    id: 'change',
    title: strings.columnChange,
    sortable: true,
    create: (cell) => {
      const picture = icon('same');
      const text = make('span', { class: 'change-text' });
      const fate = make('span', { class: 'fate' });
      fate.dataset.part = 'fate';
      cell.append(picture, text, fate);
      return (row) => {
        const later = fateText(context, row);
        const change = changeText(context, row);
        cell.className = `cell cell-change change-${row.change}`;
        setIcon(picture, row.change);
        picture.classList.toggle('hidden', change === '');
        // What removes it says so in more words.
        setText(text, row.change === 'removed' && later !== undefined ? '' : change);
        fate.hidden = later === undefined;
        setText(fate, later ?? '');
        const wasted = row.wastedBytes > 0 ? fill(strings.wastedHere, format.bytes(row.wastedBytes)) : '';
        cell.title = [change, later ?? '', wasted].filter((part) => part !== '').join(' · ');
        if (later !== undefined && row.fate) fate.title = fill(strings.jumpToLayer, row.fate.layer + 1);
      };
    },
  };
}
