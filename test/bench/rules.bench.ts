// Prints how long findings take after a keystroke, beside the parse of the same text: `node test/bench/rules.bench.ts`.
import { parseDockerfile } from '../../src/core/dockerfile/parse.ts';
import { findFindings } from '../../src/core/rules/findings.ts';
import { fixAll, isForAll } from '../../src/core/rules/fixAll.ts';

const options = { platform: 'linux/amd64', today: '2026-11-21' };

/** The first run and the median of the next ones, in ms. */
function time(run: () => void): string {
  const took = Array.from({ length: 25 }, () => {
    const start = performance.now();
    run();
    return performance.now() - start;
  });
  const median = took.slice(1).sort((a, b) => a - b)[12]!;
  return `${median.toFixed(2).padStart(8)} ms   first ${took[0]!.toFixed(2).padStart(8)} ms`;
}

/** Six lines for every three instructions; `clean` ones give no rule anything to find. */
function dockerfile(lines: number, clean: boolean): string {
  const parts = ['FROM debian:bookworm-slim\n'];
  for (let i = 1; i < lines; i += 6) {
    const end = clean ? ' && rm -rf /var/lib/apt/lists/*' : ' && chown -R app /srv && pip install flask';
    parts.push(
      `ENV V${i}=${i} PATH=/opt/${i}/bin:$PATH\n`,
      `RUN apt-get update && \\\n    # number ${i}\n    apt-get install -y --no-install-recommends package-${i} \\\n   ${end}\n`,
      `COPY --chown=1000:1000 src/${i} /srv/$V${i}/\n`,
    );
  }
  return parts.join('');
}

for (const [title, clean] of [
  ['clean', true],
  ['three smells in every RUN', false],
] as const) {
  const text = dockerfile(1000, clean);
  const parsed = parseDockerfile(text);
  const found = findFindings(parsed, options);
  console.log(`1,000 lines, ${title}: ${parsed.instructions.length} instructions, ${found.length} findings`);
  console.log(`  parse     ${time(() => parseDockerfile(text))}`);
  console.log(`  findings  ${time(() => findFindings(parsed, options))}`);
}

const folder = Array.from({ length: 500 }, (_, i) => dockerfile(40 + (i % 60), i % 3 === 0));
const start = performance.now();
const count = folder.reduce((sum, text) => sum + findFindings(parseDockerfile(text), options).length, 0);
console.log(`500 Dockerfiles: ${(performance.now() - start).toFixed(0)} ms, ${count} findings`);

const smelly = parseDockerfile(dockerfile(120, false));
const begin = performance.now();
const { applied } = fixAll(smelly, { find: (file) => findFindings(file, options), accepts: isForAll });
console.log(`fix all in 120 lines: ${(performance.now() - begin).toFixed(0)} ms, ${applied.length} fixes`);
