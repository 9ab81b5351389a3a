import type { ExplorerHost, ExplorerPage } from './explorer.ts';

/** The methods of {@link ExplorerHost} by name: what `openRpc` of the page needs. Does not compile unless it has them all. */
export const hostMethods: Readonly<Record<keyof ExplorerHost, true>> = {
  start: true,
  layers: true,
  instruction: true,
  show: true,
  rows: true,
  expand: true,
  findRow: true,
  reveal: true,
  parentRow: true,
  pathOf: true,
  openPaths: true,
  treemap: true,
  wasteTotals: true,
  waste: true,
  removable: true,
  chooseComparison: true,
  swapComparison: true,
  compareLayers: true,
  openFile: true,
  diffFile: true,
  saveFile: true,
  copyPath: true,
  goToLine: true,
  exportReport: true,
  stopReading: true,
  retry: true,
  chooseSource: true,
};

/** The methods of {@link ExplorerPage} by name: what `openRpc` of the host needs. */
export const pageMethods: Readonly<Record<keyof ExplorerPage, true>> = {
  welcome: true,
  opened: true,
  progress: true,
  layersChanged: true,
  contentChanged: true,
  failed: true,
  selectLayer: true,
  compared: true,
};
