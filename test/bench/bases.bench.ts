/**
 * `node test/bench/bases.bench.ts`: from a changed text to what is known of every base, beside the parse alone; and a size
 * that a registry at 50 ms of latency is asked for, beside what is known at once.
 */
import { spawnSync } from 'node:child_process';
import { alternatives } from '../../src/core/base/alternatives.ts';
import { lookUp } from '../../src/core/base/catalogue.ts';
import { stageReference } from '../../src/core/base/stageReference.ts';
import { parseDockerfile } from '../../src/core/dockerfile/parse.ts';
import { BaseSizeChain } from '../../src/sources/chain.ts';
import { DiskCache } from '../../src/sources/cache/diskCache.ts';
import { RegistryCache } from '../../src/sources/cache/registryCache.ts';
import { RegistryClient } from '../../src/sources/registry/client.ts';
import { RegistrySizes } from '../../src/sources/registry/sizes.ts';
import { reference } from '../helpers/reference.ts';
import { pushImage, startRegistry } from '../helpers/registry.ts';
import { temporaryFolder } from '../helpers/temporaryFolder.ts';

const platform = 'linux/amd64';
const bases = [
  'golang:1.26',
  'node:24',
  'python:3.13-slim',
  'eclipse-temurin:21-jdk',
  'debian:trixie',
  'acme.example/a:1',
];

/** A file of this many lines with a stage every ten. */
function dockerfileOf(lines: number): string {
  return Array.from({ length: lines }, (_, line) =>
    line % 10 === 0
      ? `FROM ${bases[(line / 10) % bases.length]!} AS stage${line}`
      : `RUN apt-get update && apt-get install -y --no-install-recommends package-${line} && rm -rf /var/lib/apt/lists/*`,
  ).join('\n');
}

/** The median of so many runs, in milliseconds. */
function median(runs: number, run: (i: number) => void): number {
  const times = Array.from({ length: runs }, (_, i) => {
    const began = performance.now();
    run(i);
    return performance.now() - began;
  });
  return times.sort((a, b) => a - b)[runs >> 1]!;
}

function print(what: string, ms: number): void {
  console.log(`${what.padEnd(56)} ${ms.toFixed(2).padStart(8)} ms`);
}

const text = dockerfileOf(1_000);
const offline = new BaseSizeChain({ sources: [], catalogue: lookUp, online: false });
print(
  '1,000 lines: parse alone',
  median(51, (i) => void parseDockerfile(`${text}\n# ${i}`)),
);
print(
  '1,000 lines: parse, and what is known of 100 bases',
  median(51, (i) => {
    const dockerfile = parseDockerfile(`${text}\n# ${i}`);
    for (const stage of dockerfile.stages) {
      const base = stageReference(dockerfile, stage, platform);
      if (base.kind === 'image') offline.known(base.reference, base.platform);
    }
  }),
);
print(
  'alternatives to node:24',
  median(51, () => void alternatives(reference('node:24'), platform, '2026-11-21')),
);
offline[Symbol.dispose]();

if (spawnSync('docker-registry', ['--version']).error) {
  console.log('docker-registry is not installed: no figures of a registry');
} else {
  await using folder = await temporaryFolder();
  await using registry = await startRegistry({ latencyMs: 50 });
  await pushImage(registry, 'acme/app:1', { layers: [1, 2, 3, 4].map((n) => ({ randomBytes: n * 100_000 })) });
  using client = new RegistryClient({ credentials: { find: () => Promise.resolve({}) } });
  const cache = new RegistryCache(new DiskCache({ folder: folder.path }));
  using chain = new BaseSizeChain({ sources: [new RegistrySizes(client, cache)], catalogue: lookUp, online: true });
  const app = reference(`${registry.host}/acme/app:1`);
  print(
    'a base never seen: what is known at once',
    median(1, () => void chain.known(app, platform)),
  );
  const began = performance.now();
  const { sizes } = await chain.answer(app, platform, new AbortController().signal);
  print(`the registry's answer at 50 ms of latency (${sizes?.onDisk?.bytes ?? 'no'} bytes)`, performance.now() - began);
}
