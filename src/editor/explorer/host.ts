import type { NodeRef, PlacedFile } from '../../core/explorer/model.ts';
import type { TableQuery } from '../../core/explorer/query.ts';
import { present } from '../../core/present.ts';
import { type ExplorerHost, limits, type NodeOf, type Start, type Window } from '../../protocol/explorer.ts';
import { RpcError } from '../../protocol/rpc.ts';
import { layerInstruction } from './layerRows.ts';
import type { ExplorerSession } from './session.ts';

/** A content of an image and the path under which it was asked for. */
export interface NamedFile extends PlacedFile {
  readonly path: string;
}

/** What a page asks for that happens outside of it: in editors, dialogs, the clipboard. */
export interface PanelActions {
  readonly texts: Pick<Start, 'strings' | 'locale'>;
  chooseComparison(signal: AbortSignal): Promise<void>;
  chooseSource(signal: AbortSignal): Promise<void>;
  openFile(file: NamedFile, signal: AbortSignal): Promise<void>;
  diffFiles(first: NamedFile, second: NamedFile, signal: AbortSignal): Promise<void>;
  /** Has the user choose one of several contents; undefined for none. */
  chooseFile(files: readonly NamedFile[]): Promise<NamedFile | undefined>;
  saveFile(file: NamedFile, signal: AbortSignal): Promise<void>;
  copyText(text: string): Promise<void>;
  goToLine(line: number | undefined): Promise<void>;
  saveReport(format: 'markdown' | 'json' | 'csv', signal: AbortSignal): Promise<void>;
  /** Says that there is nothing to do, and why. */
  refuse(reason: 'no-file' | 'no-other-version'): Promise<void>;
}

/**
 * Answers a page: from the session what is known, from its thread what has to be looked up, and hands to the panel what is to
 * be done. Windows are cut to what a message may hold, whatever the page asks for.
 */
