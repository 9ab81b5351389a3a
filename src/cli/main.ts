import { existsSync } from 'node:fs';
import path from 'node:path';
import { cacheFolder } from './cacheFolder.ts';
import { loadBundle } from './compiledBundle.ts';
import type * as Commands from './run.ts';
import type { Status } from './status.ts';
import { type Host, processTerminal } from './terminal.ts';

// The engine's client calls `url.parse`, of which Node.js warns where it is bundled. Users cannot mend that.
process.noDeprecation = true;

const interrupted = new AbortController();
process.once('SIGINT', () => interrupted.abort());
process.once('SIGTERM', () => interrupted.abort());

/** Undefined where this is run from its sources. */
const bundled = (name: string): string | undefined => {
  const file = path.join(import.meta.dirname, name);
  return existsSync(file) ? file : undefined;
};
const host: Host = {
  terminal: processTerminal(),
  media: path.join(import.meta.dirname, '..', 'media'),
  imageWorker: bundled('sources-image-worker.cjs'),
  signal: interrupted.signal,
};
const args = process.argv.slice(2);
void run().then((status) => {
  process.exitCode = status;
});

async function run(): Promise<Status> {
  const bundle = bundled('cli-run.cjs');
  if (bundle === undefined) return (await import('./run.ts')).run(args, host);
  const code = args.includes('--no-cache') ? undefined : `${cacheFolder(process.env)}-code`;
  const { exports, keep } = loadBundle(bundle, code, /^[a-z]+$/.exec(args[0] ?? '')?.[0] ?? 'other');
  if (keep !== undefined) process.once('exit', keep);
  return (exports as typeof Commands).run(args, host);
}
