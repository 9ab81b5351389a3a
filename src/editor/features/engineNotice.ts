import { type Disposable, window } from 'vscode';
import type { SizeSources } from '../sizeSources.ts';
import { sourcesSentence } from '../wording.ts';

/** Long enough to be read. Milliseconds. */
const shown = 10_000;

/**
 * Says once in a session, in the status bar, that no container engine was found. That is a normal state, so it is never a
 * message that has to be clicked away; afterwards the status bar item's tooltip says it.
 */
export function registerEngineNotice(sources: SizeSources): Disposable {
  const subscription = sources.onDidChange(() => {
    const { state } = sources;
    if (state.mode !== 'online' || state.engine.status !== 'none') return;
    subscription.dispose();
    window.setStatusBarMessage(`$(info) ${sourcesSentence(state)}`, shown);
  });
  return subscription;
}
