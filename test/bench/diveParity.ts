/**
 * Compares our two dive figures with those of the real dive on random archives: `node test/bench/diveParity.ts [RUNS] [SEED]`,
 * with dive on PATH. Prints the first archive on which they differ, and exits with 1.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { diveFigures } from '../../src/core/image/dive.ts';
import { LayerIndexer } from '../../src/core/image/indexer.ts';
import { tar, type Member } from '../helpers/tar.ts';

const segment = fc.constantFrom('a', 'b', '-c', '.d', '~e');
const path = fc.array(segment, { minLength: 1, maxLength: 3 }).map((segments) => segments.join('/'));
const member: fc.Arbitrary<Member> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ name: path, content: fc.integer({ min: 0, max: 9 }) }) },
  { weight: 3, arbitrary: path.map((name) => ({ name: `${name}/` })) },
  { weight: 1, arbitrary: fc.record({ name: path, type: fc.constant('2'), link: path }) },
  { weight: 1, arbitrary: fc.record({ name: path, type: fc.constant('1'), link: path }) },
  { weight: 4, arbitrary: path.map((name) => ({ name: name.replace(/[^/]*$/, '.wh.$&') })) },
  { weight: 1, arbitrary: path.map((name) => ({ name: `${name}/.wh..wh..opq` })) },
  { weight: 1, arbitrary: fc.record({ name: path.map((name) => `.wh..wh.plnk/${name}`), content: fc.constant(3) }) },
  { weight: 1, arbitrary: fc.record({ name: path.map((name) => `a/.wh.b/${name}`), content: fc.constant(4) }) },
);
const image = fc.array(fc.array(member, { maxLength: 8 }), { minLength: 1, maxLength: 5 });

const [runs = '200', seed = '1'] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'dive-parity-'));
let compared = 0;
try {
  for (const layers of fc.sample(image, { numRuns: Number(runs), seed: Number(seed) })) {
    const tars = layers.map((members) => tar(members));
    const ours = diveFigures(
      tars.map((bytes) => {
        const indexer = new LayerIndexer();
        indexer.push(bytes);
        return indexer.finish().index;
      }),
    );
    const theirs = runDive(tars);
    if (Math.abs(ours.efficiency - theirs.efficiency) > 1e-12 || ours.wastedBytes !== theirs.wastedBytes) {
      console.error(JSON.stringify({ ours, theirs, layers }, undefined, 1));
      process.exitCode = 1;
      break;
    }
    compared++;
  }
  console.log(`${compared} archives: the same figures`);
} finally {
  rmSync(folder, { recursive: true });
}

function runDive(layers: readonly Uint8Array[]): { efficiency: number; wastedBytes: number } {
  const names = layers.map((_, i) => `${i}/layer.tar`);
  const archive = join(folder, 'image.tar');
  const json = join(folder, 'dive.json');
  const config = { rootfs: { type: 'layers', diff_ids: names.map((name) => `sha256:${name}`) }, history: [] };
  const manifest = [{ Config: 'config.json', RepoTags: ['parity:1'], Layers: names }];
  writeFileSync(
    archive,
    tar([
      ...layers.map((content, i) => ({ name: names[i]!, content })),
      { name: 'config.json', content: JSON.stringify(config) },
      { name: 'manifest.json', content: JSON.stringify(manifest) },
    ]),
  );
  // dive writes over an older file without cutting it.
  rmSync(json, { force: true });
  execFileSync('dive', ['--source', 'docker-archive', archive, '--json', json], { stdio: 'pipe' });
  const report = JSON.parse(readFileSync(json, 'utf8')) as {
    image: { efficiencyScore: number; inefficientBytes: number };
  };
  return { efficiency: report.image.efficiencyScore, wastedBytes: report.image.inefficientBytes };
}
