/**
 * What a keystroke in a Dockerfile of 1,000 lines costs: the parse, the weights from what is known, the findings.
 * Everything from disk, engine or network comes later and is not in it. Run by `npm run bench` or alone.
 */
import path from 'node:path';
import { parseDockerfile } from '../../src/core/dockerfile/parse.ts';
import { evidenceFrom } from '../../src/core/estimate/evidence.ts';
import { ScriptMemo } from '../../src/core/estimate/scriptMemo.ts';
import { weigh, type WeightSources } from '../../src/core/estimate/weights.ts';
import { findFindings } from '../../src/core/rules/findings.ts';
import { AptGraphs } from '../../src/sources/apt/aptGraphs.ts';

const blocks = 166;
const lines = ['FROM debian:trixie'];
for (let block = 0; block < blocks; block++) {
  lines.push(
    `ENV V${block}=${block}`,
    'RUN apt-get update && \\',
    `    apt-get install -y --no-install-recommends curl git python3 && \\`,
    '    rm -rf /var/lib/apt/lists/*',
    `COPY src/${block} /app/${block}`,
    `RUN make -C /app/${block} && pip install flask`,
  );
}
const text = lines.join('\n');
const graphs = new AptGraphs(path.join(import.meta.dirname, '..', '..', 'media', 'apt'));
const began = performance.now();
await graphs.load('trixie');
console.log(`${'reading the package graph'.padEnd(48)} ${(performance.now() - began).toFixed(1).padStart(8)} ms`);

const known: WeightSources = {
  scripts: new ScriptMemo(),
  measured: () => undefined,
  apt: (release) => graphs.known(release),
  download: () => undefined,
  image: () => ({ kind: 'unknown' }),
  context: (question) =>
    question.kind === 'copy'
      ? { kind: 'copy', bytes: 1000, files: 1, largest: [], missing: [], hidden: [], walked: true, complete: true }
      : undefined,
};

function time<T>(title: string, work: () => T): T {
  const took: number[] = [];
  let result = work();
  for (let run = 0; run < 15; run++) {
    const start = performance.now();
    result = work();
    took.push(performance.now() - start);
  }
  console.log(
    `${title.padEnd(48)} ${took
      .sort((a, b) => a - b)[7]!
      .toFixed(1)
      .padStart(8)} ms`,
  );
  return result;
}

const dockerfile = time(`parse, ${lines.length} lines`, () => parseDockerfile(text));
const weights = time('weights', () => weigh(dockerfile, 'linux/amd64', known));
time('findings', () =>
  findFindings(dockerfile, {
    platform: 'linux/amd64',
    today: '2026-11-21',
    evidence: evidenceFrom(weights, { ...known, hasIgnoreFile: true }),
  }),
);
