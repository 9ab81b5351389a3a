import type { ExplorerHost, ExplorerPage, Start } from '../protocol/explorer.ts';
import { hostMethods, pageMethods } from '../protocol/methods.ts';
import { openRpc, RpcError } from '../protocol/rpc.ts';
import type { Context } from './context.ts';
import { make } from './dom.ts';
import { Explorer } from './explorer.ts';
import { createFormat } from './format.ts';
import { Notice } from './frame/notice.ts';
import { registerControls } from './toolkit.ts';
import { findSurroundings, type Surroundings } from './vscodeApi.ts';

registerControls();
const surroundings = findSurroundings();
const explorer = Promise.withResolvers<Explorer>();
const welcome = Promise.withResolvers<Start>();
const { remote: host } = openRpc<ExplorerPage, ExplorerHost>(surroundings.port, hostMethods, {
  local: pageOf(explorer.promise),
});
startPage(surroundings).then(explorer.resolve, (error: unknown) => {
  // Without an answer there are no words, either: what went wrong stands for itself.
  document.body.replaceChildren(make('p', { class: 'failure', role: 'alert' }, messageOf(error)));
});

async function startPage(surroundings: Surroundings): Promise<Explorer> {
  const saved = surroundings.savedState();
  const asked = host.start(saved === undefined ? {} : { saved });
  // Where nothing was saved, the host may have sent its answer ahead.
  const start = await (saved === undefined ? Promise.race([welcome.promise, asked]) : asked);
  const { strings } = start;
  document.title = strings.title;
  document.documentElement.lang = start.locale;
  const notice = new Notice(strings.dismiss);
  const live = make('div', { class: 'live', role: 'status', aria: { live: 'polite' } });
  const context: Context = {
    host,
    strings,
    format: createFormat(start.locale),
    report: (error) => {
      if (error instanceof RpcError && (error.code === 'cancelled' || error.code === 'closed')) return;
      notice.show(messageOf(error));
    },
    announce: (text) => {
      live.textContent = text;
    },
  };
  const page = new Explorer(context, surroundings, start);
  document.body.replaceChildren(page.element, notice.element, live);
  page.begin(start);
  return page;
}

/** What the host may call, also before the page is there: calls wait for it, in their order. */
function pageOf(ready: Promise<Explorer>): ExplorerPage {
  const names = (Object.keys(pageMethods) as (keyof ExplorerPage)[]).filter((name) => name !== 'welcome');
  const methods = names.map((name) => [name, async (argument: never) => (await ready).hear[name](argument)]);
  return {
    ...(Object.fromEntries(methods) as Omit<ExplorerPage, 'welcome'>),
    welcome: (start) => {
      welcome.resolve(start);
      return Promise.resolve();
    },
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