export function explorerHost(session: ExplorerSession, actions: PanelActions): ExplorerHost {
  const thread = () => session.opened.thread;
  const ask: Ask = (method, parameters, signal) => thread().ask(method, parameters, signal);
  return {
    start: async ({ saved }) => {
      if (saved !== undefined) await session.restore(saved);
      return {
        ...actions.texts,
        session: session.session,
        progress: session.progress,
        ...present({
          image: session.summary,
          failure: session.failure,
          comparison: session.comparing.comparison,
          saved,
        }),
      };
    },
    layers: (window) => {
      const { from, count } = cut(window, limits.layers);
      return Promise.resolve({ from, layers: session.rows.slice(from, from + count) });
    },
    instruction: ({ layer }) => Promise.resolve({ text: layerInstruction(session.opened.image.info, layer) }),

    show: ({ table, ...query }, signal) => ask('show', [table, readQuery(query)], signal),
    rows: ({ table, ...window }, signal) => {
      const { from, count } = cut(window, limits.rows);
      return ask('rows', [table, from, count], signal);
    },
    expand: ({ expanded, below, ...node }, signal) => ask('expand', [refOf(node), expanded, below], signal),
    findRow: async ({ table, text, from }, signal) =>
      present({ row: await ask('find', [table, text.slice(0, limits.text), from], signal) }),
    reveal: (target, signal) =>
      ask('reveal', ['path' in target ? { table: target.table, path: target.path } : refOf(target)], signal),
    parentRow: async ({ table, row }, signal) => present({ row: await ask('parentRow', [table, row], signal) }),
    pathOf: async (node, signal) => ({ path: (await ask('path', [refOf(node)], signal)).slice(0, limits.longText) }),
    openPaths: async ({ table }, signal) => {
      const paths = await ask('openPaths', [table, limits.openPaths], signal);
      return { paths: paths.filter((path) => path.length <= limits.text) };
    },
    treemap: ({ width, height, ...node }, signal) =>
      ask('treemap', [refOf(node), width, height, limits.treemapCells], signal),

    wasteTotals: (_, signal) => session.wasteFigures(signal),
    waste: async (window, signal) => {
      const { from, count } = cut(window, limits.findings);
      const { total, rows } = await ask('waste', [from, count], signal);
      const findings = rows.map((row) => ({
        ...row,
        path: row.path.slice(0, limits.text),
        ...present({ line: session.rows[row.byLayer]?.line }),
      }));
      return { from, total, findings };
    },
    removable: async (window, signal) => {
      const { from, count } = cut(window, limits.findings);
      const { total, rows } = await ask('removable', [from, count], signal);
      const findings = rows.map((row) => ({
        ...row,
        path: row.path.slice(0, limits.text),
        advice: row.advice.slice(0, limits.sentence),
        why: row.why.slice(0, limits.sentence),
        ...present({ line: session.rows[row.layer]?.line }),
      }));
      return { from, total, findings };
    },

    chooseComparison: (_, signal) => actions.chooseComparison(signal),
    swapComparison: () => session.comparing.swap(session),
    compareLayers: (window) => {
      const layers = session.comparing.layers(session);
      const { from, count } = cut(window, limits.layers);
      return Promise.resolve({ from, total: layers.length, layers: layers.slice(from, from + count) });
    },

    openFile: async ({ side, ...node }, signal) => {
      const { file } = await filesOf(ask, node, side, signal);
      await (file === undefined ? actions.refuse('no-file') : actions.openFile(file, signal));
    },
    saveFile: async ({ side, ...node }, signal) => {
      const { file } = await filesOf(ask, node, side, signal);
      await (file === undefined ? actions.refuse('no-file') : actions.saveFile(file, signal));
    },
    diffFile: async (node, signal) => {
      const { first, second, others } = await filesOf(ask, node, undefined, signal);
      if (first !== undefined && second !== undefined) return actions.diffFiles(first, second, signal);
      const shown = second ?? first;
      if (shown === undefined) return actions.refuse('no-file');
      if (others.length === 0) return actions.refuse('no-other-version');
      const other = await actions.chooseFile(others);
      if (other === undefined) return;
      await (other.layer < shown.layer
        ? actions.diffFiles(other, shown, signal)
        : actions.diffFiles(shown, other, signal));
    },
    copyPath: async (node, signal) => actions.copyText(await ask('path', [refOf(node)], signal)),
    goToLine: ({ layer }) => actions.goToLine(session.rows[layer]?.line),
    exportReport: ({ format }, signal) => actions.saveReport(format, signal),

    stopReading: () => {
      session.stop();
      return Promise.resolve();
    },
    retry: () => {
      // Not waited for: the page hears of its progress.
      void session.retry();
      return Promise.resolve();
    },
    chooseSource: (_, signal) => actions.chooseSource(signal),
  };
}

type Ask = ExplorerSession['opened']['thread']['ask'];

/** What a row's file is, and what it can be compared with. */
async function filesOf(
  ask: Ask,
  node: NodeOf,
  side: 'first' | 'second' | undefined,
  signal: AbortSignal,
): Promise<{ file?: NamedFile; first?: NamedFile; second?: NamedFile; others: readonly NamedFile[] }> {
  const { path, first, second, versions } = await ask('files', [refOf(node)], signal);
  const named = (file: PlacedFile | undefined): NamedFile | undefined => file && { ...file, path };
  const shown = side === 'first' ? first : side === 'second' ? second : (second ?? first);
  const isShown = (version: { layer: number; entry: number }): boolean =>
    version.layer === shown?.layer && version.entry === shown.entry;
  const others = versions
    .filter((version) => !isShown(version))
    .map(({ layer, entry, bytes }): NamedFile => ({ side: 'image', layer, entry, bytes, path }));
  return { others, ...present({ file: named(shown), first: named(first), second: named(second) }) };
}

function refOf({ table, tree, node }: NodeOf): NodeRef {
  return { table, tree, node };
}

function cut({ from, count }: Window, most: number): Window {
  if (!Number.isInteger(from) || !Number.isInteger(count)) throw new RpcError('invalid', 'A window has whole numbers.');
  return { from: Math.max(0, from), count: Math.min(Math.max(0, count), most) };
}

/** A filter that nobody could have typed would only be slow. */
function readQuery({ scope, sort, filter }: TableQuery): TableQuery {
  if (scope.kind !== 'image' && !(Number.isInteger(scope.layer) && scope.layer >= 0)) {
    throw new RpcError('invalid', 'A layer has a whole number.');
  }
  return { scope, sort, filter: { ...filter, ...present({ text: filter.text?.slice(0, limits.text) }) } };
}
