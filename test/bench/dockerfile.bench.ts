// Prints how long the Dockerfile model takes, beside dockerfile-ast on the same text: `node test/bench/dockerfile.bench.ts`.
import { DockerfileParser } from 'dockerfile-ast';
import { parseDockerignore } from '../../src/core/dockerfile/ignore.ts';
import { parseDockerfile } from '../../src/core/dockerfile/parse.ts';
import { shellCommands } from '../../src/core/dockerfile/shell.ts';

/** The median of several runs in ms, and the first one, before the engine has compiled anything. */
function time(run: () => void): { first: number; median: number } {
  const took = Array.from({ length: 9 }, () => {
    const start = performance.now();
    run();
    return performance.now() - start;
  });
  return { first: took[0]!, median: took.toSorted((a, b) => a - b)[4]! };
}

function row(what: string, { first, median }: { first: number; median: number }, note = '') {
  console.log(
    `${what.padEnd(58)} ${median.toFixed(2).padStart(9)} ms   first ${first.toFixed(2).padStart(9)} ms  ${note}`,
  );
}

/** Six lines for every three instructions: a variable, a continued `RUN` with a comment, a `COPY`. */
function dockerfile(instructions: number): string {
  const parts = ['ARG BASE=debian:bookworm-slim\nFROM ${BASE} AS build\n'];
  for (let i = 2; i < instructions; i += 3) {
    parts.push(
      `ENV V${i}=\${V${i - 3}:-1} PATH=/opt/${i}/bin:$PATH\n`,
      `RUN apt-get update && \\\n    # number ${i}\n    apt-get install -y package-${i} \\\n    && rm -rf /var/lib/apt/lists/*\n`,
      `COPY --chown=1000:1000 src/${i} /srv/$V${i}/\n`,
    );
  }
  return parts.join('');
}

for (const instructions of [500, 1000, 4000, 16_000]) {
  const text = dockerfile(instructions);
  const lines = text.split('\n').length - 1;
  const title = `${instructions} instructions, ${lines} lines`;
  const ours = time(() => parseDockerfile(text));
  row(`${title}: parse`, ours, `${((ours.median * 1000) / instructions).toFixed(2)} µs each`);
  const parsed = parseDockerfile(text);
  row(
    `${title}: every RUN into commands`,
    time(() => parsed.instructions.forEach((instruction) => shellCommands(parsed, instruction))),
  );
  row(
    `${title}: dockerfile-ast, instructions only`,
    time(() => DockerfileParser.parse(text).getInstructions()),
  );
}

const patterns = Array.from({ length: 10_000 }, (_, i) =>
  [
    'build/out-#',
    '**/cache-#',
    '*.tmp#',
    '**/*.log#',
    'src/**/gen-#/*.js',
    '!src/keep-#',
    'docs-#/**',
    'lib*-#.so',
    '**/t?st-#',
    'a/b/c/d-#',
  ][i % 10]!.replace('#', String(i)),
);
const paths = Array.from({ length: 200_000 }, (_, i) => `src/m${i % 40}/p${i % 1000}/gen-${i % 977}/file-${i}.js`);
const ignoreText = patterns.join('\n');
row(
  '10,000 ignore patterns: parse',
  time(() => parseDockerignore(ignoreText)),
);
const start = performance.now();
const file = parseDockerignore(ignoreText);
const ignored = paths.reduce((count, path) => count + (file.ignores(path, false) ? 1 : 0), 0);
const took = performance.now() - start;
console.log(
  `10,000 ignore patterns x 200,000 paths: ${took.toFixed(0)} ms, ${ignored} ignored, ${((took * 1000) / paths.length).toFixed(2)} µs a path`,
);
