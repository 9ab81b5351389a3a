import { Disposable, workspace } from 'vscode';
import { type Feature, isEnabled } from '../settings.ts';

/** Registers a feature while its setting is on, and unregisters it while it is off. */
export function registerWhileEnabled(feature: Feature, register: () => Disposable): Disposable {
  let registered: Disposable | undefined;
  const follow = (): void => {
    if (isEnabled(feature)) {
      registered ??= register();
    } else {
      registered?.dispose();
      registered = undefined;
    }
  };
  follow();
  const subscription = workspace.onDidChangeConfiguration((change) => {
    if (change.affectsConfiguration(`plimsoll.${feature}.enabled`)) follow();
  });
  return Disposable.from(subscription, { dispose: () => registered?.dispose() as unknown });
}
