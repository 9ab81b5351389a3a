import path from 'node:path';
import { run } from './run.ts';
import { processTerminal } from './terminal.ts';

const interrupted = new AbortController();
process.once('SIGINT', () => interrupted.abort());
process.once('SIGTERM', () => interrupted.abort());

const host = {
  terminal: processTerminal(),
  media: path.join(import.meta.dirname, '..', 'media'),
  signal: interrupted.signal,
};
void run(process.argv.slice(2), host).then((status) => {
  process.exitCode = status;
});
