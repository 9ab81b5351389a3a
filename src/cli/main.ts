import { enableCompileCache } from 'node:module';
import path from 'node:path';
import { cacheFolder } from './cacheFolder.ts';
import { processTerminal } from './terminal.ts';

// The engine's client calls `url.parse`, of which Node.js warns where it is bundled. Users cannot mend that.
process.noDeprecation = true;

const interrupted = new AbortController();
process.once('SIGINT', () => interrupted.abort());
process.once('SIGTERM', () => interrupted.abort());

const host = {
  terminal: processTerminal(),
  media: path.join(import.meta.dirname, '..', 'media'),
  signal: interrupted.signal,
};
// Compiling takes a third of the time until a command has begun. Only modules that are loaded from here on gain from it.
if (!process.argv.includes('--no-cache')) enableCompileCache(`${cacheFolder(process.env)}-code`);
void import('./run.ts')
  .then(({ run }) => run(process.argv.slice(2), host))
  .then((status) => {
    process.exitCode = status;
  });
