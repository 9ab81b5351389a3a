import { Disposable } from 'vscode';
import type { WeighingDeps } from '../weighing/start.ts';

/** Loads and starts what weighs instructions, after the editor has started. */
export function registerWeighing(deps: WeighingDeps): Disposable {
  let started: Disposable | undefined;
  let isDisposed = false;
  void deps.guard.runAsync('weighing', async () => {
    const { startWeighing } = await import('../weighing/start.ts');
    if (!isDisposed) started = startWeighing(deps);
  });
  return new Disposable(() => {
    isDisposed = true;
    started?.dispose();
  });
}
