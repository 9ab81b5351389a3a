/** `npm run bench`: every benchmark beside this file, one after the other. They print figures and fail nothing. */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';

const asked = process.argv.slice(2);
const benches = readdirSync(import.meta.dirname)
  .filter((name) => name.endsWith('.bench.ts'))
  .filter((name) => asked.length === 0 || asked.includes(name.replace('.bench.ts', '')))
  .sort();
for (const name of benches) {
  console.log(`\n── ${name.replace('.bench.ts', '')}`);
  const { status } = spawnSync(process.execPath, ['--expose-gc', path.join(import.meta.dirname, name)], {
    stdio: 'inherit',
  });
  if (status !== 0) console.log(`${name} ended with ${String(status)}`);
}
