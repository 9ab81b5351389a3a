import type { CancellationToken } from 'vscode';

/** A signal that aborts when VS Code's token is cancelled; disposing of it ends the listening. */
export function abortOn(token: CancellationToken): Disposable & { readonly signal: AbortSignal } {
  const controller = new AbortController();
  const subscription = token.onCancellationRequested(() => controller.abort());
  return { signal: controller.signal, [Symbol.dispose]: () => void subscription.dispose() };
}
