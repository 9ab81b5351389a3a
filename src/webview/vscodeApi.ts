import type { SavedState } from '../protocol/explorer.ts';
import type { Port } from '../protocol/rpc.ts';

/** What VS Code gives a webview's page: https://code.visualstudio.com/api/references/vscode-api#WebviewApi. */
interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

/** The page's only way out: messages to the extension, and one value that outlives the page. */
export interface Surroundings {
  readonly port: Port;
  /** What the page last handed over; undefined where there is nothing, or it is from another version. */
  savedState(): SavedState | undefined;
  save(state: SavedState): void;
}

/** May be called once in the life of a page. */
export function findSurroundings(): Surroundings {
  const api = acquireVsCodeApi();
  return {
    port: {
      post: (message) => api.postMessage(message),
      onMessage: (listener) => {
        const hear = (event: MessageEvent): void => listener(event.data);
        window.addEventListener('message', hear);
        return { [Symbol.dispose]: () => window.removeEventListener('message', hear) };
      },
    },
    savedState: () => {
      const state = api.getState();
      return isSavedState(state) ? state : undefined;
    },
    save: (state) => api.setState(state),
  };
}

function isSavedState(state: unknown): state is SavedState {
  return typeof state === 'object' && state !== null && (state as { version?: unknown }).version === 1;
}
