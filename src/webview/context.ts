import type { ExplorerHost } from '../protocol/explorer.ts';
import type { Remote } from '../protocol/rpc.ts';
import type { PageStrings } from '../protocol/strings.ts';
import type { Format } from './format.ts';

/** What every part of the page works with. */
export interface Context {
  readonly host: Remote<ExplorerHost>;
  readonly strings: PageStrings;
  readonly format: Format;
  /** Tells what went wrong in a call; passes over what is no news (a call that was given up). */
  report(error: unknown): void;
  /** Has a screen reader say a text. */
  announce(text: string): void;
}

/** Waits for nothing: runs an asynchronous call and tells where it fails. */
export function run(context: Context, call: Promise<unknown>): void {
  call.catch((error: unknown) => context.report(error));
}
