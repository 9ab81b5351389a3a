import { run } from './run.ts';
import { processTerminal } from './terminal.ts';

const interrupted = new AbortController();
process.once('SIGINT', () => interrupted.abort());
process.once('SIGTERM', () => interrupted.abort());

void run(process.argv.slice(2), processTerminal(), interrupted.signal).then((status) => {
  process.exitCode = status;
});
