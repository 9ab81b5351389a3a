import type { ContextAnswer, ContextQuestion } from '../../core/estimate/context/contextQuestion.ts';

/** What the main thread says to the thread that walks build contexts. A context is named by its absolute folder. */
export type ToContextWorker =
  | {
      readonly type: 'ask';
      readonly id: number;
      readonly context: string;
      readonly ignoreText: string;
      readonly question: ContextQuestion;
    }
  /** Something changed in these folders, relative to the context. */
  | { readonly type: 'changed'; readonly context: string; readonly folders: readonly string[] }
  /** Nobody asks any more: what is known is let go. */
  | { readonly type: 'close'; readonly context: string };

export type FromContextWorker =
  | { readonly type: 'answer'; readonly id: number; readonly answer: ContextAnswer }
  | { readonly type: 'failed'; readonly id: number; readonly message: string };
