import type { ExplorerModel } from '../../core/explorer/model.ts';

/** The methods of a model that its thread answers: does not compile unless these are all. */
export const threadMethods: Readonly<Record<keyof ExplorerModel, true>> = {
  setLayer: true,
  repeatLayer: true,
  stackFigures: true,
  wasteFigures: true,
  waste: true,
  removable: true,
  stackProblems: true,
  exportText: true,
  setOther: true,
  swap: true,
  comparisonFigures: true,
  show: true,
  rows: true,
  expand: true,
  open: true,
  find: true,
  reveal: true,
  parentRow: true,
  openPaths: true,
  treemap: true,
  path: true,
  files: true,
};

/** A model's methods as its thread is asked for them: the parameters are one argument, a list. */
export type ThreadApi = {
  readonly [M in keyof ExplorerModel]: (
    parameters: Parameters<ExplorerModel[M]>,
    signal: AbortSignal,
  ) => Promise<ReturnType<ExplorerModel[M]>>;
};

/** The thread asks nothing of whoever started it. */
export type Silent = Readonly<Record<string, never>>;
