/**
 * Feeds damaged and hostile tars to the indexer and the stack: `node test/bench/fuzzTar.ts [SECONDS] [SEED]`, 60 seconds by
 * default. A failure prints the seed of its round, which as SEED repeats it at once, and exits with 1.
 */
import { checkLayers, randomFrom, randomTar } from '../helpers/tarFuzz.ts';

const seconds = Number(process.argv[2] ?? 60);
const first = Number(process.argv[3] ?? Date.now() % 1e9);
const end = performance.now() + seconds * 1000;
let round = 0;
do {
  const seed = first + round;
  const random = randomFrom(seed);
  try {
    checkLayers(
      Array.from({ length: 1 + Math.floor(random() * 4) }, () => randomTar(random)),
      random,
    );
  } catch (error) {
    console.error(`seed ${seed}:`, error);
    process.exit(1);
  }
  round++;
} while (performance.now() < end);
const peak = process.resourceUsage().maxRSS / 1024;
console.log(`${round} rounds from seed ${first}, peak memory ${peak.toFixed(0)} MB`);
